"""What lists and pages say of rivals, of what was ruled on, and of what does not hold."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from qms.formats.tree import SYMLINK
from qms.testing import DocsRepo
from qms.testing.contests import contested, entry_of, worked_by
from qms.testing.mended import named
from qms.testing.office import Office
from qms.testing.uniting import united

SHEET = "LX-WI-01"
MINE = "这一份"
LATER = timedelta(days=90)


@pytest.fixture
def repo(tmp_path: Path) -> DocsRepo:
    """LX-WI-01 was released as A/1 twice, on two branches, with two texts."""
    repo = DocsRepo.make(tmp_path / "repo")
    repo.release(SHEET)
    contested(repo, SHEET)
    repo.now += LATER
    return repo


def rows(repo: DocsRepo, *words: str) -> list[tuple[str, str]]:
    """Revision and status of each row of `qms list`."""
    told = json.loads(repo.qms("list", "--json", *words).out)["documents"]
    return [(one["revision"], one["status"]) for one in told]


def settled(repo: DocsRepo) -> None:
    mine = entry_of(repo, SHEET, MINE)
    for person in ("li.si", "wang.wu"):
        repo.qms("settle", SHEET, "--stands", mine, "--reason", "先发布", by=person)


def test_what_is_contested_is_in_the_list_beside_what_is_in_force(repo: DocsRepo) -> None:
    """DC-38"""
    both = [("A/1", "contested"), ("A/1", "contested")]
    assert rows(repo) == [("A/0", "in-force"), *both]
    assert rows(repo, "--status", "contested") == both


def test_the_list_by_status_names_every_revision_that_has_it(repo: DocsRepo) -> None:
    """DC-38"""
    settled(repo)

    assert rows(repo) == [("A/1", "in-force")]
    assert rows(repo, "--status", "superseded") == [("A/0", "superseded")]
    assert rows(repo, "--status", "annulled") == [("A/1", "annulled")]


def test_numbers_stand_in_lists_as_people_count(repo: DocsRepo) -> None:
    drafted = ["LX-WI-99", "LX-WI-100", "LX-WI-101"]
    for number in drafted:
        repo.draft(number)
    repo.commit("Draft")

    told = json.loads(repo.qms("list", "--json").out)["documents"]

    assert list(dict.fromkeys(one["number"] for one in told)) == [SHEET, *drafted]


def test_a_ratified_revision_is_in_force_in_every_answer(tmp_path: Path) -> None:
    """DC-38, law 6: list, show and asof ask one function."""
    repo = DocsRepo.make(tmp_path / "repo")
    repo.release(SHEET)
    repo.policy(lambda company: company.with_role("quality-manager", "li.si", "zhou.jiu"))
    repo.branch("work")
    repo.checkout("main")
    repo.policy(lambda company: company.with_new_key("zhou.jiu"), by=("zhao.liu", "wang.wu"))
    repo.checkout("work")
    repo.revise(SHEET, body="# 目的\n\n追认\n")
    repo.commit("Revise")
    repo.submit(SHEET)
    repo.sign(SHEET, "zhou.jiu")
    repo.publish(SHEET)
    repo.checkout("main")
    united(repo, "work")
    repo.now += LATER
    assert rows(repo) == [("A/0", "in-force")]
    assert rows(repo, "--status", "void") == [("A/1", "void")]

    for person in ("li.si", "wang.wu"):
        repo.qms("ratify", SHEET, "A/1", "--reason", "已核实", by=person)

    assert worked_by(repo, SHEET) == ("A/1", "追认")
    assert rows(repo) == [("A/1", "in-force")]
    assert rows(repo, "--status", "void") == []
    assert "in force" in repo.qms("show", SHEET, "A/1").out


def test_a_file_that_does_not_hold_is_named_by_every_command_that_meets_it(
    tmp_path: Path,
) -> None:
    """Law 4: a list that lacks it must not pass for a whole one."""
    repo = DocsRepo.make(tmp_path / "repo")
    repo.release(SHEET)
    repo.issue(SHEET, "001")
    path = f"released/instruction/{SHEET}/A-0.md"
    repo.write(path, repo.read(path).replace("目的".encode(), "目标".encode()))
    repo.commit("Change a word")

    for words in (
        ("list",),
        ("asof", "today"),
        ("show", SHEET),
        ("history", SHEET),
        ("copies", SHEET),
    ):
        answer = repo.qms(*words)
        assert answer.code != 0, words
        assert f"{path}:12: error DOC-CHANGED" in answer.err, words


def test_a_draft_that_cannot_be_read_is_named_by_the_list(tmp_path: Path) -> None:
    """Law 4"""
    repo = DocsRepo.make(tmp_path / "repo")
    repo.draft(SHEET)
    repo.commit("Draft")
    path = f"documents/instruction/{SHEET}.md"
    repo.write(path, repo.read(path).replace(b"number:", b"number"))
    repo.commit("Break the head")

    answer = repo.qms("list")

    assert answer.code == 1
    assert f"{path}:" in answer.err


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("documents/instruction/LX-WI-02.md", ("list",)),
        ("documents/instruction/LX-WI-02.md", ("show", "LX-WI-02")),
        ("documents/instruction/LX-WI-02.md", ("history", "LX-WI-02")),
        ("documents/instruction", ("list",)),
        ("documents", ("list",)),
        ("released/instruction", ("list",)),
        ("released/instruction/LX-WI-01", ("asof", "today")),
        ("released", ("asof", "today")),
        ("released", ("show", "LX-WI-02")),
        ("copies/instruction/LX-WI-01", ("copies", SHEET)),
        ("copies", ("copies", SHEET)),
    ],
)
def test_what_is_no_text_or_no_folder_is_named_by_every_command_that_meets_it(
    tmp_path: Path, path: str, words: tuple[str, ...]
) -> None:
    """Law 4: a link reads as nothing, and a list without what lay there would pass for whole."""
    repo = DocsRepo.make(tmp_path / "repo")
    repo.release(SHEET)
    repo.issue(SHEET, "001")
    repo.draft("LX-WI-02")
    repo.commit("Draft")
    assert repo.qms(*words).code == 0
    repo.delete(path)
    repo.write(path, b"README.md", SYMLINK)
    repo.commit("Lay a link")

    answer = repo.qms(*words)

    assert (answer.code, f"{path}: error BAD-MODE" in answer.err) == (1, True), answer


@pytest.mark.parametrize("folder", ["documents", "released"])
def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path, folder: str) -> None:
    """Law 4"""
    repo = DocsRepo.make(tmp_path / "repo")
    repo.release(SHEET)
    repo.delete(folder)
    repo.write(folder, b"x\n")
    repo.commit("Lay a file")

    answer = repo.qms("list")

    assert (answer.code, f"{folder}: error STRAY" in answer.err) == (1, True), answer


@pytest.mark.parametrize("command", ["list", "copies", "show", "history"])
def test_a_folder_in_the_place_of_a_list_is_named(tmp_path: Path, command: str) -> None:
    """Law 4: the copies that it told of are not out of anybody's hands by it."""
    repo = DocsRepo.make(tmp_path / "repo")
    repo.release(SHEET)
    repo.issue(SHEET, "001")
    path = f"copies/instruction/{SHEET}/A-0/001.yaml"
    repo.delete(path)
    repo.write(f"{path}/note.md", b"x\n")
    repo.commit("Lay a folder")

    answer = repo.qms(command, *([] if command == "list" else [SHEET]))

    assert (answer.code, f"{path}: error BAD-MODE" in answer.err) == (1, True), answer
    assert named(answer.err, "BAD-MODE")[0].startswith("git checkout ")  # as `check` says it


