# pyright: basic, reportAttributeAccessIssue=false
# uharfbuzz brings no types: what it gives is narrowed here and goes no further.
"""The letters of a font: found, measured and cut out by HarfBuzz, in milliseconds.

The fonts that are printed in address their glyphs by CID, and keep the CID of each glyph that they
hold however they are cut. So text may be written before its font is cut, and the font cut again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import uharfbuzz  # type: ignore[import-untyped]

_LAYOUT = (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"VORG")


@dataclass(frozen=True, slots=True)
class FontFace:
    """One face of a font file. Use `of` or `named`."""

    _face: Any
    _font: Any

    @classmethod
    def of(cls, font: bytes) -> Self:
        """The only face of a font, or the first of its collection."""
        return cls._opened(uharfbuzz.Face(font))

    @classmethod
    def named(cls, path: Path, name: str) -> Self | None:
        """The face of this PostScript name in a file or collection, or None."""
        file = uharfbuzz.Blob.from_file_path(path)
        first = uharfbuzz.Face(file)
        for face in (first, *(uharfbuzz.Face(file, index) for index in range(1, first.count))):
            if face.get_name(uharfbuzz.OTNameIdPredefined.POSTSCRIPT_NAME) == name:
                return cls._opened(face)
        return None

    @classmethod
    def _opened(cls, face: Any) -> Self:
        return cls(face, uharfbuzz.Font(face))

    def glyph(self, char: str) -> tuple[int, int] | None:
        """The number of a letter's glyph, in a whole font its CID, and its advance; or None."""
        found = self._font.get_nominal_glyph(ord(char))
        return None if found is None else (found, self._font.get_glyph_h_advance(found))

    def with_letters(self, letters: Iterable[str]) -> Self:
        """The face cut to these letters, for text whose layout is done by hand.

        Layout tables are dropped: they would draw in upright and traditional twins. Subroutines
        are written out, so that the bytes don't depend on what was cut before.
        """
        wanted = uharfbuzz.SubsetInput()
        wanted.unicode_set.update(map(ord, letters))
        wanted.drop_table_tag_set.update(int.from_bytes(tag) for tag in _LAYOUT)
        wanted.flags = uharfbuzz.SubsetFlags.DESUBROUTINIZE
        return self._opened(wanted.subset(self._face))

    def with_glyphs(self, glyphs: Iterable[int]) -> Self:
        """The face cut to the glyphs of these numbers, without hints.

        The picture of a missing letter stays as it was. Raises ValueError for a font that can't
        be cut.
        """
        flags = uharfbuzz.SubsetFlags
        wanted = uharfbuzz.SubsetInput()
        wanted.glyph_set.update(glyphs)
        wanted.flags = flags.NO_HINTING | flags.DESUBROUTINIZE | flags.NOTDEF_OUTLINE
        try:
            return self._opened(wanted.subset(self._face))
        except RuntimeError as error:
            raise ValueError("a font that can't be cut") from error

    def outlines(self) -> bytes:
        """Its CFF table: all that a PDF needs."""
        return bytes(self._face.reference_table("CFF ").data)
