"""A firm that has a paper system begins at C/3, by the command line (BX-08)."""

import hashlib
import json
import re

import pytest

from qms.testing.office import Office

NUMBER = "LX-WI-07"
TEXT = f"documents/work-instruction/{NUMBER}.md"
PAPER = (
    *("--approved", "2019-03-01", "--published", "2019-03-15", "--effective", "2019-04-01"),
    *("--by", "Zhang San, general manager"),
)
BRING = ("legacy", "work-instruction", "--title", "车床", "--number", NUMBER)


def bring(office: Office, *more: str) -> str:
    return office.qms(*BRING, "--revision", "C/3", *PAPER, *more, by="gong.yi")


def send_round(office: Office, *released: str) -> None:
    office.qms("submit", NUMBER, by="gong.yi")
    office.qms("sign", NUMBER, by="fu.yi")
    office.qms("release", NUMBER, *released, by="wen.kong")


@pytest.fixture
def begun(lx: Office) -> Office:
    """LX with a work instruction that was at C/3 on paper, in force."""
    bring(lx)
    send_round(lx)
    return lx


def test_a_paper_document_begins_where_it_stands_and_goes_on(lx: Office) -> None:
    scan = lx.folder.parent / "scan.pdf"
    scan.write_bytes(b"the signed page")
    digest = f"sha256:{hashlib.sha256(b'the signed page').hexdigest()}"

    said = bring(lx, "--evidence", str(scan), "--evidence", str(scan))

    assert f"{digest}  {scan}" in said
    assert f"{NUMBER} C/3, a draft" in said
    send_round(lx)
    lx.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    (shown,) = json.loads(lx.qms("show", NUMBER, "--json"))["revisions"]
    assert (shown["revision"], shown["status_word"]) == ("C/3", "in force (attested)")
    assert shown["legacy"] == {
        "approved": "2019-03-01", "published": "2019-03-15", "effective": "2019-04-01",
        "by": "Zhang San, general manager", "evidence": [digest],
    }  # fmt: skip
    lx.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    assert "revision: C/4" in lx.text(TEXT)
    assert "legacy" not in lx.text(TEXT)
    send_round(lx)
    lx.qms("revise", NUMBER, "--summary", "换版", "--version", by="gong.yi")
    assert "revision: D/0" in lx.text(TEXT)
    lx.qms("verify", "--root", lx.git("log", "--format=%H", "--grep=File policy 1"))


def test_all_that_is_signed_of_it_is_shown_as_attested(begun: Office) -> None:
    """Row 105 (V); law 1: every field; and never as if it had been signed here."""
    shown = begun.qms("show", NUMBER)

    assert "Status: in force (attested)" in shown
    said = "approved 2019-03-01, published 2019-03-15, effective 2019-04-01"
    assert f"Attested, from before: {said}" in shown
    assert "Approved then by: Zhang San, general manager" in shown
    assert "in force (attested)" in begun.qms("list")
    assert "C/3 (attested)" in begun.qms("history", NUMBER)
    rows = json.loads(begun.qms("history", NUMBER, "--json"))["signatures"]
    assert {one["attested"] for one in rows} == {True}


def test_whoever_signs_sees_what_the_paper_says(lx: Office) -> None:
    bring(lx)
    lx.qms("submit", NUMBER, by="gong.yi")

    said = lx.qms("sign", NUMBER, by="fu.yi")

    assert "Attested, from before: approved 2019-03-01" in said
    assert "Approved then by: Zhang San, general manager" in said


@pytest.mark.parametrize(
    ("day", "proved", "attested"),
    [("2019-03-31", [], []), ("2019-04-01", [], ["C/3"]), ("2026-11-01", [], ["C/3"]),
     ("today", ["C/3"], [])],
)  # fmt: skip
def test_before_its_own_day_it_is_only_attested(
    begun: Office, day: str, proved: list[str], attested: list[str]
) -> None:
    found = json.loads(begun.qms("asof", day, NUMBER, "--json"))

    assert [one["revision"] for one in found["documents"]] == proved
    assert [one["revision"] for one in found["attested"]] == attested
    assert ("Attested (on paper" in begun.qms("asof", day)) == bool(attested)
    assert all(one["effective"] == "2019-04-01" for one in found["attested"])


def test_a_number_of_which_something_is_released_does_not_begin_again(begun: Office) -> None:
    answer = begun.call(*BRING, "--revision", "D/0", *PAPER, by="gong.yi")

    assert (answer.code, answer.findings) == (1, ("LEGACY-NUMBER-TAKEN",))
    assert "qms revise" in answer.err


def test_what_is_taken_in_already_is_named_with_its_entry(begun: Office) -> None:
    """Also when the number has gone on since: it is C/3 that was taken in."""
    begun.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    send_round(begun)

    answer = begun.call(*BRING, "--revision", "C/3", *PAPER, by="gong.yi")

    assert (answer.code, answer.findings) == (1, ("LEGACY-NUMBER-TAKEN",))
    filed = f"released/work-instruction/{NUMBER}/C-3.md"
    assert f"{NUMBER} C/3 is released here already ({filed})" in answer.err
    assert f"`qms revise {NUMBER}`" in answer.err


def test_a_number_that_is_being_taken_in_says_where_and_how_to_mend_it(lx: Office) -> None:
    bring(lx)

    answer = lx.call(*BRING, "--revision", "D/0", *PAPER, by="gong.yi")

    assert (answer.code, answer.findings) == (1, ("LEGACY-OPEN",))
    assert f"{NUMBER} is being taken in already: C/3 in {TEXT}" in answer.err
    assert "number, revision and the days under `legacy` are in its head" in answer.err


