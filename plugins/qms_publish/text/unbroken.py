"""How long text goes on without a place where a line may end.

A renderer looks at all the rest of such a run for each of its lines: twice as much takes four
times as long, and some kilobytes take minutes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from qms.api import Finding, Place
from qms_publish.lettering.widths import ALONE
from qms_publish.over_limit import over_limit

if TYPE_CHECKING:  # every check of a text asks, a parser it needs seldom
    from qms_publish.text.tokens import Token

MAX_UNBROKEN: Final = 2_000
MAX_TITLE: Final = 500
"""A title stands at the head of each page too."""
MAX_SECOND: Final = 60
"""A second number shares its cell on the cover with the number."""
_MOST: Final = {"title": MAX_TITLE, "title_en": MAX_TITLE, "second_code": MAX_SECOND}

_GLUE: Final = "\u00a0\u2007\u2011\u202f"
_RUN: Final = rf"(?:[^ \t\n{ALONE}]|[{ALONE}](?=[{_GLUE}])|(?<=[{_GLUE}])[{ALONE}])+"
"""Compiled where a text is long: that takes four times as long as to look at most texts."""
_TEXT: Final = frozenset({"text", "text_special", "code_inline"})
_ENDS: Final = frozenset({"softbreak", "hardbreak", "image", "html_inline"})


def longest(text: str) -> int:
    """How many characters stand in `text` without a place for a line's end, at most."""
    if len(text) <= MAX_UNBROKEN:
        return len(text)
    return max((found.end() - found.start() for found in re.finditer(_RUN, text)), default=0)


def longest_in(token: "Token") -> int:
    """The same of a block of Markdown as it is printed: marks between two letters part nothing."""
    if token.children is None:
        return longest(token.content) if token.type in {"fence", "code_block"} else 0
    parts = (
        one.content if one.type in _TEXT else "\n" if one.type in _ENDS else ""
        for one in token.children
    )
    return longest("".join(parts))


def faults_of_head(fields: Mapping[str, str], place: Place) -> Iterator[Finding]:
    """RENDER-LIMIT for what is too long for its place, and what goes on without end."""
    for field, text in fields.items():
        checks: Iterable[tuple[str, int, int]] = [("unbroken text", longest(text), MAX_UNBROKEN)]
        if field in _MOST:
            checks = [(field, len(text), _MOST[field])]
        for what, found, limit in checks:
            if found > limit:
                yield over_limit(Place(path=place.path, field=field), what, found, limit)
