"""Words with hyphens stand on one line: LX-CX-2019-01, re-inspection.

A renderer ends a line behind each hyphen, and most readers of a PDF take one there for that of a
word that was parted, and drop it: LX-CX-2019-01 is then found, copied and read out as another
number. In cells they may be parted still, since they would stand out of a narrow one.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from qms_publish.text.tokens import Token

_WORD: Final = re.compile(
    r"(?<![A-Za-z0-9./-])(?=[A-Za-z0-9./-]{4,32}(?![A-Za-z0-9./-]))"
    r"[A-Za-z0-9./]+(?:-[A-Za-z0-9./]+)+"
)
"""As long as fits beside the deepest list; a longer one may have to be parted."""
_CELLS: Final = frozenset({"td_open", "th_open"})
_MOST: Final = 2_000
"""So many are kept in one text: each part of a line costs the renderer time."""


def keep_words(tokens: Sequence[Token]) -> None:
    """Mark in all paragraphs of a text that is set the words which no line ends in."""
    left = _MOST
    before = ""
    for token in tokens:
        if token.children and before not in _CELLS:
            token.children, left = _kept(token.children, left)
        before = token.type


def _kept(children: Sequence[Token], left: int) -> tuple[list[Token], int]:
    answer: list[Token] = []
    in_link = False
    for token in children:
        answer.append(token)
        in_link = token.nesting > 0 if token.type.startswith("link_") else in_link
        words = [] if in_link or token.type != "text" else _WORD.findall(token.content)
        if 0 < len(words) <= left:
            left -= len(words)
            html = _WORD.sub(r'<span class="word">\g<0></span>', escape(token.content))
            answer[-1] = Token("html_inline", "", 0, content=html)
    return answer, left
