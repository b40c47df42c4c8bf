"""Tells where in a text a character stands that can't be printed."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from qms.api import Finding, Glyphs, Place, unprintable
from qms_publish.alike import misread_letters

NO_GLYPHS: Final[Glyphs] = MappingProxyType({})


def missing_letters(text: str, place: Place, glyphs: Glyphs) -> Iterator[Finding]:
    """LETTER-MISSING for each character of `text` that can't be printed, where it first stands.

    `glyphs` are those that the company draws itself.
    """
    for at, char in sorted((text.index(char), char) for char in unprintable(text, glyphs)):
        values = {"found": char, "number": f"U+{ord(char):04X}"}
        line = place.line + text.count("\n", 0, at) if place.line else 0
        yield Finding("LETTER-MISSING", place._replace(line=line), values)


def missing_in_fields(fields: Mapping[str, str], path: str, glyphs: Glyphs) -> Iterator[Finding]:
    """The same of fields of the file at `path`, by their names; and what is read otherwise."""
    for field, text in fields.items():
        place = Place(path=path, field=field)
        yield from missing_letters(text, place, glyphs)
        yield from misread_letters(text, place)
