"""Issue 11: what this machine found out is shown again as if found out now; nobody else's is."""

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qms.formats.paths import copy_path, document_path, released_path
from qms.formats.tree import SYMLINK
from qms.testing import DocsRepo
from qms.testing.contests import SHEET, release, two_others_work
from qms.testing.desk import class_of
from qms.testing.office import Answer, Office
from qms.testing.random_worded import history
from qms.testing.uniting import united
from qms.testing.worded import COMPANY, Worded

NUMBER = "LX-WI-01"
OTHER = "LX-WI-02"
THIRD = "LX-WI-03"
TEXT = document_path(class_of(NUMBER), NUMBER)
FILED = released_path(class_of(NUMBER), NUMBER, "A/0")
COPY = copy_path(class_of(NUMBER), NUMBER, "A/0", "001")
LISTS = (("list",), ("list", "--json"), ("list", "--status", "superseded"), ("asof", "today"))
ASKED = (*LISTS, ("todo",), ("show", NUMBER), ("history", NUMBER), ("asof", "2026-01-01", NUMBER))
NO_CACHE = ("--no-cache",)


class Desk:
    """Somebody at a machine of theirs, in front of a docs repo."""

    def __init__(self, repo: DocsRepo, home: Path) -> None:
        self.repo = repo
        self.home = home
        self.places = {
            "XDG_CACHE_HOME": str(home / "cache"), "XDG_STATE_HOME": str(home / "state"), "CI": "",
        }  # fmt: skip

    def ask(self, *words: str, now: datetime | None = None, **more: str) -> Answer:
        """What a command shows; no time passes."""
        keys = self.repo.path.parent / "keys"
        at = now or self.repo.now
        office = Office(self.repo.lay_out(), keys, at, self.places | more)
        return office.call(*words, by="wang.wu")

    def agrees(self, *words: str, now: datetime | None = None) -> bool:
        """It shows the same, also the second time, as where all is found out anew."""
        anew = self.ask(*words, *NO_CACHE, now=now)
        for _ in range(2):
            assert self.ask(*words, now=now) == anew
        return True

    @property
    def tables(self) -> list[Path]:
        return sorted(self.home.rglob("facts-*"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two work instructions are in force, a copy of one of them is out."""
    repo = DocsRepo.make(tmp_path / "repo")
    for number in (NUMBER, OTHER):
        repo.release(number)
    repo.issue(NUMBER, "001")
    repo.tick(timedelta(days=30))
    return Desk(repo, tmp_path / "home")


def is_taken(desk: Desk, *words: str) -> bool:
    """Whether an answer comes without a look at the released text, which is taken away for it."""
    blob = desk.repo.git("rev-parse", f"HEAD:{FILED}").strip()
    place = desk.repo.path / ".git" / "objects" / blob[:2] / blob[2:]
    if not place.exists():  # as it was packed
        for pack in (desk.repo.path / ".git" / "objects" / "pack").glob("*.pack"):
            aside = pack.rename(desk.repo.path.parent / pack.name)
            command = ["git", "-C", str(desk.repo.path), "unpack-objects", "-q"]
            subprocess.run(command, input=aside.read_bytes(), check=True)
    aside = place.rename(place.with_suffix(".aside"))
    try:
        return desk.ask(*words).code == 0
    finally:
        aside.rename(place)


def test_what_was_found_out_is_not_looked_at_again(desk: Desk) -> None:
    assert not is_taken(desk, "list")

    desk.ask("list")
    desk.ask("todo")

    for words in (("list",), ("todo",), ("asof", "today")):
        assert is_taken(desk, *words), words
        assert not is_taken(desk, *words, *NO_CACHE), words


@pytest.mark.parametrize("words", [("verify",), ("check", "--all")])
def test_who_proves_looks_at_everything(desk: Desk, words: tuple[str, ...]) -> None:
    desk.ask("list")

    assert not is_taken(desk, *words)
    assert desk.ask(*words).code == 0


def test_in_ci_nothing_is_taken_and_nothing_kept(desk: Desk) -> None:
    desk.ask("list", CI="true")
    assert desk.tables == []

    desk.ask("list")

    assert desk.ask("list", CI="true") == desk.ask("list", *NO_CACHE)


@pytest.mark.parametrize("words", ASKED)
def test_after_another_commit_only_what_it_touched_is_looked_at(
    desk: Desk, words: tuple[str, ...]
) -> None:
    desk.ask("list")
    desk.repo.revise(OTHER, title="另一个名称")
    desk.repo.commit("Revise")

    assert is_taken(desk, "list")
    assert desk.agrees(*words)

    desk.repo.submit(OTHER)
    assert desk.agrees(*words)


def edited(desk: Desk) -> None:
    data = desk.repo.read(TEXT)
    desk.repo.edit(TEXT, data.replace(b"revision: A/0", b"revision: A/1").replace(
        b"status: published", b"status: draft"))  # fmt: skip


CHANGES: tuple[Callable[[Desk], None], ...] = (
    edited,
    lambda desk: desk.repo.edit(TEXT, b"---\nnumber: [\n"),
    lambda desk: desk.repo.edit(TEXT, None),
    lambda desk: desk.repo.edit(TEXT, b"LX-WI-02.md", SYMLINK),
    lambda desk: desk.repo.edit("documents/link", b"wi", SYMLINK),
    lambda desk: desk.repo.edit("documents/notes.txt", b"notes"),
    lambda desk: desk.repo.edit(FILED, b"not what was signed"),
    lambda desk: desk.repo.edit(TEXT.replace("-01", "-07"), desk.repo.read(TEXT)),
)


@pytest.mark.parametrize("words", ASKED)
@pytest.mark.parametrize("change", CHANGES)
def test_what_lies_in_the_work_tree_is_read_anew(
    desk: Desk, change: Callable[[Desk], None], words: tuple[str, ...]
) -> None:
    desk.ask("list")

    change(desk)

    assert desk.agrees(*words)


COMMITTED: tuple[Callable[[DocsRepo], object], ...] = (
    lambda repo: repo.replace(FILED, "正文".encode(), "歪文".encode()),
    lambda repo: repo.delete(FILED),
    lambda repo: repo.write("documents/link", b"x", mode=SYMLINK),
    lambda repo: repo.write("released/stray.txt", b"x"),
    lambda repo: repo.write(f"{FILED}/x", b"x"),
    lambda repo: repo.write(COPY, b"x"),
)


@pytest.mark.parametrize("words", LISTS)
@pytest.mark.parametrize("change", COMMITTED)
def test_what_no_longer_holds_is_not_shown(
    desk: Desk, change: Callable[[DocsRepo], object], words: tuple[str, ...]
) -> None:
    """Law 2"""
    desk.ask("list")

    change(desk.repo)
    desk.repo.commit("Damage")

    assert desk.agrees(*words)


def test_what_comes_into_force_at_midnight_does_so_without_a_new_look(tmp_path: Path) -> None:
    repo = DocsRepo.make(tmp_path / "repo")
    repo.release(NUMBER)
    desk = Desk(repo, tmp_path / "home")
    assert "published" in desk.ask("list").out

    later = repo.now + timedelta(days=30)

    assert "in-force" in desk.ask("list", "--json", now=later).out
    for words in ASKED:
        assert desk.agrees(*words, now=later), words
        assert desk.agrees(*words, now=repo.now), words


@pytest.fixture
def later(desk: Desk) -> Desk:
    """A third one was released a month later: by a clock of before, that is ahead."""
    desk.repo.release(THIRD)
    desk.repo.tick(timedelta(days=30))
    return desk


def test_by_a_clock_that_goes_back_nothing_is_taken(later: Desk) -> None:
    """What is signed was not ahead of the clock when it was looked at; it is now."""
    past = later.repo.now - timedelta(days=45)
    later.ask("list")

    assert later.agrees("list", now=past)
    assert f"{THIRD}  " in later.ask("list", now=past).out
    assert "void" in later.ask("list", now=past).out


def test_what_is_ahead_of_the_clock_is_looked_at_again(later: Desk) -> None:
    past = later.repo.now - timedelta(days=45)
    later.ask("list", now=past)
    assert later.tables == []

    assert "void" not in later.ask("list").out


def test_under_a_policy_that_comes_in_all_is_looked_at_again(desk: Desk) -> None:
    """The files of a revision are the same; the key under it is void in a policy it had not seen.

    Law 2
    """
    repo = desk.repo
    repo.branch("work", at="main")
    repo.release(THIRD)
    repo.checkout("main")
    repo.policy(lambda company: company.with_new_key("li.si"), by=("wang.wu", "zhao.liu"))
    repo.checkout("work")
    repo.tick(timedelta(days=30))
    assert "void" not in desk.ask("list").out

    repo.merge("main")

    assert "void" in desk.ask("list").out
    assert desk.agrees("list")


def test_signatures_of_an_open_text_are_judged_at_each_commit(desk: Desk) -> None:
    """They name a commit that was seen: on a branch that lacks it the same bytes don't hold.

    Law 2
    """
    repo = desk.repo
    repo.branch("other", at="main")
    repo.checkout("main")
    repo.draft(THIRD)
    repo.commit("Draft")
    repo.submit(THIRD)
    text = repo.read(repo.working_path(THIRD))
    assert "in-review" in desk.ask("list", "--json").out

    repo.checkout("other")
    repo.write(repo.working_path(THIRD), text)
    repo.commit("Copy a text that goes round")

    assert desk.ask("list").code == 1
    assert desk.agrees("list")


# whose it is


def test_what_is_signed_elsewhere_may_decide_a_fork(tmp_path: Path) -> None:
    """Two texts of one revision: no file of the number changes when witnesses tell which stands."""
    repo = DocsRepo.make(tmp_path / "repo")
    repo.release(SHEET)
    repo.release("LX-CX-2026-01")
    repo.branch("other")
    repo.checkout("main")
    release(repo, "One")
    repo.checkout("other")
    release(repo, "Other")
    repo.checkout("main")
    repo.branch("united")
    united(repo, "other")
    desk = Desk(repo, tmp_path / "home")
    before = desk.ask("list")
    assert "contested" in before.out

    repo.checkout("main")
    two_others_work(repo)
    repo.checkout("united")
    united(repo, "main")

    assert desk.agrees("list")
    assert "contested" not in desk.ask("list").out


def test_what_was_altered_is_no_table(desk: Desk) -> None:
    honest = desk.ask("list")
    (table,) = desk.tables
    table.write_bytes(table.read_bytes().replace(OTHER.encode(), b"LX-WI-66"))

    assert desk.ask("list") == honest


def test_what_others_may_open_is_no_table(desk: Desk) -> None:
    desk.ask("list")
    (table,) = desk.tables
    assert table.stat().st_mode & 0o777 == 0o600

    table.chmod(0o644)

    assert not is_taken(desk, "list")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_belongs_to_another_user_is_no_table(desk: Desk) -> None:
    desk.ask("list")
    (table,) = desk.tables

    os.chown(table, 65534, 65534)

    assert not is_taken(desk, "list")


def test_a_table_of_another_repo_is_none(desk: Desk, tmp_path: Path) -> None:
    other = DocsRepo.make(tmp_path / "other")
    other.release(NUMBER, title="别的文件")
    other.tick(timedelta(days=30))
    theirs = Desk(other, desk.home)
    theirs.ask("list")
    (foreign,) = desk.tables
    honest = desk.ask("list")
    (own,) = {*desk.tables} - {foreign}

    shutil.copy2(foreign, own)

    assert desk.ask("list") == honest
    assert desk.agrees("list")


def test_another_repo_in_the_same_place_is_looked_at(desk: Desk, tmp_path: Path) -> None:
    desk.ask("list")
    desk.repo.path.rename(tmp_path / "moved")
    other = DocsRepo.make(tmp_path / "repo")
    other.release(NUMBER, title="别的文件")
    other.tick(timedelta(days=60))

    assert Desk(other, desk.home).agrees("list")


def test_what_another_machine_made_is_no_table(desk: Desk, tmp_path: Path) -> None:
    """As a cache that CI keeps, or that came with a home folder: its key is not there."""
    desk.ask("list")
    shutil.copytree(desk.home / "cache", tmp_path / "there" / "cache")

    there = Desk(desk.repo, tmp_path / "there")

    assert not is_taken(there, "list")


# whatever happens


def random_edit(repo: DocsRepo, chance: random.Random) -> None:
    texts = sorted(repo.below("documents"))
    path = chance.choice(texts)
    data = repo.read(path)
    ways: tuple[Callable[[], None], ...] = (
        lambda: repo.edit(path, None),
        lambda: repo.edit(path, data + b"\nmore\n"),
        lambda: repo.edit(path, data.replace(b"status: published", b"status: in-review")),
        lambda: repo.edit(path.replace("LX-WI-0", "LX-WI-5"), data),
        lambda: repo.edit(path, data[:40]),
    )
    chance.choice(ways)()


@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(one, marks=pytest.mark.long) for one in range(3, 30))]
)
def test_what_is_known_says_the_same_after_any_change(seed: int, tmp_path: Path) -> None:
    """Honest and hostile people on branches, new policies, rulings, merges, edits not committed."""
    repo = DocsRepo.make(tmp_path / "repo", COMPANY)
    chance = random.Random(seed)  # noqa: S311 - changes that can be told again
    steps = history(seed)
    worded = Worded(repo)
    worded.begin(steps)
    desk = Desk(repo, tmp_path / "home")
    desk.ask("list")

    for step in steps:
        worded.take(step)
        if chance.random() < 0.3:
            random_edit(repo, chance)
        now = repo.now + timedelta(days=chance.choice((0, 0, 60)))
        for words in chance.sample(ASKED, 3):
            assert desk.agrees(*words, now=now), (step, words)
        repo.git("reset", "-q", "--hard")
        repo.git("clean", "-fdxq")
