"""Attributes in a folder that is handed over: git compares another text than lies there."""

import pytest

from qms.testing import DocsRepo
from qms.testing.office import Office

SHEET = "released/instruction/LX-WI-01/A-0.md"
DRAFT = "documents/instruction/LX-WI-03.md"


@pytest.fixture
def office(repo: DocsRepo) -> Office:
    """A folder whose own list of what is ignored hides all attributes."""
    repo.lay_out()
    office = Office(repo.path, repo.path.parent / "keys", repo.now)
    (repo.path / ".git/info").mkdir(exist_ok=True)
    (repo.path / ".git/info/exclude").write_text(".gitattributes\n", "utf-8")
    return office


@pytest.mark.parametrize("where", ["released", "released/instruction/LX-WI-01"])
def test_a_text_that_git_calls_unchanged_is_read_as_it_lies_there(
    office: Office, where: str
) -> None:
    """Row 240 (L: BYTES-CR): whatever attributes below the root have git put in its place."""
    office.write(f"{where}/.gitattributes", "* text eol=crlf\n")
    place = office.folder / SHEET
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    office.git("add", SHEET)
    assert office.git("status", "--porcelain") == "", "git itself sees no change"

    for command in (("check", "--all"), ("check", SHEET)):
        answer = office.call(*command)
        assert (answer.code, "BYTES-CR" in answer.findings) == (1, True), answer


@pytest.mark.parametrize("where", ["released", "documents/instruction", "copies", "records/a"])
def test_attributes_that_are_ignored_are_told(office: Office, where: str) -> None:
    """Row 241 (L: STRAY): an ignored file is let go as an editor's, and git reads these."""
    office.write(f"{where}/.gitattributes", "* ident\n")

    for command in (("check",), ("check", "--all"), ("check", where)):
        answer = office.call(*command)
        assert (answer.code, answer.findings) == (1, ("STRAY",)), answer
        assert f"{where}/.gitattributes" in answer.out


def test_a_keyword_that_git_fills_in_is_seen(office: Office) -> None:
    """Row 240 (L): what stands between its dollar signs is text like any other."""
    office.write(DRAFT, office.text(DRAFT) + "\nKept $Id$\n")
    office.git("add", DRAFT)
    office.git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "Draft")
    before = office.call("check", DRAFT)
    office.write("documents/.gitattributes", "* ident\n")
    office.write(DRAFT, office.text(DRAFT).replace("$Id$", "$Id: for ten years\u200b $"))
    office.git("add", DRAFT)
    assert office.git("status", "--porcelain") == "", "git itself sees no change"

    answer = office.call("check", "--all")

    assert before.code == 0, before
    assert (answer.code, len(answer.findings)) == (1, 2), answer


def test_who_lays_out_nothing_but_bytes_ends_at_no_attribute(office: Office) -> None:
    """Row 240 (L): git itself ends at an encoding that is none, before it says anything."""
    office.write("released/.gitattributes", "* working-tree-encoding\n")

    answer = office.call("check", "--all")

    assert (answer.code, answer.findings) == (1, ("STRAY",)), answer
