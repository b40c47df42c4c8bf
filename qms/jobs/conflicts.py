"""Naming what a merge left in a signed file: that it differs from what was signed mends nothing."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from qms.findings import Finding, QmsError
from qms.formats.merge_markers import conflict_in_text
from qms.formats.tree import Tree

_DIFFERS: Final = frozenset({"DOC-CHANGED", "APPROVAL-MISMATCH", "POLICY-DIGEST", "POLICY-FILE"})
"""Codes of files that can be read, and aren't what was signed."""


def named_conflicts(findings: Iterable[Finding], tree: Tree) -> tuple[Finding, ...]:
    """The findings of a tree; where a merge left both versions, that is told instead.

    The files can be read, and so the rules say only that they differ.
    """
    return tuple(dict.fromkeys(_named(one, tree) for one in findings))


def _named(finding: Finding, tree: Tree) -> Finding:
    if finding.code not in _DIFFERS:
        return finding
    path, data = finding.place.path, None
    with suppress(QmsError):  # what can't be read is told already
        data = tree.read(path)
    conflict = None if data is None else conflict_in_text(data)
    return finding if conflict is None else replace(conflict.at(path=path), about=finding.about)
