"""What is typed further in than what stands above it: the items below an item.

Markdown takes two blanks before `1) …` for none where the item above has a longer number, and those
before a line of a paragraph always. They are no letters, but a reader sees by them what belongs to
what: `1. 甲`, below it `  1) 甲一`; （1）甲, below it `  ①子`.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from qms_publish.lettering.widths import columns
from qms_publish.text.labels import label_of
from qms_publish.text.lines import is_enumerated
from qms_publish.text.spans import text_line
from qms_publish.text.tokens import BREAKS, Token

BELOW: Final = "below"
"""The class of a list that is set further in than the one above it."""
_LEAST: Final = 2
_MOST: Final = 8
"""So many blanks are kept at most: an item has to have room for its words."""
_WIDE: Final = "\u3000"
_LISTS: Final = frozenset({"bullet_list", "ordered_list"})


def mark_lists(tokens: Sequence[Token], lines: Sequence[str]) -> None:
    """Say of lists which are written further in than the list right above them, or below an item.

    That is a paragraph with a label, `A. 甲`: its first line stands further in than lists do.
    """
    above, ends = _MOST, -1
    is_item = False
    for token in tokens:
        kind, _, part = token.type.rpartition("_")
        if token.level == 1 and token.type == "inline":
            is_item = any(map(label_of, token.content.split("\n")))
        if token.level > 0 or part == "close":
            continue
        if kind not in _LISTS or token.map is None:
            above, is_item = _MOST, False
            continue
        if is_item:
            token.attrs["class"] = BELOW
            above, ends = 0, token.map[1]
            continue
        blanks = _blanks(lines[token.map[0]])
        if ends == token.map[0] and blanks >= above + _LEAST:
            token.attrs["class"] = BELOW
        else:
            above = blanks
        ends = token.map[1]


def mark_paragraphs(tokens: Sequence[Token], lines: Sequence[str]) -> None:
    """Say of paragraphs that are items how much further in they are written than those above.

    Of all, whether their first line is typed further in by wide blanks, which the parser drops.
    """
    above: dict[int, int] = {}
    for token, inline in pairwise(tokens):
        if token.nesting < 0 or token.map is None:
            above = {level: at for level, at in above.items() if level <= token.level}
            continue
        is_list = token.type.rpartition("_")[0] in _LISTS
        if token.type == "paragraph_open":
            first, _, _ = inline.content.partition("\n")
            line = lines[text_line(lines, inline)]
            before = line[: line.find(first)] if first in line else ""
            inline.meta["wide"] = before.endswith(_WIDE)
            inline.meta["typed"] = _blanks(line) if token.level == 0 else 0
            typed = columns(before)
            further = typed - above.get(token.level, typed)
            if is_enumerated(first) and further >= _LEAST:
                inline.meta["further"] = min(further, _MOST)
            elif is_enumerated(first):
                above[token.level] = typed
            else:
                above.pop(token.level, None)
        elif is_list:
            above[token.level] = _blanks(lines[token.map[0]])
        elif token.type != "inline":
            above.pop(token.level, None)


def mark_lines(inline: Token) -> None:
    """Say on the first token of each line of a paragraph how many blanks its item has before it.

    More than the first line has, where that is an item too.
    """
    children = inline.children or []
    first, *others = inline.content.split("\n")
    lines = iter(others)
    typed = inline.meta.get("typed", 0) if is_enumerated(first.strip()) else 0
    for at, token in enumerate(children[:-1]):
        if token.type in BREAKS:
            line = next(lines, "")
            blanks = min(_blanks(line) - typed, _MOST)
            if blanks >= _LEAST and is_enumerated(line.strip()):
                children[at + 1].meta["blanks"] = blanks


def style_of(inline: Token, children: Sequence[Token]) -> str:
    """How far in a line of a paragraph is set, as a style; nothing for one that isn't."""
    blanks = inline.meta.get("further", 0)
    blanks += children[0].meta.get("blanks", 0) if children else 0
    return f"margin-left: {blanks / 2:g}em" if blanks else ""


def set_further(opening: Token, style: str) -> None:
    """Set a paragraph, or a line of one, as far in as it was typed: by its `style_of`."""
    if style:
        opening.attrs["style"] = style


def further_in(children: Sequence[Token]) -> list[Token]:
    """The tokens of an item, each of its lines behind the blanks that `mark_lines` says."""
    answer: list[Token] = []
    for token in children:
        if blanks := token.meta.get("blanks", 0):
            answer.append(Token("text", "", 0, content=_WIDE * (blanks // 2)))
        answer.append(token)
    return answer


def _blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
