"""Which stars and tildes are marks, and which are letters of the text.

Markdown's own rule was made for words with blanks between them: in 600*400*25 it takes two signs of
multiplication for marks and prints 60040025, and in ``**注意：**请`` it takes none. Here a mark has
a blank, the end of the line, punctuation or a Chinese letter on its outer side; digits and letters
of other scripts are none of these. What is no mark is printed as it stands. A single star between
letters, as in 长*宽*高, may be meant either way: it is refused. So are backticks that stand where
minutes and apostrophes do, underscores wherever a reader of Markdown takes them for marks, and a
pair of single stars that two notes may have left: only `is_phrase` stands between honest ones.

Equal marks begin and end something in turn: who writes ``**压力：**5 MPa，**温度：**60 ℃`` has
closed the first before the third begins, whatever stands beside them.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple
from unicodedata import category

_LONGEST = {"*": 3, "_": 2, "~": 2}
"""Longer runs are no marks: ``____`` is a blank to be filled in."""
_BOLD = frozenset({"**", "***", "~~"})
_SLASHES = frozenset("/\\|")
"""Beside these, inside, a sign is a blank to be filled in, or a pattern: __/__/__."""
_OPENING = frozenset({"Ps", "Pi"})
_CLOSING = frozenset({"Pe", "Pf"})
_APOSTROPHE: Final = re.compile(r"(?<=[A-Za-z])[’'](?=[A-Za-z])|(?<=s)[’'](?=[ ])")
_CLOSED_FIRST: Final = re.compile(r"[^\"]*\w\"|[^']*\w'[^']*'")
"""A quotation that has begun before: "*必填"和"选填*"."""
_QUOTES: Final = frozenset("\"'")
"""These open and close."""
_TERMS: Final = frozenset("/\\%‰‱′″‴#&@")
"""Punctuation that a value, a path or a comment has: 5%*单价*, /*注释*/."""
_COMPARED: Final = re.compile("[ ]{1,2}[<>=≤≥≈≠＜＞＝]")
_ENDS = frozenset("、，。；：！？,;:!?…")
"""What ends something can't begin it: 型* 、 is a note's star."""
_CHINESE = (range(0x2E80, 0xA000), range(0xAC00, 0xD7B0), range(0x20000, 0x40000))
"""Chinese, Japanese, Korean."""


_CLAUSES: Final = re.compile(r"[、，。；：！？,;:!?…\n]|[.．](?=\s|$)")
"""What ends one clause and begins another: a note's star stands at each end of them."""
_LATIN_WORDS: Final = re.compile(r"[A-Za-zÀ-ɏ'’-]+(?:,?[ ][A-Za-zÀ-ɏ'’-]+)*")
"""Words of Latin text, which have a comma between them within one phrase too."""
_LAST: Final = re.compile(r"[.。:：!！?？]$")
"""*Reason:* is a label: no star of a note stands behind such a sign and before a blank."""
_EDGES: Final = re.compile(r"[0-9]|[A-Za-z](?![A-Za-z])|[\s\S]*(?:[0-9]|(?<![A-Za-z])[A-Za-z])$")
"""A digit, or a Latin letter alone, at one end: M8*, *A, as notes mark them."""
_NAMED_LAST: Final = re.compile(r"[A-Za-z]{3}[A-Za-z '’-]*[ ][A-Z]")
"""Annex A: who begins a note with a word doesn't end it with a letter."""


class SignRun(NamedTuple):
    """Equal signs beside each other: how many, and whether they may begin or end something."""

    length: int
    opens: bool
    closes: bool
    is_clear: bool
    """Whether nobody would take it for a sign of multiplication or for a part of a name."""
    closes_late: bool = False
    """Whether it ends what has begun, though a letter or digit stands right behind it."""
    is_letter: bool = False
    """Whether it can be no mark, whatever its line has besides."""
    is_compared: bool = False
    """Whether what it ends is compared with something: nothing is multiplied by that."""


def roles(runs: Iterable[SignRun]) -> Iterator[tuple[bool, bool]]:
    """Of equal runs of stars or tildes, in order: whether each begins, and whether it ends, a part.

    Nothing of one sort stands in another of it: so where one has begun, the next one ends it.
    """
    is_open = False
    for run in runs:
        opens = not is_open and run.opens
        closes = is_open and (run.closes or run.closes_late)
        is_open = opens or (is_open and not closes)
        yield opens, closes


def run_at(text: str, at: int, end: int) -> SignRun | None:
    """The run that begins at a place of `text`, which goes to `end`; None for other signs."""
    sign = text[at]
    if sign not in _LONGEST:
        return None
    last = at
    while last < end and text[last] == sign:
        last += 1
    length = last - at
    before, after = text[at - 1] if at else " ", text[last] if last < end else " "
    fits = length == _LONGEST[sign] if sign == "~" else length <= _LONGEST[sign]
    bold = sign * length in _BOLD
    opens, closes = (
        fits and _opens(before, after, sign) and (bold or after.isalnum()),
        fits and _closes(before, after, sign) and (bold or before.isalnum() or after.isspace()),
    )
    if bold:
        is_clear, late = not _is_power(before, after), _closes_late(before, after, sign)
        return SignRun(length, opens, closes, is_clear, closes_late=late)
    is_alike = (before.isspace() and after.isspace()) or (before.isalnum() and after.isalnum())
    is_letter = not (opens or closes) and (sign != "*" or is_alike)
    beyond = text[at - 2] if at > 1 else " ", text[last + 1] if last + 1 < end else " "
    is_clear = (opens and _parts_before(before, beyond[0])) or (
        closes and _parts_behind(after, beyond[1])
    )
    is_compared = _COMPARED.match(text, last, end) is not None
    return SignRun(length, opens, closes, is_clear, is_letter=is_letter, is_compared=is_compared)


