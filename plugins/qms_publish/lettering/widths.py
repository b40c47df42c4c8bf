"""How wide text is in our sans font, as far as that can be told without setting it."""

import re
from math import ceil
from typing import Final
from unicodedata import category, east_asian_width

from qms_publish.late import Late

_ASCII: Final = (
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555,
    555, 555, 555, 555, 555, 555, 555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589,
    552, 689, 728, 293, 535, 646, 543, 812, 723, 742, 633, 742, 635, 596, 599, 721, 575, 878, 573,
    531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620, 554, 325, 564, 607, 275, 275, 552,
    284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
)  # fmt: skip
"""Advances of the characters from the space on, in thousandths."""
_LETTER: Final = 0.64


ALONE: Final = (
    "\u2e80-\u2fdf\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\U00020000-\U0003ffff"
)
"""Characters between two of which a line may end: those of Chinese, kana, Hangul."""


_OPENING: Final = "（《〈「『【〔“‘"
_CLOSING: Final = "，。、；：！？）》〉」』】〕”’…—"
_CHINESE: Final = Late(rf"[{ALONE}\u3000-\u303f\uff00-\uffef]")


_UNPARTED: Final = Late(
    rf"\s+|[{_OPENING}]*(?:[{ALONE}]|[^\s{ALONE}{_OPENING}{_CLOSING}]+)?[{_CLOSING}]*"
)
"""What stays on one line: a character or a word, with the signs that begin or end no line."""
_STEP: Final = 0.25


def is_chinese(char: str) -> bool:
    """Whether it is a character of Chinese text, or a sign of such."""
    return _CHINESE.match(char) is not None


def columns(text: str) -> int:
    """How wide a text stands in an editor: a Chinese letter or sign counts two."""
    return sum(
        2 if east_asian_width(one) in "WFA" else 1 for one in text if category(one)[0] not in "CM"
    )


def ems(text: str) -> float:
    """How wide `text` is, in widths of a Chinese character."""
    return sum(map(_em, text))


def line_count(text: str, room: float) -> int:
    """In how many lines of `room` widths a text is set, at most.

    A line ends at a blank and between Chinese characters, and inside a word only where that is
    wider than a whole line; a sign that begins no line takes the character before it along.
    """
    room = max(room - 1, 1)
    count, taken = 1, 0.0
    for word in re.findall(rf"[{ALONE}]|[^\s{ALONE}]+|\s+", text):
        wide = ems(word)
        if taken + wide > room and not word.isspace():
            count += bool(taken)
            more = max(ceil(wide / room) - 1, 0)
            count, wide = count + more, wide - more * room
            taken = 0.0
        taken += wide
    return count


def even_room(text: str, room: float) -> tuple[int, float]:
    """In how many lines a Chinese text is set, and the least room in which they are no more.

    Its lines are of about one length then: a character alone on the last one catches the eye.
    """
    words = [(ems(one), one.isspace()) for one in _UNPARTED.findall(text)]
    lines = _count(words, room)
    steps = max(ceil((room - ems(text) / lines) / _STEP), 0)
    rooms = (room - _STEP * step for step in range(steps, 0, -1))
    return lines, next((one for one in rooms if _count(words, one) == lines), room)


def _count(words: list[tuple[float, bool]], room: float) -> int:
    count, taken = 1, 0.0
    for wide, is_blank in words:
        if taken and taken + wide > room and not is_blank:
            count, taken = count + 1, 0.0
        more = max(ceil(wide / room) - 1, 0)
        count, taken = count + more, taken + wide - more * room
    return count


def _em(char: str) -> float:
    place = ord(char) - 32
    if 0 <= place < len(_ASCII):
        return _ASCII[place] / 1000
    if east_asian_width(char) not in "WFA" and category(char)[0] == "L":
        return _LETTER
    return 0.0 if category(char)[0] in "CM" else 1.0
