"""Drawings that are typed on lines of a text, where letters differ in width and nothing meets.

Each letter comes to paper, and the drawing doesn't: strokes, arrows and boxes stand beside what
they belong to.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from qms_publish.lettering.widths import columns
from qms_publish.text.spans import text_line
from qms_publish.text.tokens import Token
from qms_publish.text.unprinted import Unprinted

_STROKES: Final = re.compile("[\u2500-\u257f]")
_BENT: Final = re.compile("[\u250c-\u254b\u2552-\u2570]")
"""Signs that frames and trees are drawn with, and those of them at which strokes meet."""
_SIDES: Final = re.compile(
    r"\s*(?=[^|\u2502\u2191\u2193^\\+]*[|\u2502\u2191\u2193^\\+])"
    r"[|\u2502\u2191\u2193vV^/\\+]{1,2}(?:\s{2,}[|\u2502\u2191\u2193vV^/\\+]{1,2})+\s*"
)
"""Strokes or arrows below what stands above them: |     |."""
_BOXES: Final = re.compile(r"\s*\+[-=]{2,}\+(?:[ ]+\+[-=]{2,}\+)+\s*")
"""The edges of boxes that stand beside each other."""
_LINK: Final = re.compile(r"[|\u2502\u2191\u2193](?:[ ]\S{1,12})?")
_FURTHER: Final = 3
"""So many columns further in than the line above a stroke or an arrow belongs to what is there."""
_BLANK: Final = " \u3000>"


def loose_drawing(
    lines: Sequence[str], inline: Token, texts: Sequence[str], above: Sequence[str]
) -> Iterator[Unprinted]:
    """The first line of a drawing in a paragraph; `above` are those of the one right above it.

    `texts` are the lines of the paragraph without what is escaped and code.
    """
    first, written = text_line(lines, inline), inline.content.split("\n")
    framed = next(_frames([*above[-1:], *texts]), None)
    if framed is None:
        begins = [_begin(line) for line in lines[first : first + len(texts)]]
        begins[0] = columns(lines[first][: lines[first].find(written[0])])
        at = next(_linked(texts, begins), None)
    else:
        at = max(framed - len(above[-1:]), 0)
    if at is not None:
        yield Unprinted("FRAME-LOOSE", first + at, written[at].strip())


def _frames(texts: Sequence[str]) -> Iterator[int]:
    """Lines of which the next one goes on with what is drawn in them."""
    for at, both in enumerate(pairwise(texts)):
        if all(map(_STROKES.search, both)) and any(map(_BENT.search, both)):
            yield at


def _linked(texts: Sequence[str], begins: Sequence[int]) -> Iterator[int]:
    """Lines that show what belongs to what by where their strokes stand."""
    for at, text in enumerate(texts):
        is_further = at and begins[at] - begins[at - 1] >= _FURTHER
        is_link = is_further and _LINK.fullmatch(text.strip(_BLANK))
        if is_link or _SIDES.fullmatch(text) or _BOXES.fullmatch(text):
            yield at


def _begin(line: str) -> int:
    """The column in which the text of a line begins."""
    return columns(line[: len(line) - len(line.lstrip(_BLANK))])
