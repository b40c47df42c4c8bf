"""A tree of files held in memory: what a rule sees of a commit, without a commit."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from qms.findings import Finding
from qms.formats.tree import FILE, FOLDER, PathChange, Tree, TreeEntry


@dataclass(slots=True)
class MemoryTree:
    """A tree of files held in memory."""

    contents: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def entry(self, path: str) -> TreeEntry | None:
        """What lies at a path."""
        data = self.contents.get(path)
        if data is not None:
            return TreeEntry(FILE, sha256(data).hexdigest())
        return TreeEntry(FOLDER, "") if self.folder(path) else None

    def folder(self, path: str) -> Mapping[str, TreeEntry]:
        """What lies in a folder, by name."""
        start = f"{path}/" if path else ""
        names = {p.removeprefix(start).partition("/")[0] for p, _ in self.files(path)}
        found = ((name, self.entry(start + name)) for name in sorted(names))
        return {name: entry for name, entry in found if entry is not None}

    def unreadable(self, path: str) -> Finding | None:
        """Nothing is."""
        del path
        return None

    def files(self, path: str = "") -> Iterator[tuple[str, TreeEntry]]:
        """All files below a path, sorted."""
        start = f"{path}/" if path else ""
        for name in sorted(self.contents):
            if name.startswith(start):
                yield name, TreeEntry(FILE, sha256(self.contents[name]).hexdigest())

    def named(self, is_meant: Callable[[str], bool], apart: Collection[str]) -> Iterator[str]:
        """Files of a name, outside some folders."""
        for name in self.contents:
            if is_meant(name.rpartition("/")[2]) and name.partition("/")[0] not in apart:
                yield name

    def changes(self, older: Tree, path: str = "") -> Iterator[PathChange]:
        """What differs from another tree."""
        mine, theirs = dict(self.files(path)), dict(older.files(path))
        for name in sorted({*mine, *theirs}):
            if mine.get(name) != theirs.get(name):
                yield PathChange(name, theirs.get(name), mine.get(name))

    def differing(self, older: Tree) -> Collection[str]:
        """The folders at the top that differ."""
        return {change.path.partition("/")[0] for change in self.changes(older)}

    def prefetch(self, entries: Iterable[TreeEntry]) -> None:
        """Everything is here already."""

    def blobs(self, entries: Iterable[TreeEntry]) -> Iterator[bytes]:
        """What files hold."""
        return (self.blob(entry.id) for entry in entries)

    def blob(self, blob_id: str) -> bytes:
        """What a file holds."""
        return next(d for d in self.contents.values() if sha256(d).hexdigest() == blob_id)

    def read(self, path: str) -> bytes | None:
        """What lies at a path, or None."""
        return self.contents.get(path)
