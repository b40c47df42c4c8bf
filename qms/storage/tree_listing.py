"""One tree object, parsed: the names in one folder.

Most trees of a history differ from one already read by a single line. So only what lies between
the beginning and the end that it has in common with such a one is parsed. That is exact: lines are
found from left to right in one way only, so a beginning, a middle and an end that each consist of
whole lines are *the* lines of the object.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, islice, pairwise
from operator import lt
from typing import Final, TypeAlias, TypeVar

from qms.formats.tree import FILE, FOLDER, TreeEntry
from qms.storage.oddity import FORBIDDEN, MODES

_MODES: Final = {b"%o" % mode: mode for mode in (FILE, FOLDER)}
_FOLDER_MODE: Final = b"%o " % FOLDER
_FILE_MODE: Final = b"%o" % FILE
_OPEN_COST: Final = 8
"""To look up one name costs as much as to open so many lines of a wide folder."""
_WIDE: Final = 512
"""From so many names on, a folder's are not copied for one that resembles it."""
_MANY: Final = 512
"""Where more lines differ, each would be looked for among all the others."""
_SHORT: Final = 256
"""Up to so many bytes are compared as one number."""
T = TypeVar("T")
Names: TypeAlias = Mapping[str, TreeEntry]
"""What lies under some names of a folder."""


@cache
def _line_pattern(width: int) -> re.Pattern[bytes]:
    return re.compile(rb"(?:%b) [^\0/]+\0.{%d}" % (b"|".join(MODES), width), re.DOTALL)


@cache
def _lines_pattern(width: int) -> re.Pattern[bytes]:
    """A line, or all that follows where there is none: nothing is looked at twice."""
    return re.compile(rb"%b|.+" % _line_pattern(width).pattern, re.DOTALL)


def _lines(raw: bytes, width: int, start: int, stop: int) -> list[bytes] | None:
    """The lines between two places; None where there is anything else."""
    lines: list[bytes] = _lines_pattern(width).findall(raw, start, stop)
    if lines and _line_pattern(width).fullmatch(lines[-1]) is None:
        return None
    return lines


