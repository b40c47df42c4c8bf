"""Trees as the rules see them: a commit's, and one that lies over it.

What is staged or lies in the work tree becomes a tree of its own over that of HEAD: the folders
that differ are put together and hashed as git would, the others are those of the commit. So one
comparison serves all, and prunes folders by their ids whichever two states it is given.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Protocol, TypeAlias

from qms.findings import Finding, QmsError, Refused
from qms.formats import caps
from qms.formats.tree import EXECUTABLE, FILE, FOLDER, PathChange, Tree, TreeEntry
from qms.storage.named_anywhere import named_anywhere
from qms.storage.objects import ObjectType
from qms.storage.tree_listing import (
    Listing,
    Names,
    decode,
    difference,
    encode,
    encode_name,
    raw_name,
)

_Difference: TypeAlias = "tuple[str, TreeEntry | None, TreeEntry | None]"
_Pair: TypeAlias = "tuple[str, str | None, str | None]"
Edits = dict[str, "TreeEntry | Edits | None"]


class ObjectSource(Protocol):
    """Where trees and blobs come from."""

    def listing(self, tree_id: str, like: str | None = None) -> Listing:
        """The tree `tree_id`; `like` names one that resembles it."""
        ...

    def blob(self, blob_id: str) -> bytes:
        """The content of a blob."""
        ...

    def id_of(self, kind: ObjectType, data: bytes) -> str:
        """The id that git gives to this content."""
        ...

    def prefetch(self, ids: Iterable[str], like: Mapping[str, str] | None = None) -> None:
        """Read trees and blobs ahead by one request; only saves time."""
        ...

    def contents(self, ids: Iterable[str]) -> Iterator[bytes]:
        """The contents of many blobs, as far as they are there."""
        ...


class CommitTree(Tree):
    """The tree with one id, read as far as it is asked for.

    Folders are opened as far as the caps allow (`qms.formats.caps`). One that is deeper, that git
    says is larger than any that keeps to them, or that is not as git writes folders, is as good as
    empty to who looks for a name in it; `files` and `changes` name it itself, as they do a folder
    that they were asked about and that has too many files below it. Where the root is such a one,
    there is nothing. `unreadable` says why.
    """

    def __init__(self, source: ObjectSource, tree_id: str) -> None:
        """Reads nothing yet."""
        self.source = source
        self.id = tree_id
        self._known: dict[str, TreeEntry | None] = {"": TreeEntry(FOLDER, tree_id)}
        self._compared: tuple[str, Collection[str]] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CommitTree) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def entry(self, path: str) -> TreeEntry | None:
        """What lies at `path`, or None; ``""`` is the root."""
        known = self._known
        if path not in known:
            folder, _, name = path.rpartition("/")
            if path.count("/") > caps.TREE_DEPTH:
                return None
            above = self.entry(folder)
            there = None if above is None or above.mode != FOLDER else self._open(above.id)
            known[path] = None if there is None else there.get(name)
        return known[path]

    def _open(self, tree_id: str) -> Listing | None:
        """One folder; None where nobody can read it."""
        try:
            return self.source.listing(tree_id)
        except Refused:
            return None

    def unreadable(self, path: str) -> Finding | None:
        """Why nobody can look into the folder `path`: it, or the first one that it lies in."""
        where = path
        while (found := self.entry(where)) is None:  # what lies in an unreadable one is not there
            where = where.rpartition("/")[0]
        if not found.is_folder:
            return None
        try:
            self.source.listing(found.id)
        except Refused as refused:
            return refused.finding.at(path=where)
        return None

    def folder(self, path: str) -> Mapping[str, TreeEntry]:
        """Names in the folder `path`; empty where there is no such folder."""
        found = self.entry(path)
        there = None if found is None or not found.is_folder else self._open(found.id)
        return {} if there is None else there.entries

    def files(self, path: str = "") -> Iterator[tuple[str, TreeEntry]]:
        """All non-folders below `path`, with whole paths, sorted by path.

        What is over a cap is named by its folder; that is `path` itself where it has more than
        `caps.PATHS` files below it, and then nothing else is.
        """
        found = self.entry(path)
        if found is None or not found.is_folder:
            return iter(())
        return iter(sorted(self._listed(path, found)))

    def named(self, is_meant: Callable[[str], bool], apart: Collection[str]) -> Iterator[str]:
        """All paths whose last name is meant, at any depth, also below what the caps allow."""
        return named_anywhere(self.source, self.id, is_meant, apart)

    def changes(self, older: Tree, path: str = "") -> Iterator[PathChange]:
        """What differs from `older` below `path`, sorted by path.

        Where one of both is over a cap, folders are named as `files` names them: `path` itself
        where either has more files below it than may be.
        """
        if not isinstance(older, CommitTree):
            return _plain_changes(older, self, path)
        top = path.partition("/")[0]
        if top and top not in self.differing(older):
            return iter(())
        before, after = older.entry(path), self.entry(path)
        old = before.id if before is not None and before.is_folder else None
        new = after.id if after is not None and after.is_folder else None
        found = sorted(self._below(path, old, new, older.source))
        return (PathChange(where, gone, come) for where, gone, come in found)

    def differing(self, older: Tree) -> Collection[str]:
        """The names at the root that differ, on either side; the same tree is asked repeatedly."""
        if not isinstance(older, CommitTree):
            return {**older.folder(""), **self.folder("")}
        if self._compared is None or self._compared[0] != older.id:
            before, after = older._open(older.id), self._open(self.id)  # noqa: SLF001 - of its kind
            if before is None or after is None:
                names: Collection[str] = {**older.folder(""), **self.folder("")}
            else:
                gone, come = difference(before, after)
                names = gone.keys() | come.keys()
            self._compared = (older.id, names)
        return self._compared[1]

    def prefetch(self, entries: Iterable[TreeEntry]) -> None:
        """Read files and folders ahead by one request to git. Only saves time."""
        self.source.prefetch(entry.id for entry in entries if entry.mode in (FILE, FOLDER))

    def blobs(self, entries: Iterable[TreeEntry]) -> Iterator[bytes]:
        """What many files hold; `blob` has each of them for a while afterwards."""
        return self.source.contents(entry.id for entry in entries if entry.mode == FILE)

    def blob(self, blob_id: str) -> bytes:
        """The content of a blob."""
        return self.source.blob(blob_id)

    def read(self, path: str) -> bytes | None:
        """The content of the file at `path`; None where there is none or it is no plain file."""
        found = self.entry(path)
        if found is None or found.mode not in (FILE, EXECUTABLE):
            return None
        try:
            return self.source.blob(found.id)
        except QmsError as error:
            raise type(error)(error.finding.at(path=path)) from None

    def _listed(self, path: str, folder: TreeEntry) -> list[tuple[str, TreeEntry]]:
        """All paths below a folder, unsorted, as `_below` would give them."""
        found: list[tuple[str, TreeEntry]] = []
        level = [(path, folder)]
        while level:
            if len(level) > 1:
                self.source.prefetch(entry.id for _, entry in level)
            below: list[tuple[str, TreeEntry]] = []
            for where, entry in level:
                prefix = f"{where}/" if where else ""
                there = self._open(entry.id) if prefix.count("/") <= caps.TREE_DEPTH else None
                if there is None:
                    found.append((where, entry))
                    continue
                for name, one in there.entries.items():
                    (below if one.is_folder else found).append((prefix + name, one))
                if len(found) + len(below) > 2 * caps.PATHS:
                    return [(path, folder)]
            level = below
        return [(path, folder)] if len(found) > caps.PATHS else found

    def _below(
        self, path: str, old: str | None, new: str | None, source: ObjectSource | None = None
    ) -> list[tuple[str, TreeEntry | None, TreeEntry | None]]:
        """All paths that differ between two folders, unsorted; one request to git a level."""
        found: list[_Difference] = []
        older = source or self.source
        level = [(f"{path}/" if path else "", old, new)] if old != new else []
        while level:
            _read_level(older, self.source, level)
            below: list[_Pair] = []
            for pair in level:
                below.extend(_compare(older, self.source, pair, found))
                if len(found) + len(below) > 2 * caps.PATHS:
                    return [(path, _folder(old), _folder(new))]
            level = below
        if len(found) <= caps.PATHS:
            return found
        gone, come = (sum(one[side] is not None for one in found) for side in (1, 2))
        is_many = max(gone, come) > caps.PATHS
        return [(path, _folder(old), _folder(new))] if is_many else found


def _compare(
    older: ObjectSource, newer: ObjectSource, pair: _Pair, found: list[_Difference]
) -> list[_Pair]:
    """Adds to `found` what differs between two folders; gives the folders inside that do."""
    prefix, old, new = pair
    names: tuple[Names, Names] | None = None
    if prefix.count("/") <= caps.TREE_DEPTH:
        with suppress(Refused):
            names = _two_folders(older, old, newer, new)
    if names is None:
        found.append((prefix.rstrip("/"), _folder(old), _folder(new)))
        return []
    gone, come = names
    folders: list[_Pair] = []
    for name in {**gone, **come}:
        before, after = gone.get(name), come.get(name)
        old_folder = before.id if before is not None and before.is_folder else None
        new_folder = after.id if after is not None and after.is_folder else None
        if old_folder != new_folder:
            folders.append((f"{prefix}{name}/", old_folder, new_folder))
        before = None if old_folder else before
        after = None if new_folder else after
        if before != after:
            found.append((prefix + name, before, after))
    return folders


def _folder(tree_id: str | None) -> TreeEntry | None:
    return None if tree_id is None else TreeEntry(FOLDER, tree_id)


def _read_level(
    older: ObjectSource, newer: ObjectSource, level: Iterable[tuple[str, str | None, str | None]]
) -> None:
    """Read the folders of one level ahead, where there are several."""
    pairs = [(old, new) for _, old, new in level]
    if len(pairs) > 1:
        older.prefetch(old for old, _ in pairs if old is not None)
        like = {new: old for old, new in pairs if old is not None and new is not None}
        newer.prefetch((new for _, new in pairs if new is not None), like)


class OverlayTree(CommitTree):
    """A tree that differs from `base` in some files."""

    def __init__(
        self, base: CommitTree, files: Mapping[str, TreeEntry | None], blobs: Mapping[str, bytes]
    ) -> None:
        """`files` says what lies at a path instead (None: nothing), `blobs` holds new contents."""
        layer = _Layer(base.source, blobs)
        super().__init__(layer, layer.add(base.id, _nested(files, layer.id_of("tree", b""))))
        self.base = base
        self._layer = layer

    def new_trees(self) -> Iterator[bytes]:
        """The tree objects of the folders that were put together; some may exist already."""
        return self._layer.made()


class _Layer:
    """Trees and blobs that are not in the repository, before those that are."""

    def __init__(self, below: ObjectSource, blobs: Mapping[str, bytes]) -> None:
        self._below = below
        self._blobs = blobs
        self._trees: dict[str, Listing] = {}

    def listing(self, tree_id: str, like: str | None = None) -> Listing:
        known = self._trees.get(tree_id)
        return self._below.listing(tree_id, like) if known is None else known

    def blob(self, blob_id: str) -> bytes:
        known = self._blobs.get(blob_id)
        return self._below.blob(blob_id) if known is None else known

    def id_of(self, kind: ObjectType, data: bytes) -> str:
        return self._below.id_of(kind, data)

    def prefetch(self, ids: Iterable[str], like: Mapping[str, str] | None = None) -> None:
        unknown = (one for one in ids if one not in self._trees and one not in self._blobs)
        self._below.prefetch(unknown, like)

    def contents(self, ids: Iterable[str]) -> Iterator[bytes]:
        listed = list(ids)
        for one in listed:
            with suppress(Refused):
                if one in self._blobs:
                    yield self._blobs[one]
        yield from self._below.contents(one for one in listed if one not in self._blobs)

    def made(self) -> Iterator[bytes]:
        return (listing.raw for listing in self._trees.values())

    def add(self, old_id: str | None, edits: Edits) -> str:
        """Put one folder together, its folders first; gives its id."""
        width = len(self.id_of("tree", b"")) // 2
        empty = self.id_of("tree", b"")
        old = [] if old_id in (None, empty) else self.listing(old_id or "").lines
        lines = {raw_name(line, width): line for line in old}
        for name, edit in edits.items():
            entry = edit
            raw = encode_name(name)
            if isinstance(edit, dict):
                before = decode(lines[raw], width)[1] if raw in lines else None
                folder = before.id if before is not None and before.is_folder else None
                made = self.add(folder, edit)
                if made == empty:
                    keep = before is not None and not before.is_folder
                    entry = before if keep else None
                else:
                    entry = TreeEntry(FOLDER, made)
            if isinstance(entry, TreeEntry):
                lines[raw] = encode(name, entry)
            else:
                lines.pop(raw, None)
        listing = Listing.build(list(lines.values()), width)
        tree_id = self.id_of("tree", listing.raw)
        self._trees[tree_id] = listing
        return tree_id


def _nested(files: Mapping[str, TreeEntry | None], empty: str) -> Edits:
    """Paths as folders in folders. Where a file and files below it are named, the latter stand.

    A folder that is too deep to be opened is there, and that is all: as the tree `empty`.
    """
    root: Edits = {}
    for path in sorted(files):
        *folders, name = path.split("/")
        if len(folders) > caps.TREE_DEPTH:
            name = folders[caps.TREE_DEPTH]
            folders = folders[: caps.TREE_DEPTH]
        value = files[path]
        here = root
        for folder in folders:
            below = here.get(folder)
            if isinstance(below, TreeEntry) and value is None:
                break
            if not isinstance(below, dict):
                below = {}
                here[folder] = below
            here = below
        else:
            if path.count("/") <= caps.TREE_DEPTH:
                here[name] = value
            elif value is not None or name not in here:
                here[name] = None if value is None else TreeEntry(FOLDER, empty)
    return root


def _two_folders(
    older: ObjectSource, old: str | None, newer: ObjectSource, new: str | None
) -> tuple[Names, Names]:
    """The names of two folders whose entries differ, on either side."""
    before = older.listing(old) if old else None
    after = newer.listing(new, like=old) if new else None
    if before is None or after is None:
        return (before.entries if before else {}), (after.entries if after else {})
    return difference(before, after)


def _plain_changes(older: Tree, newer: Tree, path: str) -> Iterator[PathChange]:
    """Differences to a tree of another make: all files are compared."""
    before, after = dict(older.files(path)), dict(newer.files(path))
    for where in sorted(before.keys() | after.keys()):
        if before.get(where) != after.get(where):
            yield PathChange(where, before.get(where), after.get(where))
