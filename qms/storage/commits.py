"""Commits as git itself reads them: the tree, and the parents that stand directly behind it.

Who wrote a commit, when, and all that its header says besides are never evidence, so nothing there
can be malformed: git takes such commits in, and whoever refused one could never read its history
again. They are only shown, as far as they fit into a few pages.
"""

from dataclasses import dataclass
from itertools import takewhile
from sys import intern
from typing import Final

from qms.findings import Finding, Place, QmsError

_SAID: Final = 4096
"""Bytes that are kept of what a commit says of itself: a whole history is held at once."""

_SHOWN: Final = 64 * 1024
"""So many bytes behind the parents are looked through for that."""

_HEX: Final = frozenset(b"0123456789abcdefABCDEF")
_TREE: Final = b"tree "
_PARENT: Final = b"parent "


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit as its object says. Author, committer and their dates are never evidence."""

    id: str
    tree: str
    parents: tuple[str, ...]
    author: str
    committer: str
    message: str


class Links:
    """The tree and the parents of a commit, whose bytes come in pieces; the rest is let go.

    A commit may be of any size, and most of it plays no part. `kept` is what has to be held of it:
    of a parent that is named millions of times only the first line.
    """

    __slots__ = ("_digits", "_end", "_known", "kept")

    def __init__(self, digits: int) -> None:
        """Nothing yet; an id has so many `digits`."""
        self.kept = bytearray()
        self._digits = digits
        self._end = len(_TREE) + digits + 1
        self._known: set[bytes] = set()

    def add(self, piece: bytes) -> None:
        """The next bytes of the object."""
        if self.is_whole:
            return
        self.kept += piece
        width = len(_PARENT) + self._digits + 1
        rest = bytes(self.kept[self._end :])
        lines = [rest[at : at + width] for at in range(0, len(rest) - width + 1, width)]
        distinct = dict.fromkeys(lines)
        if not all(line.startswith(_PARENT) for line in distinct):
            lines = list(takewhile(lambda line: line.startswith(_PARENT), lines))
            distinct = dict.fromkeys(lines)
        new = b"".join(line for line in distinct if line not in self._known)
        self._known.update(distinct)
        self.kept[self._end :] = new + rest[width * len(lines) :]
        self._end += len(new)

    @property
    def is_whole(self) -> bool:
        """Whether nothing that comes can be of any interest."""
        return len(self.kept) > self._end + _SHOWN


def parse_commit(commit_id: str, raw: bytes) -> Commit:
    """The fields of a commit object, of which the end may be missing (`Links`).

    Raises `QmsError` OBJECT-CORRUPT for what git can't read either: it has no tree, or what begins
    like a parent is none.
    """
    digits = len(commit_id)
    end = len(_TREE) + digits
    # As git reads: something stands behind each of these lines, and a parent without the end of its
    # line is none.
    if not raw.startswith(_TREE):
        raise _malformed(commit_id)
    tree = _id(commit_id, raw, end)
    end += 1
    parents: dict[str, None] = {}
    while raw.startswith(_PARENT, end) and end + len(_PARENT) + digits < len(raw):
        end += len(_PARENT) + digits
        parents[intern(_id(commit_id, raw, end))] = None
        end += 1
    author, committer, message = _said(raw[end : end + _SHOWN])
    return Commit(
        id=commit_id,
        tree=tree,
        parents=tuple(parents),
        author=author,
        committer=committer,
        message=message,
    )


def _id(commit_id: str, raw: bytes, end: int) -> str:
    """The id that stands before a line's `end`."""
    found = raw[end - len(commit_id) : end]
    if raw[end : end + 1] != b"\n" or len(raw) == end + 1 or not _HEX.issuperset(found):
        raise _malformed(commit_id)
    return found.decode("ascii").lower()


def _said(raw: bytes) -> tuple[str, str, str]:
    """Author, committer and message, each empty where it isn't there."""
    header, _, message = (b"\n" + raw).partition(b"\n\n")
    found = {b"author": b"", b"committer": b""}
    for line in reversed(header.split(b"\n")):
        name, _, value = line.partition(b" ")
        if name in found:
            found[name] = value
    said = (found[b"author"], found[b"committer"], message)
    author, committer, text = (one[:_SAID].decode("utf-8", "replace") for one in said)
    return author, committer, text


def _malformed(commit_id: str) -> QmsError:
    values = {"id": commit_id, "why": "malformed commit"}
    return QmsError(Finding("OBJECT-CORRUPT", Place(), values))
