"""Issue 11: two people issue copies at the same time; no paper is lost, and each gets a number.

Each in a clone of their own; the shared repository has the gate.
"""

import json
import re
import subprocess
from collections.abc import Callable

import pytest

from qms.testing.clones import all_is_well, everything_signed, sync
from qms.testing.office import Office

Team = Callable[..., tuple[Office, ...]]


def test_a_copy_that_two_issue(released: Office, team: Team) -> None:
    """Whose issue was shared first keeps the number; one command gives the other paper its own."""
    mine, other = team(released, "other")
    mine.qms("issue", "LX-WI-01", "--to", "technical", by="wen.kong")
    other.qms("issue", "LX-WI-01", "--to", "inspection", by="wen.kong")
    first = everything_signed(mine)
    assert sync(mine).code == 0
    answer = sync(other)

    assert (answer.code, "SYNC-COPY-TAKEN" in answer.out) == (0, True), answer
    command = re.search(r"`qms (issue \S+ --to \S+)`", answer.out)
    assert command is not None
    for lang, said in (("en", "has the number of another"), ("zh", "重号，不作数")):
        told = other.call(by="wen.kong", lang=lang).out
        assert said in told
        assert f"qms {command[1]}" in told
    assert "has the number" not in other.qms(by="ji.shu") + mine.qms(by="wen.kong")
    other.qms(*command[1].split(), by="wen.kong")
    assert "has the number" not in other.qms(by="wen.kong")
    assert sync(other).code == 0
    assert sync(mine).code == 0
    assert first <= everything_signed(mine)
    told = mine.qms("copies", "LX-WI-01")
    assert re.findall(r"^(00\d) .*?(Technical|Inspection)", told, re.MULTILINE) == [
        ("001", "Technical"), ("002", "Inspection"),
    ]  # fmt: skip
    assert "2 issued, 0 back, 0 lost, 2 out" in told
    assert "kept-" in other.git("branch")
    all_is_well(mine, other)


def test_who_has_a_copy_of_another_issuer_already_needs_no_third(
    released: Office, team: Team
) -> None:
    """The reminder went on asking to issue to whom the other had issued 002."""
    mine, other = team(released, "other")
    for to in ("inspection", "technical"):
        mine.qms("issue", "LX-WI-01", "--to", to, by="wen.kong")
    other.qms("issue", "LX-WI-01", "--to", "technical", by="wen.kong")
    assert sync(mine).code == 0

    told = sync(other).out

    assert "SYNC-COPY-TAKEN" in told
    assert "where they have no other (`qms copies LX-WI-01`)" in told
    assert "has the number of another" not in other.qms(by="wen.kong")
    sync(mine)
    all_is_well(mine, other)


@pytest.fixture
def doubled(released: Office, team: Team) -> Office:
    """001 was issued by two people at once, to two departments; git's own merge united them."""
    mine, other = team(released, "other")
    other.later(hours=1)
    mine.qms("issue", "LX-WI-01", "--to", "technical", by="wen.kong")
    other.qms("issue", "LX-WI-01", "--to", "inspection", by="wen.kong")
    before = everything_signed(mine, other)
    assert mine.push("main")[0] == 0
    subprocess.run(
        ["git", "pull", "-q", "--no-rebase", "--no-edit", "origin", "main"], cwd=other.folder,
        capture_output=True, check=False,
    )  # fmt: skip
    other.qms("fix", by="wen.kong")
    assert before <= everything_signed(other)
    return other


