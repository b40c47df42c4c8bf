"""Letters that no font holds, as the company draws them: a file each, bound by its policy.

The names of people have letters that stand in no font of ours. Such a letter is a small drawing,
``glyphs/U+2B7A9.svg``, on a square of 1000 units: any browser shows it, and what is signed is one
outline and nothing that could be drawn in two ways (DC-18).
"""

import re
import sys
import unicodedata
from collections.abc import Mapping
from typing import Final

Glyphs = Mapping[str, str]
"""Outlines by the letter that they draw, as the ``d`` of a path in SVG."""

FOLDER: Final = "glyphs"
MOST: Final = 200
"""So many a company may draw: a firm of ten thousand people has a dozen."""
_LONGEST: Final = 30_000
_NAME: Final = re.compile(rf"{FOLDER}/U\+([0-9A-F]{{4,6}})\.svg")
_BEFORE: Final = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000"><path d="'
_BEHIND: Final = b'"/></svg>\n'
_TURNING: Final = frozenset(("R", "AL", "AN"))
_OUTLINE: Final = re.compile(rb"M[MLHVCQZ0-9 ,\-]*Z")
"""In whole units: a font has no others, and what is smaller would be rounded away."""


def glyph_path(char: str) -> str:
    """Where the drawing of a letter lies."""
    return f"{FOLDER}/U+{ord(char):04X}.svg"


def glyph_of(path: str) -> str | None:
    """The letter whose drawing lies at a path; None where no letter's does."""
    named = _NAME.fullmatch(path)
    char = chr(int(named[1], 16)) if named and int(named[1], 16) <= sys.maxunicode else ""
    return char if char.isalpha() and glyph_path(char) == path else None


def shaping_of(char: str) -> str:
    """Why a letter can't be drawn by itself, in one word: ``direction``, ``parts``; else nothing.

    What is written from right to left turns the order of the numbers beside it, and what is made of
    other letters is set as these: the page would say something else than the text.
    """
    if unicodedata.bidirectional(char) in _TURNING:
        return "direction"
    return "parts" if unicodedata.normalize("NFKD", char) != char else ""


def outline_of(data: bytes) -> str | None:
    """The outline that the file of a drawing holds; None where it is no such file."""
    outline = data.removeprefix(_BEFORE).removesuffix(_BEHIND)
    if len(outline) > _LONGEST or _OUTLINE.fullmatch(outline) is None:
        return None
    from qms.formats.path_commands import is_path  # noqa: PLC0415 - hardly anybody has a drawing

    told = outline.decode()
    return told if is_path(told) and glyph_file(told) == data else None


def glyph_file(outline: str) -> bytes:
    """The file that holds an outline."""
    return _BEFORE + outline.encode() + _BEHIND
