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

import hashlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from unicodedata import combining

from qms.api import (
    Finding,
    FontFace,
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
    _whole: FontFace
    _known: set[str] = field(default_factory=set[str])
    _small: FontFace | None = None
    _glyphs: dict[str, tuple[int, int] | None] = field(
        default_factory=dict[str, tuple[int, int] | None]
    )

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
        if self._small is None or not self._known.issuperset(chars):
            self._known.update(chars, _SEED)
            self._small = self._whole.with_letters(self._known)
        digest = hashlib.sha256(f"{self.name}{chars}".encode()).digest()
        prefix = "S" + "".join(chr(65 + byte % 26) for byte in digest[:5])
        return Subset(
            name=f"{prefix}+{self.family}",
            cff=self._small.with_letters(chars).outlines(),
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
        if char not in self._glyphs:
            self._glyphs[char] = self._whole.glyph(char)
        return self._glyphs[char]


def parts(text: str, weight: str) -> Iterator[tuple[Face, str]]:
    """`text` in ``Regular`` or ``Bold``, by the faces that draw it.

    Raises GLYPH-MISSING for a letter that can't be printed, GLYPH-SIGN for what is none, so that
    nobody can draw it, and as `face`.
    """
    for char in unprintable(text, _OWN.get()):
        raise _missing(char) if char.isalpha() else _no_letter(char, text)

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

    Raises STAMP-FONTS where the machine has no Noto Sans CJK, RENDER-LOCK where our own font is not
    what it was.
    """
    style = name.removeprefix(_DRAWN)
    return _face(name) if style == name else _drawn_face(style, tuple(sorted(_OWN.get().items())))


@lru_cache(maxsize=2)
def _drawn_face(style: str, glyphs: tuple[tuple[str, str], ...]) -> Face:
    whole = FontFace.of(glyph_font(dict(glyphs), style))
    return Face(f"{_DRAWN}{style}", glyph_name(style), whole)


@lru_cache(maxsize=4)
def _face(name: str) -> Face:
    ours = _OURS.get(name)
    family = ours.removesuffix(".otf") if ours else f"NotoSansCJKsc-{name}"
    whole = FontFace.named(our_fonts()[ours] if ours else _file(name), family)
    if whole is None:
        values = {"missing": family, "package": "fonts-noto-cjk"}
        raise QmsError(Finding("STAMP-FONTS", Place(), values))
    return Face(name, family, whole)


def _missing(char: str) -> Refused:
    return refused("GLYPH-MISSING", found=char, code=_number(char))


def _no_letter(char: str, text: str) -> Refused:
    """An accent is told with its letter: alone nobody sees it."""
    before = text.partition(char)[0][-1:] if combining(char) else ""
    return refused("GLYPH-SIGN", found=before + char, code=_number(char))


def _number(char: str) -> str:
    return f"U+{ord(char):04X}"


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