def papers(office: Office, *words: str) -> list[tuple[str, str]]:
    """Number and department of each row of `copies`."""
    rows = json.loads(office.qms("copies", *words, "--json"))["rows"]
    return [(row["copy"], row["department"]) for row in rows]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_copy_that_two_issued_and_git_united(doubled: Office, lang: str) -> None:
    """Both papers stay recorded, and the command that is named gives one of them its own number."""
    office = doubled
    assert papers(office, "LX-WI-01") == [("001", "Technical"), ("001", "Inspection")]
    told = office.call("check", "--all", lang=lang)
    assert (told.code, told.findings) == (1, ("COPY-TWICE",))

    command = re.search(r"`qms (renumber [^`]+)`", told.out)
    assert command is not None
    said = office.call(*command[1].split(), by="wen.kong", lang=lang)

    assert said.code == 0, said
    assert papers(office, "LX-WI-01") == [("001", "Technical"), ("002", "Inspection")]
    assert papers(office) == papers(office, "LX-WI-01")
    assert "3 issued, 1 back, 0 lost, 2 out" in office.qms("copies", "LX-WI-01")
    assert [one["copies_out"] for one in json.loads(office.qms("list", "--json"))["documents"]] == [
        2
    ]
    assert sync(office).code == 0
    assert office.call("check", "--all").findings == office.call("verify").findings == ()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("act", [("return",), ("receive",), ("replace", "--reason", "x")])
def test_whose_paper_is_meant_of_two_under_one_number_is_asked(
    doubled: Office, act: tuple[str, ...], lang: str
) -> None:
    """It took whichever came last; and a loss makes the number void, also that of the other."""
    name, *more = act
    before = doubled.git("rev-parse", "HEAD")

    answer = doubled.call(name, "LX-WI-01", "001", *more, by="wen.kong", lang=lang)

    assert (answer.code, answer.findings) == (1, ("COPY-DOUBLED",)), answer
    assert "technical" in answer.out + answer.err
    assert "inspection" in answer.out + answer.err
    assert doubled.git("rev-parse", "HEAD") == before


def test_the_paper_that_somebody_works_by_keeps_its_number(doubled: Office) -> None:
    """Whoever issued first: what was signed for is in use, the other one may still lie there."""
    office = doubled
    office.qms("receive", "LX-WI-01", "001", "--holder", "inspection", by="zhi.jian")

    told = office.call("check", "--all")

    command = re.search(r"`qms (renumber [^`]+)`", told.out)
    assert command is not None, told
    assert command[1].endswith("--holder technical")
    assert "qms renumber LX-WI-01 001 --holder technical" in office.qms("todo", by="wen.kong")
    office.qms(*command[1].split(), by="wen.kong")
    assert papers(office, "LX-WI-01", "--out") == [("001", "Inspection"), ("002", "Technical")]
    assert office.call("check", "--all").findings == office.call("verify").findings == ()


def test_a_paper_under_a_doubled_number_is_named_by_its_holder(doubled: Office) -> None:
    """Received, recalled and taken back each by itself; what is left is as it was."""
    office, of = doubled, ("LX-WI-01", "001", "--holder")
    due = ("--due", "2026-12-24", "--reason", "x")
    waits = office.qms("todo", by="wen.kong")
    assert "qms renumber LX-WI-01 001 --holder inspection" in waits
    assert "qms receive LX-WI-01 001 --holder technical" in office.qms("todo", by="ji.shu")
    office.qms("receive", *of, "technical", by="ji.shu")
    office.qms("recall", *of, "质检部", *due, by="wen.kong")

    rows = json.loads(office.qms("copies", "LX-WI-01", "--json"))["rows"]
    assert [(row["department"], row["state"]) for row in rows] == [
        ("Technical", "in use"), ("Inspection", "recalled"),
    ]  # fmt: skip
    assert office.call("receive", *of, "technical", by="wen.kong").findings == ("COPY-RECEIVED",)

    office.qms("return", *of, "inspection", by="wen.kong")

    rows = json.loads(office.qms("copies", "LX-WI-01", "--json"))["rows"]
    assert [(row["department"], row["state"]) for row in rows] == [("Technical", "in use")]
    assert "2 issued, 1 back, 0 lost, 1 out" in office.qms("copies", "LX-WI-01")
    assert office.call("check", "--all").findings == office.call("verify").findings == ()
    refused = office.call("renumber", *of, "technical", by="wen.kong")
    assert refused.findings == ("COPY-SINGLE",)