class Listing:
    """The lines of one tree object, in git's order, and what lies under each name.

    `ends` are the places in `raw` where lines end, with 0 before them. A listing that was read by
    what tells it from another one knows that difference, and shares what it can.
    """

    __slots__ = ("_difference", "_entries", "asked", "ends", "mark", "raw", "width")

    def __init__(
        self,
        raw: bytes,
        ends: list[int],
        width: int,
        difference: tuple[object, Names, Names] | None = None,
        entries: dict[str, TreeEntry] | None = None,
    ) -> None:
        """Use `parse` for bytes that were not checked yet."""
        self.raw = raw
        self.ends = ends
        self.width = width
        self.mark = object()  # known by it to others, which don't keep the listing alive
        self._difference = difference
        self._entries = entries
        self.asked = 0

    @classmethod
    def parse(cls, raw: bytes, width: int, like: "Listing | None" = None) -> "Listing | None":
        """The listing in `raw`, ids being `width` bytes; None if it is not well-formed.

        Well-formed: only whole lines, strictly in git's order, no name twice, no ``.git``.
        `like` is a listing that probably has most lines in common; it only saves time.
        """
        listing = None if like is None or not like.raw else like.resembling(raw)
        if listing is not None:
            return listing
        lines = _lines(raw, width, 0, len(raw))
        if lines is None or not _in_order(lines, width):
            return None
        entries = dict(decode(line, width) for line in lines) if len(lines) < _WIDE else None
        return cls(raw, _ends(lines), width, None, entries)

    def resembling(self, raw: bytes) -> "Listing | None":
        """The listing in `raw` by what differs from this one; None also where that doesn't work."""
        ends, width = self.ends, self.width
        same = _common_prefix(self.raw, raw)
        start = bisect_right(ends, same) - 1
        if len(raw) == len(self.raw):
            if same == len(raw):
                return self
            end = ends[start + 1]
            if same >= end - width and raw[end:] == self.raw[end:]:  # one id; no line moves
                return self._with_another_id(raw, raw[ends[start] : end])
        stop, raw_stop = self._common_end(raw, start)
        middle = _lines(raw, width, ends[start], raw_stop)
        if middle is None or len(middle) > _MANY:
            return None
        moved = raw_stop - ends[stop]
        after = [end + moved for end in ends[stop + 1 :]] if moved else ends[stop + 1 :]
        now = [*ends[:start], *_ends(middle, ends[start]), *after]
        listing = self._derived(raw, now, self.part(start, stop), middle)
        seam = listing.part(max(start - 1, 0), start + len(middle) + 1)
        if not _in_order(seam, width) or any(map(listing.has_twin, middle)):
            return None
        return listing

    def _with_another_id(self, raw: bytes, line: bytes) -> "Listing":
        """The listing in `raw`, where `line` has another id than the line of its name here."""
        name, entry = decode(line, self.width)
        before, after = self.get(name), {name: entry}
        entries = None
        if self._entries is not None and len(self._entries) < _WIDE:
            entries = self._entries | after
        difference = (self.mark, {} if before is None else {name: before}, after)
        return Listing(raw, self.ends, self.width, difference, entries)

    def _derived(
        self, raw: bytes, ends: list[int], gone: list[bytes], come: list[bytes]
    ) -> "Listing":
        """The listing in `raw`, which has `come` instead of `gone`."""
        before, after = _without_shared(gone, come, self.width)
        entries = None
        if self._entries is not None and len(self._entries) < _WIDE:
            entries = dict(self._entries)
            for name in before:
                del entries[name]
            entries.update(after)
        return Listing(raw, ends, self.width, (self.mark, before, after), entries)

    def _common_end(self, raw: bytes, start: int) -> tuple[int, int]:
        """Where the whole lines begin that this listing and `raw` end with: index, place in `raw`.

        Not before the line `start` in either.
        """
        ends, old = self.ends, self.raw
        suffix = _common_suffix(old, raw, min(len(old), len(raw)) - ends[start])
        stop = max(bisect_left(ends, len(old) - suffix), start)
        return stop, len(raw) - (len(old) - ends[stop])

    @classmethod
    def build(cls, lines: list[bytes], width: int) -> "Listing":
        """The listing that holds `lines`, put in git's order."""
        ordered = sorted(lines, key=lambda line: sort_key(line, width))
        return cls(b"".join(ordered), _ends(ordered), width)

    @property
    def lines(self) -> list[bytes]:
        """All lines."""
        return self.part(0, len(self.ends))

    def part(self, start: int, stop: int) -> list[bytes]:
        """The lines from index `start` up to `stop`, as far as there are so many."""
        raw, ends = self.raw, self.ends[start : stop + 1]
        return [raw[begin:end] for begin, end in pairwise(ends)]

    @property
    def entries(self) -> dict[str, TreeEntry]:
        """All names in the folder, in any order. Made once; not to be changed."""
        if self._entries is None:
            self._entries = dict(decode(line, self.width) for line in self.lines)
        return self._entries

    def get(self, name: str) -> TreeEntry | None:
        """What lies under one name; opens the whole of a wide folder only if asked often."""
        if self._entries is not None or self.asked * _OPEN_COST > len(self.ends):
            return self.entries.get(name)
        self.asked += 1
        wanted = encode_name(name)
        line = self._line(wanted) or self._line(wanted + b"/")
        return None if line is None else decode(line, self.width)[1]

    def newer_than(
        self, older: "Listing | None", names: Collection[str] = ()
    ) -> Iterator[tuple[TreeEntry, TreeEntry | None]]:
        """The entries that differ from those of `older`, with what lay there under the name.

        With `names`, those of these names alone.
        """
        nothing: Names = {}
        gone, come = (nothing, self.entries) if older is None else difference(older, self)
        for name, entry in come.items():
            if not names or name in names:
                yield entry, gone.get(name)

    def difference_from(self, older: "Listing") -> tuple[Names, Names] | None:
        """As `difference` gives it, where it is known already."""
        if self._difference is None or self._difference[0] is not older.mark:
            return None
        return self._difference[1:]

    def has_twin(self, line: bytes) -> bool:
        """Whether a folder lies beside a file of its name, which the order alone can't tell."""
        key = sort_key(line, self.width)
        is_folder = line.startswith(_FOLDER_MODE)
        name = key[:-1] if is_folder else key
        # Its name stands in the tree once, save where it happens to be part of an id.
        if self.raw.count(b" %b\0" % name) == 1:
            return False
        return self._line(name if is_folder else key + b"/") is not None

    def _line(self, key: bytes) -> bytes | None:
        raw, ends, last = self.raw, self.ends, self.width + 1
        low, high = 0, len(ends) - 1
        while low < high:
            middle = (low + high) // 2
            start, end = ends[middle], ends[middle + 1]
            here = raw[raw.index(b" ", start) + 1 : end - last]  # as `sort_key` does
            if raw.startswith(_FOLDER_MODE, start):
                here += b"/"
            if here == key:
                return raw[start:end]
            if here < key:
                low = middle + 1
            else:
                high = middle
        return None


