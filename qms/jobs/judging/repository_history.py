"""A judge and its rules, put together from the loaded plugins and a repository."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from qms.domain.register.register import PolicyEntry
from qms.domain.register.statement_holds import Judge
from qms.domain.verdict.judgement import Judgement
from qms.domain.verdict.rule import Rule
from qms.findings import Finding, Level, QmsError, Reason
from qms.formats.paths import GOVERNED
from qms.formats.tree import Tree, TreeEntry
from qms.plugins import Hooks
from qms.purity import pure
from qms.storage.commits import Commit
from qms.storage.repository import Repository

if TYPE_CHECKING:
    from qms.codes import CodeTable


@dataclass(slots=True, eq=False)
class RepositoryHistory:
    """What a judge asks about commits, answered by a repository.

    The ancestors of commits that a walk meets are kept as bits of one number, until all children
    that it expects are met: an answer about such a commit costs nothing. Else git's objects are
    asked.
    """

    repository: Repository
    ancestors: dict[str, int] = field(default_factory=dict[str, int])
    order: dict[str, int] = field(default_factory=dict[str, int])
    _children: dict[str, int] = field(default_factory=dict[str, int])
    _trees: dict[str, Tree | None] = field(default_factory=dict[str, Tree | None])
    _asked: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])
    _parents: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    _shallow: bool | None = None
    _absent: bool = False
    _met: dict[str, dict[str, bool]] = field(default_factory=dict[str, dict[str, bool]])

    def tree(self, commit: str) -> Tree | None:
        """The tree of a commit; None where this clone has no such commit, or it is none."""
        if commit not in self._trees and not self._is_commit(commit):
            self._trees[commit] = None
        if commit not in self._trees:
            try:
                self._trees[commit] = self.repository.tree(commit)
            except QmsError as error:
                if error.finding.reason is not Reason.ABSENT:
                    raise
                self._trees[commit] = None
        return self._trees[commit]

    @property
    def lacks_some(self) -> bool:
        """Whether a commit was asked about that this clone doesn't have: it may come yet."""
        return self._absent or any(one is None for id_, one in self._trees.items() if id_)

    def _is_commit(self, commit: str) -> bool:
        """Whether the id in a statement is a commit's: it may be anything that looks like one."""
        if commit in self.order:
            return True
        return bool(commit) and self.repository.commit_id(commit) == commit

    def is_ancestor(self, older: str, newer: Sequence[str]) -> bool | None:
        """Whether `older` is one of `newer` or an ancestor of one."""
        if older in newer:
            return True
        known = [self.ancestors[one] for one in newer if one in self.ancestors]
        if len(known) == len(newer):
            place = self.order.get(older)
            return place is not None and any(bits >> place & 1 for bits in known)
        return any(self._is_ancestor(older, one) for one in newer)

    def _is_ancestor(self, older: str, newer: str) -> bool:
        key = (older, newer)
        if key not in self._asked:
            there = self.repository.commit_id(older) is not None
            self._absent = self._absent or not there
            self._asked[key] = there and self.repository.is_ancestor(older, newer)
        return self._asked[key]

    def met(self, commit: str, key: str, is_there: Callable[[Tree], bool]) -> bool | None:
        """Whether something lay in the tree of a commit, or of one that it descends from."""
        known = self._met.setdefault(key, {})
        if commit in known:
            return known[commit] or self._unless_shallow()
        if self.tree(commit) is None:
            return None
        if commit not in self._parents:
            found = self.repository.commits(commit)
            self._parents.update((one.id, one.parents) for one in found)
        for one in self._ancestors(commit, known):
            before = any(known.get(parent, False) for parent in self._parents[one])
            known[one] = before or is_there(self.repository.tree(one))
        return known[commit] or self._unless_shallow()

    def _unless_shallow(self) -> bool | None:
        if self._shallow is None:
            self._shallow = self.repository.is_shallow
        return None if self._shallow else False

    def _ancestors(self, commit: str, known: Collection[str]) -> list[str]:
        """A commit and what it descends from, parents first, without what is `known`."""
        ordered: dict[str, None] = {}
        waiting = [commit]
        while waiting:
            here = waiting[-1]
            parents = [p for p in self._parents.get(here, ()) if p in self._parents]
            missing = [p for p in parents if p not in known and p not in ordered]
            if here in ordered or here in known:
                waiting.pop()
            elif missing:
                waiting.extend(missing)
            else:
                ordered[here] = None
                waiting.pop()
        return list(ordered)

    def expect(self, parents: Iterable[str]) -> None:
        """Announce that a commit with these parents will be met: until then they are kept."""
        for parent in dict.fromkeys(parents):
            self._children[parent] = self._children.get(parent, 0) + 1

    def meet(self, commit: str, parents: Iterable[str]) -> None:
        """Note a commit of the walk, whose parents were met before."""
        place = self.order[commit] = len(self.order)
        before = [parent for parent in dict.fromkeys(parents) if parent in self.order]
        if all(parent in self.ancestors for parent in before):
            bits = 1 << place
            for parent in before:
                bits |= self.ancestors[parent]
            self.ancestors[commit] = bits
        for parent in before:
            left = self._children.get(parent, 0) - 1
            if left == 0:
                self.ancestors.pop(parent, None)
            self._children[parent] = left


def judgement_of(hooks: Hooks, history: RepositoryHistory) -> Judgement:
    """The judge with the rules of the loaded plugins."""

    def rules(policy: PolicyEntry) -> Sequence[Rule]:
        return hooks.rules(policy.policy)

    @cache
    def codes() -> "CodeTable":
        from qms.codes import CodeTable  # noqa: PLC0415 - read only when there is something to say

        return CodeTable(hooks.code_files())

    def is_error(finding: Finding) -> bool:
        return codes().level(finding) is Level.ERROR

    def is_put_back(finding: Finding) -> bool:
        return codes().is_put_back(finding)

    return Judgement(Judge(hooks, history), rules, pure, is_error, is_put_back)


def earlier_states(
    commits: Sequence[Commit], since: AbstractSet[str], tree: Callable[[str], Tree]
) -> Iterator[tuple[str, Tree]]:
    """Commits and their trees, newest first, that one of `since` may have put back.

    Not `since` themselves, and nothing that a merge among them just took from one of its parents.
    """
    merges = (commit for commit in commits if commit.id in since and len(commit.parents) > 1)
    taken = {_state(tree(parent)) for commit in merges for parent in commit.parents}
    for commit in reversed(commits):
        older = tree(commit.id)
        if commit.id not in since and _state(older) not in taken:
            yield commit.id, older


def _state(tree: Tree) -> tuple[TreeEntry | None, ...]:
    return tuple(tree.entry(folder) for folder in GOVERNED)
