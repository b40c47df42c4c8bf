"""A firm that has a paper system begins at C/3, by the command line (BX-08)."""

import hashlib
import json

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
    """Law 1: every field; and never as if it had been signed here."""
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


def test_a_number_that_a_draft_has_does_not_begin_again(lx: Office) -> None:
    bring(lx)

    answer = lx.call(*BRING, "--revision", "D/0", *PAPER, by="gong.yi")

    assert (answer.code, answer.findings) == (1, ("NUMBER-TAKEN",))


@pytest.mark.parametrize(
    ("is_released", "code"), [(False, "NUMBER-TAKEN"), (True, "LEGACY-NUMBER-TAKEN")]
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
