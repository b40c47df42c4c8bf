"""Naming what a merge left in a signed file: that it differs from what was signed mends nothing.

Where two people began one number, taking a side whole would drop the other's document: then both
texts are named, and which of them keeps the number.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from qms.findings import Finding, QmsError, ShellText, commit_word, shell_word
from qms.formats.merge_markers import conflict_in_text
from qms.formats.paths import parse_path
from qms.formats.tree import Tree
from qms.storage.repository import Repository

_DIFFERS: Final = frozenset({"DOC-CHANGED", "APPROVAL-MISMATCH", "POLICY-DIGEST", "POLICY-FILE"})
"""Codes of files that can be read, and aren't what was signed."""
_CONFLICT: Final = "MERGE-CONFLICT"


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Tells of what merges left in `tree`, whose commit or commits-to-be descend from `tips`.

    `trunk` is the commit of the shared trunk that this clone knows: what lies there was first.
    """

    repository: Repository
    tree: Tree
    tips: Sequence[str]
    trunk: str | None

    def named(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings of a tree; where a merge left both versions, that is told instead.

        The files can be read, and so the rules say only that they differ.
        """
        return tuple(dict.fromkeys(self._begun_twice(self._conflict(one)) for one in findings))

    def _conflict(self, finding: Finding) -> Finding:
        if finding.code not in _DIFFERS:
            return finding
        path, data = finding.place.path, None
        with suppress(QmsError):  # what can't be read is told already
            data = self.tree.read(path)
        conflict = None if data is None else conflict_in_text(data)
        if conflict is None:
            return finding
        restore = {key: value for key, value in finding.values.items() if key == "restore"}
        return replace(conflict.at(path=path), about=finding.about, values=restore)

    def _begun_twice(self, finding: Finding) -> Finding:
        """BEGUN-TWICE for a conflict in a working text that neither side had from the other."""
        path = finding.place.path
        if finding.code != _CONFLICT or parse_path(path).kind != "document":
            return finding
        with suppress(QmsError):  # then the conflict alone is told
            sides = self._sides(path)
            if sides is not None:
                mine, theirs = map(commit_word, sides)
                word, number = shell_word(path), parse_path(path).number
                values = {
                    "number": number,
                    "aside": ShellText(
                        f"git show {mine}:{word} > {shell_word(path.rpartition('/')[2])}"
                    ),
                    "keep": ShellText(f"git checkout {theirs} -- {word}"),
                }
                return replace(finding, code="BEGUN-TWICE", values=values)
        return finding

    def _sides(self, path: str) -> tuple[str, str] | None:
        """The commit of the text that gives way, and of the one that keeps the number."""
        parents = self._merged(path)
        if parents is None:
            return None
        first, second = parents
        base = self.repository.merge_base(first, second)
        entries = [self.repository.tree(one).entry(path) for one in parents]
        if base is not None and self.repository.tree(base).entry(path) is not None:
            return None
        if None in entries or entries[0] == entries[1]:
            return None
        shared = None if self.trunk is None else self.repository.tree(self.trunk).entry(path)
        return (second, first) if shared == entries[0] else (first, second)

    def _merged(self, path: str) -> tuple[str, str] | None:
        """The two commits whose merge left its marks in the file, made already or not."""
        if len(self.tips) == 2:  # noqa: PLR2004 - a merge in progress
            return self.tips[0], self.tips[1]
        entry = self.tree.entry(path)
        for commit in reversed(self.repository.commits(self.tips[0])) if self.tips else ():
            if self.repository.tree(commit.id).entry(path) != entry:
                return None
            parents = commit.parents
            if all(self.repository.tree(one).entry(path) != entry for one in parents):
                return (parents[0], parents[1]) if len(parents) == 2 else None  # noqa: PLR2004
        return None
