"""Turns the tokens of a checked body into the page's: what stands together, and in which look.

Captions, figures, clauses, notes and tables get their classes here; the style sheet does the rest.
Numbers of clauses and of lists are text and stay as they were written and signed.
"""

import re
from collections.abc import Iterator, Sequence
from copy import copy
from html import escape

from qms_publish.lettering.widths import columns
from qms_publish.text.blanks import widened
from qms_publish.text.headings import Heading, as_written, heading_of, mark_english, plain_of
from qms_publish.text.indents import further_in, mark_lines, style_of
from qms_publish.text.lines import is_enumerated, lines_of, set_lines
from qms_publish.text.tables import is_wide, table_look
from qms_publish.text.tokens import BREAKS, Token

MAX_CAPTION = 80
"""So many columns has a caption, which is one line on paper, in two languages too."""
TOGETHER = 300
"""So many characters of a note or of code are never parted by the end of a page."""

_TAKEN = {"bullet_list": 8.0, "ordered_list": 8.0, "blockquote": 7.0}
"""So many millimetres of a line a list or a note takes from what stands in it."""
_CLAUSE = re.compile(r"^(?!(?:19|20)\d\d\.)\d+(\.\d+)+[ \u3000]")
_INDENT = "\u3000\u3000"
_LED_TO = frozenset({"table_open", "bullet_list_open", "ordered_list_open"})
"""What the paragraph before it introduces: a page does not end between them."""
_CAPTION = re.compile(r"^(表|图|Table|Figure)\s*[A-Z]?[\d.\-]*\d(?![\d%])")
_SENTENCE = re.compile(r"[。！？；，!?;]|[.:：]$")
"""What is about a table or picture, and no name of it."""


class Setter:
    """Turns the parser's tokens into the page's: captions, figures, clauses, wide tables."""

    def __init__(self, titles: Sequence[str] = ()) -> None:
        self.titles = {one.strip() for one in titles if one}
        self.figures = 0
        self.tables = 0
        self.rank = 1
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
                self.out.append(_html('<div class="wide">'))
            if before and not landscape[at]:
                self.out.append(_html("</div>"))
            if not landscape[at] and _begins_figure(blocks, at):
                self.figures += 1
                self.out.append(_html(f'<div class="here" id="before-{self.figures}"></div>'))
            after = blocks[at + 1][0].type if at + 1 < len(blocks) else ""
            self._block(block, top, after)
        if landscape and landscape[-1]:
            self.out.append(_html("</div>"))
        return self.out

    def _repeats_title(self, block: list[Token]) -> bool:
        return block[0].type == "heading_open" and block[1].content.strip() in self.titles

    def _block(self, block: list[Token], top: int, after: str) -> None:
        kind = block[0].type
        if kind == "heading_open":
            self._heading(block, top)
        elif kind == "paragraph_open":
            self._paragraphs(block, after)
        else:
            self.out.extend(self._tables(_nested(block)))

    def _heading(self, block: list[Token], top: int) -> None:
        opening, inline, closing = block
        level = int(opening.tag[1]) - top + 1
        self.rank = min(level + 1, self.rank + 1, 6)  # a reader's aid needs every step between
        opening.tag = closing.tag = f"h{self.rank}"
        self.named += 1
        name = f"s{self.named}"
        opening.attrs = {"id": name}
        heading = heading_of(inline, level, name)
        if heading.text:  # a picture alone has no words that the contents could list
            self.headings.append(heading)
        if heading.marked:
            opening.attrs["data-label"] = as_written(inline)
        mark_english(inline)
        self.out.extend(block)

    def _paragraphs(self, block: list[Token], after: str) -> None:
        """One paragraph, or one for each of its lines: each is indented as the first."""
        opening, inline, closing = block
        lines = list(lines_of(inline.children or []))
        if len(lines) == 1:
            self._paragraph(block, after)
            _set_further(opening, style_of(inline, lines[0]))
            return
        for at, children in enumerate(lines):
            is_last = at + 1 == len(lines)
            first, part = copy(opening), copy(inline)
            first.attrs, part.children = {}, children
            if children and children[0].type == "text":
                # The page indents it as it does the first line, whose wide blanks are dropped too.
                # Where that has none, an item is typed further in than what stands above it.
                line = children[0].content.removeprefix(_INDENT)
                if at and inline.meta["wide"] and line == children[0].content:
                    inline.meta["further"] = 0
                if inline.meta["wide"] or not is_enumerated(line):
                    children[0].content = line
            # A caption of a table may have lines below it: its unit, its second language.
            leads_to = after if is_last or after == "table_open" else ""
            self._paragraph([first, part, closing], leads_to)
            _set_further(first, style_of(inline, children))
            if not is_last:
                first.attrs["class"] = f"{first.attrs.get('class', '')} line".strip()

    def _paragraph(self, block: list[Token], after: str) -> None:
        opening, inline, _ = block
        if _is_figure(block):
            self._figure(inline)
            return
        text = plain_of(inline)
        if _is_caption(text):
            table = after == "table_open"
            opening.attrs = {"class": "table-caption" if table else "figure-caption"}
        else:
            clause = "clause" if _CLAUSE.match(text) else ""
            leads = "leads" if after in _LED_TO else ""
            if clause or leads:
                opening.attrs = {"class": f"{clause} {leads}".strip()}
        self.out.extend(block)

    def _tables(self, block: list[Token]) -> Iterator[Token]:
        """A block with each of its tables set: it may be one, or hold some in lists and notes."""
        taken = 0.0
        table: list[Token] = []
        for token in block:
            taken += token.nesting * _TAKEN.get(token.type.rpartition("_")[0], 0.0)
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
        wide = taken > 0 and _is_wide(table, taken)
        _set_table(table, self.tables, taken)
        if wide:
            yield _html('<div class="wide">')
        yield from table
        if wide:
            yield _html("</div>")

    def _figure(self, inline: Token) -> None:
        caption = _caption(inline)
        self.out.append(_html(f'<figure id="figure-{self.figures}">'))
        self.out.append(inline)
        self.out.append(_html(f'<div class="here" id="after-{self.figures}"></div>'))
        if caption:
            self.out.append(_html(caption))
        self.out.append(_html("</figure>"))


