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
_OPEN_COST: Final = 8
"""To look up one name costs as much as to open so many lines of a wide folder."""


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
        listing = None if like is None or not like.lines else cls._resembling(raw, width, like)
        if listing is not None:
            return listing
        lines = _line_pattern(width).findall(raw)
        is_whole = sum(map(len, lines)) == len(raw)
        return cls(raw, lines, width) if is_whole and _in_order(lines, width) else None

    @classmethod
    def _resembling(cls, raw: bytes, width: int, like: "Listing") -> "Listing | None":
        """The listing in `raw` by what differs from `like`; None also where that doesn't work."""
        start, stop, raw_start, raw_stop = _common(like, raw)
        middle = _line_pattern(width).findall(raw, raw_start, raw_stop)
        if sum(map(len, middle)) != raw_stop - raw_start:
            return None
        lines = like.lines[:start] + middle + like.lines[stop:]
        listing = cls(raw, lines, width)
        seam = lines[max(start - 1, 0) : start + len(middle) + 1]
        return listing if _in_order(seam, width) and listing._derive(like, start, stop) else None

    @classmethod
    def build(cls, lines: list[bytes], width: int) -> "Listing":
        """The listing that holds `lines`, put in git's order."""
        ordered = sorted(lines, key=lambda line: sort_key(line, width))
        return cls(b"".join(ordered), ordered, width)

    @property
    def entries(self) -> dict[str, Entry]:
        """All names in the folder, in any order. Made once; not to be changed."""
        if self._entries is None:
            self._entries = dict(decode(line, self.width) for line in self.lines)
        return self._entries

    def get(self, name: str) -> Entry | None:
        """What lies under one name; opens the whole of a wide folder only if asked often."""
        self._asked += 1
        if self._entries is not None or self._asked * _OPEN_COST > len(self.lines):
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

    def _derive(self, like: "Listing", start: int, stop: int) -> bool:
        """Take over what `like` has outside its lines from `start` to `stop`.

        False if a name stands twice (a folder beside a file), which the order alone can't tell.
        """
        entries = dict(like.entries)
        for line in like.lines[start:stop]:
            del entries[decode(line, self.width)[0]]
        for line in self.lines[start : len(self.lines) - (len(like.lines) - stop)]:
            name, entry = decode(line, self.width)
            if name in entries:
                return False
            entries[name] = entry
        self._entries = entries
        return True


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


def _in_order(lines: list[bytes], width: int) -> bool:
    """Whether lines stand in git's order, with no name twice and none that is forbidden."""
    end = -width - 1
    names = [line[line.index(b" ") + 1 : end] for line in lines]
    distinct = set(names)
    if not distinct.isdisjoint(_FORBIDDEN) or len(distinct) != len(lines):
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
