"""What stands on one line: words with hyphens, LX-CX-2019-01, and numbers with their units, 15 K.

A renderer ends a line behind each hyphen, and most readers of a PDF take one there for that of a
word that was parted, and drop it: LX-CX-2019-01 is then found, copied and read out as another
number. In cells they may be parted still, since they would stand out of a narrow one, and numbers
from their units. What is raised or lowered is kept at its word too, in cells where both are short.
"""

import re
from collections.abc import Iterator, Sequence
from copy import copy
from itertools import groupby, takewhile
from typing import Final, NamedTuple

from qms_publish.text.raised import letters_of, raised_places
from qms_publish.text.signs import MEASURED
from qms_publish.text.tokens import Token

_LETTERS: Final = r"A-Za-z0-9\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff./_#+×:°@"
_WORD: Final = re.compile(
    rf"(?<![{_LETTERS}-])(?=[{_LETTERS}-]{{4,32}}(?![{_LETTERS}-]))"
    rf"[{_LETTERS}]+(?:-[{_LETTERS}]+)+"
)
"""As long as fits beside the deepest list; a longer one may have to be parted."""
_OF_CODE: Final = re.compile(r"(?<!\S)(?=[!-~]{0,31}-)[!-~]{4,32}(?!\S)")
"""In code anything that a blank ends: --timeout, a-b/c."""
_CELLS: Final = frozenset({"td_open", "th_open"})
_MOST: Final = 2_000
"""So many are kept in one text: each part of a line costs the renderer time."""


def keep_words(tokens: Sequence[Token]) -> None:
    """Mark in all paragraphs of a text that is set the words which no line ends in."""
    left = _MOST
    before = ""
    for token in tokens:
        if token.children:
            words = _words(token.children, in_cell=before in _CELLS)
            if 0 < len(words) <= left:
                left -= len(words)
                token.children = list(_nested(_marked(list(_parts(token.children, words)))))
        before = token.type


def _words(children: Sequence[Token], *, in_cell: bool) -> list[tuple[int, int]]:
    """Where in the letters of a paragraph each word begins and ends, in their order."""
    found = list(raised_places(children, in_cell=in_cell))
    if not in_cell:
        found += _on_one_line(children)
    answer: list[tuple[int, int]] = []
    for first, end in sorted(found):
        if answer and first < answer[-1][1]:  # code, and what goes on behind it
            answer[-1] = answer[-1][0], max(end, answer[-1][1])
        else:
            answer.append((first, end))
    return answer


def _on_one_line(children: Sequence[Token]) -> Iterator[tuple[int, int]]:
    letters = "".join(map(letters_of, children))
    yield from (one.span() for one in MEASURED.finditer(letters))
    if "-" not in letters:
        return
    yield from (one.span() for one in _WORD.finditer(letters))
    begin = 0
    for token in children:
        if token.type == "code_inline":
            for one in _OF_CODE.finditer(token.content):
                yield begin + one.start(), begin + one.end()
        begin += len(letters_of(token))


class _Part(NamedTuple):
    """What stands between two marks or edges of words: its token, what it is in, its word."""

    token: Token
    marks: tuple[Token, ...]
    word: int | None


def _parts(children: Sequence[Token], words: Sequence[tuple[int, int]]) -> Iterator[_Part]:
    """The parts of a paragraph; of code that has a word in it the code itself is a mark."""
    at, number = 0, 0
    marks: list[Token] = []
    for token in children:
        if token.nesting:
            marks = [*marks, token] if token.nesting > 0 else marks[:-1]
            continue
        begin, at = at, at + len(letters_of(token))
        while number < len(words) and words[number][1] <= begin:
            number += 1
        if number == len(words) or words[number][0] >= at:
            yield _Part(token, tuple(marks), None)
            continue
        within = (*marks, _opening("code", token)) if token.type == "code_inline" else (*marks,)
        while begin < at:
            first, end = words[number] if number < len(words) else (at, at)
            is_word = first <= begin
            until = min(end if is_word else first, at)
            text = token.content[begin - at : until - at or None]
            part = Token("text", "", 0, content=text, meta=token.meta)
            yield _Part(part, within, number if is_word else None)
            begin = until
            number += is_word and until == end


def _opening(tag: str, like: Token) -> Token:
    return Token(f"{tag}_open", tag, 1, markup=like.markup)


def _marked(parts: Sequence[_Part]) -> Iterator[_Part]:
    """The parts with a mark for each word: within the marks that all of it has, around a link.

    A renderer makes a second link, untagged, of each part in one.
    """
    for word, run in groupby(parts, lambda part: part.word):
        same = list(run)
        if word is None:
            yield from same
            continue
        mark = Token("word_open", "span", 1, attrs={"class": "word"})
        levels = zip(*(part.marks for part in same), strict=False)
        common = list(takewhile(lambda level: len(set(map(id, level))) == 1, levels))
        place = len(list(takewhile(lambda level: level[0].type != "link_open", common)))
        for part in same:
            yield part._replace(marks=(*part.marks[:place], mark, *part.marks[place:]))


def _nested(parts: Iterator[_Part]) -> Iterator[Token]:
    """The tokens of parts: what ends within a mark has that closed before and opened behind it."""
    opened: list[Token] = []
    for token, marks, _ in parts:
        both = zip(opened, marks, strict=False)
        same = sum(1 for _ in takewhile(lambda two: two[0] is two[1], both))
        yield from map(_closing, reversed(opened[same:]))
        yield from map(_again, marks[same:])
        opened[same:] = marks[same:]
        yield token
    yield from map(_closing, reversed(opened))


def _again(opening: Token) -> Token:
    token = copy(opening)
    token.attrs = dict(opening.attrs)
    return token


def _closing(opening: Token) -> Token:
    return Token(opening.type.replace("_open", "_close"), opening.tag, -1, markup=opening.markup)
