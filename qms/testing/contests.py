"""Two texts for one place, and who works by which: what tests of standing and of rulings build."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from qms.domain.effect import Effects
from qms.domain.register import Register
from qms.domain.source import TreeSource
from qms.testing.repo import DocsRepo
from qms.testing.uniting import united

LONG: Final = timedelta(days=900)


@contextmanager
def effects(repo: DocsRepo) -> Generator[Effects]:
    """What has effect at the tip, told from its tree alone and its history."""
    from qms.jobs.judges import RepositoryHistory, bench  # noqa: PLC0415 - beside its only use
    from qms.storage.repository import Repository  # noqa: PLC0415

    repo.history.flush()
    with Repository.find(repo.path) as repository:
        judge = bench(repo.hooks, RepositoryHistory(repository)).judge
        yield Effects(judge, Register((TreeSource(judge, repository.tree(repo.tip)),)))


def worked_by(repo: DocsRepo, number: str) -> tuple[str, str] | None:
    """Revision and the last line of the text that people work by, long from now."""
    with effects(repo) as known:
        found = known.in_force(number, repo.today + LONG)
    if found is None:
        return None
    return found.document.revision, found.document.body.strip().splitlines()[-1]


def released_as(repo: DocsRepo, number: str, line: str, revision: str = "A/1") -> None:
    """Release a revision whose last line is `line`."""
    repo.release(number, body=f"# 目的\n\n{line}\n", revision=revision)


def contested(repo: DocsRepo, number: str, ours: str = "这一份", theirs: str = "那一份") -> None:
    """Two texts claim A/1, and nothing tells which was first."""
    repo.branch("twin")
    repo.checkout("main")
    released_as(repo, number, ours)
    repo.checkout("twin")
    released_as(repo, number, theirs)
    repo.checkout("main")
    united(repo, "twin")


def entry_of(repo: DocsRepo, number: str, line: str) -> str:
    """How a command names the entry whose text has this line."""
    with effects(repo) as known:
        found = known.register.released(number)
    return next(one.beside for one in found if line in one.document.body)
