"""Where in a tree something has a certain name, at whatever depth.

Each folder is opened once, by its id, however often it stands there: a dozen objects may name more
files than there are atoms, and what is deeper than any cap may be meant all the same.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from qms.findings import QmsError

if TYPE_CHECKING:
    from qms.formats.tree import TreeEntry
    from qms.storage.trees import ObjectSource

MOST: Final = 1000
"""So many paths are told; of more only the folders at the root in which they lie."""
_LETTERS: Final = 200_000
"""So many letters those paths have together, for somebody is to read them; else as with more."""
_LONGEST: Final = 4_000
"""So long is the longest of them: Linux opens no path of 4,096."""
_TOGETHER: Final = 1000
"""So many folders are read by one request."""


class _OpenedFolder(NamedTuple):
    """What is so called in a folder, and the folders inside by their names."""

    names: tuple[str, ...]
    folders: tuple[tuple[str, str], ...]


def named_anywhere(
    source: "ObjectSource", tree_id: str, is_meant: Callable[[str], bool], apart: Collection[str]
) -> Iterator[str]:
    """The paths, save those of folders, whose last name is meant; the folders `apart` left out.

    `apart` are names at the root. A folder that nobody can read holds none.
    """
    found = _OpenedFolders(source, is_meant)
    found.open(tree_id, apart)
    leading = found.leading()
    paths = found.paths(tree_id, leading)
    if paths is None:
        root = found.opened[tree_id]
        yield from root.names
        yield from (name for name, inside in root.folders if inside in leading)
    else:
        yield from paths


@dataclass(slots=True, eq=False)
class _OpenedFolders:
    source: "ObjectSource"
    is_meant: Callable[[str], bool]
    opened: dict[str, _OpenedFolder] = field(default_factory=dict[str, _OpenedFolder])

    def open(self, tree_id: str, apart: Collection[str]) -> None:
        """Open a folder, and all inside it."""
        self.opened[tree_id] = root = self._folder(tree_id, apart)
        level = self._unknown(root.folders)
        while level:
            below: list[tuple[str, str]] = []
            for at in range(0, len(level), _TOGETHER):
                some = level[at : at + _TOGETHER]
                if len(some) > 1:
                    self.source.prefetch(some)
                for one in some:
                    self.opened[one] = inside = self._folder(one)
                    below += inside.folders
            level = self._unknown(below)

    def _unknown(self, folders: Iterable[tuple[str, str]]) -> list[str]:
        return list(dict.fromkeys(one for _, one in folders if one not in self.opened))

    def _folder(self, tree_id: str, apart: Collection[str] = ()) -> _OpenedFolder:
        entries: dict[str, TreeEntry] = {}
        with suppress(QmsError):
            entries = self.source.listing(tree_id).entries
        return _OpenedFolder(
            tuple(
                sorted(n for n, one in entries.items() if not one.is_folder and self.is_meant(n))
            ),
            tuple((n, one.id) for n, one in entries.items() if one.is_folder and n not in apart),
        )

    def leading(self) -> Collection[str]:
        """The folders in which something is so called, at whatever depth."""
        above: dict[str, list[str]] = {}
        for tree_id, folder in self.opened.items():
            for _, inside in folder.folders:
                above.setdefault(inside, []).append(tree_id)
        waiting = [tree_id for tree_id, folder in self.opened.items() if folder.names]
        found: set[str] = set()
        while waiting:
            tree_id = waiting.pop()
            if tree_id not in found:
                found.add(tree_id)
                waiting += above.get(tree_id, ())
        return found

    def paths(self, tree_id: str, leading: Collection[str]) -> list[str] | None:
        """The whole paths, by way of those folders that lead to one; None where they are too many.

        Each folder that waits leads to a path which begins with it: so it counts as one.
        """
        found: list[str] = []
        waiting = [("", tree_id)] if tree_id in leading else []
        count, letters = len(waiting), 0
        while waiting:
            prefix, at = waiting.pop()
            count -= 1
            letters -= len(prefix)
            folder = self.opened[at]
            inside = [(f"{name}/", one) for name, one in folder.folders if one in leading]
            new = [*folder.names, *(name for name, _ in inside)]
            count += len(new)
            letters += len(prefix) * len(new) + sum(map(len, new))
            longest = len(prefix) + max(map(len, new), default=0)
            if count > MOST or letters > _LETTERS or longest > _LONGEST:
                return None
            found += (prefix + name for name in folder.names)
            waiting += ((prefix + name, one) for name, one in inside)
        return found