def is_phrase(inside: str) -> bool:
    """Whether what stands between two single stars is one phrase, and no two notes begin there.

    ``*必填 姓名*：`` is a field that has to be filled in beside another, ``*1：见P*`` a note and a
    mark for one, ``带 *A 和 B* 的`` two types.
    """
    inside = _LAST.sub("", inside)
    is_latin = _LATIN_WORDS.fullmatch(inside) is not None
    if (_CLAUSES.search(inside) and not is_latin) or not is_balanced(inside):
        return False
    if _NAMED_LAST.fullmatch(inside):
        return True
    is_parted = any(map(str.isspace, inside)) and any(map(_is_unspaced, inside))
    return not is_parted and _EDGES.match(inside) is None


def is_code(text: str, begin: int, end: int, marks: int) -> bool:
    """Whether so many backticks from `begin` and before `end` of `text` are clearly marks.

    Who has no other key for it types them for a minute of angle, an apostrophe, a quotation mark:
    30°15`, the operator`s, `OK'. Code begins behind no letter and ends before none, and has no
    blank on its inner sides, but for those that part it from a backtick of its own.
    """
    before, after = text[begin - 1] if begin else " ", text[end] if end < len(text) else " "
    if not (_is_outside(before, "`") and _is_outside(after, "`")):
        return False
    code = text[begin + marks : end - marks]
    if code.startswith(" `") or code.endswith("` "):
        return True
    # `甲'和`乙': the second backtick begins a quotation, so it stands right before a letter.
    quotes = code.replace("’", "'").count("'" * marks)
    return code == code.strip() != "" and not (quotes % 2 and after.isalnum())


def _is_power(before: str, after: str) -> bool:
    """Whether two stars stand between a bracket and a digit: (10)**2, 3**(4)."""
    return (category(before) == "Pe" and after.isdigit()) or (
        before.isdigit() and category(after) == "Ps"
    )


def _opens(before: str, after: str, sign: str) -> bool:
    return (
        not after.isspace()
        and after not in _SLASHES
        and _is_outside(before, sign)
        and after not in _ENDS
        and category(after) not in _CLOSING
    )


def _closes(before: str, after: str, sign: str) -> bool:
    return (
        not before.isspace()
        and before not in _SLASHES
        and _is_outside(after, sign)
        and category(before) not in _OPENING
        and (sign != "_" or before.isalnum())
    )


def _closes_late(before: str, after: str, sign: str) -> bool:
    """Whether a pair stands behind punctuation and right before a letter or digit: **压力：**5 MPa.

    Tildes between a value and a digit may be a range: 5%~~10%.
    """
    kind = category(before)
    is_value = kind == "Pe" or kind[0] == "S" or before in "%‰"
    return (
        kind[0] in "PS"
        and kind not in _OPENING
        and before not in _SLASHES
        and after.isalnum()
        and not (sign == "~" and is_value)
    )


def _is_outside(char: str, sign: str) -> bool:
    """Whether what stands there parts a mark from what is around it.

    Chinese letters do so for stars and tildes; to underscores they are what a form has around a
    blank, as in 姓名__日期__.
    """
    if char.isspace() or category(char)[0] in "PSZ":
        return True
    return sign != "_" and _is_unspaced(char)


def _parts_before(char: str, beyond: str) -> bool:
    """Whether what stands before a single star clearly parts it from a sign of multiplication.

    That has what it multiplies before it: a letter, a closing bracket or quotation mark. `beyond`
    stands before `char`. A point before a star is that of a pattern: log.*备份*.
    """
    if char in _QUOTES:
        return not beyond.isalnum()
    return _parts(char) and category(char) not in _CLOSING and char != "."


def _parts_behind(char: str, beyond: str) -> bool:
    """Whether what stands behind a single star does so: no opening bracket, no *备份*.txt."""
    if char in _QUOTES or char == ".":
        return not beyond.isalnum()
    return _parts(char) and category(char) not in _OPENING


def _parts(char: str) -> bool:
    """Whether this parts one word from another: a blank, punctuation, a mark."""
    is_punctuation = category(char)[0] == "P" and char not in _TERMS
    return char.isspace() or is_punctuation or char in _LONGEST


def is_balanced(inside: str) -> bool:
    """Whether all brackets and quotation marks of a phrase are closed in it: no *必填）姓名*."""
    inside = _APOSTROPHE.sub("", inside)
    depth = 0
    for kind in map(category, inside):
        depth += (kind in _OPENING) - (kind in _CLOSING)
        if depth < 0:
            return False
    return depth == 0 and inside.count('"') % 2 == 0 and not _CLOSED_FIRST.match(inside)


def _is_unspaced(char: str) -> bool:
    """Whether a letter is of a script without blanks between words."""
    return any(ord(char) in run for run in _CHINESE)
