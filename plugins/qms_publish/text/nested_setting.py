"""What stands in lists, notes and code gets its look: numbers as written, boxes, captions."""

from qms_publish.text.captions import caption_of, is_figure
from qms_publish.text.code_cells import is_framed
from qms_publish.text.indents import further_in, set_further, style_of
from qms_publish.text.tokens import Token

LED_TO = frozenset({"table_open", "bullet_list_open", "ordered_list_open", "fence"})
"""What the paragraph before it introduces: a page does not end between them, nor above a figure."""
TOGETHER = 300
"""So many characters of a note or of code are never parted by the end of a page."""


def set_nested(block: list[Token]) -> list[Token]:
    """Lists, notes and code: their classes, and what their items look like."""
    kind = block[0].type
    short = sum(len(token.content) for token in block) <= TOGETHER
    if short and kind in {"blockquote_open", "fence"}:
        block[0].attrJoin("class", "together")
    for at, token in enumerate(block):
        if token.type == "fence" and is_framed(token.content):
            token.attrJoin("class", "framed")
        if token.type == "ordered_list_open":
            _numbers(block, at)
        elif token.type == "list_item_open":
            _box(token, block[at + 2])
        elif token.type == "paragraph_open" and is_figure(block[at : at + 2]):
            _captioned(*block[at : at + 3])
        elif token.type == "paragraph_open":
            set_further(token, style_of(block[at + 1], ()))
            if block[at + 3].type in LED_TO or is_figure(block[at + 3 : at + 5]):
                token.attrJoin("class", "leads")
        elif token.type == "inline" and token.children:
            token.children = further_in(token.children)
    return block


def _captioned(opening: Token, inline: Token, closing: Token) -> None:
    """A picture in a step of a list or in a note, with its caption below it."""
    caption = caption_of(inline)
    if caption:
        opening.tag, opening.hidden, opening.attrs = "figure", False, {"class": "within"}
        closing.tag, closing.hidden = "figure", False
        (inline.children or []).append(Token("html_inline", "", 0, content=caption))


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
