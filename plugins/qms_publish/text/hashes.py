"""Hashes that stand for a number, `# 3 炉`, and would be taken for a heading's mark.

A heading of a text has an empty line or another heading above it, and stands in no item and in no
quotation. A hash anywhere else is a letter that somebody typed, and so is one at the end of a
heading that begins with another number of them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from qms_publish.text.sign_advice import Taken
from qms_publish.text.tokens import Token
from qms_publish.text.unprinted import Unprinted

_CLOSING: Final = re.compile(r"[ \t](#+)[ \t]*$")
_DIGITS: Final = re.compile(r"[0-9]{1,9}")
_AROUND: Final = "*~ \u3000"
"""What may stand before the first letter of a heading, and is none."""


def hashes_lost(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Unprinted]:
    """Headings that nobody meant, or with a hash that is rather a letter."""
    is_first, chapter = True, 1
    for at, token in enumerate(tokens):
        if token.type != "heading_open" or token.map is None or "#" not in token.markup:
            continue
        line, words = token.map[0], tokens[at + 1].content
        number = _number(token.markup, words)
        is_numbered = not is_first and number not in {None, chapter}
        chapter = chapter if number is None else number + 1
        is_first = False
        is_misplaced = token.level > 0 or _is_below_text(lines, tokens, at)
        closing = _CLOSING.search(lines[line])
        is_left = closing is not None and closing[1] != token.markup
        if not words or is_numbered or is_misplaced or is_left:
            taken = Taken.HEADING if words else Taken.NOTHING
            yield Unprinted("SIGN-LOST", line, lines[line].strip(), taken)


def _number(marks: str, words: str) -> int | None:
    """The number behind a single hash: of chapters they count on, `# 1 目的`, `# 2 范围`."""
    found = _DIGITS.match(words.lstrip(_AROUND))
    return int(found[0]) if marks == "#" and found is not None else None


def _is_below_text(lines: Sequence[str], tokens: Sequence[Token], at: int) -> bool:
    """Whether the line above a heading has something that is no heading itself."""
    line = (tokens[at].map or (0, 0))[0]
    is_chained = at > 0 and tokens[at - 1].type == "heading_close"
    return line > 0 and bool(lines[line - 1].strip()) and not is_chained
