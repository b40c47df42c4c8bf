"""Tells where in a text a character stands that can't be printed, and what is printed instead.

An accent of its own is told with its letter: alone nobody sees what it belongs to.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final
from unicodedata import category, decomposition, normalize

from qms.api import Finding, Glyphs, Place, unprintable
from qms_publish.lettering.alike import misread_letters

NO_GLYPHS: Final[Glyphs] = MappingProxyType({})

_ACCENTS: Final = frozenset({"Mn", "Me"})
_VARIANTS: Final = range(0xE0100, 0xE01F0)
_OF_ONE_FONT: Final = "Co"
"""Characters to which each font gives another picture: Word's ticks and boxes of Wingdings."""
_ALIKE: Final = {
    "\u2a7d": "≤", "\u2a7e": "≥", "\u2705": "✓", "\u274c": "✗", "\u274e": "☒", "\u2b1c": "□",
    "\u2b1b": "■",
}  # fmt: skip
"""What has a picture, for signs that a program puts in its place."""
_MARKS: Final = {"<super>": "^", "<sub>": "~"}
_SHAPED: Final = re.compile("[0-9A-Za-z\u0370-\u03ff]")
"""What a text raises and lowers by marks; other letters that Unicode has raised are phonetic."""


def missing_letters(text: str, place: Place, glyphs: Glyphs) -> Iterator[Finding]:
    """A finding for each letter of `text` that can't be printed, where it first stands.

    LETTER-OTHER where another sign is the same to readers, LETTER-RAISED where marks around a
    letter are (ᵃ is ^a^), LETTER-ACCENT, LETTER-VARIANT for what asks for another picture of the
    letter before it, LETTER-SYMBOL for what is known in one font alone, else LETTER-MISSING.
    `glyphs` are those that the company draws itself.
    """
    line, last = place.line, 0
    for at, found in lacking(text, glyphs):
        values = {"found": found, "number": " ".join(f"U+{ord(one):04X}" for one in found)}
        line, last = line + (place.line > 0) * text.count("\n", last, at), at
        like = _printable(found, glyphs)
        if _is_variant(found[-1]):
            values["like"] = found[:-1]
        elif like:
            values["like"] = like
        elif raised := _raised(found):
            values["like"], values["plain"] = raised, raised[1]
        yield Finding(_code(found, like), place._replace(line=line), values)


def lacking(text: str, glyphs: Glyphs) -> Iterator[tuple[int, str]]:
    """Where each letter first stands that can't be printed; an accent together with its letter."""
    signs = frozenset(unprintable(text, glyphs))
    told: set[str] = set()
    for at, sign in enumerate(text) if signs else ():
        if sign in signs:
            found = _with_its_letter(text, at) if category(sign) in _ACCENTS else sign
            if found not in told:
                told.add(found)
                yield at, found


def _with_its_letter(text: str, at: int) -> str:
    before = text[at - 1] if at else ""
    return before + text[at] if before and category(before)[0] in "LN" else text[at]


def _is_variant(sign: str) -> bool:
    """Whether it is one that nobody sees, and asks for another picture of what stands before it."""
    return ord(sign) in _VARIANTS


def _printable(found: str, glyphs: Glyphs) -> str:
    """What may stand for a letter: of the same look and meaning, and printed; nothing if none."""
    like = _ALIKE.get(found) or normalize("NFC", found)
    if like == found and decomposition(found[0]).startswith("<font>"):
        like = normalize("NFKC", found)
    return "" if like == found or unprintable(like, glyphs) else like


def _raised(found: str) -> str:
    """How a text raises or lowers what Unicode has so as a letter of its own; nothing if none."""
    form, _, number = decomposition(found[0]).partition(" ")
    plain = chr(int(number, 16)) if form in _MARKS and " " not in number else ""
    return f"{_MARKS[form]}{plain}{_MARKS[form]}" if _SHAPED.fullmatch(plain) else ""


def _code(found: str, like: str) -> str:
    if _is_variant(found[-1]):
        return "LETTER-VARIANT"
    if like:
        return "LETTER-OTHER"
    if _raised(found):
        return "LETTER-RAISED"
    if category(found[-1]) in _ACCENTS:
        return "LETTER-ACCENT"
    return "LETTER-SYMBOL" if category(found) == _OF_ONE_FONT else "LETTER-MISSING"


def missing_in_fields(fields: Mapping[str, str], path: str, glyphs: Glyphs) -> Iterator[Finding]:
    """The same of fields of the file at `path`, by their names; and what is read otherwise."""
    for field, text in fields.items():
        place = Place(path=path, field=field)
        yield from missing_letters(text, place, glyphs)
        yield from misread_letters(text, place)
