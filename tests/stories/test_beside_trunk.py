"""Whoever signs on a branch beside the trunk is told so, and gets it there by what is said."""

import json
import re
from collections.abc import Callable

import pytest

from qms.testing.clones import all_is_well, everything_signed, sync
from qms.testing.office import Office

Team = Callable[..., tuple[Office, ...]]
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])
BRANCH = "我的"
INTO = "qms sync --to-trunk"


@pytest.fixture
def two(submitted: Office, team: Team) -> tuple[Office, Office]:
    """Two clones; in the second a branch beside the trunk is open."""
    mine, other = team(submitted, "other")
    other.git("switch", "-q", "-c", BRANCH)
    return mine, other


@LANGUAGES
def test_each_command_says_that_it_is_beside_the_trunk(
    two: tuple[Office, Office], lang: str
) -> None:
    _, other = two
    calls = [
        other.call(by="fu.yi", lang=lang),
        other.call("sign", "LX-WI-01", by="fu.yi", lang=lang),
        other.call("sync", lang=lang),
        other.call(by="fu.yi", lang=lang),
    ]

    for answer in calls:
        assert answer.code == 0, answer
        (line,) = (one for one in answer.out.splitlines() if INTO in one)
        assert (BRANCH in line, "main" in line) == (True, True)


def test_a_branch_of_what_was_left_behind_is_to_be_looked_at(two: tuple[Office, Office]) -> None:
    """Attack: brought into the trunk, what a policy took comes back as a fork."""
    _, other = two
    other.git("branch", "-m", "kept-0123456789ab")

    told = other.qms(by="fu.yi")

    assert INTO not in told
    assert "git switch main" in told


def test_one_command_brings_it_to_the_others_and_back_to_the_trunk(
    two: tuple[Office, Office],
) -> None:
    mine, other = two
    other.qms("sign", "LX-WI-01", by="fu.yi")
    before = everything_signed(other)

    answer = sync(other, "--to-trunk")

    assert (answer.code, answer.findings) == (0, ()), answer
    assert other.git("branch", "--show-current") == "main"
    mine.now = other.now
    assert sync(mine).code == 0
    assert before <= everything_signed(mine)
    all_is_well(mine, other)
    assert INTO not in other.qms(by="fu.yi")


@pytest.mark.parametrize("shared", [False, True], ids=["unshared", "shared as a branch"])
def test_what_others_did_meanwhile_is_united_with_it(
    two: tuple[Office, Office],
    shared: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    mine, other = two
    other.qms("sign", "LX-WI-01", by="fu.yi")
    assert not shared or sync(other).code == 0
    mine.now = other.now
    mine.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    mine.qms("submit", "LX-WI-02", by="gong.yi")
    assert sync(mine).code == 0
    before = everything_signed(mine, other)
    other.now = mine.now

    assert sync(other, "--to-trunk").code == 0

    assert sync(mine).code == 0
    all_is_well(mine, other)
    assert before <= everything_signed(mine)


@LANGUAGES
def test_back_on_the_trunk_one_is_told_what_lies_on_the_branch(
    two: tuple[Office, Office], lang: str
) -> None:
    mine, other = two
    other.qms("sign", "LX-WI-01", by="fu.yi")
    assert sync(other).code == 0
    other.git("switch", "-q", "main")

    assert BRANCH not in other.call(by="gong.yi", lang=lang).out, "it is not theirs"
    (line,) = (one for one in other.call(by="fu.yi", lang=lang).out.splitlines() if BRANCH in one)
    assert "LX-WI-01" in line

    command = re.search(rf"(git switch \S+) && ({INTO})", line)
    assert command is not None, line
    other.git(*command[1].split()[1:])
    assert sync(other, "--to-trunk").code == 0
    assert BRANCH not in other.qms(by="fu.yi")
    mine.now = other.now
    assert sync(mine).code == 0
    assert "fu.yi" in mine.text("documents/work-instruction/LX-WI-01.md")
    all_is_well(mine, other)


def test_what_the_trunk_has_by_another_way_is_not_named(two: tuple[Office, Office]) -> None:
    """Somebody else merged the branch, squashed: what is signed is there, by other commits."""
    mine, other = two
    other.qms("sign", "LX-WI-01", by="fu.yi")
    assert sync(other).code == 0
    mine.git("fetch", "-q", "origin")
    mine.git("merge", "-q", "--squash", f"origin/{BRANCH}")
    mine.git("commit", "-q", "-m", "Squashed")
    assert mine.push("main")[0] == 0
    other.git("switch", "-q", "main")
    assert sync(other).code == 0

    assert BRANCH not in other.qms(by="fu.yi")


def test_a_trunk_with_work_of_its_own_here_loses_nothing(two: tuple[Office, Office]) -> None:
    """One signed on both: the branch goes to the others, and what lies on the trunk is kept."""
    mine, other = two
    other.git("switch", "-q", "main")
    other.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    other.qms("submit", "LX-WI-02", by="gong.yi")
    other.git("switch", "-q", BRANCH)
    other.qms("sign", "LX-WI-01", by="fu.yi")

    answer = sync(other, "--to-trunk")

    assert answer.code == 0, answer
    assert other.git("branch", "--show-current") == "main"
    assert "1 thing of yours is not shared yet" in other.qms(by="gong.yi")
    assert sync(other).code == 0
    mine.now = other.now
    assert sync(mine).code == 0
    assert "gong.yi" in mine.text("documents/work-instruction/LX-WI-02.md")
    assert "fu.yi" in mine.text("documents/work-instruction/LX-WI-01.md")
    all_is_well(mine, other)


def test_programs_are_told_of_the_branch(two: tuple[Office, Office]) -> None:
    _, other = two

    assert json.loads(other.qms("todo", "--json", by="fu.yi"))["branch"] == BRANCH
    assert json.loads(other.qms("sync", "--json"))["branch"] == BRANCH
    other.git("switch", "-q", "main")
    assert json.loads(other.qms("todo", "--json", by="fu.yi"))["branch"] == ""


@LANGUAGES
def test_bare_qms_says_that_one_is_on_no_branch_at_all(
    two: tuple[Office, Office], lang: str
) -> None:
    _, other = two
    other.git("checkout", "-q", "--detach")

    answer = other.call(by="fu.yi", lang=lang)

    assert "git switch -c work-" in answer.out + answer.err, answer


@LANGUAGES
def test_what_is_not_committed_keeps_the_branch_open_and_is_named(
    two: tuple[Office, Office], lang: str
) -> None:
    """The trunk here has another text in the very place that somebody edits on the branch."""
    _, other = two
    other.git("switch", "-q", "main")
    other.write("notes.txt", "on the trunk\n")
    other.git("add", "-A")
    other.git("commit", "-q", "-m", "Note")
    other.git("switch", "-q", BRANCH)
    other.qms("sign", "LX-WI-01", by="fu.yi")
    other.write("notes.txt", "being written\n")

    answer = other.call("sync", "--to-trunk", lang=lang)

    assert "SYNC-UNCOMMITTED" in answer.out, answer
    assert other.text("notes.txt") == "being written\n"
    assert other.git("branch", "--show-current") == BRANCH
    way = r"`git add -- notes.txt && git commit -m (?:draft|草稿) -- notes.txt`"
    assert re.search(way, answer.out) is not None, answer
