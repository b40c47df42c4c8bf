"""What would come to paper whole and be read as something else: a value without its sign, a row.

Each letter is there, so no account of letters finds it. What people type on lines of their own, and
Markdown takes for a quotation, for an item, for a row or for one flow of text, is told here.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise, takewhile
from typing import NamedTuple

from qms_publish.text.hashes import hashes_lost
from qms_publish.text.lines import behind_number
from qms_publish.text.list_marks import marks_together
from qms_publish.text.loose import loose_drawing
from qms_publish.text.sign_advice import Taken
from qms_publish.text.signs import (
    heads_amounts,
    is_amount,
    is_compared,
    is_compared_alone,
    is_count,
    is_measured,
    is_more_or_less,
    is_plus,
    is_signed,
    is_whole,
)
from qms_publish.text.spans import text_line
from qms_publish.text.sums import is_sum
from qms_publish.text.tokens import BREAKS, Token
from qms_publish.text.unprinted import Unprinted

_SIGNS: frozenset[str] = frozenset("-+")
_ROW = re.compile(r"[\s>]*(?:(?:[-+*]|[0-9]{1,9}[.)])\s[\s>]*)*\|")
"""How a line of a table begins, behind the marks of lists and quotations."""
_QUOTED = re.compile(r"[\s>]*(?:(?:[-+*]|[0-9]{1,9}[.)])\s[\s>]*)*")
"""The marks of lists and quotations at a line's beginning."""
_APART = re.compile(r"\S\s+\|\s+\S")
_RULE = re.compile(
    r"(?=.*\|)(?=.*[-\u2010-\u2015\u2500\u2501\uff0d])[|:\-\u2010-\u2015\u2500\u2501\uff0d\s]*"
)
_TABBED = re.compile(r"\S[ ]*\t\s*\S")
"""Cells as they are pasted from a spreadsheet."""
_CELLS = re.compile(r"\|[^|\n]*\|(?:[^|\n]*\|)+")
"""A row with a stroke at both ends and two cells at least."""
_UNDERLINES = frozenset("=-")
"""Below a text they make a heading of it: of a name to sign above, of a sum."""
_LEADS = (":", "：", ":**", "：**")
"""What a line ends with that leads to a list, also to one of a single item."""
_ENDS_OF_ITEMS = frozenset({"list_item_close", "ordered_list_close", "blockquote_close"})
_HOLDERS = frozenset({"list_item", "blockquote"})
_GRID = re.compile(r"\+(?:[-=:]{2,}\+)+")
_OF_MARKS = frozenset({"SIGN-LOST", "LIST-MARKS"})


def misreadings(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Unprinted]:
    """All that a reader would take for something else, of a text with these lines and tokens.

    Of the marks that a line begins with one thing is told: what mends it mends the others too.
    """
    told: set[int] = set()
    for found in chain(_misreadings(lines, tokens), marks_together(lines, tokens)):
        if not _OF_MARKS.intersection((found.code,)):
            yield found
        elif found.line not in told:
            told.add(found.line)
            yield found


def _misreadings(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Unprinted]:
    yield from _lists(lines, tokens)
    yield from _rows_apart(tokens)
    yield from hashes_lost(lines, tokens)
    head, above = "", list[str]()
    for at, token in enumerate(tokens):
        following = tokens[at + 1 : at + 3]
        if token.type == "paragraph_open":
            texts = _texts(following[0])
            drawing = list(loose_drawing(lines, following[0], texts, above))
            yield from drawing
            above = [] if drawing else texts
        elif token.type not in {"inline", "paragraph_close"}:
            above = []
        if token.type in {"paragraph_open", "heading_open", "hr"}:
            yield from _flow(lines, token, following)
        elif token.type == "blockquote_open" and token.map is not None:
            yield from _quotation(lines, tokens, at)
        elif token.type == "table_open":
            head = ""
        elif token.type == "tr_open" and token.map is not None:
            line = token.map[0]
            head = head or lines[line]
            if not _is_row(lines[line], head):
                yield Unprinted("TABLE-END", line, lines[line].strip())


