"""What machines go by as it lies there: attributes, and what a forge runs. A policy binds it all.

A forge runs each workflow that it finds, whoever brought it. So it is not enough that the files
which a policy lists are as it lists them: there may be no other.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from qms.formats.names import fold
from qms.formats.tree import EXECUTABLE, FILE, Entry, Tree

_FILES: Final = frozenset((".gitattributes", ".gitlab-ci.yml"))
_FOLDERS: Final[Mapping[str, frozenset[str]]] = {
    ".github": frozenset(("workflows", "actions")),
    ".gitea": frozenset(("workflows", "actions")),
    ".forgejo": frozenset(("workflows", "actions")),
    ".workflow": frozenset(),  # Gitee's, as a whole
}
"""Folders at the root, and which of those inside a forge goes by; all of it where none is said."""


def bound_files(tree: Tree) -> Iterator[str]:
    """The paths of all such files in a tree, sorted in each folder.

    A link or a repository in the place of such a folder is one: what it leads to would be run. So
    is a folder with more files than anybody may have.
    """
    for name, entry in sorted(tree.folder("").items()):
        inside = _FOLDERS.get(_plain(name))
        if inside is None:
            if not entry.is_folder and _plain(name) in _FILES:
                yield name
        elif not entry.is_folder or not inside:
            yield from _below(tree, name, entry)
        else:
            for one, below in sorted(tree.folder(name).items()):
                if _plain(one) in inside:
                    yield from _below(tree, f"{name}/{one}", below)


def _below(tree: Tree, path: str, entry: Entry) -> Iterator[str]:
    if entry.is_folder:
        yield from (inside for inside, _ in tree.files(path))
    elif entry.mode not in (FILE, EXECUTABLE):
        yield path


def is_bound(path: str) -> bool:
    """Whether machines go by a file at this path."""
    top, *below = map(_plain, path.split("/"))
    inside = _FOLDERS.get(top)
    if inside is None:
        return not below and top in _FILES
    return bool(below) and (not inside or (below[0] in inside and len(below) > 1))


def _plain(name: str) -> str:
    """A name as a disk takes it that is blind for case, or for what stands at its end."""
    return fold(name).rstrip(" .")