def _set_further(opening: Token, style: str) -> None:
    """Set a paragraph, or a line of one, as far in as it was typed."""
    if style:
        opening.attrs["style"] = style


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
    answer = [_is_wide(block, 0.0) for block in blocks]
    for at in range(len(blocks) - 1, 0, -1):
        above = blocks[at - 1]
        heading = above[0].type == "heading_open"
        caption = above[0].type == "paragraph_open" and _is_caption(plain_of(above[1]))
        if answer[at] and (heading or caption):
            answer[at - 1] = True
    return answer


def _is_caption(text: str) -> bool:
    """Whether a paragraph names a table or picture: one line, no sentence."""
    is_named = _CAPTION.match(text) is not None and not _SENTENCE.search(text)
    return is_named and columns(text) <= MAX_CAPTION


def _is_figure(block: list[Token]) -> bool:
    """A picture that is a paragraph of its own."""
    if block[0].type != "paragraph_open":
        return False
    children = block[1].children or []
    return len(children) == 1 and children[0].type == "image"


def _begins_figure(blocks: list[list[Token]], at: int) -> bool:
    """Whether a figure begins here: with the first of the headings right above it, or itself."""
    if at > 0 and blocks[at - 1][0].type == "heading_open":
        return False
    while at < len(blocks) and blocks[at][0].type == "heading_open":
        at += 1
    return at < len(blocks) and _is_figure(blocks[at])


def _is_wide(block: list[Token], taken: float) -> bool:
    if block[0].type != "table_open":
        return False
    rows = _cells(block)
    return is_wide(_texts(rows), taken, _pictures(rows))


_Rows = list[list[tuple[Token, Token]]]
"""The cells of a table: each what opens it, and what stands in it."""


def _cells(block: list[Token]) -> _Rows:
    rows: _Rows = []
    for at, token in enumerate(block):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"th_open", "td_open"}:
            rows[-1].append((token, block[at + 1]))
    return rows


def _texts(rows: _Rows) -> list[list[str]]:
    return [[_words(inline) for _, inline in row] for row in rows]


def _is_said(cell: tuple[Token, Token]) -> bool:
    """Whether there is anything in a cell."""
    return bool(_words(cell[1]).strip()) or _has_picture(cell[1].children or [])


def _pictures(rows: _Rows) -> list[tuple[int, int]]:
    return [
        (number, column)
        for number, row in enumerate(rows)
        for column, (_, inline) in enumerate(row)
        if _has_picture(inline.children or [])
    ]


