"""Where a history begins, and what in it began elsewhere: a commit that anybody could merge in."""

from collections.abc import Container, Iterable, Iterator
from typing import Final

from qms.findings import Finding, Place
from qms.storage.commits import Commit
from qms.storage.repository import Repository

ROOT_FILE: Final = "policy/0001/policy.yaml"


def beginning(repository: Repository, commits: Iterable[Commit]) -> str | None:
    """The first of these commits, parents first, that holds a policy version 1."""
    found = (one.id for one in commits if repository.tree(one.id).entry(ROOT_FILE) is not None)
    return next(found, None)


def descendants(commits: Iterable[Commit], root: str) -> frozenset[str]:
    """A commit, and those of the others, parents first, that descend from it."""
    found = {root}
    for commit in commits:
        if any(parent in found for parent in commit.parents):
            found.add(commit.id)
    return frozenset(found)


def without(commits: Iterable[Commit], inside: Container[str]) -> frozenset[str]:
    """Those of these commits, parents first, that descend from nothing outside of them.

    `inside` are their ids: one whose parent isn't there goes on from what is known.
    """
    found: set[str] = set()
    for commit in commits:
        if all(parent in inside and parent in found for parent in commit.parents):
            found.add(commit.id)
    return frozenset(found)


def other_beginnings(
    repository: Repository, commits: Iterable[Commit], root: str, among: Container[str]
) -> Iterator[Finding]:
    """ROOT-SEVERAL where one of `among` has a policy version 1 of its own, beside that of `root`.

    Anybody can merge in a history of their own, as the first parent even: it then comes first.
    """
    mine = repository.tree(root).entry(ROOT_FILE)
    for commit in commits:
        theirs = repository.tree(commit.id).entry(ROOT_FILE) if commit.id in among else None
        if theirs not in (None, mine):
            values = {"root": root[:12], "other": commit.id[:12]}
            yield Finding("ROOT-SEVERAL", Place(ROOT_FILE, commit=commit.id), values)
            return
