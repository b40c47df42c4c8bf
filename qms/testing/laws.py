"""The law behind `qms check`: what was recorded up to a commit can be told from its tree alone.

`walked` is the register that a walk over the whole history gives, `standing` the one computed from
the newest tree. On honest lives both have the same entries.
"""

from dataclasses import dataclass

from qms.domain.kinds.kind import Kinds
from qms.domain.register.holdings import every_event
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.domain.register.walk import Node, Walk
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.storage.repository import Repository
from qms.testing.repo import DocsRepo


@dataclass(frozen=True, slots=True)
class Entries:
    """What a register holds, as plain values that can be compared."""

    policies: tuple[str, ...]
    released: frozenset[tuple[str, str]]
    events: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, register: Register, kinds: Kinds) -> "Entries":
        """The entries of `register`: policies by content, revisions by path and content."""
        released = tuple(register.all_released())
        return cls(
            policies=tuple(entry.content for entry in register.policies()),
            released=frozenset((entry.path, entry.document.content) for entry in released),
            events=frozenset((event.path, event.slot.id) for event in every_event(register, kinds)),
        )


def walked(repo: DocsRepo, tip: str | None = None) -> Entries:
    """What a walk from the root to the newest commit, or another, records."""
    last = tip or repo.tip
    repo.history.flush()
    with Repository.find(repo.path) as repository:
        history = RepositoryHistory(repository)
        walk = Walk(judgement_of(repo.hooks, history).judge)
        commits = repository.commits(last)
        for commit in commits:
            walk.expect(dict.fromkeys(commit.parents))
        for commit in commits:
            history.meet(commit.id, commit.parents)
            walk.visit(Node(commit.id, commit.parents, repository.tree(commit.tree)))
        return Entries.of(walk.positions[last].register, repo.hooks.kinds)


def standing(repo: DocsRepo, tip: str | None = None) -> Entries:
    """What the newest tree alone tells, or that of another commit."""
    repo.history.flush()
    with Repository.find(repo.path) as repository:
        judge = judgement_of(repo.hooks, RepositoryHistory(repository)).judge
        register = Register((TreeSource(judge, repository.tree(tip or repo.tip)),))
        return Entries.of(register, repo.hooks.kinds)
