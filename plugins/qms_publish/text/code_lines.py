"""Where a line of code may end on paper, at a blank, not within --timeout; and frames in code.

A renderer breaks a line behind each hyphen too, and a reader types what stands on either side.
Editors show a sign of a frame as wide as a Chinese letter, or half as wide: which of them it was
drawn in is told by where its strokes meet.
"""

import re
from html import escape
from itertools import pairwise
from typing import Final

from qms_publish.lettering.widths import columns

_LONG: Final = 48
"""Shorter lines fit, wherever a list or a quotation has them."""
_WORD: Final = re.compile(r"(?<!\S)(?=[!-~]{0,39}[\-/?!|}&%])[!-~]{2,40}(?!\S)")
"""A word that a line could end in; longer ones may not fit."""
_MOST: Final = 500
"""So many are kept whole in one piece of code: each part of a line costs the renderer time."""
_MOST_FRAMES: Final = 2000
"""So many runs of signs of frames are looked at, and set."""
_FRAME: Final = re.compile("[\u2500-\u257f]+")
_DOWN: Final = frozenset("│┃║┌┍┎┏┐┑┒┓├┝┠┣┤┥┨┫┬┭┰┳┼╋╔╗╠╣╦╬╭╮")
_UP: Final = frozenset("│┃║└┕┖┗┘┙┚┛├┝┠┣┤┥┨┫┴┵┸┻┼╋╚╝╠╣╩╬╯╰")
"""Signs with a stroke to the line below, and to the line above."""


def whole_words(code: str, _language: str, _attributes: str) -> str:
    """Code as HTML, each short word of a long line as one that no line ends in."""
    if _is_narrow(code):
        return "\n".join(map(_framed, code.split("\n")))
    left = _MOST
    answer: list[str] = []
    for line in code.split("\n"):
        words = _WORD.findall(line) if len(line) > _LONG else []
        if not words or len(words) > left:
            answer.append(escape(line))
            continue
        left -= len(words)
        answer.append(_kept(line))
    return "\n".join(answer)


def _kept(line: str) -> str:
    parts: list[str] = []
    last = 0
    for word in _WORD.finditer(line):
        parts += escape(line[last : word.start()]), f'<span class="word">{escape(word[0])}</span>'
        last = word.end()
    return "".join(parts) + escape(line[last:])


def _is_narrow(code: str) -> bool:
    """Whether more strokes of its frames meet where each sign of them is one column wide."""
    if not 0 < len(_FRAME.findall(code)) <= _MOST_FRAMES:
        return False
    narrow = wide = 0
    for above, below in pairwise(code.split("\n")):
        narrow += len(_strokes(above, _DOWN, 1) & _strokes(below, _UP, 1))
        wide += len(_strokes(above, _DOWN, 2) & _strokes(below, _UP, 2))
    return narrow > wide


def _strokes(line: str, signs: frozenset[str], width: int) -> set[int]:
    """The columns at which a line has one of these signs, each sign of a frame so wide."""
    found: set[int] = set()
    at = 0
    for char in line:
        if char in signs:
            found.add(at)
        at += width if _FRAME.match(char) else columns(char)
    return found


def _framed(line: str) -> str:
    """A line as HTML, its signs of frames half as wide as they are drawn."""
    parts: list[str] = []
    last = 0
    for found in _FRAME.finditer(line):
        parts += escape(line[last : found.start()]), f'<span class="frame">{found[0]}</span>'
        last = found.end()
    return "".join(parts) + escape(line[last:])
