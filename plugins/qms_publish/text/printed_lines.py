"""What of a text's tokens comes to paper as letters.

Words for those who can't see a picture, addresses and the names of languages of code don't: no font
has to hold them.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qms_publish.text.tokens import BREAKS, Token

_LETTERS = frozenset({"text", "text_special", "code_inline", "task"})


class SetLine(NamedTuple):
    """Letters that are printed, and their line in the text, from 0."""

    line: int
    text: str


def printed_lines(tokens: Sequence[Token]) -> Iterator[SetLine]:
    """The letters of all `tokens`, in order, but for the numbers of lists."""
    for token in tokens:
        line = token.map[0] if token.map else 0
        if token.type == "inline":
            yield from _inline(token.children or (), line)
        elif token.type in {"fence", "code_block"}:
            first = line + (token.type == "fence")
            for at, text in enumerate(token.content.split("\n"), first):
                yield SetLine(at, text)


def _inline(children: Sequence[Token], line: int) -> Iterator[SetLine]:
    for token in children:
        if token.type in _LETTERS:
            yield SetLine(line, token.content)
        elif token.type == "image" and "title" in token.attrs:
            yield SetLine(line, str(token.attrs["title"]))
        line += token.type in BREAKS
