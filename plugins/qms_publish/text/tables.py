"""How a table is set: size of its letters, widths of its columns, what stays on one line or page.

A number or a name that breaks in its cell is hard to read, and cells that never break push a table
off the paper. So as much stays whole as fits, in the largest letters in which it does. The columns
get their widths here: the renderer would measure each long cell letter by letter.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil
from operator import ge

from qms_publish.late import Late
from qms_publish.lettering.widths import ALONE, ems

_WIDE = 9
"""A table of so many columns is set on a landscape page of its own, if it isn't a small one."""
_SMALL = 30.0
"""A table that is no higher than this on the page as it is leaves the page as it is."""
TOGETHER = 75.0
"""A table no higher than this (in millimetres) is never parted by the end of a page."""
SOLID = 90.0
"""A row no higher than this is never parted."""
KEPT = 25.0
"""Rows no higher than this keep company: none stands alone before or after the end of a page."""

_PORTRAIT, _LANDSCAPE = 165.0, 257.0
_ROOM_FOR_TEXT = 14.0
_ROOM_TO_WRITE = 14.0
_BLANK_ROW = 8.0
"""So wide is an empty column, where there is room, and so high a row of nothing but empty cells:
they are filled in by hand."""
_TICK = 2.0
"""In a column that is filled in by hand some cells may hold so much already."""
_ROOM_TO_SHOW = 30.0
_AS_HIGH = 0.75
"""So wide is a column with a picture at least, where there is room, and so high, about, the picture
by its width: it isn't looked at yet."""
_MM = 25.4 / 72
_CHINESE_WHOLE = 6
_LONG_WORDS = (12, 16)
"""So long a word is not cut if it can be helped, and one so long if there is room left."""
_ONE_STEP = 1.0
"""Points by which letters may be smaller so that no word is cut."""
_WORD = Late(rf"(?:[^\s{ALONE}\u3000-\u303f\uff00-\uffef/-]|/(?![A-Za-z])|-(?=\d))+[/-]?")
"""What the renderer doesn't part: a line may end behind a stroke before letters, and a hyphen."""
_SLACK = 1.06
"""Heads are bold, and so a little wider."""


@dataclass(frozen=True, slots=True)
class _Letters:
    """A step of size: its class, points, leading, what a cell adds to its text in millimetres."""

    name: str
    points: float
    wide: float
    high: float

    @property
    def em(self) -> float:
        """The width of a Chinese character in millimetres."""
        return self.points * _MM

    def holding(self, ems_wide: float) -> float:
        """The width of a column that holds so much text in a line."""
        return ems_wide * self.em * _SLACK + self.wide


_NARROW = _Letters("narrow", 9.5, 4.2, 2.8)
_MANY = _Letters("many", 8.5, 3.0, 2.6)
_DENSE = _Letters("dense", 7.0, 2.0, 2.0)
_TINY = _Letters("tiny", 6.0, 1.4, 1.6)
_LEADING = 1.5
_CHOICES = (
    (_NARROW, 26), (_NARROW, 20), (_MANY, 26), (_MANY, 20), (_NARROW, 14), (_MANY, 14),
    (_DENSE, 14), (_DENSE, 10),
)  # fmt: skip
_CHOICES_WIDE = (
    (_MANY, 26), (_MANY, 20), (_MANY, 14), (_DENSE, 20), (_DENSE, 14), (_DENSE, 10), (_TINY, 10),
)  # fmt: skip
"""In the order of preference: letters, and how many of them without a space stay whole."""


@dataclass(frozen=True, slots=True)
class RowLook:
    """The classes of a row, and which of its cells stay on one line."""

    classes: str
    whole: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class TableLook:
    """The classes of a table, the widths of its columns in per cent, and its rows."""

    classes: str
    widths: tuple[float, ...]
    rows: tuple[RowLook, ...]


