"""One tree object, parsed: the names in one folder.

Most trees of a history differ from one already read by a single line. So a listing keeps the
lines as bytes and shares them with the listing it resembles; only what lies between the common
beginning and the common end is parsed. That is exact: lines are found from left to right in one
way only, so a beginning, a middle and an end that each consist of whole lines are *the* lines of
the object.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, islice
from operator import lt
from typing import Final

from qms.formats.tree import FILE, FOLDER, Entry

_FORBIDDEN: Final = frozenset((b".", b"..", b".git"))


_MODES: Final = {b"%o" % mode: mode for mode in (FILE, FOLDER)}
_FOLDER_MODE: Final = b"%o " % FOLDER
_ASKED_OFTEN: Final = 16
"""After so many single names the whole of a folder is opened: from then on they cost nothing."""


@cache
def _line_pattern(width: int) -> re.Pattern[bytes]:
    return re.compile(rb"[1-7][0-7]{4,5} [^\0/]+\0.{%d}" % width, re.DOTALL)


class Listing:
    """The lines of one tree object, in git's order, and what lies under each name."""

    __slots__ = ("_asked", "_entries", "lines", "raw", "width")

    def __init__(self, raw: bytes, lines: list[bytes], width: int) -> None:
        """Use `parse` for bytes that were not checked yet."""
        self.raw = raw
        self.lines = lines
        self.width = width
        self._entries: dict[str, Entry] | None = None
        self._asked = 0

    @classmethod
    def parse(cls, raw: bytes, width: int, like: "Listing | None" = None) -> "Listing | None":
        """The listing in `raw`, ids being `width` bytes; None if it is not well-formed.

        Well-formed: only whole lines, strictly in git's order, no name twice, no ``.git``.
        `like` is a listing that probably has most lines in common; it only saves time.
        """
        start, stop, raw_start, raw_stop = 0, 0, 0, len(raw)
        if like is not None and like.lines:
            start, stop, raw_start, raw_stop = _common(like, raw)
        middle = _line_pattern(width).findall(raw, raw_start, raw_stop)
        if sum(map(len, middle)) != raw_stop - raw_start:
            return None
        if like is None or not like.lines:
            listing = cls(raw, middle, width)
            return listing if _in_order(listing.lines, width, whole=True) else None
        lines = like.lines[:start] + middle + like.lines[stop:]
        listing = cls(raw, lines, width)
        seam = lines[max(start - 1, 0) : start + len(middle) + 1]
        if not _in_order(seam, width, whole=False):
            return None
        return listing if all(listing._is_single(line) for line in middle) else None

    @classmethod
    def build(cls, lines: list[bytes], width: int) -> "Listing":
        """The listing that holds `lines`, put in git's order."""
        ordered = sorted(lines, key=lambda line: sort_key(line, width))
        return cls(b"".join(ordered), ordered, width)

    @property
    def entries(self) -> dict[str, Entry]:
        """All names in the folder. Made once; not to be changed."""
        if self._entries is None:
            self._entries = dict(decode(line, self.width) for line in self.lines)
        return self._entries

    def get(self, name: str) -> Entry | None:
        """What lies under one name; opens the whole of a wide folder only if asked often."""
        self._asked += 1
        if self._entries is not None or self._asked > _ASKED_OFTEN:
            return self.entries.get(name)
        wanted = name.encode("utf-8", "surrogateescape")
        for key in (wanted, wanted + b"/"):
            line = self._line(key)
            if line is not None:
                return decode(line, self.width)[1]
        return None

    def newer_than(self, older: "Listing | None") -> Iterator[tuple[Entry, Entry | None]]:
        """The entries that differ from those of `older`, with what lay there under the name."""
        lines = self.lines if older is None else difference(older, self)[1]
        for line in lines:
            name, entry = decode(line, self.width)
            yield entry, None if older is None else older.get(name)

    def _line(self, key: bytes) -> bytes | None:
        width = self.width
        index = bisect_left(self.lines, key, key=lambda line: sort_key(line, width))
        if index < len(self.lines) and sort_key(self.lines[index], width) == key:
            return self.lines[index]
        return None

    def _is_single(self, line: bytes) -> bool:
        """Whether no folder has the name of a file, which the order alone can't tell."""
        name = _name(line, self.width)
        both = self._line(name), self._line(name + b"/")
        return None in both


def difference(older: Listing, newer: Listing) -> tuple[list[bytes], list[bytes]]:
    """The lines that only `older` has and those that only `newer` has."""
    old, new = older.lines, newer.lines
    start = _common_length(old, new)
    end = _common_length(old[start:][::-1], new[start:][::-1])
    gone, come = old[start : len(old) - end], new[start : len(new) - end]
    if gone and come:
        shared = set(gone).intersection(come)
        gone = [line for line in gone if line not in shared]
        come = [line for line in come if line not in shared]
    return gone, come


def encode(name: str, entry: Entry) -> bytes:
    """One line of a tree object."""
    mode = b"%o" % entry.mode
    return mode + b" " + name.encode("utf-8", "surrogateescape") + b"\0" + bytes.fromhex(entry.id)


def decode(line: bytes, width: int) -> tuple[str, Entry]:
    """Name and entry of one line. Bytes that are not UTF-8 come as lone surrogates."""
    mode, _, name = line[: -width - 1].partition(b" ")
    number = _MODES.get(mode) or int(mode, 8)
    return name.decode("utf-8", "surrogateescape"), Entry(number, line[-width:].hex())


def sort_key(line: bytes, width: int) -> bytes:
    """What git sorts a line by: a folder counts as its name with a slash."""
    name = line[line.index(b" ") + 1 : -width - 1]
    return name + b"/" if line.startswith(_FOLDER_MODE) else name


def _name(line: bytes, width: int) -> bytes:
    return line[line.index(b" ") + 1 : -width - 1]


def _in_order(lines: list[bytes], width: int, *, whole: bool) -> bool:
    end = -width - 1
    names = [line[line.index(b" ") + 1 : end] for line in lines]
    distinct = set(names)
    if not distinct.isdisjoint(_FORBIDDEN) or (whole and len(distinct) != len(lines)):
        return False
    keys = [
        name + b"/" if line.startswith(_FOLDER_MODE) else name
        for line, name in zip(lines, names, strict=True)
    ]
    return all(map(lt, keys, islice(keys, 1, None)))


def _common(like: Listing, raw: bytes) -> tuple[int, int, int, int]:
    """How much of `like` stands at both ends of `raw`, in whole lines.

    Gives the index after the common beginning and that of the common end in ``like.lines``, then
    the same two places in `raw`.
    """
    old = like.raw
    ends = [0, *accumulate(map(len, like.lines))]
    start = bisect_right(ends, _common_length(old, raw)) - 1
    room = min(len(old), len(raw)) - ends[start]
    suffix = _common_suffix(old, raw, room)
    stop = max(bisect_left(ends, len(old) - suffix), start)
    return start, stop, ends[start], len(raw) - (len(old) - ends[stop])


def _common_length(first: bytes | list[bytes], second: bytes | list[bytes]) -> int:
    """How many items two sequences share at their beginning, by halving."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(first: bytes, second: bytes, most: int) -> int:
    """How many bytes two objects share at their end, at most `most`, by halving."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if (
            first[len(first) - middle : len(first) - low]
            == (second[len(second) - middle : len(second) - low])
        ):
            low = middle
        else:
            high = middle - 1
    return low
