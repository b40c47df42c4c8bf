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
from typing import Final, NamedTuple
from unicodedata import category, east_asian_width

from qms_publish.lettering.ink import ink_of

_CELL: Final = 0.5
"""A cell's width, in parts of a letter's size."""
_HAIR: Final = 0.01
_LEAST: Final = 0.72
"""So small is a sign set that is wider than its cells; what is left over reaches beyond them."""
_AXIS: Final = 0.38
"""So high above the base line is the middle of a sign, in which an arrow meets a stroke."""
_WIDE: Final = 0.75
"""What is drawn wider than that takes two cells, unless a frame says otherwise."""
_EVEN: Final = frozenset("\u00a0\u00a5\u00ad\u2011\u20a9\u2423")
"""What the font of code has one cell wide, and the others have not."""
_SIGN: Final = re.compile(r"[^\x00-\x7f\u3000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]")
"""What isn't as plainly one cell wide as Latin letters, or two as Chinese ones."""
_STROKE: Final = re.compile("[\u2500-\u259f]")
_ARROW: Final = re.compile("[\u2190-\u21ff\u27f0-\u27ff\u2900-\u297f]")
_CORNERS: Final = frozenset("┌┍┎┏╒╓╔╭")
_DOWN: Final = frozenset("│┃║┌┍┎┏┐┑┒┓├┝┠┣┤┥┨┫┬┭┰┳┼╋╔╗╠╣╦╬╭╮")
_UP: Final = frozenset("│┃║└┕┖┗┘┙┚┛├┝┠┣┤┥┨┫┴┵┸┻┼╋╚╝╠╣╩╬╯╰")
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

    def html(part: str) -> str:
        return "".join(
            _set("".join(run), cells) for cells, run in groupby(part, lambda one: _own(one, editor))
        )

    return html


def is_framed(code: str) -> bool:
    """Whether frames are drawn in code, whose sides go on from line to line; a tree has none."""
    return not _CORNERS.isdisjoint(code)


def _editor(code: str) -> _Editor:
    """The editor in which most strokes of the frames in `code` meet; the first of them as such."""
    lines = code.split("\n") if _STROKE.search(code) else []
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


def _own(char: str, editor: _Editor) -> tuple[int, float, bool]:
    """The cells of a letter that doesn't fill them by itself, with its width; none for others."""
    cells = _cells(char, editor)
    if char.isascii() or not cells or east_asian_width(char) in "WF":
        return 0, 0.0, False
    width = _width(char)
    if abs(width - cells * _CELL) < _HAIR:
        return 0, 0.0, False
    return cells, width, _STROKE.match(char) is not None


def _width(char: str) -> float:
    return _CELL if char in _EVEN else ink_of(char, is_serif=False, is_bold=False).wide


def _set(run: str, own: tuple[int, float, bool]) -> str:
    """A run of letters as wide as its cells, each in the middle of its own.

    A stroke is never made smaller: it reaches into the next one's cell, and meets it there.
    """
    cells, width, is_stroke = own
    if not cells:
        return escape(run)
    room = cells * _CELL
    size = 1.0 if is_stroke else min(1.0, max(room / width, _LEAST))
    space = room / size - width
    style = f"letter-spacing: {space:.3f}em; margin: 0 {-space / 2:.3f}em 0 {space / 2:.3f}em"
    if size < 1:
        style += f"; font-size: {size:.0%}; vertical-align: {_AXIS * (1 / size - 1):.3f}em"
    return f'<span class="cell" style="{style}">{escape(run)}</span>'