def _nested(block: list[Token]) -> list[Token]:
    """Lists, notes and code: their classes, and what their items look like."""
    kind = block[0].type
    short = sum(len(token.content) for token in block) <= TOGETHER
    if short and kind in {"blockquote_open", "fence"}:
        block[0].attrs["class"] = "together"
    for at, token in enumerate(block):
        if token.type == "ordered_list_open":
            _numbers(block, at)
        elif token.type == "list_item_open":
            _box(token, block[at + 2])
        elif token.type == "paragraph_open" and _is_figure(block[at : at + 2]):
            _captioned(*block[at : at + 3])
        elif token.type == "paragraph_open":
            _set_further(token, style_of(block[at + 1], ()))
        elif token.type == "inline" and token.children:
            token.children = further_in(token.children)
    return block


def _captioned(opening: Token, inline: Token, closing: Token) -> None:
    """A picture in a step of a list or in a note, with its caption below it."""
    caption = _caption(inline)
    if caption:
        opening.tag, opening.hidden, opening.attrs = "figure", False, {"class": "within"}
        closing.tag, closing.hidden = "figure", False
        (inline.children or []).append(Token("html_inline", "", 0, content=caption))


def _caption(inline: Token) -> str:
    """The caption of the picture that is all of a paragraph, as HTML; it is no title any more."""
    image = (inline.children or [])[0]
    caption = str(image.attrs.pop("title", "") or "")
    return f"<figcaption>{escape(caption)}</figcaption>" if caption else ""


def _set_table(block: list[Token], number: int, taken: float) -> None:
    """The look of a table's rows and cells, and the names by which its pages are looked through."""
    rows = _cells(block)
    opened = [token for token in block if token.type == "tr_open"]
    look = table_look(_texts(rows), taken, _pictures(rows))
    block[0].attrs = {"class": look.classes, "id": f"table-{number}"}
    block[1].attrs = {"id": f"head-{number}"}
    for token, row, chosen in zip(opened, rows, look.rows, strict=True):
        token.attrs = {"class": chosen.classes} if chosen.classes else {}
        for column, ((cell, inline), whole) in enumerate(zip(row, chosen.whole, strict=True)):
            if whole and not _has_picture(inline.children or []):  # several would run off the page
                cell.attrs["class"] = "whole"
            if cell.type == "th_open" or column == 0:
                mark_english(inline)
    if len(rows) > 1 and not any(map(_is_said, rows[0])):  # else it would be a grey sliver
        block[0].attrs = {"class": look.classes}
        del block[1 : 1 + next(at for at, one in enumerate(block) if one.type == "thead_close")]
    widths = "".join(f'<col style="width: {width:.2f}%">' for width in look.widths)
    block.insert(1, _html(f"<colgroup>{widths}</colgroup>"))
    if len(rows) == 1:  # a form to be filled in; a head alone is no table to a reader's aid
        cells = "<td></td>" * len(rows[0])
        block.insert(-1, _html(f'<tbody><tr class="solid blank">{cells}</tr></tbody>'))


def _numbers(block: list[Token], at: int) -> None:
    """Say on each item of the list that begins there its number: the one that was written."""
    level = block[at].level + 1
    for token in map(block.__getitem__, range(at + 1, len(block))):
        if token.level < level:
            break
        if token.type == "list_item_open" and token.level == level:
            token.attrs["style"] = f"list-style-type: '{token.info}{token.markup} '"


def _box(item: Token, inline: Token) -> None:
    """An item of a list of tasks has its box in the place of the dot, or behind its number."""
    children = inline.children or []
    if not children or children[0].type != "task":
        return
    box = children.pop(0).content + " "
    if item.info:
        children.insert(0, Token("text", "", 0, content=box))
    else:
        item.attrs["style"] = f"list-style-type: '{box}'"


def _words(inline: Token) -> str:
    """A cell's text with its lines; a picture is given the room of its words."""
    words = "".join(
        "\n" if child.type in BREAKS | {"html_inline"} else child.content
        for child in inline.children or ()
    )
    return widened(words.strip(" "))


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
                link[1:] if _has_picture(link) else [*map(_as_text, filter(_is_flat, link)), token]
            )
            link = []
        else:
            (link or answer).append(token)
    return answer


def _has_picture(children: list[Token]) -> bool:
    return any(one.type == "image" for one in children)


def _is_flat(token: Token) -> bool:
    return token.type == "link_open" or not token.nesting


def _as_text(token: Token) -> Token:
    if token.type == "code_inline":
        token.type, token.tag = "text", ""
    return token


def _html(text: str) -> Token:
    return Token("html_block", "", 0, content=text)
