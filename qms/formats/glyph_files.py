"""Letters that no font holds, as the company draws them: a file each, bound by its policy.

The names of people have letters that stand in no font of ours. Such a letter is a small drawing,
``glyphs/U+2B7A9.svg``, on a square of 1000 units: any browser shows it, and what is signed is one
outline and nothing that could be drawn in two ways (DC-18).
"""

import re
import sys
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
_OUTLINE: Final = re.compile(rb"M[MLHVCQZ0-9 ,.\-]*Z")


def glyph_path(char: str) -> str:
    """Where the drawing of a letter lies."""
    return f"{FOLDER}/U+{ord(char):04X}.svg"


def glyph_of(path: str) -> str | None:
    """The letter whose drawing lies at a path; None where no letter's does."""
    named = _NAME.fullmatch(path)
    char = chr(int(named[1], 16)) if named and int(named[1], 16) <= sys.maxunicode else ""
    return char if char.isalpha() and glyph_path(char) == path else None


def outline_of(data: bytes) -> str | None:
    """The outline that the file of a drawing holds; None where it is no such file."""
    outline = data.removeprefix(_BEFORE).removesuffix(_BEHIND)
    is_one = len(outline) <= _LONGEST and _OUTLINE.fullmatch(outline) is not None
    return outline.decode() if is_one and glyph_file(outline.decode()) == data else None


def glyph_file(outline: str) -> bytes:
    """The file that holds an outline."""
    return _BEFORE + outline.encode() + _BEHIND
