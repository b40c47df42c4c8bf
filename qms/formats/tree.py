"""What a folder tree looks like to everything above git: entries, contents, differences.

A commit, the index and the work tree all answer as a `Tree`; who judges does not know which one
it looks at (design.md §2). Paths are repo-relative POSIX text; ids are git object ids in hex.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Protocol

from qms.findings import Finding

FILE: Final = 0o100644
EXECUTABLE: Final = 0o100755
SYMLINK: Final = 0o120000
SUBMODULE: Final = 0o160000
FOLDER: Final = 0o040000


class TreeEntry(NamedTuple):
    """One name in a folder: its git mode and the id of its blob, tree or commit."""

    mode: int
    id: str

    @property
    def is_folder(self) -> bool:
        """Whether it is a tree."""
        return self.mode == FOLDER


class PathChange(NamedTuple):
    """A path (never a folder) that differs between two trees; None where it does not exist."""

    path: str
    before: TreeEntry | None
    after: TreeEntry | None


class Tree(Protocol):
    """One state of all files. All methods may read lazily; none writes."""

    def entry(self, path: str) -> TreeEntry | None:
        """What lies at `path`, or None."""
        ...

    def folder(self, path: str) -> Mapping[str, TreeEntry]:
        """Names in the folder `path` (``""`` is the root); empty where there is no such folder."""
        ...

    def unreadable(self, path: str) -> Finding | None:
        """Why nobody can look into the folder `path`; None for most, and where there is none."""
        ...

    def files(self, path: str = "") -> Iterator[tuple[str, TreeEntry]]:
        """All non-folders below `path`, with whole paths, sorted by path."""
        ...

    def named(self, is_meant: Callable[[str], bool], apart: Collection[str]) -> Iterator[str]:
        """All paths, save those of folders, whose last name is meant; no folder is opened twice.

        Names at the root that are `apart` are left out. Where there are more than anybody has, the
        folders at the root that they lie in.
        """
        ...

    def changes(self, older: "Tree", path: str = "") -> Iterator[PathChange]:
        """What differs from `older` below `path`; folders with equal ids are never opened."""
        ...

    def differing(self, older: "Tree") -> Collection[str]:
        """The names at the root under which something differs from `older`; perhaps others too."""
        ...

    def prefetch(self, entries: Iterable[TreeEntry]) -> None:
        """Say which files and folders will be opened next; only saves time."""
        ...

    def blobs(self, entries: Iterable[TreeEntry]) -> Iterator[bytes]:
        """What many files hold, about in this order; `blob` has each for a while afterwards."""
        ...

    def blob(self, blob_id: str) -> bytes:
        """The content of a blob, re-hashed; raises QmsError OBJECT-CORRUPT or CONTENT-MISSING."""
        ...

    def read(self, path: str) -> bytes | None:
        """The content of the file at `path`; None where there is none or it is no plain file."""
        ...
