"""How large the letters of code are set: as large as its columns have room for.

A page is 99 cells wide for code. A line of a frame or a table that is longer would go on below,
and nobody could read its columns; so all of its code is set smaller, and what has no room in the
smallest letters is refused. Other lines go on below, at a blank.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from qms_publish.text.code_cells import cells_by_line
from qms_publish.text.indents import BELOW
from qms_publish.text.tokens import Token
from qms_publish.text.unprinted import Unprinted

TAKEN: Final = {"bullet_list": 8.0, "ordered_list": 8.0, "blockquote": 7.0}
"""So many millimetres of a line a list or a note takes from what stands in it."""
_TAKEN_BELOW: Final = 8.0
_ROOM: Final = 159.0
"""Between the edges of the ground that code has, in millimetres."""
_POINT: Final = 25.4 / 72
_SIZES: Final = (9, 8, 7, 6)
"""In points; a cell is half as wide. Each but the first has a class of its own."""
_STROKE: Final = re.compile("[\u2500-\u259f]")
_GAP: Final = re.compile(r"(?<=\S)[ ]{2,}+(?=\S)")
_CELL: Final = 40
"""What stands behind the last gap of a line and is longer is text: of a log, of a list of options.
"""


def mark_code(tokens: Sequence[Token]) -> Iterator[Unprinted]:
    """Say of code how large it is set; CODE-WIDE for the first line of each that has no room."""
    room = [_ROOM]
    for token in tokens:
        kind = token.type.rpartition("_")[0]
        if kind in TAKEN and token.nesting > 0:
            below = _TAKEN_BELOW if token.attrs.get("class") == BELOW else 0.0
            room.append(room[-1] - TAKEN[kind] - below)
        elif kind in TAKEN:
            room.pop()
        elif token.type == "fence":
            yield from _marked(token, room[-1])


def _marked(fence: Token, room: float) -> Iterator[Unprinted]:
    """One piece of code; one with columns that has no long line beside them is never broken."""
    lines = fence.content.split("\n")
    drawn = [_is_drawn(line) for line in lines]
    if not any(drawn):
        return
    cells = cells_by_line(fence.content)
    wide = [one * is_drawn for one, is_drawn in zip(cells, drawn, strict=True)]
    most = _cells(room, _SIZES[-1])
    at = next((at for at, one in enumerate(wide) if one > most), None)
    if at is not None:
        first = fence.map[0] + 1 if fence.map else 0
        yield Unprinted("CODE-WIDE", first + at, lines[at].strip(), most=most)
        return
    size = next(one for one in _SIZES if max(wide) <= _cells(room, one))
    if size != _SIZES[0]:
        fence.attrJoin("class", f"size{size}")
    if max(cells) <= _cells(room, size):
        fence.attrJoin("class", "columns")


def _is_drawn(line: str) -> bool:
    """Whether a line has columns: strokes, or two gaps and more."""
    edges = line.strip()[:1] + line.strip()[-1:]
    gaps = [found.end() for found in _GAP.finditer(line)]
    return (
        edges in {"||", "++"}
        or _STROKE.search(line) is not None
        or (len(gaps) > 1 and len(line.rstrip()) - gaps[-1] < _CELL)
    )


def _cells(room: float, size: int) -> int:
    """How many cells a line has in so many millimetres; strokes reach beyond theirs."""
    return int(room / (size * _POINT / 2)) - 1