def _flow(lines: Sequence[str], token: Token, following: Sequence[Token]) -> Iterator[Unprinted]:
    """What a paragraph, a heading, or a line that is drawn, was meant as."""
    if token.type == "paragraph_open":
        yield from _quoted(lines, following[0])
        yield from _rows(lines, following[0])
    elif token.map is None:
        return
    elif token.type == "heading_open":
        if token.markup in _UNDERLINES:
            yield Unprinted("HEADING-LINE", token.map[0], lines[token.map[0]].strip())
    elif _is_item_drawn(lines, token.map[0]):
        yield Unprinted("SIGN-LOST", token.map[0], lines[token.map[0]].strip(), Taken.LINE)
    elif _has_dashes_apart(lines[token.map[0]]):
        yield Unprinted("TABLE-RULE", token.map[0], lines[token.map[0]].strip())


def _is_item_drawn(lines: Sequence[str], line: int) -> bool:
    """Whether a line that is drawn is rather an item: one longer than its dot, or beside others."""
    sign, *runs = lines[line].strip(" \t>").split()
    beside = (lines[at].strip(" \t>")[:2] for at in (line - 1, line + 1) if 0 <= at < len(lines))
    is_item = any(one[:1] == sign and one[1:].isspace() for one in beside)
    return len(sign) == 1 and (is_item or any(len(run) > 1 for run in runs))


def _has_dashes_apart(line: str) -> bool:
    """Whether a line that is drawn has several dashes beside each other: a table's, unframed."""
    runs = list(takewhile(lambda run: run.strip("-") == "", reversed(line.split())))
    return len(runs) > 1 and min(map(len, runs[:2])) > 1


class _List(NamedTuple):
    """A list with dots: where it begins, its sign, and the text that each item begins with.

    `before` is sign and number of items of the list right above it, if that has another sign.
    """

    line: int
    sign: str
    items: list[Token | None]
    before: tuple[str, int]
    above: Token | None
    """The text on the line right above."""
    belongs: bool
    """Whether that text is the item's that the list belongs to."""
    is_below_number: bool
    """Whether a list with numbers ends right above."""
    heading: str
    """What heads it, an empty line between them or none: 扣分：, below it amounts."""


def _lists(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Unprinted]:
    """Lists whose signs are rather letters: the page has a dot in the place of each."""
    opened: list[_List] = []
    held: list[str] = []
    before = "", 0
    for at, token in enumerate(tokens):
        line = token.map[0] if token.map else 0
        if token.nesting and token.type.rpartition("_")[0] in _HOLDERS:
            held = [*held, token.type.rpartition("_")[0]] if token.nesting > 0 else held[:-1]
        if token.type == "bullet_list_close":
            closed = opened.pop()
            yield from _items(lines, closed)
            before = closed.sign, len(closed.items)
            continue
        if token.type == "bullet_list_open":
            belongs = held[-1:] == ["list_item"] and tokens[at - 1].type == "paragraph_close"
            above = _text_above(tokens, at)
            heading = _heading_above(tokens, at)
            opened.append(
                _List(
                    line=line, sign=token.markup, items=[], before=before, above=above,
                    belongs=belongs, is_below_number=tokens[at - 1].type == "ordered_list_close",
                    heading=heading,
                )
            )  # fmt: skip
        elif token.type == "list_item_open" and not token.info:
            following = tokens[at + 1 : at + 3]
            opened[-1].items.append(following[1] if following[1].type == "inline" else None)
            if following[0].type == "list_item_close":
                yield Unprinted("SIGN-LOST", line, lines[line].strip(), Taken.NOTHING)
        elif token.type == "hr" and tokens[at - 1].type == "list_item_open":
            yield Unprinted("SIGN-LOST", line, lines[line].strip(), Taken.LINE)
        before = "", 0


