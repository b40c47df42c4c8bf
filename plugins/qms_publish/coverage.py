"""Tells where in a text a character stands that can't be printed."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from qms.api import Finding, Glyphs, Place, unprintable
from qms_publish.alike import misread_letters

NO_GLYPHS: Final[Glyphs] = MappingProxyType({})


def missing_letters(text: str, place: Place, glyphs: Glyphs) -> Iterator[Finding]:
    """LETTER-MISSING for each character of `text` that can't be printed, where it first stands.

    `glyphs` are those that the company draws itself. The text is gone through once: it may hold a
    hundred thousand of them.
    """
    lacking, line = set(unprintable(text, glyphs)), place.line
    for char in text if lacking else "":
        if char in lacking:
            lacking.remove(char)
            values = {"found": char, "number": f"U+{ord(char):04X}"}
            yield Finding("LETTER-MISSING", place._replace(line=line), values)
        line += place.line > 0 and char == "\n"


def missing_in_fields(fields: Mapping[str, str], path: str, glyphs: Glyphs) -> Iterator[Finding]:
    """The same of fields of the file at `path`, by their names; and what is read otherwise."""
    for field, text in fields.items():
        place = Place(path=path, field=field)
        yield from missing_letters(text, place, glyphs)
        yield from misread_letters(text, place)