def difference(older: Listing, newer: Listing) -> tuple[Names, Names]:
    """What only `older` has and what only `newer` has; a name may be in both. Not to be changed."""
    known = newer.difference_from(older)
    if known is not None:
        return known
    old, new = older.lines, newer.lines
    start = _common_length(old, new)
    end = _common_length(old[start:][::-1], new[start:][::-1])
    gone, come = old[start : len(old) - end], new[start : len(new) - end]
    return _without_shared(gone, come, older.width)


def _without_shared(gone: list[bytes], come: list[bytes], width: int) -> tuple[Names, Names]:
    shared = set(gone).intersection(come)
    if shared:
        gone = [line for line in gone if line not in shared]
        come = [line for line in come if line not in shared]
    return dict(decode(line, width) for line in gone), dict(decode(line, width) for line in come)


def _ends(lines: list[bytes], start: int = 0) -> list[int]:
    """Where lines end that begin at `start`, which comes first."""
    return list(accumulate(map(len, lines), initial=start))


def encode_name(name: str) -> bytes:
    """A name as it stands in a tree object."""
    return name.encode("utf-8", "surrogateescape")


def raw_name(line: bytes, width: int) -> bytes:
    """The name in one line, as it stands there."""
    return line[line.index(b" ") + 1 : -width - 1]


def encode(name: str, entry: TreeEntry) -> bytes:
    """One line of a tree object."""
    return b"%o %b\0%b" % (entry.mode, encode_name(name), bytes.fromhex(entry.id))


def decode(line: bytes, width: int) -> tuple[str, TreeEntry]:
    """Name and entry of one line. Bytes that are not UTF-8 come as lone surrogates."""
    mode, _, name = line[: -width - 1].partition(b" ")
    number = _MODES.get(mode) or int(mode, 8)
    return name.decode("utf-8", "surrogateescape"), TreeEntry(number, line[-width:].hex())


def sort_key(line: bytes, width: int) -> bytes:
    """What git sorts a line by: a folder counts as its name with a slash."""
    name = raw_name(line, width)
    return name + b"/" if line.startswith(_FOLDER_MODE) else name


def _in_order(lines: list[bytes], width: int) -> bool:
    """Whether lines stand in git's order, with no name twice and none that is forbidden."""
    end = -width - 1
    modes = {line[:6] for line in lines}
    if modes == {_FOLDER_MODE}:  # wide folders hold items of one mode: quicker
        names = [line[6:end] for line in lines]
        keys = [name + b"/" for name in names]
    elif modes == {_FILE_MODE}:
        keys = names = [line[7:end] for line in lines]
    else:
        names = [line[line.index(b" ") + 1 : end] for line in lines]
        keys = [sort_key(line, width) for line in lines]
    distinct = set(names)
    if not distinct.isdisjoint(FORBIDDEN) or len(distinct) != len(lines):
        return False
    return all(map(lt, keys, islice(keys, 1, None)))


def _common_length(first: Sequence[T], second: Sequence[T]) -> int:
    """How many items two sequences share at their beginning, by halving."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_prefix(first: bytes, second: bytes) -> int:
    """How many bytes two objects share at their beginning: by halving, and at last by one number.

    The highest bit in which two numbers differ tells the first byte in which their bytes do.
    """
    low, high = 0, min(len(first), len(second))
    while high - low > _SHORT:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle
    one = int.from_bytes(first[low:high], "big")
    other = int.from_bytes(second[low:high], "big")
    return high - ((one ^ other).bit_length() + 7) // 8


def _common_suffix(first: bytes, second: bytes, most: int) -> int:
    """How many bytes two objects share at their end, at most `most`: the same from there."""
    low, high = 0, most
    while high - low > _SHORT:
        middle = (low + high + 1) // 2
        if _from_end(first, middle, low) == _from_end(second, middle, low):
            low = middle
        else:
            high = middle
    one = int.from_bytes(_from_end(first, high, low), "little")
    other = int.from_bytes(_from_end(second, high, low), "little")
    return high - ((one ^ other).bit_length() + 7) // 8


def _from_end(data: bytes, start: int, stop: int) -> bytes:
    """The bytes between two places that are counted from the end."""
    return data[len(data) - start : len(data) - stop]
