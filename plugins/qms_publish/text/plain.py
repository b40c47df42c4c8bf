"""Tells in microseconds that a text has nothing in it that could not be printed.

`qms check` asks for every text that changed; a parser costs it 50 ms, the list of our fonts'
characters 5 ms. A text in ordinary characters without HTML, links and pictures needs neither.
"""

import re
from itertools import pairwise

from qms.api import ORDINARY_LETTERS
from qms_publish.text.signs import SIGNED
from qms_publish.text.unbroken import MAX_UNBROKEN, longest

MOST_LINES = 1_000
MOST_PIPES = 24
MOST_MARKS = 2_000
_MARKS = ("*", "_", "`", "~", "\\", "  \n")
_NEEDS_A_LOOK = re.compile(
    r"[<\[&*_~^\\`]|#[^# \n]|\+[-=:]{2}|[>*+-][ \t]+\d+[.)](?=\s|$)|\S[ ]*\t|--[ ]+--"
    r"|(?<=[^\n]\n)[ \t>]*(?:=+|-+)[ \t]*$|>[^ \n>]|>>|^[ \t>*+\-\d.)]{0,40}?#(?:[^\S\n]|#)*$"
    r"|^[ \t>*+\-\d.)]{0,40}?(?:\+(?=\s|$)|[-+>][^\S\n]*$)"
    r"|^[ >*+\-\d.)]{0,40}?(?:[ ]{4}|\t)"
    r"|(?<=[^\n]\n)[ \t>]*+\+[ \t]|^(?![ \t]*+>)[ \t]*+[^ \t\n][^\n]*+\n[ \t]*+>"
    r"|^(?![ \t>]*+-[ \t])[ \t>]*+[^ \t\n>][^\n]*+\n[ \t>]*+-[ \t]"
    r"|^[ \t>]*+(?:-|\d++[.)])[ \t]++-[ \t-]*+$"
    r"|^[ \t>]*+(?:[-+]|\d++[.)])[ \t]++(?:[-+]|\d++[.)])(?=\s|$)"
    r"|[ \t]#++[ \t]*+$|^[ >*+\-\d.)]{1,14}#|^#[ \u3000]++\d|^(?![ ]{0,3}#)[^\n]++\n#"
    r"|[=＝][^\n]*+\n[ \t>]*+-[ \t]|(?<=[^\n]\n)[ \t>\u3000]*+[=＝]|^[ \t>]++-[ \t][^\n=＝]*+[=＝]"
    r"|^(?=[^\n]*?(?:\S[ ]+[-+−×*/÷＋－][ ]|×))[^\n]*+\n[ \t>]*+-[ \t]"
    r"|^[ \t>*+\-\d.)]{0,14}[-.)][ \t]++>|>[ \t]++>|\u3000[^\S\n]*+$"
    rf"|[^{ORDINARY_LETTERS}]",
    re.MULTILINE,
)
"""What may begin HTML, a link or a picture, and characters that have to be looked up;
marks, and what is taken for one."""
_NUMBERED = re.compile(r"^[ \t]*(\d+)[.)](?=\s|$)", re.MULTILINE)
_TABLE = re.compile(
    r"(?:\A|\n\n)((?:\|[^|\n]+)+\|)\n((?:\|[ ]*-+[ ]*)+\|)((?:\n(?:\|[^|\n]+)+\|)*)(?=\n\n|\n?\Z)"
)
"""A table as everybody writes it, with empty lines around it and something in each cell."""
_DEEP = re.compile(r"^[ \t>*+\-\d.)]{14}", re.MULTILINE)
_WIDE = re.compile(rf"^(?:[^|\n]*\|){{{MOST_PIPES}}}", re.MULTILINE)


def is_plain(text: str) -> bool:
    """Whether nothing can be wrong with `text`; False where only a parser or the list can tell."""
    return (
        text.count("\n") < MOST_LINES
        and not _NEEDS_A_LOOK.search(text)
        and not _DEEP.search(text)
        and not SIGNED.search(text)
        and not _WIDE.search(text)
        and "|" not in _TABLE.sub(_without, text)
        and _counts_on(_NUMBERED.findall(text))
        and longest(text) <= MAX_UNBROKEN
        and sum(map(text.count, _MARKS)) <= MOST_MARKS
    )


def _without(table: re.Match[str]) -> str:
    """Nothing in the place of a table whose rows have as many cells as its head."""
    rows = table[0].strip("\n").split("\n")
    return "" if len({row.count("|") for row in rows}) == 1 else "|"


def _counts_on(numbers: list[str]) -> bool:
    """Whether no number of a list is that of the item before it."""
    return all(one != other for one, other in pairwise(numbers))
