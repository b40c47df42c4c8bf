"""Letters for a stamp: measured and cut out of our fonts by HarfBuzz, in milliseconds.

A stamp holds forty characters of two fonts. Setting it with the page renderer would cost as much
as the document, and one subset for all holders would put every holder's name into every copy.
HarfBuzz cuts a font of 65,000 glyphs in two steps: once per process to the characters that were
ever asked for, then for each stamp from that small font.

Glyphs of these fonts are addressed by CID, and a glyph's number in the whole font *is* its CID, so
text is written with the whole font's numbers whatever the subset looks like.

What the system's Chinese font lacks is drawn by the font of qms of the same weight, and what that
lacks by the company itself; each is opened only where such a letter comes.
"""

import ctypes
import hashlib
import struct
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from qms.api import (
    Finding,
    Glyphs,
    Place,
    QmsError,
    Refused,
    glyph_font,
    glyph_name,
    our_digests,
    our_fonts,
    refused,
    unprintable,
)

FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
)
_FILES = {"Regular": "NotoSansCJK-Regular.ttc", "Bold": "NotoSansCJK-Bold.ttc"}
_DRAWN = "Drawn"
_OWN: ContextVar[Glyphs] = ContextVar("_OWN", default=MappingProxyType({}))
_OURS = {"OtherRegular": "QmsSans-Regular.otf", "OtherBold": "QmsSans-Bold.otf"}
_SEED = "".join(map(chr, range(32, 127)))
_POSTSCRIPT_NAME = 6
_MAX_FACES = 64
_DROP_TABLES = 3
_WITHOUT_SUBROUTINES = 4
_COPIED = 0


class _HarfBuzz:
    """The two libraries with the signatures of the calls that are used here."""

    def __init__(self) -> None:
        try:
            self.core = ctypes.CDLL("libharfbuzz.so.0")
            self.cut = ctypes.CDLL("libharfbuzz-subset.so.0")
        except OSError as error:
            values = {"library": "libharfbuzz-subset.so.0", "package": "libharfbuzz-subset0"}
            raise QmsError(Finding("STAMP-HARFBUZZ", Place(), values)) from error
        pointer, number = ctypes.c_void_p, ctypes.c_uint
        for library, name, result, arguments in (
            (self.core, "hb_blob_create", pointer,
             [ctypes.c_char_p, number, ctypes.c_int, pointer, pointer]),
            (self.core, "hb_blob_create_from_file", pointer, [ctypes.c_char_p]),
            (self.core, "hb_blob_get_data", pointer, [pointer, ctypes.POINTER(number)]),
            (self.core, "hb_blob_destroy", None, [pointer]),
            (self.core, "hb_face_create", pointer, [pointer, number]),
            (self.core, "hb_face_destroy", None, [pointer]),
            (self.core, "hb_face_count", number, [pointer]),
            (self.core, "hb_face_reference_blob", pointer, [pointer]),
            (self.core, "hb_font_create", pointer, [pointer]),
            (self.core, "hb_font_get_nominal_glyph", ctypes.c_int,
             [pointer, number, ctypes.POINTER(number)]),
            (self.core, "hb_font_get_glyph_h_advance", ctypes.c_int, [pointer, number]),
            (self.core, "hb_ot_name_get_utf8", number,
             [pointer, number, pointer, ctypes.POINTER(number), ctypes.c_char_p]),
            (self.core, "hb_set_add", None, [pointer, number]),
            (self.cut, "hb_subset_input_create_or_fail", pointer, []),
            (self.cut, "hb_subset_input_destroy", None, [pointer]),
            (self.cut, "hb_subset_input_unicode_set", pointer, [pointer]),
            (self.cut, "hb_subset_input_set", pointer, [pointer, ctypes.c_int]),
            (self.cut, "hb_subset_input_set_flags", None, [pointer, number]),
            (self.cut, "hb_subset_or_fail", pointer, [pointer, pointer]),
        ):  # fmt: skip
            call = getattr(library, name)
            call.restype, call.argtypes = result, arguments


