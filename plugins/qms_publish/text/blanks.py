"""Blanks that people type to make room: 姓名：          日期：, （    ）合格.

HTML sets a run of blanks as one. Of several within a line each is kept: somebody will write there.
A tab is as wide as four.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from qms_publish.text.lines import behind_number
from qms_publish.text.tokens import BREAKS, Token

_SEVERAL: Final = re.compile("(?<=[^ \n])[ ]{2,}(?=[^ \n])")
_TABS: Final = re.compile("(?<=[^ \t\n])[ ]*+\t[ \t]*+(?=[^ \t\n])")
"""Within a line: no editor shows them narrower than a blank, and people part words by them."""
_MOST: Final = 500
"""So many runs are kept in one paragraph: each part of a line costs the renderer time."""
_EDGE: Final = "\0"
"""Stands for what is beside a part of a line; no text has it."""
_AS_TYPED: Final = frozenset({"a", "code"})
"""A link's parts would each be a link of its own to the renderer; code keeps blanks by itself."""
_ROOM: Final = 3
"""So many are room to write in, as wide as an editor shows it; two are a typist's."""


def widened(text: str) -> str:
    """A text whose ordinary blanks take as much room as what `keep_blanks` makes of it."""
    return _SEVERAL.sub(lambda found: found[0] * (2 if len(found[0]) >= _ROOM else 1), text)


def keep_blanks(children: Sequence[Token]) -> list[Token]:
    """The tokens of a paragraph, each with its blanks; those of a link are one part to the page."""
    answer: list[Token] = []
    left, is_kept = _MOST, True
    beside = zip(_has_text(children), _has_text(children[::-1])[::-1], strict=True)
    for token, (before, behind) in zip(children, beside, strict=True):
        answer.append(token)
        if token.nesting and token.tag in _AS_TYPED:
            is_kept = token.nesting < 0
        if token.type not in {"text", "html_inline"}:
            continue
        # Blanks that bold text or code ends before are as much within a line as any.
        edges = _EDGE * before, _EDGE * behind
        if token.type == "text" and "\t" in token.content:
            text = _TABS.sub(_as_blanks, token.content.join(edges))
            token.content = text.strip(_EDGE)
        html = escape(token.content) if token.type == "text" else token.content
        if is_kept and left:
            kept, count = _SEVERAL.subn(_kept, html.join(edges), count=left)
            left -= count
            if count:
                answer[-1] = Token("html_inline", "", 0, content=kept.strip(_EDGE))
    return answer


def _has_text(children: Sequence[Token]) -> list[bool]:
    """Of each token whether anything stands before it in its line."""
    answer: list[bool] = []
    found = False
    for token in children:
        answer.append(found)
        if token.type in BREAKS or token.content.startswith("<br"):
            found = False
        else:
            found = found or bool(token.content)
    return answer


def _as_blanks(found: re.Match[str]) -> str:
    """Room in the place of tabs; behind the number of an item one blank."""
    before = found.string[: found.start()].rpartition("\n")[2]
    return " " if not behind_number(before) else " " * 4


def _kept(found: re.Match[str]) -> str:
    name = "room" if len(found[0]) >= _ROOM else "blanks"
    return f'<span class="{name}">{found[0]}</span>'