def _items(lines: Sequence[str], one: _List) -> Iterator[Unprinted]:
    """Items that are values, whose dash or plus a reader misses; a single star is a note's.

    Of values that stand one below the other the first is told, with what helps them all.
    """
    is_single = len(one.items) == 1
    told = False
    was_value = False
    for item in one.items if one.sign in _SIGNS else ():
        is_value = item is not None and (
            _is_value(item.content, is_single=is_single)
            or _is_amount(one, item.content.replace("**", ""))
        )
        if item is not None and is_value and not was_value:
            line = item.map[0] if item.map else 0
            by = Taken.VALUE if is_single else Taken.VALUES
            told = told or item is one.items[0]
            yield Unprinted("SIGN-LOST", line, lines[line].strip(), by)
        was_value = is_value
    taken = None if told else _taken_for(one)
    if taken is not None:
        yield Unprinted("SIGN-LOST", one.line, lines[one.line].strip(), taken)


def _is_value(content: str, *, is_single: bool) -> bool:
    """Whether an item is a value, or may be one below zero; bold or not."""
    text = content.replace("**", "")
    if is_single:
        return is_whole(text) or is_measured(text) or is_signed(text)
    return (is_whole(text) and not is_count(text)) or is_signed(text)


def _is_amount(one: _List, text: str) -> bool:
    """Whether an item may be so much more, or so much less, by its sign and by what heads it.

    A plus before a number is one. So is an amount below a label of what may be less than nothing:
    below any other it is so much of what is there, as below 教材： - 30 本.
    """
    if one.sign == "+" and is_plus(text):
        return True
    return heads_amounts(one.heading) and (is_amount(text) or is_more_or_less(text))


def _taken_for(one: _List) -> Taken | None:
    """What a list as a whole was rather meant as than as one; nothing where it is a list.

    Right below a list with another sign it is rather a value: X axis minus, Y axis plus.
    """
    sign, items = one.before
    is_single = len(one.items) == 1
    if frozenset((sign, one.sign)) == _SIGNS or items == len(one.items) == 1:
        return Taken.CHOICE
    if is_sum(one.above, one.items):
        return Taken.SUM
    above = one.above.content.rstrip() if one.above is not None else ""
    is_list = one.belongs or (one.sign == "-" and above.endswith(_LEADS))
    if one.above is not None and (one.sign == "+" or (is_single and not is_list)):
        return Taken.BELOW_NUMBER if one.is_below_number else Taken.BELOW
    return Taken.STAR if one.sign == "*" and is_single else None


def _heading_above(tokens: Sequence[Token], at: int) -> str:
    """The last line of the paragraph or heading that stands before a list."""
    is_text = at > 1 and tokens[at - 1].type in {"paragraph_close", "heading_close"}
    return tokens[at - 2].content.rpartition("\n")[2].rstrip() if is_text else ""


def _text_above(tokens: Sequence[Token], at: int) -> Token | None:
    """The text on the line above a block, with no empty line between them."""
    begin = tokens[at].map
    before = at - 1
    while before > 0 and tokens[before].type in _ENDS_OF_ITEMS:
        before -= 1
    text = tokens[before - 1] if before > 0 and tokens[before].type == "paragraph_close" else None
    if begin is None or text is None or text.map is None:
        return None
    return text if text.map[1] == begin[0] else None


def _quotation(lines: Sequence[str], tokens: Sequence[Token], at: int) -> Iterator[Unprinted]:
    """A quotation that is rather a sign: without words, joined, in an item, below a text.

    A tab behind the sign is no blank that somebody types for a mark.
    """
    first, last = tokens[at].map or (0, 0)
    taken = None
    if tokens[at + 1].type == "blockquote_close":
        taken = Taken.NOTHING
    elif _has_signs_joined(lines[first]):
        taken = Taken.PROMPT
    elif tokens[at - 1].type == "list_item_open":
        taken = Taken.QUOTED_IN_ITEM
    elif _text_above(tokens, at) is not None:
        taken = Taken.QUOTED_BELOW
    elif _is_compared_alone(lines[first:last], tokens[at + 1 : at + 5]):
        taken = Taken.COMPARED
    if taken is not None:
        yield Unprinted("SIGN-LOST", first, lines[first].strip(), taken)
        return
    for line in range(first, last):
        found = _QUOTED.match(lines[line])
        if found is not None and ">\t" in found[0]:
            yield Unprinted("SIGN-LOST", line, lines[line].strip(), Taken.TABBED)


