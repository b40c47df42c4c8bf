"""Cuts the fonts of a finished PDF down to the letters that it shows.

WeasyPrint leaves a place for each of a font's 65,000 glyphs, so that a letter keeps its number; of
a Chinese font that is 80 kB of empty places in every file. These fonts need none: a glyph's number
in the whole font is its CID, a CFF font keeps the CID of each glyph that it holds, and a PDF finds
letters by CID. So only the outlines used stay, as a bare CFF table.

Each cut font also gets a name from its bytes. WeasyPrint names it by the family, and a printer
that keeps fonts from one job for the next would set another document's letters.
"""

import ctypes
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, Protocol, cast

_CFF: Final = int.from_bytes(b"CFF ", "big")
_OPENTYPE: Final = "/OpenType"
_FLAGS: Final = 0x01 | 0x04 | 0x40
"""No hinting, no subroutines, and the picture of a missing glyph as it was."""


class UsedFont(Protocol):
    """A font of the page: its name in the PDF, and the text of each of its glyphs that is used."""

    name: bytes
    to_unicode: Mapping[int, str]


class FontFile(Protocol):
    """The stream of a PDF that holds a font."""

    stream: list[bytes]
    extra: dict[str, object]


def cut_fonts(fonts: Iterable[UsedFont], objects: Sequence[object]) -> None:
    """Cut the OpenType fonts among `objects` to the glyphs that `fonts` use, in place."""
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
        file = cast("FontFile", objects[number])
        if file.extra.get("Subtype") == _OPENTYPE:
            cff = _cut(b"".join(file.stream), {glyph for name in held for glyph in used[name]})
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


@lru_cache(maxsize=1)
def _harfbuzz() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    """The two libraries, which the renderer has loaded, with the calls that are used here."""
    core, cut = ctypes.CDLL("libharfbuzz.so.0"), ctypes.CDLL("libharfbuzz-subset.so.0")
    pointer, number = ctypes.c_void_p, ctypes.c_uint
    for library, name, result, arguments in (
        (core, "hb_blob_create", pointer,
         [ctypes.c_char_p, number, ctypes.c_int, pointer, pointer]),
        (core, "hb_blob_destroy", None, [pointer]),
        (core, "hb_blob_get_data", pointer, [pointer, ctypes.POINTER(number)]),
        (core, "hb_face_create", pointer, [pointer, number]),
        (core, "hb_face_destroy", None, [pointer]),
        (core, "hb_face_reference_table", pointer, [pointer, number]),
        (core, "hb_set_add", None, [pointer, number]),
        (cut, "hb_subset_input_create_or_fail", pointer, []),
        (cut, "hb_subset_input_destroy", None, [pointer]),
        (cut, "hb_subset_input_glyph_set", pointer, [pointer]),
        (cut, "hb_subset_input_set_flags", None, [pointer, number]),
        (cut, "hb_subset_or_fail", pointer, [pointer, pointer]),
    ):  # fmt: skip
        call = getattr(library, name)
        call.restype, call.argtypes = result, arguments
    return core, cut


def _cut(font: bytes, glyphs: Iterable[int]) -> bytes:
    """The CFF table of `font` with nothing but `glyphs` in it; their CIDs stay what they were.

    Raises ValueError for a font that can't be cut.
    """
    core, cut = _harfbuzz()
    blob = core.hb_blob_create(font, len(font), 0, None, None)
    face = core.hb_face_create(blob, 0)
    wanted = cut.hb_subset_input_create_or_fail()
    places = cut.hb_subset_input_glyph_set(wanted)
    for glyph in sorted(glyphs):
        core.hb_set_add(places, glyph)
    cut.hb_subset_input_set_flags(wanted, _FLAGS)
    small = cut.hb_subset_or_fail(face, wanted)
    cut.hb_subset_input_destroy(wanted)
    core.hb_face_destroy(face)
    core.hb_blob_destroy(blob)
    if not small:
        message = "a font that can't be cut"
        raise ValueError(message)
    table, size = core.hb_face_reference_table(small, _CFF), ctypes.c_uint()
    data = ctypes.string_at(core.hb_blob_get_data(table, ctypes.byref(size)), size.value)
    core.hb_blob_destroy(table)
    core.hb_face_destroy(small)
    return data
