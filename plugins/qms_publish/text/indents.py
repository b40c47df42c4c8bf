"""What is typed further in than what stands above it: the items below an item.

Markdown takes two blanks before `1) …` for none where the item above has a longer number, and those
before a line of a paragraph always. They are no letters, but a reader sees by them what belongs to
what: `1. 甲`, below it `  1) 甲一`; （1）甲, below it `  ①子`.
"""

from collections.abc import Sequence
from typing import Final

from qms_publish.text.lines import is_enumerated
from qms_publish.text.tokens import BREAKS, Token

BELOW: Final = "below"
"""The class of a list that is set further in than the one above it."""
_LEAST: Final = 2
_MOST: Final = 8
"""So many blanks are kept at most: an item has to have room for its words."""
_LISTS: Final = frozenset({"bullet_list", "ordered_list"})


def mark_lists(tokens: Sequence[Token], lines: Sequence[str]) -> None:
    """Say of lists which are written further in than the list right above them."""
    above, ends = _MOST, -1
    for token in tokens:
        kind, _, part = token.type.rpartition("_")
        if token.level > 0 or part == "close":
            continue
        if kind not in _LISTS or token.map is None:
            above = _MOST
            continue
        blanks = _blanks(lines[token.map[0]])
        if ends == token.map[0] and blanks >= above + _LEAST:
            token.attrs["class"] = BELOW
        else:
            above = blanks
        ends = token.map[1]


def mark_lines(inline: Token) -> None:
    """Say on the first token of each line of a paragraph how many blanks its item has before it."""
    children = inline.children or []
    lines = iter(inline.content.split("\n")[1:])
    for at, token in enumerate(children[:-1]):
        if token.type in BREAKS:
            line = next(lines, "")
            blanks = min(_blanks(line), _MOST)
            if blanks >= _LEAST and is_enumerated(line.strip()):
                children[at + 1].meta["blanks"] = blanks


def style_of(children: Sequence[Token]) -> str:
    """How far in a line of a paragraph is set, as a style; nothing for one that isn't."""
    blanks = children[0].meta.get("blanks", 0) if children else 0
    return f"margin-left: {blanks / 2:g}em" if blanks else ""


def _blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
