"""Photographs and screenshots: decoded once before anybody signs, and given to the page as 8 bits.

The page gets pixels of our own and nothing else of the file: what a file says beside them (which
way up it is, what its colours mean, how they were packed) each program heeds in its own way, so it
is heeded here, or the picture refused. What can be seen through is laid on white, as paper is.
"""

import hashlib
import warnings
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import Literal

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

from qms_publish.pictures.colours import chunks_of, in_srgb

MAX_PIXELS = 40_000_000

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTH = 24
"""Where a PNG says how many bits a colour has."""
_EIGHT = 8
_TO_EIGHT = 1 / 257
_MOVING = b"acTL"
_QUALITY = 95
_ORIENTATION = 0x0112
_SHORT = 3
_EXIF = b"Exif\0\0"
_TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


class TooManyPixelsError(ValueError):
    """More pixels than a page may have to set; the first argument says how many."""


def decoded(data: bytes, form: str) -> tuple[bytes, str]:
    """The picture as the page gets it, and its form; `form` is ``PNG`` or ``JPEG``.

    Raises `TooManyPixelsError` before anything is unpacked, ValueError for what is no such picture
    or breaks off.
    """
    return _decoded(hashlib.sha256(data).digest(), _Data(data), form)


class _Data(bytes):
    """Bytes that are known by their digest: to hash and compare them again would take longer."""

    __slots__ = ()

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Data)


@lru_cache(maxsize=32)
def _decoded(_digest: bytes, data: _Data, form: str) -> tuple[bytes, str]:
    with _whole(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what nobody is shown: metadata, animations
        try:
            with Image.open(BytesIO(bytes(data)), formats=[form]) as image:
                pixels = image.width * image.height
                if pixels <= MAX_PIXELS:
                    image.load()
                    return _plain(image, bytes(data), form)
        except Image.DecompressionBombError:
            pixels = MAX_PIXELS + 1
        except MemoryError:
            raise
        except ValueError as error:
            raise ValueError(f"{form} {error}"[:60]) from error
        except Exception as error:  # a foreign parser: it falls over in many ways
            raise ValueError(form) from error
    raise TooManyPixelsError(pixels)


@contextmanager
def _whole() -> Generator[None, None, None]:
    """A span in which a file that breaks off is none, whatever the renderer allowed itself."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _plain(image: Image.Image, data: bytes, form: str) -> tuple[bytes, str]:
    chunks = dict(chunks_of(data))
    if _MOVING in chunks:
        raise ValueError(form)  # it has more than one picture, and paper shows one
    turned = _orientation(data, chunks)
    plain = _on_white(in_srgb(_in_eight_bits(image, data, chunks), data))
    for step in _TURNS.get(turned, ()):
        plain = plain.transpose(step)
    plain.info.clear()
    written = BytesIO()
    if form == "PNG":
        plain.save(written, "PNG", compress_level=1)  # it is packed again, on the page
    elif isinstance(image, JpegImageFile) and plain.mode == image.mode:
        # Packed as it was: a photograph loses nothing that can be seen, and doesn't grow.
        packing = get_sampling(image)
        plain.save(written, "JPEG", qtables=image.quantization, subsampling=max(packing, 0))
    else:
        plain.save(written, "JPEG", quality=_QUALITY, subsampling=0)
    return written.getvalue(), form


def _in_eight_bits(image: Image.Image, data: bytes, chunks: Mapping[bytes, bytes]) -> Image.Image:
    """The picture as grey or as three colours, with what can be seen through, if anything can."""
    is_deep = data.startswith(_SIGNATURE) and data[_DEPTH] > _EIGHT
    if is_deep and b"tRNS" in chunks:
        raise ValueError("tRNS")  # one shade in 65536: in 8 bits it is that of others, too
    if image.mode == "P":
        most = image.getextrema()[1]
        if not isinstance(most, (int, float)) or most >= len(chunks.get(b"PLTE", b"")) // 3:
            raise ValueError("PLTE")
    if image.mode.startswith("I"):
        # The library's own types leave open what is handed to it.
        grey = image.convert("I").point(_eight)  # pyright: ignore[reportUnknownMemberType]
        return grey.convert("L")
    is_clear = "A" in image.mode or "transparency" in image.info
    if is_clear:
        return image.convert("LA" if image.mode == "LA" else "RGBA")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.mode:
        return image
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("L" if image.mode == "LA" else "RGB")


def _orientation(data: bytes, chunks: Mapping[bytes, bytes]) -> int:
    """Which way up a picture is; raises ValueError where programs may not agree on it."""
    if data.startswith(_SIGNATURE):
        if _turn_in(chunks.get(b"eXIf", b"")) not in {0, 1}:
            raise ValueError("eXIf")
        return 1
    found = [
        _turn_in(inside[len(_EXIF) :])
        for marker, inside in _segments(data)
        if marker == 0xE1 and inside.startswith(_EXIF)  # noqa: PLR2004 - APP1
    ]
    if len(set(found)) > 1:
        raise ValueError("EXIF")
    return found[0] if found else 1


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers and insides of a JPEG's head."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:  # noqa: PLR2004
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        yield data[at + 1], data[at + 4 : at + 2 + length]
        at += 2 + length


def _turn_in(exif: bytes) -> int:
    """The orientation in the first directory of an EXIF; 0 if it says none."""
    order: Literal["big", "little"] = "big" if exif.startswith(b"MM\0*") else "little"
    if not exif.startswith((b"MM\0*", b"II*\0")):
        return 0

    def number(at: int, size: int) -> int:
        return int.from_bytes(exif[at : at + size], order)

    start = number(4, 4)
    for at in range(start + 2, start + 2 + 12 * number(start, 2), 12):
        if number(at, 2) == _ORIENTATION and at + 12 <= len(exif):
            turn = number(at + 8, 2)
            if (
                number(at + 2, 2) != _SHORT
                or number(at + 4, 4) != 1
                or not 1 <= turn <= max(_TURNS)
            ):
                raise ValueError("EXIF orientation")
            return turn
    return 0


def _eight(grey: float) -> float:
    """A grey of 16 bits as one of 8."""
    return grey * _TO_EIGHT
