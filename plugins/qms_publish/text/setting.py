"""Turns the tokens of a checked body into the page's: what stands together, and in which look.

Captions, figures, clauses, notes and tables get their classes here; the style sheet does the rest.
Numbers of clauses and of lists are text and stay as they were written and signed.
"""

import re
from collections.abc import Iterator, Sequence
from copy import copy

from qms_publish.text.captions import caption_of, is_caption, is_figure
from qms_publish.text.code_room import TAKEN
from qms_publish.text.headings import Heading, as_written, heading_of, mark_english, plain_of
from qms_publish.text.indents import mark_lines, set_further, style_of
from qms_publish.text.lines import is_enumerated, lines_of, set_lines
from qms_publish.text.nested_setting import LED_TO, set_nested
from qms_publish.text.table_setting import set_table, stands_wide
from qms_publish.text.tokens import Token, has_picture, html_token

_CLAUSE = re.compile(r"^(?!(?:19|20)\d\d\.)\d+(\.\d+)+[ \u3000]")
_WIDE = "\u3000"
_INDENT = _WIDE * 2
_FIGURE = "figure"
_LOWEST = 6


class Setter:
    """Turns the parser's tokens into the page's: captions, figures, clauses, wide tables."""

    def __init__(self, titles: Sequence[str] = ()) -> None:
        self.titles = {one.strip() for one in titles if one}
        self.figures = 0
        self.tables = 0
        self.open: list[tuple[int, int]] = []
        self.named = 0
        self.headings: list[Heading] = []
        self.out: list[Token] = []

    def set(self, tokens: list[Token]) -> list[Token]:
        """The tokens as they are printed, in order; fills `headings`."""
        for token in tokens:
            if token.children:
                mark_lines(token)
                set_lines(token.children)
                token.children = _plain_links(token.children)
        blocks = list(_blocks(tokens))
        if blocks and self._repeats_title(blocks[0]):
            blocks = blocks[1:]
        top = min((int(b[0].tag[1]) for b in blocks if b[0].type == "heading_open"), default=1)
        landscape = _landscape(blocks)
        for at, block in enumerate(blocks):
            before = at > 0 and landscape[at - 1]
            if landscape[at] and not before:
                self.out.append(html_token('<div class="wide">'))
            if before and not landscape[at]:
                self.out.append(html_token("</div>"))
            if not landscape[at] and _begins_figure(blocks, at):
                self.figures += 1
                self.out.append(html_token(f'<div class="here" id="before-{self.figures}"></div>'))
            self._block(block, top, _kind(blocks, at + 1))
        if landscape and landscape[-1]:
            self.out.append(html_token("</div>"))
        return self.out

    def _repeats_title(self, block: list[Token]) -> bool:
        """Whether a heading is a title word by word, its signs escaped or not."""
        if block[0].type != "heading_open":
            return False
        is_text = all(one.type == "text" for one in block[1].children or ())
        return block[1].content.strip() in self.titles or (
            is_text and plain_of(block[1]) in self.titles
        )

    def _block(self, block: list[Token], top: int, after: str) -> None:
        kind = block[0].type
        if kind == "heading_open":
            self._heading(block, top)
        elif kind == "paragraph_open":
            self._paragraphs(block, after)
        else:
            self.out.extend(self._tables(set_nested(block)))

    def _heading(self, block: list[Token], top: int) -> None:
        opening, inline, closing = block
        level = int(opening.tag[1]) - top + 1
        rank, look = self._rank(level), min(level + 1, _LOWEST)
        opening.tag = closing.tag = f"h{rank}"
        self.named += 1
        name = f"s{self.named}"
        opening.attrs = {"id": name} if rank == look else {"id": name, "class": f"look{look}"}
        heading = heading_of(inline, level, name)
        if heading.text:  # a picture alone has no words that the contents could list
            self.headings.append(heading)
        if heading.marked:
            opening.attrs["data-label"] = as_written(inline)
        mark_english(inline)
        self.out.extend(block)

    def _rank(self, level: int) -> int:
        """The rank of a heading among those it stands below: a reader's aid needs each step.

        What it looks like is said by its level alone: equal ones are alike.
        """
        while self.open and self.open[-1][0] > level:
            self.open.pop()
        if not self.open or self.open[-1][0] < level:
            above = self.open[-1][1] if self.open else 1
            self.open.append((level, min(above + 1, _LOWEST)))
        return self.open[-1][1]

    def _paragraphs(self, block: list[Token], after: str) -> None:
        """One paragraph, or one for each of its lines: each is indented as the first."""
        opening, inline, closing = block
        lines = list(lines_of(inline.children or []))
        if len(lines) == 1:
            self._paragraph(block, after, is_clause=_is_clause(inline))
            set_further(opening, style_of(inline, lines[0]))
            return
        is_clause = _is_clause(_with(inline, lines[0]))
        for at, children in enumerate(lines):
            is_last = at + 1 == len(lines)
            first, part = copy(opening), _with(inline, children)
            first.attrs = {}
            if children and children[0].type == "text":
                # The page indents it as it does the first line, whose wide blanks are dropped too.
                # Where that has none, an item is typed further in than what stands above it.
                line = children[0].content.removeprefix(_INDENT)
                if at and inline.meta["wide"] and line == children[0].content:
                    inline.meta["further"] = 0
                if inline.meta["wide"] or not is_enumerated(line.lstrip(_WIDE)):
                    children[0].content = line
            # A caption of a table may have lines below it: its unit, its second language.
            leads_to = after if is_last or after == "table_open" else ""
            self._paragraph([first, part, closing], leads_to, is_clause=is_clause)
            set_further(first, style_of(inline, children))
            if not is_last:
                first.attrs["class"] = f"{first.attrs.get('class', '')} line".strip()

    def _paragraph(self, block: list[Token], after: str, *, is_clause: bool) -> None:
        opening, inline, _ = block
        if is_figure(block):
            self._figure(inline)
            return
        text = plain_of(inline)
        if is_caption(text):
            table = after == "table_open"
            opening.attrs = {"class": "table-caption" if table else "figure-caption"}
        else:
            clause = "clause" if is_clause else ""
            leads = "leads" if after in LED_TO or after == _FIGURE else ""
            if clause or leads:
                opening.attrs = {"class": f"{clause} {leads}".strip()}
        self.out.extend(block)

    def _tables(self, block: list[Token]) -> Iterator[Token]:
        """A block with each of its tables set: it may be one, or hold some in lists and notes."""
        taken = 0.0
        table: list[Token] = []
        for token in block:
            taken += token.nesting * TAKEN.get(token.type.rpartition("_")[0], 0.0)
            if table or token.type == "table_open":
                table.append(token)
            else:
                yield token
            if token.type == "table_close":
                yield from self._table(table, taken)
                table = []

    def _table(self, table: list[Token], taken: float) -> Iterator[Token]:
        """One table; a wide one in a list or note turns the page there as others do."""
        self.tables += 1
        wide = taken > 0 and stands_wide(table, taken)
        set_table(table, self.tables, taken)
        if wide:
            yield html_token('<div class="wide">')
        yield from table
        if wide:
            yield html_token("</div>")

    def _figure(self, inline: Token) -> None:
        caption = caption_of(inline)
        self.out.append(html_token(f'<figure id="figure-{self.figures}">'))
        self.out.append(inline)
        self.out.append(html_token(f'<div class="here" id="after-{self.figures}"></div>'))
        if caption:
            self.out.append(html_token(caption))
        self.out.append(html_token("</figure>"))


