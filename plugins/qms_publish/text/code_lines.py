"""Where a line of code may end on paper: at a blank, not within --timeout.

A renderer breaks a line behind each hyphen too, and a reader types what stands on either side.
"""

import re
from html import escape
from typing import Final

_LONG: Final = 48
"""Shorter lines fit, wherever a list or a quotation has them."""
_WORD: Final = re.compile(r"(?<!\S)(?=[!-~]{0,39}[\-/?!|}&%])[!-~]{2,40}(?!\S)")
"""A word that a line could end in; longer ones may not fit."""
_MOST: Final = 500
"""So many are kept whole in one piece of code: each part of a line costs the renderer time."""


def whole_words(code: str, _language: str, _attributes: str) -> str:
    """Code as HTML, each short word of a long line as one that no line ends in."""
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
