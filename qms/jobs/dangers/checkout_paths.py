"""Paths that git won't lay out: whoever gets one into the trunk locks everybody out of it.

A clone ends before its first file, and a pull leaves everybody where they are. git says so only to
who checks out: a server takes whatever is packed well, where nobody governs, too. What is called a
file and is none ends each clone of whatever the server has, so no branch and no tag may bring it.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from qms.findings import Finding, Place, QmsError, Reason, Refused
from qms.formats import caps
from qms.formats.names import fold, is_gits_own, is_short_of
from qms.formats.tree import EXECUTABLE, FILE, SUBMODULE, SYMLINK, Tree, TreeEntry
from qms.storage.objects import Objects
from qms.storage.tree_listing import Listing, Names, difference, encode_name

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
_HELD_AS_BLOBS: Final = (FILE, EXECUTABLE, SYMLINK)
_SUBMODULES: Final = ".gitmodules"
_SHOWN: Final = 60
_NEUTRAL: Final = rb"[ \t]*(?:#[^\0\n]*)?\n"
_OF_SUBMODULE: Final = (
    rb"(?:path|url|branch)[ \t]*=[ \t]*[^\0\r\n\"\\#;]+"
    rb"|ignore[ \t]*=[ \t]*(?:all|dirty|none|untracked)"
    rb"|update[ \t]*=[ \t]*(?:checkout|merge|none|rebase)"
    rb"|fetchRecurseSubmodules[ \t]*=[ \t]*(?:true|false|on-demand)"
    rb"|shallow[ \t]*=[ \t]*(?:true|false)"
)
_PLAIN_SUBMODULES: Final = re.compile(
    rb"(?:%b)*(?:[ \t]*\[submodule \"[^\"\\\0\n]+\"\][ \t]*\n(?:%b|[ \t]*(?:%b)[ \t]*\n)*)*"
    % (_NEUTRAL, _NEUTRAL, _OF_SUBMODULE)
)
"""As `git submodule add` writes it. Of much else git makes an end, at each fetch and pull."""


class _Pair(NamedTuple):
    """A folder by its id, with that of what lay in its place before."""

    old: str | None
    new: str
    is_root: bool = False


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
    """CHECKOUT-PATH, OBJECT-KIND and TREE-ODD for what is new with some commits.

    The first parents come first. Only folders that differ are opened, each of them once. What
    `before` has at the same place is everybody's already. WORK-TREE-LIMIT where there is more to
    look at than anybody pushes.
    """
    yield from islice(_found(objects, brought, before), MOST_TOLD)


def mistyped(
    objects: Objects, brought: Iterable[Brought], before: Tree | None
) -> Iterator[Finding]:
    """OBJECT-KIND, and WORK-TREE-LIMIT where nobody can tell: git gives these commits to nobody.

    Whatever ref they come by: a clone asks for all branches and tags.
    """
    every = _found(objects, brought, before)
    told = (one for one in every if one.reason in (Reason.MISTYPED, Reason.TOO_MUCH))
    yield from islice(told, MOST_TOLD)


def _found(objects: Objects, brought: Iterable[Brought], before: Tree | None) -> Iterator[Finding]:
    search = _Search(objects, before)
    for one in brought:
        for finding in search.of(one):
            yield finding
            if finding.reason is Reason.TOO_MUCH:
                return


@dataclass(slots=True)
class _Search:
    """What was opened on the way through the folders that are new."""

    objects: Objects
    before: Tree | None
    opened: dict[_Pair, _Folder] = field(default_factory=dict[_Pair, _Folder])
    longest: dict[_Pair, int] = field(default_factory=dict[_Pair, int])
    """Of each folder that was looked through: how long the longest new path below it is."""
    looked: int = 0
    has_known: bool = False
    """Whether something odd is everybody's already, at its place: elsewhere it is not."""

    def of(self, one: Brought) -> Iterator[Finding]:
        root = _Pair(one.older, one.tree, is_root=True)
        waiting = [("", root, False)] if one.tree != one.older else []
        while waiting:
            prefix, pair, is_through = waiting.pop()
            length = len(encode_name(prefix))
            if is_through:
                self.longest[pair] = self._longest(self.opened[pair])
            elif length <= LONGEST_PATH and (self.has_known or pair not in self.opened):
                waiting.append((prefix, pair, True))
                yield from self._opened(prefix, pair, one.commit)
                if self.looked > MOST_OPENED:
                    yield Finding("WORK-TREE-LIMIT", reason=Reason.TOO_MUCH)
                    return
                inside = self.opened[pair].folders
                waiting += [(f"{prefix}{name}/", below, False) for name, below in inside]
                continue
            if length + self.longest.get(pair, 0) > LONGEST_PATH:
                self.longest[pair] = 0  # what it lies in is no longer for another reason
                found = _finding(prefix, one.commit, pair.new, f"> {LONGEST_PATH}")
                yield from self._unless_known(prefix, found)

    def _opened(self, prefix: str, pair: _Pair, commit: str) -> Iterator[Finding]:
        """What is wrong with the names that are new in a folder, which is opened for it."""
        come, odd = self._open(pair)
        self.looked += 1 + len(come)
        if odd is not None:
            yield from self._unless_known(
                prefix, odd.at(path=prefix.rstrip("/") or ".", commit=commit)
            )
        files = {entry.id for entry in come.values() if entry.mode in _HELD_AS_BLOBS}
        others = {one: kind for one, kind in self.objects.kinds(files).items() if kind != "blob"}
        for name, entry in come.items():
            path = prefix + name
            if entry.id in others and entry.mode in _HELD_AS_BLOBS:
                told = _mistyped(path, commit, entry.id, others[entry.id])
                yield from self._unless_known(path, told)
                continue
            found = self._fault(name, entry, is_root=pair.is_root)
            if found:
                yield from self._unless_known(path, _finding(path, commit, entry.id, found))

    def _unless_known(self, path: str, finding: Finding) -> Iterator[Finding]:
        """The finding, but where everybody has what it is about, at this very place."""
        known: TreeEntry | None = None
        with suppress(QmsError):  # a folder that nobody can read
            known = None if self.before is None else self.before.entry(path.rstrip("/"))
        if known is not None and known.id == finding.values.get("id", ""):
            self.has_known = True
        else:
            yield finding

    def _open(self, pair: _Pair) -> tuple[Names, Finding | None]:
        """The new names in a folder; and why nobody can read it, where that is so."""
        old, new = pair.old, pair.new
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
                folders.append((name, _Pair(known, entry.id)))
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

    def _fault(self, name: str, entry: TreeEntry, *, is_root: bool) -> str:
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
        if is_root and entry.mode not in (FILE, EXECUTABLE) and _is_called(name, _SUBMODULES):
            return f"“{name}/”"  # each pull and fetch says that it can't read it
        return self._fault_of_text(name, entry, is_root=is_root)

    def _fault_of_text(self, name: str, entry: TreeEntry, *, is_root: bool) -> str:
        if entry.mode not in (FILE, EXECUTABLE):
            return ""
        if _is_called(name, _ATTRIBUTES):
            return self._fault_of_attributes(entry)
        return self._fault_of_submodules(entry) if is_root and _is_called(name, _SUBMODULES) else ""

    def _fault_of_attributes(self, entry: TreeEntry) -> str:
        if self.objects.size(entry.id) > caps.BLOB:
            return f"> {caps.BLOB}"
        return _ENCODING.decode("ascii") if _ENCODING in self._read(entry) else ""

    def _fault_of_submodules(self, entry: TreeEntry) -> str:
        """The first line that git writes in no such file."""
        if self.objects.size(entry.id) > caps.BLOB:
            return f"> {caps.BLOB}"
        data = self._read(entry).removesuffix(b"\n") + b"\n"
        plain = _PLAIN_SUBMODULES.match(data)
        left = data if plain is None else data[plain.end() :]
        line = left.partition(b"\n")[0][:_SHOWN].decode("utf-8", "backslashreplace")
        return f"“{line}”" if left else ""

    def _fault_of_link(self, name: str, entry: TreeEntry) -> str:
        if any(_MODULES.fullmatch(fold(one)) is not None for one in name.split("\\")):
            return f"“{name}” →"
        size = self.objects.size(entry.id)
        if not 0 < size <= LONGEST_LINK:
            return f"→ {size}"
        return "→ U+0000" if b"\0" in self._read(entry) else ""

    def _read(self, entry: TreeEntry) -> bytes:
        """What a file holds; nothing where it isn't there: git takes no push that lacks a thing."""
        try:
            return self.objects.blob(entry.id)
        except QmsError:
            return b""


def _is_called(name: str, what: str) -> bool:
    """Whether a disk may take a name for this one."""
    return fold(name).rstrip(" .") == what or is_short_of(name, what)


def _finding(path: str, commit: str, entry_id: str, found: str) -> Finding:
    return Finding("CHECKOUT-PATH", _place(path, commit), {"found": found, "id": entry_id})


def _mistyped(path: str, commit: str, entry_id: str, found: str) -> Finding:
    values = {"found": found, "id": entry_id}
    return Finding("OBJECT-KIND", _place(path, commit), values, reason=Reason.MISTYPED)


def _place(path: str, commit: str) -> Place:
    return Place(path=path.rstrip("/")[:LONGEST_PATH], commit=commit)