@lru_cache(maxsize=1)
def _harfbuzz() -> _HarfBuzz:
    return _HarfBuzz()


@dataclass(frozen=True, slots=True)
class Subset:
    """A font cut to some characters: its CFF table, and what a PDF must say about its glyphs.

    `widths` by CID, in thousandths of the size; `unicode` by CID. `name` begins with a prefix of
    our own, made from the characters: printers may merge fonts of one name.
    """

    name: str
    cff: bytes
    widths: dict[int, int]
    unicode: dict[int, str]


@dataclass(slots=True)
class Face:
    """One file of the sans font: measures text, encodes it, cuts subsets. Use `face()`."""

    name: str
    family: str
    _face: int
    _font: int
    _known: set[str] = field(default_factory=set[str])
    _small: int = 0
    _glyphs: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    def has(self, char: str) -> bool:
        """Whether it has a picture of the character."""
        return self._found(char) is not None

    def width(self, text: str) -> float:
        """The width of `text` in ems. Raises GLYPH-MISSING."""
        return sum(self._glyph(char)[1] for char in text) / 1000

    def encoded(self, text: str) -> str:
        """`text` as the hexadecimal string of a PDF's text operator."""
        return "".join(f"{self._glyph(char)[0]:04X}" for char in text)

    def subset(self, text: Iterable[str]) -> Subset:
        """The font with exactly the characters of `text`."""
        chars = "".join(sorted(set(text)))
        glyphs = {char: self._glyph(char) for char in chars}
        if not self._known.issuperset(chars):
            self._known.update(chars, _SEED)
            if self._small:
                _harfbuzz().core.hb_face_destroy(self._small)
            self._small = _cut(self._face, self._known)
        face = _cut(self._small, chars)
        cff = _table(face, b"CFF ")
        _harfbuzz().core.hb_face_destroy(face)
        digest = hashlib.sha256(f"{self.name}{chars}".encode()).digest()
        prefix = "S" + "".join(chr(65 + byte % 26) for byte in digest[:5])
        return Subset(
            name=f"{prefix}+{self.family}",
            cff=cff,
            widths=dict(sorted(glyphs.values())),
            unicode={cid: char for char, (cid, _) in glyphs.items()},
        )

    def _glyph(self, char: str) -> tuple[int, int]:
        answer = self._found(char)
        if answer is None:
            raise _missing(char)
        return answer

    def _found(self, char: str) -> tuple[int, int] | None:
        """The glyph of a character, and its advance."""
        known = self._glyphs.get(char)
        if known is not None:
            return known
        core, found = _harfbuzz().core, ctypes.c_uint()
        if not core.hb_font_get_nominal_glyph(self._font, ord(char), ctypes.byref(found)):
            return None
        answer = (found.value, core.hb_font_get_glyph_h_advance(self._font, found.value))
        self._glyphs[char] = answer
        return answer


def parts(text: str, weight: str) -> Iterator[tuple[Face, str]]:
    """`text` in ``Regular`` or ``Bold``, by the faces that draw it.

    Raises GLYPH-MISSING for a character that can't be printed, and as `face`.
    """
    for char in unprintable(text, _OWN.get()):
        raise _missing(char)

    def named(char: str) -> str:
        if face(weight).has(char):
            return weight
        return f"{_DRAWN if char in _OWN.get() else 'Other'}{weight}"

    for name, chars in groupby(text, named):
        yield face(name), "".join(chars)


@contextmanager
def drawing(glyphs: Glyphs) -> Generator[None]:
    """While it is open, these letters of the company's own are drawn as well."""
    before = _OWN.set(glyphs)
    try:
        yield
    finally:
        _OWN.reset(before)


def face(name: str) -> Face:
    """The sans font in ``Regular`` or ``Bold``, or one beside it, opened once per process.

    Raises STAMP-FONTS where the machine has no Noto Sans CJK, STAMP-HARFBUZZ without the library,
    RENDER-LOCK where our own font is not what it was.
    """
    style = name.removeprefix(_DRAWN)
    return _face(name) if style == name else _drawn_face(style, tuple(sorted(_OWN.get().items())))


