"""Cuts the fonts of a finished PDF down to the letters that it shows.

WeasyPrint leaves a place for each of a font's 65,000 glyphs, so that a letter keeps its number; of
a Chinese font that is 80 kB of empty places in every file. These fonts need none: a glyph's number
in the whole font is its CID, a CFF font keeps the CID of each glyph that it holds, and a PDF finds
letters by CID. So only the outlines used stay, as a bare CFF table.

Each cut font also gets a name from its bytes. WeasyPrint names it by the family, and a printer
that keeps fonts from one job for the next would set another document's letters.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol, cast

from qms.api import FontFace

_OPENTYPE: Final = "/OpenType"


class UsedFont(Protocol):
    """A font of the page: its name in the PDF, and the text of each of its glyphs that is used."""

    name: bytes
    to_unicode: Mapping[int, str]


class _FontStream(Protocol):
    """The stream of a PDF that holds a font."""

    stream: list[bytes]
    extra: dict[str, object]


def cut_fonts(fonts: Iterable[UsedFont], objects: Sequence[object]) -> None:
    """Cut the OpenType fonts among `objects` to the glyphs that `fonts` use, in place.

    One that can't be cut stays as it is: it is larger, and has the same letters.
    """
    used: dict[bytes, set[int]] = {}
    for font in fonts:
        used.setdefault(font.name, set()).update(font.to_unicode)
    parts = [cast("dict[str, object]", one) for one in objects if isinstance(one, dict)]
    holders: dict[int, list[bytes]] = {}
    for part in parts:
        file, name = part.get("FontFile3"), part.get("FontName")
        if isinstance(file, bytes) and isinstance(name, bytes):
            holders.setdefault(int(file.split()[0]), []).append(name)
    names: dict[object, bytes] = {}
    for number, held in holders.items():
        file = cast("_FontStream", objects[number])
        if file.extra.get("Subtype") == _OPENTYPE:
            glyphs = {glyph for name in held for glyph in used[name]}
            try:
                cff = FontFace.of(b"".join(file.stream)).with_glyphs(glyphs).outlines()
            except ValueError:  # of more than 40,000 letters HarfBuzz 15 makes none: all stay in
                continue
            file.stream, file.extra["Subtype"] = [cff], "/CIDFontType0C"
            names |= {name: _named(name, cff) for name in held}
    for part in parts:
        for key in ("FontName", "BaseFont"):
            name = part.get(key)
            if name in names:
                part[key] = names[name]


def _named(name: bytes, cff: bytes) -> bytes:
    """``/ABCDEF+Family`` with six letters that stand for the font's bytes."""
    digest = hashlib.sha256(cff).digest()
    return b"/" + bytes(65 + byte % 26 for byte in digest[:6]) + b"+" + name.partition(b"+")[2]
