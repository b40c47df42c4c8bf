"""The files that somebody names to `qms check`, and what of a judgement is about them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from qms.domain.kinds.kind import Kinds
from qms.domain.kinds.look import LOOK_FILE
from qms.domain.register.misplaced import is_below
from qms.findings import Finding
from qms.formats.bound import is_bound
from qms.formats.paths import POLICY_FILES
from qms.formats.tree import Tree


class NamedFiles(NamedTuple):
    """What was named of a tree, by paths from its root; a folder stands for all below it."""

    tree: Tree
    before: Tree
    """As it is committed: what is named may be gone since."""
    kinds: Kinds
    named: Sequence[str]
    files: frozenset[str]
    """The files meant, those included that are gone."""

    @classmethod
    def of(cls, tree: Tree, before: Tree, kinds: Kinds, named: Sequence[str]) -> "NamedFiles":
        """The files of `tree` that are named, or lie in a folder that is; ``""`` is the root."""
        files: set[str] = set()
        for path in named:
            entry = tree.entry(path)
            if entry is not None and entry.is_folder:
                files.update(inside for inside, _ in tree.files(path))
            else:
                files.add(path)
        return cls(tree, before, kinds, named, frozenset(files))

    def about(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Those about these files, and those about no single file: they concern each."""
        return tuple(one for one in findings if not self._is_another(one.place.path))

    def free(self) -> tuple[str, ...]:
        """Those that no rule looks at by themselves: working pictures, what git ignores, a pipe."""
        return tuple(
            sorted(
                path
                for path in self.files
                if not (self._is_governed(path) and self._is_in_git(path))
            )
        )

    def _is_in_git(self, path: str) -> bool:
        return any(tree.entry(path) is not None for tree in (self.tree, self.before))

    def _is_another(self, path: str) -> bool:
        if path in self.files or "" in self.named or is_below(path, self.named):
            return False
        entry = self.tree.entry(path)
        is_file = entry is not None and not entry.is_folder
        return is_file or self.kinds.at(path).kind is not None

    def _is_governed(self, path: str) -> bool:
        found = self.kinds.at(path)
        return (
            path in POLICY_FILES
            or is_bound(path)
            or path == LOOK_FILE
            or found.kind is not None
            or found.stray is not None
        )
