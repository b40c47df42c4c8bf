"""Quotes and dots of Latin text are set narrow on the page (OpenType's `pwid` and `palt`).

Only the look differs: the letters are the same, and are read as the same.
"""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Final

from qms_publish.lettering.narrow import MARKS, narrow
from qms_publish.lettering.widths import is_chinese
from qms_publish.text.tokens import BREAKS, Token

_MOST: Final = 500
"""So many are set narrow in one paragraph: each part of a line costs the renderer time."""
_CLASSES: Final = dict.fromkeys("§†‡¶", "sign")


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