def _with(inline: Token, children: list[Token]) -> Token:
    """One line of a paragraph: the same with these tokens alone."""
    part = copy(inline)
    part.children = children
    return part


def _is_clause(line: Token) -> bool:
    """Whether a line begins with a clause's number: its paragraph stands at the margin."""
    return _CLAUSE.match(plain_of(line)) is not None


def _blocks(tokens: list[Token]) -> Iterator[list[Token]]:
    """The top-level blocks, each from its opening token to its closing one."""
    block: list[Token] = []
    depth = 0
    for token in tokens:
        block.append(token)
        depth += token.nesting
        if depth == 0:
            yield block
            block = []


def _landscape(blocks: list[list[Token]]) -> list[bool]:
    """Which blocks stand on a landscape page: wide tables, with the heading and caption above."""
    answer = [stands_wide(block, 0.0) for block in blocks]
    for at in range(len(blocks) - 1, 0, -1):
        above = blocks[at - 1]
        heading = above[0].type == "heading_open"
        caption = above[0].type == "paragraph_open" and is_caption(plain_of(above[1]))
        if answer[at] and (heading or caption):
            answer[at - 1] = True
    return answer


def _kind(blocks: list[list[Token]], at: int) -> str:
    """What the block at a place is, by its opening token; nothing behind the last one."""
    if at >= len(blocks):
        return ""
    return _FIGURE if is_figure(blocks[at]) else blocks[at][0].type


def _begins_figure(blocks: list[list[Token]], at: int) -> bool:
    """Whether a figure begins here, with what stays with it right above, or itself."""
    if at > 0 and _leads_to_figure(blocks, at - 1):
        return False
    while _leads_to_figure(blocks, at):
        at += 1
    return _kind(blocks, at) == _FIGURE


def _leads_to_figure(blocks: list[list[Token]], at: int) -> bool:
    """Whether a block is a heading, or the paragraph right above a figure: no page parts them."""
    kind = _kind(blocks, at)
    if kind != "paragraph_open":
        return kind == "heading_open"
    return _kind(blocks, at + 1) == _FIGURE and not is_caption(plain_of(blocks[at][1]))


def _plain_links(children: list[Token]) -> list[Token]:
    """Links hold text alone: the renderer makes a second, untagged link of each part in one.

    A picture is no link: there is no text to tag.
    """
    answer: list[Token] = []
    link: list[Token] = []
    for token in children:
        if token.type == "link_open":
            link = [token]
        elif token.type == "link_close":
            answer += (
                link[1:] if has_picture(link) else [*map(_as_text, filter(_is_flat, link)), token]
            )
            link = []
        else:
            (link or answer).append(token)
    return answer


def _is_flat(token: Token) -> bool:
    return token.type == "link_open" or not token.nesting


def _as_text(token: Token) -> Token:
    if token.type == "code_inline":
        token.type, token.tag = "text", ""
    return token