def test_a_number_that_a_new_draft_has_does_not_begin_as_legacy(lx: Office) -> None:
    lx.qms("new", "work-instruction", "--title", "车床", "--number", NUMBER, by="gong.yi")

    answer = lx.call(*BRING, "--revision", "D/0", *PAPER, by="gong.yi")

    assert (answer.code, answer.findings) == (1, ("LEGACY-DRAFT",))
    assert f"{NUMBER} is the number of a new document already: A/0 in {TEXT}" in answer.err


def test_a_number_that_a_broken_draft_has_is_taken(lx: Office) -> None:
    bring(lx)
    lx.edit(TEXT, "title:", "titel:")

    answer = lx.call(*BRING, "--revision", "D/0", *PAPER, by="gong.yi")

    assert (answer.code, answer.findings) == (1, ("NUMBER-TAKEN",))


@pytest.mark.parametrize(
    ("is_released", "code"), [(False, "LEGACY-OPEN"), (True, "LEGACY-NUMBER-TAKEN")]
)
def test_a_number_that_the_trunk_has_is_taken_on_a_branch_too(
    lx: Office,
    is_released: bool,  # noqa: FBT001 - a case
    code: str,
) -> None:
    lx.git("branch", "work")
    bring(lx)
    lx.git("add", "-A")
    lx.git("commit", "-q", "-m", "Draft")
    if is_released:
        send_round(lx)
    lx.git("checkout", "-q", "work")

    answer = lx.call(*BRING, "--revision", "D/0", *PAPER, by="gong.yi")

    assert (answer.code, answer.findings) == (1, (code,))


@pytest.mark.parametrize(
    ("change", "code"),
    [(("--revision", "C3"), ("REVISION-FORM",)), (("--number", "WI-7"), ("NUMBER-FORM",))],
)
def test_what_the_class_does_not_know_is_refused(
    lx: Office, change: tuple[str, str], code: tuple[str, ...]
) -> None:
    given = (*BRING, "--revision", "C/3", *PAPER, *change)

    answer = lx.call(*given, by="gong.yi")

    assert (answer.code, answer.findings) == (1, code)


def test_a_day_on_paper_is_a_day(lx: Office) -> None:
    given = (*BRING, "--revision", "C/3", *PAPER, "--approved", "today")

    answer = lx.call(*given, by="gong.yi")

    assert answer.code == 2
    assert "today is no day like 2019-04-01" in answer.err


@pytest.mark.parametrize(
    ("written", "like", "form"),
    [("C3", "C/3", "A/0 to Z/999"), ("c-03", "C/3", "A/0 to Z/999"), ("5", "A/0", "A/0 to Z/999")],
)
def test_a_revision_in_another_spelling_is_told_the_form_of_its_class(
    lx: Office, written: str, like: str, form: str
) -> None:
    answer = lx.call(*BRING, "--revision", written, *PAPER, by="gong.yi")

    assert answer.findings == ("REVISION-FORM",)
    assert f"“{written}” is no revision of the scheme letter-count" in answer.err
    assert f"write it like {like}: " in answer.err
    assert form in answer.err
    assert "one that comes in by `qms legacy` with any of them" in answer.err


NO_PAPER = [
    (("approved", "2019-03-16"), "LEGACY-DAYS", "`published` 2019-03-15 before `approved`"),
    (("published", "2019-02-28"), "LEGACY-DAYS", "`published` 2019-02-28 before `approved`"),
    (("effective", "2019-03-14"), "LEGACY-DAYS", "`effective` 2019-03-14 before `published`"),
    (("effective", "2031-04-01"), "LEGACY-AHEAD", "`effective` 2031-04-01 is no day of the time"),
]
"""A day that no paper can have: changed, what it is, how it is told."""


@pytest.mark.parametrize(("change", "code", "told"), NO_PAPER)
def test_days_that_no_paper_can_have_are_refused(
    lx: Office, change: tuple[str, str], code: str, told: str
) -> None:
    key, day = change

    answer = lx.call(*BRING, "--revision", "C/3", *PAPER, f"--{key}", day, by="gong.yi")

    assert (answer.code, answer.findings) == (1, (code,))
    assert told in answer.err
    assert not (lx.folder / TEXT).exists()


@pytest.mark.parametrize(("change", "code", "told"), NO_PAPER)
def test_days_that_no_paper_can_have_are_told_with_their_line(
    lx: Office, change: tuple[str, str], code: str, told: str
) -> None:
    """Written into the head by hand; nobody is asked for a signature either."""
    bring(lx)
    key, day = change
    (line,) = [at for at, row in enumerate(lx.text(TEXT).split("\n"), 1) if "legacy:" in row]
    lx.write(TEXT, re.sub(f"{key}: [0-9-]+", f"{key}: {day}", lx.text(TEXT)))

    answer = lx.call("check")

    assert (answer.code, dict(answer.lines)) == (1, {code: f"{TEXT}:{line}"})
    assert told in answer.out
    assert lx.call("submit", NUMBER, by="gong.yi").findings == (code,)


def test_equal_days_are_days_of_a_paper_up_to_today(lx: Office) -> None:
    """Approved, issued and in force on one day, and taken in on that very day."""
    today = lx.now.date().isoformat()
    days = [f"--{key}={today}" for key in ("approved", "published", "effective")]

    bring(lx, *days)
    send_round(lx)

    assert '"in force (attested)"' in lx.qms("show", NUMBER, "--json")