def table_look(
    lines: Sequence[Sequence[str]],
    taken: float = 0.0,
    pictures: Collection[tuple[int, int]] = (),
) -> TableLook:
    """The look of a table with these texts, the head first; all rows have as many cells.

    `taken` is what lists and notes around it take of a line, in millimetres; `pictures` are the
    cells, by row and column, that show one.
    """
    wide = is_wide(lines, taken, pictures)
    room = (_LANDSCAPE if wide else _PORTRAIT) - taken
    laid = _laid(lines, pictures, room, _CHOICES_WIDE if wide else _CHOICES)
    together = " together" if sum(laid.heights) <= TOGETHER and not wide else ""
    return TableLook(
        laid.letters.name + together,
        tuple(100 * width / room for width in laid.widths),
        tuple(
            RowLook(
                _row_classes(row, laid.heights, at),
                tuple(_stays_whole(text, laid.limit) for text in row),
            )
            for at, row in enumerate(_without_breaks(lines))
        ),
    )


def is_wide(
    lines: Sequence[Sequence[str]],
    taken: float = 0.0,
    pictures: Collection[tuple[int, int]] = (),
) -> bool:
    """Whether a table stands on a landscape page of its own.

    A few rows of short texts don't: the page before would be left half empty for them.
    """
    if len(lines[0]) < _WIDE or pictures:
        return len(lines[0]) >= _WIDE
    laid = _laid(lines, pictures, _PORTRAIT - taken, _CHOICES)
    if not laid.limit or laid.letters not in {_NARROW, _MANY}:
        return True
    columns = zip(*_without_breaks(lines), strict=True)
    needed = [
        max(
            laid.letters.holding(_words(cells, _LONG_WORDS[0])),
            _ROOM_TO_WRITE if _is_by_hand(cells[1:]) else 0.0,
        )
        for cells in columns
    ]
    is_narrow = any(one > width + 0.01 for one, width in zip(needed, laid.widths, strict=True))
    return is_narrow or sum(laid.heights) > _SMALL


@dataclass(frozen=True, slots=True)
class _Laid:
    """A table as it is laid out: its letters, what stays whole, and millimetres."""

    letters: _Letters
    limit: int
    widths: Sequence[float]
    heights: Sequence[float]


def _laid(
    lines: Sequence[Sequence[str]],
    pictures: Collection[tuple[int, int]],
    room: float,
    choices: Sequence[tuple[_Letters, int]],
) -> _Laid:
    columns = list(zip(*_without_breaks(lines), strict=True))
    letters, limit, least = _chosen(columns, room, choices)
    shown = {column for _, column in pictures}
    by_hand = [at for at, cells in enumerate(columns) if at not in shown and _is_by_hand(cells[1:])]
    least = _raised(least, shown, min(_ROOM_TO_SHOW, room / len(columns)), room)
    least = _raised(least, by_hand, _ROOM_TO_WRITE, room)
    full = [
        max(max(map(ems, cells)) * letters.em * 1.01 + letters.wide, width)
        for cells, width in zip(columns, least, strict=True)
    ]
    full = [max(one, room / len(full)) if at in shown else one for at, one in enumerate(full)]
    full = _raised(full, by_hand, max((full[at] for at in by_hand), default=0.0), room)
    widths = _shared(least, full, room)
    heights = [
        max(
            _height(row, widths, letters),
            *(_AS_HIGH * widths[at] for number, at in pictures if number == place),
            0.0,
        )
        for place, row in enumerate(lines)
    ]
    return _Laid(letters, limit, widths, heights)


def _without_breaks(lines: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[text.replace("\n", "") for text in row] for row in lines]


def _chosen(
    columns: Sequence[Sequence[str]], room: float, choices: Sequence[tuple[_Letters, int]]
) -> tuple[_Letters, int, list[float]]:
    """The first choice that fits, and the least widths of the columns.

    One step smaller where only so no word is cut (f=0.1m on one line and m/r on the next), but not
    for the price of a whole number; else the columns that need least for their words get that.
    """
    words = [[_words(cells, most) for cells in columns] for most in _LONG_WORDS]
    first: tuple[_Letters, int, list[float]] | None = None
    for letters, limit in choices:
        least = [_least(cells, limit, letters) for cells in columns]
        if sum(least) > room:
            continue
        if first and (limit < first[1] or letters.points < first[0].points - _ONE_STEP):
            continue
        short, long = ([one and letters.holding(one) for one in wide] for wide in words)
        uncut = _as_many(least, short, room)
        chosen = letters, limit, _as_many(uncut, long, room)
        if all(map(ge, uncut, short)):
            return chosen
        first = first or chosen
    return first or (choices[-1][0], 0, [room / len(columns)] * len(columns))


