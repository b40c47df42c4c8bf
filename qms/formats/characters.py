"""The characters that no signed text may hold: what can't be seen, or reorders what can.

One fixed list, not a Unicode property of the day, so that a later Unicode or another Python
changes no verdict. It has controls, line and paragraph separators, surrogates, what is no
character for ever, annotation marks, and what Unicode calls ``Default_Ignorable_Code_Point``: a
font shows nothing for it, or another form of the character before. That property, unlike the
general category, also has the fillers of Hangul, which are letters, and code points that are kept
free for more of its kind. `docs/format.md` has the list for people.
"""

import re
from typing import Final

_IGNORABLE: Final = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
)
_IGNORABLE_BEYOND: Final = r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
_ANNOTATION: Final = r"\ufff9-\ufffb"
_OTHERS: Final = r"\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
# The last two code points of each plane; surrogates can't come out of UTF-8, but they can stand
# in a `str` that is about to be written.
_PLANE_ENDS: Final = "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 17))

_NEAR: Final = f"{_OTHERS}{_IGNORABLE}{_ANNOTATION}"
FORBIDDEN: Final = re.compile(f"[{_NEAR}{_IGNORABLE_BEYOND}{_PLANE_ENDS}]")
"""One character that no signed text may hold. To search a text, `first_forbidden` is faster."""

_UNSEEN: Final = re.compile(f"[{_IGNORABLE}{_ANNOTATION}{_IGNORABLE_BEYOND}]")
PADDING: Final[dict[int, None]] = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFE0F, 0xFEFF))
"""Soft hyphens, blanks and joints of no width, what asks for a coloured picture of the sign before
it (⚠️ of a telephone), marks of the byte order: nobody typed them as text.

As `str.translate` takes them, to leave them out.
"""
# Twenty times faster: one table, where each range beyond it would be asked one by one.
_SUSPECT: Final = re.compile(f"[{_NEAR}\\U00010000-\\U0010ffff]")


def first_forbidden(text: str) -> re.Match[str] | None:
    """The first character of `text` that no signed text may hold; None where there is none."""
    if text.isascii() and text.isprintable():
        return None
    suspect = _SUSPECT.search(text)
    return None if suspect is None else FORBIDDEN.search(text, suspect.start())


def is_unseen(character: str) -> bool:
    """Whether a forbidden character is one that isn't seen, or reorders: no control character."""
    return _UNSEEN.match(character) is not None


_BESIDE: Final = 8
"""So many letters on each side of a character let people find it."""


def beside(line: str, at: int) -> str:
    """What stands around the character at a place of a line, the unseen ones by their numbers."""
    shown = line[max(at - _BESIDE, 0) : at + _BESIDE + 1]
    return FORBIDDEN.sub(lambda one: f"[U+{ord(one[0]):04X}]", shown).strip()
