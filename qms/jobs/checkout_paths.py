"""Paths that git won't lay out: whoever gets one into the trunk locks everybody out of it.

A clone ends before its first file, and a pull leaves everybody where they are. git says so only to
who checks out: a server takes whatever is packed well, where nobody governs, too.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from qms.findings import Finding, Place, QmsError, Refused
from qms.formats import caps
from qms.formats.names import fold, is_gits_own
from qms.formats.tree import EXECUTABLE, FILE, SUBMODULE, SYMLINK, Entry, Tree
from qms.storage.listing import Listing, Names, difference, encode_name
from qms.storage.objects import Objects

LONGEST_NAME: Final = 255
"""Bytes of one name: no disk holds longer ones."""
LONGEST_PATH: Final = 2000
"""Bytes of a path: Linux takes 4,095, with the folder that the clone lies in."""
LONGEST_LINK: Final = 4000
"""Bytes of what a link names."""
MOST_OPENED: Final = 2_000_000
"""So many names of folders that differ are looked at for one push, and folders with them."""
MOST_TOLD: Final = 20
"""So many paths are told: each of them takes a line, and one would do."""

_HASHED: Final = "|".join(f"{'gi7eba'[:kept]}~[1-9][0-9]{{{6 - kept}}}" for kept in range(7))
"""How Windows shortens a name where many begin alike: to eight letters and digits."""
# `.gitmodules`, also as Windows shortens it: git lays no link of that name out.
_MODULES: Final = re.compile(rf"(?:\.gitmodules|gitmod~[1-4]|{_HASHED})[ .]*(?::.*)?", re.DOTALL)
_ENCODING: Final = b"working-tree-encoding"
"""git ends before its first file where attributes name this without a value."""
_ATTRIBUTES: Final = ".gitattributes"
_Pair: TypeAlias = tuple[str | None, str]
"""A folder by its id, behind that of what lay in its place before."""


class Brought(NamedTuple):
    """A commit with its tree, and the tree of its first parent."""

    commit: str
    tree: str
    older: str | None


class _Folder(NamedTuple):
    """What is new in a folder: how many bytes its longest name has, and the folders inside."""

    longest: int
    folders: tuple[tuple[str, _Pair], ...]


def not_laid_out(
    objects: Objects, brought: Iterable[Brought], before: Tree | None
) -> Iterator[Finding]:
    """CHECKOUT-PATH and TREE-ODD for what is new with some commits, the first parents first.

    Only folders that differ are opened, each of them once. What `before` has at the same place is
    everybody's already. WORK-TREE-LIMIT where there is more to look at than anybody pushes.
    """
    search = _Search(objects)
    told = 0
    for one in brought:
        for finding in search.of(one):
            path = finding.place.path
            known = None if before is None else before.entry("" if path == "." else path)
            if known is None or known.id != finding.values.get("id", ""):
                yield finding
                told += 1
            if told >= MOST_TOLD or finding.code == "WORK-TREE-LIMIT":
                return


@dataclass(slots=True)
class _Search:
    objects: Objects
    opened: dict[_Pair, _Folder] = field(default_factory=dict[_Pair, _Folder])
    longest: dict[_Pair, int] = field(default_factory=dict[_Pair, int])
    """Of each folder that was looked through: how long the longest new path below it is."""
    looked: int = 0

    def of(self, one: Brought) -> Iterator[Finding]:
        waiting: list[tuple[str, _Pair]] = []
        if one.tree != one.older:
            waiting.append(("", (one.older, one.tree)))
        while waiting:
            prefix, pair = waiting[-1]
            if pair in self.opened:
                waiting.pop()
                below = self.longest.setdefault(pair, self._longest(self.opened[pair]))
                if len(encode_name(prefix)) + below > LONGEST_PATH:
                    yield _finding(prefix, one.commit, pair[1], f"> {LONGEST_PATH}")
                    return
                continue
            if len(encode_name(prefix)) > LONGEST_PATH:
                yield _finding(prefix, one.commit, pair[1], f"> {LONGEST_PATH}")
                return
            come, odd = self._open(pair)
            if odd is not None:
                yield odd.at(path=prefix.rstrip("/") or ".", commit=one.commit)
            self.looked += 1 + len(come)
            if self.looked > MOST_OPENED:
                yield Finding("WORK-TREE-LIMIT")
                return
            for name, entry in come.items():
                found = self._fault(name, entry)
                if found:
                    yield _finding(prefix + name, one.commit, entry.id, found)
            waiting += [(f"{prefix}{name}/", inside) for name, inside in self.opened[pair].folders]

    def _open(self, pair: _Pair) -> tuple[Names, Finding | None]:
        """The new names in a folder; and why nobody can read it, where that is so."""
        old, new = pair
        gone: Names = {}
        come: Names = {}
        odd: Finding | None = None
        try:
            newer = self.objects.listing(new, old)
            older = None if old is None else self._older(old)
            gone, come = ({}, newer.entries) if older is None else difference(older, newer)
        except Refused as refused:
            odd = refused.finding
        except QmsError:  # it isn't there, and git takes no push that lacks a thing
            pass
        folders: list[tuple[str, _Pair]] = []
        for name, entry in come.items():
            if entry.is_folder:
                before = gone.get(name)
                known = before.id if before is not None and before.is_folder else None
                folders.append((name, (known, entry.id)))
        longest = max((len(encode_name(name)) for name in come), default=0)
        self.opened[pair] = _Folder(longest, tuple(folders))
        return come, odd

    def _older(self, tree_id: str) -> Listing | None:
        try:
            return self.objects.listing(tree_id)
        except QmsError:
            return None

    def _longest(self, folder: _Folder) -> int:
        inside = (
            len(encode_name(name)) + 1 + self.longest.get(pair, 0) for name, pair in folder.folders
        )
        return max(folder.longest, *inside, 0)

    def _fault(self, name: str, entry: Entry) -> str:
        """Why git lays nothing out under this name; empty where it does."""
        size = len(encode_name(name))
        if size > LONGEST_NAME:
            return f"{size} > {LONGEST_NAME}"
        if is_gits_own(name):
            return f"“{name}”"
        if entry.mode == SYMLINK:
            return self._fault_of_link(name, entry)
        if entry.mode == SUBMODULE and not entry.id.strip("0"):
            return f"→ {entry.id}"
        is_attributes = fold(name) == _ATTRIBUTES and entry.mode in (FILE, EXECUTABLE)
        return self._fault_of_attributes(entry) if is_attributes else ""

    def _fault_of_attributes(self, entry: Entry) -> str:
        if self.objects.size(entry.id) > caps.BLOB:
            return f"> {caps.BLOB}"
        return _ENCODING.decode("ascii") if _ENCODING in self._read(entry) else ""

    def _fault_of_link(self, name: str, entry: Entry) -> str:
        if any(_MODULES.fullmatch(fold(one)) is not None for one in name.split("\\")):
            return f"“{name}” →"
        size = self.objects.size(entry.id)
        if not 0 < size <= LONGEST_LINK:
            return f"→ {size}"
        return "→ U+0000" if b"\0" in self._read(entry) else ""

    def _read(self, entry: Entry) -> bytes:
        """What a file holds; nothing where it isn't there: git takes no push that lacks a thing."""
        try:
            return self.objects.blob(entry.id)
        except QmsError:
            return b""


def _finding(path: str, commit: str, entry_id: str, found: str) -> Finding:
    values = {"found": found, "id": entry_id}
    return Finding(
        "CHECKOUT-PATH", Place(path=path.rstrip("/")[:LONGEST_PATH], commit=commit), values
    )