@pytest.mark.parametrize("command", [("list",), ("show", SHEET), ("history", SHEET)])
@pytest.mark.parametrize("name", ["A-0.md", "A-1.MD", "A-0.acts.yaml"])
def test_a_folder_in_the_place_of_a_file_is_named(
    released: Office, name: str, command: tuple[str, ...]
) -> None:
    """Row 211 (L: STRAY): the list said that nothing was released, and ended with 0."""
    place = f"released/work-instruction/{SHEET}/{name}"
    if name == "A-0.md":
        released.git("rm", "-q", place)
    released.write(f"{place}/x.md", "x\n")
    released.git("add", "-A")
    released.git("commit", "-q", "-m", "Folder")

    answer = released.call(*command)

    assert (answer.code, answer.findings) == (1, ("STRAY",)), answer
    assert place in answer.err


def test_a_made_up_approval_is_nowhere_counted_as_signed(submitted: Office) -> None:
    """Law 2: anybody can write a name, a role and a time into a text that goes round."""
    path = "documents/work-instruction/LX-WI-01.md"
    text = submitted.text(path)
    prepared = re.search(r'  - act: "prepare"\n(?:    .*\n)+', text)
    waiting = re.search(r'  - act: "approve"\n(?:    .*\n)+', text)
    assert prepared is not None
    assert waiting is not None
    forged = prepared[0]
    for old, new in (
        ('act: "prepare"', 'act: "approve"'), ("gong.yi", "fu.yi"), ('step: "1"', 'step: "2"'),
        ('role: "preparer"', 'role: "in-charge-of-technical"'), ('"prepared"', '"approved"'),
    ):  # fmt: skip
        assert old in forged
        forged = forged.replace(old, new)
    submitted.write(path, text.replace(waiting[0], forged))

    for words in (("list",), ("show", "LX-WI-01"), ("history", "LX-WI-01"), ("todo",)):
        answer = submitted.call(*words, by="fu.yi")
        assert answer.code == 1, words
        assert f"{path}:" in answer.err, words
        assert "approved" not in answer.out, words
    assert "qms sign LX-WI-01" in submitted.call("todo", by="fu.yi").out


@pytest.mark.parametrize(
    ("lang", "nothing", "none"),
    [
        ("en", "No documents yet", "No document is like that"),
        ("zh", "尚无文件", "没有符合条件的文件"),
    ],
)
def test_a_list_of_nothing_says_so(lx: Office, lang: str, nothing: str, none: str) -> None:
    assert nothing in lx.call("list", lang=lang).out
    lx.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    assert nothing not in lx.call("list", lang=lang).out
    assert none in lx.call("list", "--status", "superseded", lang=lang).out
    assert json.loads(lx.qms("list", "--status", "superseded", "--json"))["documents"] == []
