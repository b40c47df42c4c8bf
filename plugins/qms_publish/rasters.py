"""Photographs and screenshots: decoded once before anybody signs, and given to the page as 8 bits.

A file that breaks off prints half, 16 bits of grey print as black, and four printing colours are
no part of PDF/A. What a renderer takes as it is stays as it is, byte by byte.
"""

import hashlib
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageFile

MAX_PIXELS = 40_000_000

_PLAIN = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTH = 24
"""Where a PNG says how many bits a colour has."""
_EIGHT = 8
_FRAME = 12
"""Bytes of a part of a PNG beside what it holds."""
_TO_EIGHT = 1 / 257
_MOVING = b"acTL"
_SHADING = frozenset({b"gAMA", b"cHRM", b"iCCP", b"cICP"})
"""What a PNG says of its own colours: a browser heeds it, and a page does not."""


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
    chunks = frozenset(_chunks(data))
    if _MOVING in chunks:
        raise ValueError(form)  # it has more than one picture, and paper shows one
    is_deep = data.startswith(_SIGNATURE) and data[_DEPTH] > _EIGHT
    if image.mode in _PLAIN and not is_deep and not chunks & _SHADING:
        return data, form
    for name in ("gamma", "chromaticity", "icc_profile"):
        image.info.pop(name, None)
    if image.mode in _PLAIN and not is_deep:
        plain: Image.Image = image
    elif image.mode.startswith("I"):
        # The library's own types leave open what is handed to it.
        grey = image.convert("I").point(_eight)  # pyright: ignore[reportUnknownMemberType]
        plain = grey.convert("L")
    else:
        plain = image.convert("RGBA" if "A" in image.mode else "RGB")
    written = BytesIO()
    plain.save(written, "PNG")
    return written.getvalue(), "PNG"


def _chunks(data: bytes) -> Iterator[bytes]:
    """The names of the parts of a PNG, as far as they are whole; of a JPEG none."""
    at = len(_SIGNATURE)
    while data.startswith(_SIGNATURE) and at + _FRAME <= len(data):
        yield data[at + 4 : at + 8]
        at += _FRAME + int.from_bytes(data[at : at + 4], "big")


def _eight(grey: float) -> float:
    """A grey of 16 bits as one of 8."""
    return grey * _TO_EIGHT