@lru_cache(maxsize=2)
def _drawn_face(style: str, glyphs: tuple[tuple[str, str], ...]) -> Face:
    core, data = _harfbuzz().core, glyph_font(dict(glyphs), style)
    blob = core.hb_blob_create(data, len(data), _COPIED, None, None)
    found = core.hb_face_create(blob, 0)
    return Face(f"{_DRAWN}{style}", glyph_name(style), found, core.hb_font_create(found))


@lru_cache(maxsize=4)
def _face(name: str) -> Face:
    core = _harfbuzz().core
    ours = _OURS.get(name)
    family = ours.removesuffix(".otf") if ours else f"NotoSansCJKsc-{name}"
    path = our_fonts()[ours] if ours else _file(name)
    blob = core.hb_blob_create_from_file(str(path).encode())
    for index in range(min(core.hb_face_count(blob), _MAX_FACES)):
        found = core.hb_face_create(blob, index)
        if _postscript_name(found) == family:
            return Face(name, family, found, core.hb_font_create(found))
        core.hb_face_destroy(found)
    values = {"missing": family, "package": "fonts-noto-cjk"}
    raise QmsError(Finding("STAMP-FONTS", Place(), values))


def _missing(char: str) -> Refused:
    return refused("GLYPH-MISSING", found=char, code=f"U+{ord(char):04X}")


def _file(weight: str) -> Path:
    name = _FILES[weight]
    path = next((one for folder in FOLDERS for one in sorted(folder.rglob(name))), None)
    if path is None:
        values = {"missing": name, "package": "fonts-noto-cjk"}
        raise QmsError(Finding("STAMP-FONTS", Place(), values))
    return path


def font_digests() -> Iterator[str]:
    """The font files with the digests of their bytes. Raises STAMP-FONTS, RENDER-LOCK."""
    for weight in _FILES:
        path = _file(weight)
        with path.open("rb") as file:
            yield f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}"
    our_fonts()
    yield from our_digests()


def _postscript_name(found: int) -> str:
    size = ctypes.c_uint(64)
    text = ctypes.create_string_buffer(size.value)
    _harfbuzz().core.hb_ot_name_get_utf8(found, _POSTSCRIPT_NAME, None, ctypes.byref(size), text)
    return text.value.decode("utf-8", "replace")


def _cut(source: int, chars: Iterable[str]) -> int:
    """A new face of `source` with these characters.

    Layout tables are dropped: they would draw in upright and traditional twins that a stamp never
    shows. Subroutines are written out, so that the bytes don't depend on what was cut before.
    """
    library = _harfbuzz()
    wanted = library.cut.hb_subset_input_create_or_fail()
    letters = library.cut.hb_subset_input_unicode_set(wanted)
    for char in sorted(chars):
        library.core.hb_set_add(letters, ord(char))
    dropped = library.cut.hb_subset_input_set(wanted, _DROP_TABLES)
    for tag in (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"VORG"):
        library.core.hb_set_add(dropped, int.from_bytes(tag, "big"))
    library.cut.hb_subset_input_set_flags(wanted, _WITHOUT_SUBROUTINES)
    answer = library.cut.hb_subset_or_fail(source, wanted)
    library.cut.hb_subset_input_destroy(wanted)
    if not answer:
        values = {"library": "libharfbuzz-subset.so.0", "package": "libharfbuzz-subset0"}
        raise QmsError(Finding("STAMP-HARFBUZZ", Place(), values))
    return int(answer)


def _table(found: int, tag: bytes) -> bytes:
    core, size = _harfbuzz().core, ctypes.c_uint()
    blob = core.hb_face_reference_blob(found)
    data = core.hb_blob_get_data(blob, ctypes.byref(size))
    font = ctypes.string_at(data, size.value)
    core.hb_blob_destroy(blob)
    (count,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * count, 16):
        name, _, offset, length = struct.unpack_from(">4sIII", font, at)
        if name == tag:
            return font[offset : offset + length]
    raise QmsError(Finding("STAMP-FONTS", Place(), {"missing": "CFF", "package": "fonts-noto-cjk"}))
