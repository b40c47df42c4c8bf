"""Who descends from whom is told alike by bits and by git's objects, and bits go when they may."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qms.jobs.judging.repository_history import RepositoryHistory
from qms.storage.commits import Commit
from qms.storage.repository import Repository
from qms.testing import DocsRepo, File


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    """Two branches, merged twice over, and a line after that."""
    repo = DocsRepo.make(tmp_path / "repo")
    root, made = repo.tip, repo.history

    def commit(branch: str, *parents: str) -> str:
        changes: dict[str, File | None] = {f"{branch}.txt": File(str(len(made.commits)).encode())}
        return made.commit(branch, parents, changes, branch, repo.tick())

    left, right = commit("left", root), commit("right", root)
    both = commit("left", left, right)
    again = commit("right", commit("right", right), both)
    commit("main", commit("main", again, both))
    made.flush()
    with Repository.find(repo.path) as found:
        yield found


def commits(repository: Repository) -> list[Commit]:
    tip = repository.resolve("main")
    assert tip is not None
    return repository.commits(tip)


@pytest.mark.parametrize("is_expected", [True, False])
def test_bits_and_objects_tell_the_same(repository: Repository, *, is_expected: bool) -> None:
    line = commits(repository)
    history = RepositoryHistory(repository)
    for commit in line if is_expected else ():
        history.expect(commit.parents)

    for place, commit in enumerate(line):
        history.meet(commit.id, commit.parents)
        for older in line[: place + 1]:
            assert history.is_ancestor(older.id, [commit.id]) is repository.is_ancestor(
                older.id, commit.id
            )

    assert len(history.ancestors) == (1 if is_expected else len(line))


def test_a_child_that_nobody_expected_has_no_bits_but_the_same_answers(
    repository: Repository,
) -> None:
    line = commits(repository)
    history = RepositoryHistory(repository)
    for commit in line:
        history.expect(commit.parents)
    for commit in line:
        history.meet(commit.id, commit.parents)

    history.meet("0" * 40, line[-1].parents)

    assert "0" * 40 not in history.ancestors
    assert all(history.is_ancestor(older.id, [line[-1].id]) for older in line)
