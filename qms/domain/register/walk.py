"""The walk over history: what was validly recorded, and where it was lost.

R(c), the register at a commit, is the union of its parents' registers and of what its tree newly
brings and holds. Which branch or which order of parents brought an entry plays no part. Gate and
`verify` walk alike; `check` is the walk with a last commit that isn't made yet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qms.domain.kinds.limits import governed_changes, is_whole
from qms.domain.register.gone_kinds import gone_kind, has_plugins, is_plugins, signed_in
from qms.domain.register.holdings import every_entry
from qms.domain.register.losses import loss_at
from qms.domain.register.misplaced import is_below
from qms.domain.register.recorder import Recorder
from qms.domain.register.register import Register
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Reason
from qms.formats.paths import GOVERNED
from qms.formats.tree import PathChange, Tree


class Node(NamedTuple):
    """A commit to visit: its id (empty while it isn't made), its parents and its tree."""

    commit: str
    parents: tuple[str, ...]
    tree: Tree


@dataclass(slots=True, eq=False)
class Position:
    """What is known at a commit: register, failing paths, losses since a commit.

    `unread` are files that one of these commits had and this clone has not, or no plugin to judge
    them by, by path and blob: whether they held an entry, and so whether one was lost, nobody can
    tell here.
    """

    register: Register
    tree: Tree
    failing: dict[str, Finding] = field(default_factory=dict[str, Finding])
    lost: dict[str, str] = field(default_factory=dict[str, str])
    unread: dict[tuple[str, str], Finding] = field(default_factory=dict[tuple[str, str], Finding])


class Incident(NamedTuple):
    """A span of commits without a recorded entry: kept on record after the bytes are back."""

    path: str
    lost: str
    back: str


@dataclass(slots=True, eq=False)
class Walk:
    """Visits commits, parents first, and keeps only the positions that are still needed."""

    judge: Judge
    positions: dict[str, Position] = field(default_factory=dict[str, Position])
    first_failed: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    incidents: list[Incident] = field(default_factory=list[Incident])
    _children: dict[str, int] = field(default_factory=dict[str, int])

    def start(self, commit: str, register: Register, tree: Tree) -> None:
        """Begin at a commit whose register is known."""
        self.positions[commit] = Position(register, tree)

    def expect(self, parents: Iterable[str]) -> None:
        """Announce that a commit with these parents will be visited, so that they are kept."""
        for parent in parents:
            self._children[parent] = self._children.get(parent, 0) + 1

    def visit(self, node: Node) -> Position:
        """Judge one commit from its parents' positions; a root has none of them."""
        parents = [self.positions[p] for p in dict.fromkeys(node.parents) if p in self.positions]
        register, lost, failing = self._inherit(node, parents)
        differing = [self._differences(node.tree, parent.tree) for parent in parents]
        everywhere, anywhere = _new_paths(node.tree, differing)
        recorder = Recorder(self.judge)
        at = (node.commit,) if node.commit else node.parents
        unread = {key: one for parent in parents for key, one in parent.unread.items()}
        waiting = set(failing)
        before = {path: failing.pop(path) for path in waiting}
        found = recorder.record(register, node.tree, [*everywhere, *waiting], node.commit, at)
        for path, finding in found.items():
            entry = node.tree.entry(path)
            if entry is None and path not in before:
                continue
            key = (path, entry.id if entry is not None else "")
            commit = self.first_failed.setdefault(key, node.commit)
            failing[path] = finding.at(commit=commit)
            if finding.reason is Reason.ABSENT:
                unread.setdefault(key, failing[path])
        unread |= self._gone(node, parents, everywhere | anywhere, register)
        whole = {one.path for found in differing for one in found.values() if is_whole(one)}
        anywhere |= self._recorded(register, whole)
        self._losses(node, register, anywhere | set(lost), lost)
        position = Position(register, node.tree, failing, lost, unread)
        self.positions[node.commit] = position
        return position

    def _gone(
        self, node: Node, parents: Sequence[Position], paths: set[str], register: Register
    ) -> dict[tuple[str, str], Finding]:
        """What a commit takes away of signed files that no plugin here takes, or changes in them.

        Not what only lies elsewhere now, as a text does that went round and is filed.
        """
        found: dict[tuple[str, str], Finding] = {}
        asked = sorted(filter(is_plugins, paths))
        if not asked or not has_plugins(register):
            return found
        signed = {slot.id for path in asked for slot in signed_in(node.tree, path)}
        for path in asked:
            here = node.tree.entry(path)
            trees = {one.id: it.tree for it in parents if (one := it.tree.entry(path)) is not None}
            if here is not None and here.id in trees:
                continue  # as one of them had it
            for blob, tree in trees.items():
                if all(slot.id in signed for slot in signed_in(tree, path)):
                    continue
                fault = gone_kind(self.judge, register, tree, path)
                if fault is not None:
                    found[path, blob] = fault.at(commit=node.commit)
        return found

    def _inherit(
        self, node: Node, parents: Sequence[Position]
    ) -> tuple[Register, dict[str, str], dict[str, Finding]]:
        """The union of the parents; an only child takes its parent's register over."""
        if not parents:
            return Register(), {}, {}
        first = next(p for p in node.parents if p in self.positions)
        register = parents[0].register
        if self._children.get(first, 1) > 1:
            register = register.copy()
        lost, failing = dict(parents[0].lost), dict(parents[0].failing)
        for other in parents[1:]:
            register.unite(other.register)
            lost.update(other.lost)
            failing.update(other.failing)
        for parent in dict.fromkeys(node.parents):
            left = self._children.get(parent, 1) - 1
            self._children[parent] = left
            if left <= 0:
                self.positions.pop(parent, None)
        return register, lost, failing

    def _differences(self, tree: Tree, older: Tree) -> dict[str, PathChange]:
        names = tree.differing(older)
        return {
            change.path: change
            for folder in GOVERNED
            if folder in names
            for change in governed_changes(tree, older, folder)
        }

    def _recorded(self, register: Register, folders: set[str]) -> set[str]:
        """Where entries lie below folders of which it can't be told what differs."""
        if not folders:
            return set()
        entries = every_entry(register, self.judge.answers.kinds)
        return {path for path in {one.path for one in entries} if is_below(path, folders)}

    def _losses(
        self, node: Node, register: Register, paths: set[str], lost: dict[str, str]
    ) -> None:
        for path in sorted(paths):
            if loss_at(self.judge, register, node.tree, path) is not None:
                lost.setdefault(path, node.commit)
            elif path in lost:
                self.incidents.append(Incident(path, lost.pop(path), node.commit))


def _new_paths(tree: Tree, differing: Sequence[dict[str, PathChange]]) -> tuple[set[str], set[str]]:
    """Paths that are new against every parent, and those that differ from any."""
    if not differing:
        every = {path for folder in GOVERNED for path, _ in tree.files(folder)}
        return every, set()
    everywhere = set(differing[0])
    for other in differing[1:]:
        everywhere &= set(other)
    anywhere: set[str] = set()
    for other in differing:
        anywhere |= set(other)
    return everywhere, anywhere
