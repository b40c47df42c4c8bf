"""A table's tokens get the look that is chosen for its words: widths, whole cells, its head."""

from qms_publish.text.blanks import widened
from qms_publish.text.headings import keep_last, mark_english
from qms_publish.text.tables import is_wide, table_look
from qms_publish.text.tokens import BREAKS, Token, has_picture, html_token


def stands_wide(block: list[Token], taken: float) -> bool:
    """Whether a block is a table that turns its page, `taken` millimetres of a line being gone."""
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
    return bool(_words(cell[1]).strip()) or has_picture(cell[1].children or [])


def _pictures(rows: _Rows) -> list[tuple[int, int]]:
    return [
        (number, column)
        for number, row in enumerate(rows)
        for column, (_, inline) in enumerate(row)
        if has_picture(inline.children or [])
    ]


def set_table(block: list[Token], number: int, taken: float) -> None:
    """The look of a table's rows and cells, and the names by which its pages are looked through."""
    rows = _cells(block)
    opened = [token for token in block if token.type == "tr_open"]
    look = table_look(_texts(rows), taken, _pictures(rows))
    block[0].attrs = {"class": look.classes, "id": f"table-{number}"}
    block[1].attrs = {"id": f"head-{number}"}
    for token, row, chosen in zip(opened, rows, look.rows, strict=True):
        classes = set(chosen.classes.split())
        if any(has_picture(inline.children or []) for _, inline in row):
            classes.add("solid")  # however high: what was guessed of a picture may be less
        token.attrs = {"class": " ".join(sorted(classes))} if classes else {}
        for column, ((cell, inline), whole) in enumerate(zip(row, chosen.whole, strict=True)):
            if whole and not has_picture(inline.children or []):  # several would run off the page
                cell.attrs["class"] = "whole"
            if cell.type == "th_open" or column == 0:
                mark_english(inline, look.widths[column])
                keep_last(inline, look.widths[column])
    if len(rows) > 1 and not any(map(_is_said, rows[0])):  # else it would be a grey sliver
        block[0].attrs = {"class": look.classes}
        del block[1 : 1 + next(at for at, one in enumerate(block) if one.type == "thead_close")]
    widths = "".join(f'<col style="width: {width:.2f}%">' for width in look.widths)
    block.insert(1, html_token(f"<colgroup>{widths}</colgroup>"))
    if len(rows) == 1:  # a form to be filled in; a head alone is no table to a reader's aid
        cells = "<td></td>" * len(rows[0])
        block.insert(-1, html_token(f'<tbody><tr class="solid blank">{cells}</tr></tbody>'))


def _words(inline: Token) -> str:
    """A cell's text with its lines; a picture is given the room of its words."""
    words = "".join(
        "\n" if child.type in BREAKS | {"html_inline"} else child.content
        for child in inline.children or ()
    )
    return widened(words.strip(" "))
