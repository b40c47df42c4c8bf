"""What is raised or lowered stands on the line of its word: no [1] of a note begins one.

A renderer may end a line before each bracket, and beside each Chinese letter.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from qms_publish.text.tokens import Token

_OPENED: Final = frozenset({"sup_open", "sub_open"})
_MOST: Final = 16
"""As much of what stands before it is kept; what is longer may have to be parted."""
_MOST_IN_CELL: Final = 5
_BEFORE: Final = re.compile(
    rf"(?:(?<![!-~])[!-~]{{1,{_MOST}}}|[^\s!-~])[^\w\s!-~\u3000]{{0,3}}\Z|[^\s]\Z"
)
"""The word or Chinese letter before it, with what closes behind that: 号）^[1]^."""


def raised_places(children: Sequence[Token], *, in_cell: bool) -> Iterator[tuple[int, int]]:
    """Where in the letters of a paragraph stands what is raised, together with what it belongs to.

    As `letters_of` counts them. Latin letters are kept beside each other without that: H~2~O.
    """
    most = _MOST_IN_CELL if in_cell else 2 * _MOST
    before, first = "", 0
    whole = 0, 0
    for token, following in pairwise(children):
        if token.type in _OPENED and before and not before[-1].isspace():
            raised = letters_of(following)
            begin, end = _begin(before, whole), len(before) + len(raised)
            beside = before[-1] + raised[:1]
            if end - begin <= most and not (beside.isascii() and beside.isalnum()):
                yield begin, end
        if token.type == "link_open":
            first = len(before)
        before_token, before = len(before), before + letters_of(token)
        if token.type == "code_inline":
            whole = before_token, len(before)
        elif token.type == "link_close":
            whole = first, len(before)


def _begin(before: str, whole: tuple[int, int]) -> int:
    """Where begins what is kept before something raised; all of a link or of code at its end."""
    if whole[1] == len(before):
        return whole[0]
    found = _BEFORE.search(before, max(len(before) - 2 * _MOST, 0))
    return max(found.start() if found is not None else len(before) - 1, whole[1])


def letters_of(token: Token) -> str:
    """What a token adds to its line; a picture and a line's end are no letters."""
    if token.type in {"text", "code_inline"}:
        return token.content
    return "" if token.nesting else "\n"
