"""What lies in a tree as far as the caps allow, and what is over them (`qms.formats.caps`).

A tree names a folder in the place of what is below it where that is over a cap. Nothing below it
holds while it stands; once it is gone, all that is below is looked at as if it were new, so that
what was brought together with it isn't lost.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from qms.findings import Finding, Place, Reason
from qms.formats import caps
from qms.formats.paths import GOVERNED
from qms.formats.tree import PathChange, Tree

_MANY: Final = 1000
"""From so many new files on, a step is worth counting all that are there."""


ROOT: Final = "."
"""The root folder, where a finding has to name it."""


def limit_fault(tree: Tree, path: str) -> Finding | None:
    """LIMIT for a folder that is over a cap, TREE-ODD for one that nobody can read; else None."""
    odd = tree.unreadable(path)
    if odd is not None and odd.reason is Reason.UNREADABLE:
        return replace(odd, about=path)
    if next((one for one, entry in tree.files(path) if entry.is_folder and one == path), "") == "":
        return None
    deep = path.count("/") >= caps.TREE_DEPTH
    cap, most = ("folders", caps.TREE_DEPTH) if deep else ("paths", caps.PATHS)
    values = {"cap": cap, "found": f"> {most}", "limit": str(most)}
    return Finding("LIMIT", Place(path), values, path, Reason.OVER_CAP)


def root_fault(tree: Tree) -> Finding | None:
    """Why nobody can read the root folder, and so nothing at all; it is called ``.``."""
    fault = tree.unreadable("")
    return None if fault is None else replace(fault, about=ROOT).at(path=ROOT)


def governed_changes(tree: Tree, older: Tree, folder: str) -> Iterator[PathChange]:
    """What differs in a folder; where that can't be told by the caps, all that lies there now.

    Then the folder that is over a cap, in either tree, is named too.
    """
    for change in tree.changes(older, folder):
        yield change
        if is_whole(change):
            for path, entry in tree.files(change.path):
                if path != change.path:
                    yield PathChange(path, None, entry)


def is_whole(change: PathChange) -> bool:
    """Whether a folder is named in the place of what differs below it."""
    before, after = change.before, change.after
    return (before is not None and before.is_folder) or (after is not None and after.is_folder)


def changed_paths(tree: Tree, before: Tree) -> frozenset[str]:
    """All governed paths that differ, and the folders over a cap that a large step may have made.

    A small step doesn't count what lies there already: that is for who looks at everything.
    """
    found: set[str] = set()
    for folder in GOVERNED:
        changes = list(governed_changes(tree, before, folder))
        found.update(change.path for change in changes)
        if sum(change.before is None for change in changes) > _MANY:
            found.update(path for path, entry in tree.files(folder) if entry.is_folder)
    return frozenset(found)
