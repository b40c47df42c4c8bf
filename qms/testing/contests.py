"""What stands at the tip of a repo, and small histories in which two claim one place."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from qms.domain.library.effect import Effects
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.storage.repository import Repository
from qms.testing import laws
from qms.testing.repo import DocsRepo
from qms.testing.uniting import united

SHEET: Final = "LX-WI-01"
FOLDER: Final = "released/instruction/LX-WI-01"
LONG: Final = timedelta(days=900)


@contextmanager
def effects(repo: DocsRepo, *, clock: bool = False) -> Generator[Effects]:
    """What has effect, told from the tree of the tip; `clock` asks what is not ahead of now."""
    repo.history.flush()
    now = repo.now if clock else None
    with Repository.find(repo.path) as repository:
        judge = judgement_of(repo.hooks, RepositoryHistory(repository)).judge
        yield Effects(judge, Register((TreeSource(judge, repository.tree(repo.tip)),)), now)


def worked_by(repo: DocsRepo, number: str) -> tuple[str, str] | None:
    """Revision and the last line of the text that people work by, long from now."""
    with effects(repo) as known:
        found = known.in_force(number, repo.today + LONG)
    if found is None:
        return None
    return found.document.revision, found.document.body.strip().splitlines()[-1]


def standing(repo: DocsRepo) -> tuple[str, str] | None:
    """What people work by of the sheet, long from now."""
    return worked_by(repo, SHEET)


def said(repo: DocsRepo) -> list[str]:
    """The codes that verify gives; check of everything and the law behind it agree."""
    codes = [told.code for told in repo.verify() if told.code != "INCIDENT"]
    checked = [told.code for told in repo.check(whole=True)]
    if sorted(checked) != sorted(codes):
        raise AssertionError(f"verify says {codes}, check {checked}")
    if laws.walked(repo) != laws.standing(repo):
        raise AssertionError("the newest tree tells something else than the walk recorded")
    return codes


def policy_in_force(repo: DocsRepo, *, clock: bool = False) -> tuple[int, bool]:
    """Version and whether it knows mallory, of the policy in force at the tip."""
    with effects(repo, clock=clock) as known:
        entry = known.policy
    if entry is None:
        raise AssertionError("no policy is in force")
    return entry.version, "mallory" in entry.policy.persons


def release(repo: DocsRepo, text: str, revision: str = "A/1") -> None:
    """A revision of the sheet, with one line of text."""
    released_as(repo, SHEET, text, revision)


def two_others_work(repo: DocsRepo) -> None:
    """Two people who have no part in the release sign something else, having seen it."""
    repo.issue("LX-CX-2026-01", "003", person="wang.wu")
    repo.receive("LX-CX-2026-01", "003", "zhou.jiu")
    repo.draft("LX-WI-07", prepared_by="qian.qi")
    repo.commit("Draft LX-WI-07")
    repo.submit("LX-WI-07")
    repo.sign("LX-WI-07")
    repo.publish("LX-WI-07")


def policy_fork(repo: DocsRepo) -> str:
    """The quorum voids li.si's key on main; on a branch from before a thief signs another 3."""
    repo.now += timedelta(hours=8)
    repo.branch("thief")
    repo.checkout("main")
    repo.policy(lambda company: company.with_new_key("li.si"), by=("zhao.liu", "wang.wu"))
    repo.checkout("thief")
    earlier = repo.now
    repo.now = earlier - timedelta(hours=4)
    theirs = repo.policy(
        lambda company: company.with_person("mallory", "马某", "quality"), by=("li.si", "wang.wu")
    )
    repo.now = earlier + timedelta(hours=4)
    repo.checkout("main")
    return theirs


def two_others_sign(repo: DocsRepo) -> None:
    """Two persons who signed neither side sign something under the policy they work by."""
    repo.draft("LX-WI-07", prepared_by="qian.qi")
    repo.commit("Draft LX-WI-07")
    repo.release("LX-WI-07")
    repo.issue("LX-CX-2026-01", "003")
    repo.receive("LX-CX-2026-01", "003", "zhou.jiu")


def released_as(repo: DocsRepo, number: str, line: str, revision: str = "A/1") -> None:
    """Release a revision whose last line is `line`."""
    repo.release(number, body=f"# 目的\n\n{line}\n", revision=revision)


def contested(repo: DocsRepo, number: str, ours: str = "这一份", theirs: str = "那一份") -> None:
    """Two texts claim A/1, and nothing tells which was first."""
    with parted(repo, "twin") as other:
        released_as(repo, number, ours)
        other()
        released_as(repo, number, theirs)


@contextmanager
def parted(repo: DocsRepo, name: str, *, swap: bool = False) -> Generator[Callable[[], None]]:
    """Work on main, then on a branch that knows nothing of it; united at the end.

    Gives what goes over to the branch. `swap` makes the branch the first parent.
    """
    repo.branch(name)
    repo.checkout("main")
    yield lambda: repo.checkout(name)
    repo.checkout("main")
    united(repo, name, swap=swap)


def entry_of(repo: DocsRepo, number: str, line: str) -> str:
    """How a command names the entry whose text has this line."""
    with effects(repo) as known:
        found = known.register.released(number)
    return next(one.beside for one in found if line in one.document.body)


def chain_decides(repo: DocsRepo, *words: str, reason: str) -> None:
    """Both steps of the chain sign one ruling (`settle`, `annul`, `ratify`); the first says why."""
    done(repo, "li.si", *words, "--reason", reason)
    done(repo, "wang.wu", *words)


def next_revision(repo: DocsRepo, *, effective: str = "+7") -> None:
    """The next revision of the sheet, by the commands that people use."""
    for person, *words in (
        ("sun.ba", "revise", SHEET, "--summary", "再改"),
        ("sun.ba", "submit", SHEET),
        ("li.si", "sign", SHEET),
        ("wang.wu", "release", SHEET, "--effective", effective),
    ):
        done(repo, person, *words)


def done(repo: DocsRepo, person: str, *words: str) -> None:
    """A person runs `qms`, which must do it."""
    answer = repo.qms(*words, by=person)
    if answer.code != 0:
        raise AssertionError(answer.err)