def _is_compared_alone(lines: Sequence[str], following: Sequence[Token]) -> bool:
    """Whether each line that is quoted has its sign and begins with a word to compare with."""
    if [one.type for one in following[::3]] != ["paragraph_open", "blockquote_close"]:
        return False
    is_marked = all(_QUOTED.fullmatch(line) or ">" in line.split(maxsplit=1)[0] for line in lines)
    return is_marked and all(
        map(is_compared_alone, map(str.strip, following[1].content.split("\n")))
    )


def _quoted(lines: Sequence[str], inline: Token) -> Iterator[Unprinted]:
    """Lines right behind ``>``; behind a blank too where a paragraph begins with a number."""
    first = text_line(lines, inline)
    for line, content in enumerate(inline.content.split("\n"), first):
        before = lines[line].rstrip().removesuffix(content.strip())
        begins = line == first and before.rstrip().endswith(">") and is_compared(content.strip())
        is_joined = before.rstrip("\u3000").endswith(">") and content.strip()
        if is_joined or begins or ">>" in before:
            is_compared_to = begins and not is_joined
            taken = Taken.COMPARED if is_compared_to else Taken.QUOTATION
            taken = Taken.PROMPT if ">>" in before else taken
            yield Unprinted("SIGN-LOST", line, lines[line].strip(), taken)


def _has_signs_joined(line: str) -> bool:
    """Whether a line begins with ``>>``: a prompt's, or what is left of a merge."""
    found = _QUOTED.match(line)
    return found is not None and ">>" in found[0]


def _rows(lines: Sequence[str], inline: Token) -> Iterator[Unprinted]:
    """Where rows of a table without its rule run together: the line of what was meant as one."""
    first, texts = text_line(lines, inline), _texts(inline)
    rules = (at for at, text in enumerate(texts) if _RULE.fullmatch(text) or _GRID.fullmatch(text))
    rows = (
        at
        for at, both in enumerate(pairwise(texts))
        if all(map(_is_framed, both)) or all(map(_is_tabbed, both))
    )
    found = next(rules, next(rows, None))
    if found is None and len(texts) > 1 and all(map(_is_parted, texts)):
        found = 0
    if found is not None:
        yield Unprinted("TABLE-RULE", first + found, inline.content.split("\n")[found].strip())


def _rows_apart(tokens: Sequence[Token]) -> Iterator[Unprinted]:
    """Rows with an empty line around each: the first of several, and one below a table."""
    first = None
    for at, token in enumerate(tokens):
        if token.type != "paragraph_open":
            continue
        inline = tokens[at + 1]
        row = "\n".join(_texts(inline)).strip()
        if _CELLS.fullmatch(row):
            is_below = at > 0 and tokens[at - 1].type == "table_close"
            loss = Unprinted(
                "TABLE-RULE", inline.map[0] if inline.map else 0, inline.content.strip()
            )
            if is_below:
                yield loss
            elif first is not None:
                yield first
            first = first or loss


def _texts(inline: Token) -> list[str]:
    """The lines of a paragraph, each sign that is escaped or code as a null."""
    return "".join(
        "\n" if token.type in BREAKS else token.content if token.type == "text" else "\0"
        for token in inline.children or ()
    ).split("\n")


def _is_framed(text: str) -> bool:
    """Whether a line begins or ends as a row does, and has cells."""
    text = text.strip()
    return text.count("|") > 1 and (text.startswith("|") or text.endswith("|"))


def _is_tabbed(text: str) -> bool:
    """Whether a tab parts cells of a line, and not the number of an item from its text."""
    return _TABBED.search(behind_number(text)) is not None


def _is_parted(text: str) -> bool:
    """Whether a line is cells without a frame, where all lines around it are."""
    return text.count("|") == 1 or _APART.search(text) is not None or _is_framed(text)


def _is_row(line: str, head: str) -> bool:
    """Whether a line right below a table is written as its head is."""
    if _ROW.match(head):
        return _ROW.match(line) is not None
    return "|" in line.replace("\\|", "")
