"""Code is set in cells as a terminal has them, so that frames and columns meet as they were drawn.

A Chinese letter takes two cells, all of Latin text one. Of frames, arrows and signs such as ① or ±
editors don't agree: a terminal gives each one cell, an old Chinese one two. Which of them it was
drawn in is told by where its strokes meet; where none do, a terminal is believed. The font that
draws code has such signs two cells wide, and letters such as é as wide as they are in other text.
"""

import re
from collections.abc import Callable
from html import escape
from itertools import groupby, pairwise
from math import floor
from typing import Final, NamedTuple
from unicodedata import category, east_asian_width

from qms_publish.late import Late
from qms_publish.lettering.ink import ink_of
from qms_publish.lettering.narrow import narrow

_CELL: Final = 0.5
"""A cell's width, in parts of a letter's size."""
_HAIR: Final = 0.01
_TAB: Final = 8
_ARROWS_LEAST: Final = 0.72
"""So small is an arrow set that is wider than its cells; its rest meets a stroke beside it."""
_BETWEEN: Final = 0.02
"""So much room is there between two other signs that are wider than their cells."""
_AXIS: Final = 0.38
"""So high above the base line is the middle of a sign, in which an arrow meets a stroke."""
_WIDE: Final = 0.75
"""What is drawn wider than that takes two cells, unless a frame says otherwise."""
_EVEN: Final = frozenset("\u00a0\u00a5\u00ad\u2011\u20a9\u2423")
"""What the font of code has one cell wide, and the others have not."""
_SIGN: Final = Late(r"[^\x00-\x7f\u3000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]")
"""What isn't as plainly one cell wide as Latin letters, or two as Chinese ones."""
_STROKE: Final = re.compile("[\u2500-\u259f]")
_ARROW: Final = re.compile("[\u2190-\u21ff\u27f0-\u27ff\u2900-\u297f]")
_CORNERS: Final = frozenset("┌┍┎┏╒╓╔╭")
_DOWN: Final = frozenset("|+│┃║┌┍┎┏┐┑┒┓├┝┠┣┤┥┨┫┬┭┰┳┼╋╔╗╠╣╦╬╭╮")
_UP: Final = frozenset("|+│┃║└┕┖┗┘┙┚┛├┝┠┣┤┥┨┫┴┵┸┻┼╋╚╝╠╣╩╬╯╰")
"""Signs with a stroke to the line below, and to the line above."""


class _Editor(NamedTuple):
    """How many cells an editor gives to the strokes of frames and arrows, and to other signs."""

    strokes: int
    signs: int


_EDITORS: Final = (_Editor(1, 2), _Editor(1, 1), _Editor(2, 2))
Setting = Callable[[str], str]


def signs_in(code: str) -> int:
    """How many signs there may be in `code` that don't fill their cells by themselves."""
    return len(_SIGN.findall(code))


def cells_of(code: str) -> Setting:
    """How parts of the lines of `code` become HTML, each sign in its cells."""
    editor = _editor(code)
    is_drawn = _STROKE.search(code) is not None

    def html(part: str) -> str:
        latin = frozenset[int]() if is_drawn else narrow(part, english=False)
        owns = (_own(one, 1 if at in latin else _cells(one, editor)) for at, one in enumerate(part))
        runs = groupby(zip(owns, part, strict=True), lambda one: one[0])
        return "".join(_set("".join(char for _, char in run), own) for own, run in runs)

    return html


def cells_by_line(code: str) -> list[int]:
    """How many cells each line of `code` takes; a tab goes on to the next eighth one."""
    editor = _editor(code)
    answer: list[int] = []
    for line in code.split("\n"):
        at = 0
        for char in line:
            at += _TAB - at % _TAB if char == "\t" else _cells(char, editor)
        answer.append(at)
    return answer


def is_framed(code: str) -> bool:
    """Whether frames are drawn in code, whose sides go on from line to line; a tree has none."""
    return not _CORNERS.isdisjoint(code)


def _editor(code: str) -> _Editor:
    """The editor in which most strokes of the frames in `code` meet; the first of them as such."""
    is_drawn = "|" in code or _STROKE.search(code)
    lines = code.split("\n") if is_drawn else []
    met = dict.fromkeys(_EDITORS, 0)
    for above, below in pairwise(lines):
        for one in _EDITORS:
            met[one] += len(_strokes(above, _DOWN, one) & _strokes(below, _UP, one))
    return max(_EDITORS, key=met.__getitem__)


def _strokes(line: str, signs: frozenset[str], editor: _Editor) -> set[int]:
    """The cells in which a line has one of these signs."""
    found: set[int] = set()
    at = 0
    for char in line:
        if char in signs:
            found.add(at)
        at += _cells(char, editor)
    return found


def _cells(char: str, editor: _Editor) -> int:
    """How many cells `editor` gives to a letter."""
    if char.isascii():
        return 1
    if category(char)[0] in "CM":
        return 0
    width = east_asian_width(char)
    if width in "WF":
        return 2
    if _STROKE.match(char) or _ARROW.match(char):
        return editor.strokes
    if width == "A" and editor.strokes > 1:
        return 2
    is_letter = category(char)[0] == "L"
    return 1 if is_letter or _width(char) <= _WIDE else editor.signs


class _Own(NamedTuple):
    """How a letter is set that doesn't fill its cells by itself; all in parts of its size."""

    room: float
    wide: float
    middle: float
    size: float


def _own(char: str, cells: int) -> _Own | None:
    """How a letter is set in so many cells; nothing for one that fills them by itself.

    A stroke is never made smaller: it reaches into the next one's cell, and meets it there. Nor is
    what has ink no wider than its cells, as a quotation mark.
    """
    if char.isascii() or not cells or east_asian_width(char) in "WF":
        return None
    ink, wide, room = ink_of(char, is_serif=False, is_bold=False), _width(char), cells * _CELL
    if abs(wide - room) < _HAIR:
        return None
    if _STROKE.match(char):
        return _Own(room, wide, wide / 2, 1.0)
    inked, size = ink.right - ink.left, 1.0
    if inked > room:
        size = max(room / wide, _ARROWS_LEAST) if _ARROW.match(char) else (room - _BETWEEN) / inked
        size = floor(100 * size) / 100  # in the whole per cents that are written
    return _Own(room / size, wide, (ink.left + ink.right) / 2, size)


def _width(char: str) -> float:
    return _CELL if char in _EVEN else ink_of(char, is_serif=False, is_bold=False).wide


def _set(run: str, own: _Own | None) -> str:
    """A run of letters as wide as its cells, each in the middle of its own."""
    if own is None:
        return escape(run)
    shift, size = own.room / 2 - own.middle, own.size
    style = f"letter-spacing: {own.room - own.wide:.3f}em; margin: 0 {-shift:.3f}em 0 {shift:.3f}em"
    if size < 1:
        style += f"; font-size: {size:.0%}; vertical-align: {_AXIS * (1 / size - 1):.3f}em"
    return f'<span class="cell" style="{style}">{escape(run)}</span>'
