"""Where a line of code may end on paper: at a blank, not within --timeout.

A renderer breaks a line behind each hyphen too, and a reader types what stands on either side.
"""

import re
from html import escape
from typing import Final

from qms_publish.text.code_cells import Setting, cells_of, signs_in

_LONG: Final = 48
"""Shorter lines fit, wherever a list or a quotation has them."""
_WORD: Final = re.compile(r"(?<!\S)(?=[!-~]{0,39}[\-/?!|}&%])[!-~]{2,40}(?!\S)")
"""A word that a line could end in; longer ones may not fit."""
_MOST: Final = 500
"""So many are kept whole in one piece of code: each part of a line costs the renderer time."""
_MOST_SIGNS: Final = 10_000
"""So many signs of a text's code are set in cells of their own; a page of frames has 2000."""


class CodeSetter:
    """Makes HTML of all code in a text, as its parser asks for it."""

    def __init__(self) -> None:
        self.signs_left = _MOST_SIGNS

    def __call__(self, code: str, _language: str, _attributes: str) -> str:
        """Code as HTML: its signs in their cells, and in a long line no short word broken."""
        signs = signs_in(code)
        html = cells_of(code) if signs <= self.signs_left else escape
        self.signs_left -= signs if html is not escape else 0
        return _lines(code, html)


def _lines(code: str, html: Setting) -> str:
    left = _MOST
    answer: list[str] = []
    for line in code.split("\n"):
        words = _WORD.findall(line) if len(line) > _LONG else []
        if not words or len(words) > left:
            answer.append(html(line))
            continue
        left -= len(words)
        answer.append(_kept(line, html))
    return "\n".join(answer)


def _kept(line: str, html: Setting) -> str:
    parts: list[str] = []
    last = 0
    for word in _WORD.finditer(line):
        parts += html(line[last : word.start()]), f'<span class="word">{escape(word[0])}</span>'
        last = word.end()
    return "".join(parts) + html(line[last:])
