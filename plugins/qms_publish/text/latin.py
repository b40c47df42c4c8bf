"""Quotes and dots of Latin text, which the Chinese fonts draw as wide as a Chinese character.

These have narrow forms too (OpenType's `pwid` and `palt`), and which one is meant is told by what
stands beside the mark: the supplier’s “part” is Latin text in any document, 称为“零件”的 Chinese.
Only the look differs: the letters are the same, and are read as the same.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from qms_publish.lettering.widths import is_chinese
from qms_publish.text.tokens import BREAKS, Token

MARKS: Final = frozenset("‘’“”·•§")
"""What the fonts have as wide as a Chinese character, and Latin text has not."""
_DOTS: Final = "·•"
_CLOSED_BY: Final = {"“": "”", "‘": "’"}
_MOST: Final = 500
"""So many are set narrow in one paragraph: each part of a line costs the renderer time."""
_CLASSES: Final = {"§": "sign"}


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


def marked(text: str, *, english: bool) -> str:
    """`text` as HTML, its narrow marks marked."""
    return _html(text, 0, narrow(text, english=english))


def is_latin(text: str, *, english: bool) -> bool:
    """Whether all of a text that can't be parted may be set narrow, and has a mark that is."""
    return bool(narrow(text, english=english)) and not any(map(is_chinese, text))


def _html(text: str, start: int, places: frozenset[int]) -> str:
    """A text that begins at the place `start` as HTML, with the marks at these `places`."""
    parts: list[str] = []
    for name, run in groupby(_classes(text, start, places), lambda one: one[0]):
        part = escape("".join(char for _, char in run))
        parts.append(f'<span class="{name}">{part}</span>' if name else part)
    return "".join(parts)


def _classes(text: str, start: int, places: frozenset[int]) -> list[tuple[str, str]]:
    """Each character with its class: all from one narrow mark to the next that is Latin too.

    The renderer takes time for each part of a line, not for what is in it.
    """
    names = [""] * len(text)
    last: int | None = None
    for at, char in enumerate(text):
        if start + at in places:
            names[at] = _CLASSES.get(char, "latin")
            for between in range(at if last is None else last + 1, at):
                names[between] = "latin"
            last = at
        elif is_chinese(char) or char in MARKS:
            last = None
    return list(zip(names, text, strict=True))


def set_marks(children: Sequence[Token], *, english: bool) -> list[Token]:
    """The tokens of a paragraph, its narrow marks as such.

    A link's parts would each be a link of its own to the renderer, so one has a look as a whole.
    """
    texts = [" " if one.type in BREAKS else one.content for one in children]
    places = narrow("".join(texts), english=english)
    if not 0 < len(places) <= _MOST:
        return list(children)
    answer: list[Token] = []
    start, link = 0, None
    for token, text in zip(children, texts, strict=True):
        answer.append(token)
        here = [at for at in range(start, start + len(text)) if at in places]
        if token.type in {"link_open", "link_close"}:
            link = token if token.nesting > 0 else None
        elif here and link is not None and not any(map(is_chinese, text)):
            link.attrs["class"] = "latin"
        elif here and link is None and token.type in {"text", "code_inline"}:
            html = _html(text, start, places)
            html = f"<code>{html}</code>" if token.type == "code_inline" else html
            answer[-1] = Token("html_inline", "", 0, content=html)
        start += len(text)
    return answer
