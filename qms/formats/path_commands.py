"""Paths of drawings, read to the letter of their grammar: the one reader of them.

A browser draws a path up to its first fault, another program guesses on, and each of them draws
something. So a path with a fault is none here, be it of a picture or of a company's own letter.
Digits and blanks are those of ASCII: to Python ０ is a number too.
"""

import re
from collections.abc import Iterator
from typing import Final

_NUMBER: Final = r"[-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
"""What ends with its point is none: to a browser "0." was nothing said."""
_BLANK: Final = r"[ \t\r\n\f]*+"
_BETWEEN: Final = rf"{_BLANK},?+{_BLANK}"
_ONE: Final = rf"(?>{_NUMBER})"
_LETTERS: Final = "MmZzLlHhVvCcSsQqTtAa"
_COMMAND: Final = re.compile(rf"([{_LETTERS}])([^{_LETTERS}]*+)")
_NUMBERS: Final = re.compile(rf"{_BLANK}{_ONE}(?:{_BETWEEN}{_ONE})*+{_BLANK}")
_ARC: Final = (
    rf"({_ONE}){_BETWEEN}({_ONE}){_BETWEEN}({_ONE}){_BETWEEN}([01]){_BETWEEN}([01])"
    rf"{_BETWEEN}({_ONE}){_BETWEEN}({_ONE})"
)
"""Behind its flags a comma or blank may be left out, as may both between them: 01 are two."""
_ARCS: Final = re.compile(rf"{_BLANK}{_ARC}(?:{_BETWEEN}{_ARC})*+{_BLANK}")
_EACH_ARC: Final = re.compile(_ARC)
_EACH: Final = re.compile(_NUMBER)
_TAKES: Final = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2}
"""So many numbers a command takes each time."""

Command = tuple[str, list[float]]
"""A letter, and the numbers that it takes once."""


def path_commands(text: str) -> Iterator[Command]:
    """Each command of a path as often as it is drawn; what goes on behind an M is an L.

    Raises ValueError for what is no path to its end: when its fault is come upon, so that whoever
    wants to know takes all of them first.
    """
    at = len(text) - len(text.lstrip(" \t\r\n\f"))
    is_first = True
    for found in _COMMAND.finditer(text):
        if found.start() != at or (is_first and found[1] not in "Mm"):
            raise ValueError(text)
        yield from _each(found[1], found[2])
        at, is_first = found.end(), False
    if at != len(text):
        raise ValueError(text)


def is_path(text: str) -> bool:
    """Whether all of a text is a path; an empty one is."""
    try:
        return all(True for _ in path_commands(text))
    except ValueError:
        return False


def _each(letter: str, told: str) -> Iterator[Command]:
    kind = letter.lower()
    if kind == "z":
        if told.strip(" \t\r\n\f"):
            raise ValueError(told)
        yield letter, []
        return
    if kind == "a":
        if _ARCS.fullmatch(told) is None:
            raise ValueError(told)
        for arc in _EACH_ARC.finditer(told):
            yield letter, [float(one) for one in arc.groups()]
        return
    if _NUMBERS.fullmatch(told) is None:
        raise ValueError(told)
    numbers = [float(one) for one in _EACH.findall(told)]
    takes = _TAKES[kind]
    if len(numbers) % takes:
        raise ValueError(told)
    for at in range(0, len(numbers), takes):
        goes_on = at and kind == "m"
        yield ("lL"[letter == "M"] if goes_on else letter), numbers[at : at + takes]