def _as_many(least: Sequence[float], wanted: Sequence[float], room: float) -> list[float]:
    """The least widths, as many of them as wide as `wanted` as there is room for."""
    more = [max(one - width, 0.0) for one, width in zip(wanted, least, strict=True)]
    answer, left = list(least), room - sum(least)
    for at in sorted(range(len(least)), key=more.__getitem__):
        if more[at] <= left:
            answer[at] += more[at]
            left -= more[at]
    return answer


def _words(cells: Sequence[str], most: int) -> float:
    """How wide the widest word of a column is, of those of at most so many letters."""
    found = (word for text in cells for word in _WORD.findall(text) if len(word) <= most)
    return max(map(ems, found), default=0.0)


def _least(cells: Sequence[str], limit: int, letters: _Letters) -> float:
    """The least width of a column; text that breaks gets room for a few characters."""
    whole = max((ems(text) for text in cells if _stays_whole(text, limit)), default=0.0)
    breaks = any(not _stays_whole(text, limit) for text in cells)
    return max(letters.holding(whole), _ROOM_FOR_TEXT + letters.wide if breaks else 0.0)


def _is_by_hand(cells: Sequence[str]) -> bool:
    """Whether a column is filled in by hand: empty, or mostly so and with ticks in the rest."""
    written = [text for text in cells if text.strip()]
    return 2 * len(written) <= len(cells) and all(ems(text) <= _TICK for text in written)


def _raised(
    widths: Sequence[float], columns: Collection[int], most: float, room: float
) -> list[float]:
    """The widths, those of `columns` as even and near to `most` as the others leave them room."""
    left = max(room - sum(widths), 0.0)
    order = sorted(columns, key=widths.__getitem__)
    level = 0.0
    for count in range(len(order), 0, -1):
        level = min((left + sum(widths[at] for at in order[:count])) / count, most)
        if level >= widths[order[count - 1]]:
            break
    return [max(one, level) if at in order else one for at, one in enumerate(widths)]


def _shared(least: Sequence[float], full: Sequence[float], room: float) -> list[float]:
    """The room as the columns share it: short texts are not broken for the sake of long ones."""
    if sum(full) <= room:
        return [width * room / sum(full) for width in full]
    answer = list(least)
    left = room - sum(least)
    order = sorted(range(len(full)), key=lambda at: full[at])
    for place, at in enumerate(order):
        share = left / (len(order) - place)
        more = min(full[at] - least[at], share) if place + 1 < len(order) else left
        answer[at] += more
        left -= more
    return answer


def _height(row: Sequence[str], widths: Sequence[float], letters: _Letters) -> float:
    lines = max(
        sum(
            ceil(ems(line) * letters.em / max(width - letters.wide, letters.em)) or 1
            for line in text.split("\n")
        )
        for text, width in zip(row, widths, strict=True)
    )
    height = lines * letters.em * _LEADING + letters.high
    return height if any(map(str.strip, row)) else max(height, _BLANK_ROW)


def _row_classes(row: Sequence[str], heights: Sequence[float], at: int) -> str:
    """``solid`` is never parted, ``keep`` stays with the next row, ``blank`` is to fill in."""
    classes = ["solid"] if heights[at] <= SOLID else []
    last = len(heights) - 1
    if 0 < at < last and at in {1, last - 1} and max(heights[at : at + 2]) <= KEPT:
        classes.append("keep")
    if not any(map(str.strip, row)):
        classes.append("blank")
    return " ".join(classes)


def _stays_whole(text: str, limit: int) -> bool:
    if text.isascii() and " " not in text:
        return len(text) <= limit
    return len(text) <= min(_CHINESE_WHOLE, limit)
