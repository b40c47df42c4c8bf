"""Which quotes and dots are those of Latin text: the fonts draw all as wide as a Chinese character.

They have narrow forms too, and which one is meant is told by what stands beside the mark: the
supplier’s “part” is Latin text in any document, 称为“零件”的 Chinese.
"""

from collections.abc import Iterator
from typing import Final

from qms_publish.lettering.widths import is_chinese

MARKS: Final = frozenset("‘’“”·•§†‡¶")
"""What the fonts have as wide as a Chinese character, and Latin text has not."""
_DOTS: Final = "·•"
_CLOSED_BY: Final = {"“": "”", "‘": "’"}


def narrow(text: str, *, english: bool) -> frozenset[int]:
    """The places of the marks in `text` that are set narrow; `english` is its document's language.

    In an English one all but those of Chinese text; in a Chinese one those that Latin letters have
    on both sides, or on one and nothing on the other. Both quotes of a pair are set alike.
    """
    if MARKS.isdisjoint(text):
        return frozenset()
    before, after = list(_nearest(text)), list(_nearest(text[::-1]))[::-1]
    found: set[int] = set()
    opened: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if char not in MARKS:
            continue
        beside = {before[at], after[at]}
        if english:
            is_narrow = beside not in ({"zh"}, {"zh", ""})
        elif char in _DOTS:
            is_narrow = text[max(at - 1, 0) : at].isalnum() and text[at + 1 : at + 2].isalnum()
            is_narrow = is_narrow and "zh" not in beside
        else:
            is_narrow = "zh" not in beside and "en" in beside
        if is_narrow:
            found.add(at)
        if char in _CLOSED_BY:
            opened.append((_CLOSED_BY[char], at))
        elif opened and opened[-1][0] == char and not _is_apostrophe(text, at):
            first = opened.pop()[1]
            if (first in found) != is_narrow:
                found -= {first, at}
    return frozenset(found)


def _nearest(text: str) -> Iterator[str]:
    """For each place what stands before it: ``zh``, ``en``, or nothing; signs tell neither."""
    last = ""
    for char in text:
        yield last
        if is_chinese(char):
            last = "zh"
        elif char.isalnum():
            last = "en"


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "’" and text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha()
