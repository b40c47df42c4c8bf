"""Photographs and screenshots: decoded once before anybody signs, and given to the page as 8 bits.

The page gets pixels of our own and nothing else of the file: what a file says beside them (which
way up it is, what its colours mean, how they were packed) each program heeds in its own way, so it
is heeded here, or the picture refused. What can be seen through is laid on white, as paper is.
"""

import hashlib
import warnings
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from itertools import islice, takewhile
from typing import Literal

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

from qms_publish.pictures.colours import chunks_of, in_srgb
from qms_publish.pictures.jpeg_parts import APP1, SCAN, JpegPart, parts_of, pixels_of

MAX_PIXELS = 40_000_000
MAX_SIDE = 65_500
"""Pixels along one side, as many as a JPEG has: each row costs memory of its own."""
MAX_DRAWN = 1_000_000_000
"""So many pixels a JPEG may draw, each as often as it is drawn again."""
MAX_CHUNKS = 20_000
"""Parts of a PNG: what is written in the smallest pieces that are usual has 4000."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_DEPTH = 24
"""Where a PNG says how many bits a colour has."""
_EIGHT = 8
_OPAQUE = 255
_STRIPE = 500_000
_TO_EIGHT = 1 / 257
_MOVING = b"acTL"
_QUALITY = 95
_ORIENTATION = 0x0112
_SHORT = 3
_EXIF = b"Exif\0\0"
_ENTRY = 12
_ONCE = frozenset(
    (b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT")
)
"""What a PNG says once: of two some programs heed the first, and others the last."""
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
            parts = parts_of(data) if form == "JPEG" else ()
            exif = _exif_in(parts)
            _check_chunks(data)
            with Image.open(BytesIO(bytes(data)), formats=[form]) as image:
                pixels = image.width * image.height
                if pixels <= MAX_PIXELS:
                    _check_drawn(image.size, parts)
                    image.load()
                    return _plain(image, bytes(data), form, exif)
        except Image.DecompressionBombError:
            pixels = MAX_PIXELS + 1
        except MemoryError:
            raise
        except ValueError as error:
            raise ValueError(f"{form} {error}"[:60]) from error
        except Exception as error:  # a foreign parser: it falls over in many ways
            raise ValueError(form) from error
    raise TooManyPixelsError(pixels)


def said_pixels(data: bytes) -> int:
    """How many pixels a PNG or JPEG says it has, which is read in no time; 0 for what says none."""
    if data.startswith(_SIGNATURE):
        return int.from_bytes(data[16:20], "big") * int.from_bytes(data[20:24], "big")
    try:
        return pixels_of(parts_of(data)) if data.startswith(_JPEG) else 0
    except ValueError:  # nobody decodes it
        return 0


def _check_chunks(data: bytes) -> None:
    """Raise ValueError for a PNG of too many parts, or that says one thing twice, or its size late.

    Not all programs look for its size behind what stands before.
    """
    if data.startswith(_SIGNATURE) and data[12:16] != b"IHDR":
        raise ValueError("IHDR")
    counted = Counter(name for name, _ in islice(chunks_of(data), MAX_CHUNKS + 1))
    if counted.total() > MAX_CHUNKS:
        raise ValueError(f"chunks > {MAX_CHUNKS}")
    twice = sorted(name for name in _ONCE if counted[name] > 1)
    if twice:
        raise ValueError(twice[0].decode())


def _check_drawn(size: tuple[int, int], parts: tuple[JpegPart, ...]) -> None:
    scans = sum(one.mark == SCAN for one in parts)
    if max(size) > MAX_SIDE:
        raise ValueError(f"{max(size)} px")
    if size[0] * size[1] * scans > MAX_DRAWN:
        raise ValueError(f"{scans} scans")


@contextmanager
def _whole() -> Generator[None, None, None]:
    """A span in which a file that breaks off is none, whatever the renderer allowed itself."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _plain(image: Image.Image, data: bytes, form: str, exif: bytes) -> tuple[bytes, str]:
    chunks = dict(chunks_of(data))
    if _MOVING in chunks:
        raise ValueError(form)  # it has more than one picture, and paper shows one
    turned = _orientation(data, chunks, exif)
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
    if image.getchannel("A").getextrema() == (_OPAQUE, _OPAQUE):
        return image.convert("L" if image.mode == "LA" else "RGB")
    paper = Image.new("RGB", image.size)
    rows = max(1, _STRIPE // image.width)
    for top in range(0, image.height, rows):  # in pieces it takes a fifth of the time
        piece = image.crop((0, top, image.width, min(top + rows, image.height)))
        white = Image.new("RGBA", piece.size, "white")
        white.alpha_composite(piece.convert("RGBA"))
        paper.paste(white.convert("RGB"), (0, top))
    return paper.convert("L") if image.mode == "LA" else paper


def _orientation(data: bytes, chunks: Mapping[bytes, bytes], exif: bytes) -> int:
    """Which way up a picture is; raises ValueError where programs may not agree on it."""
    if data.startswith(_SIGNATURE):
        if _turn_in(chunks.get(b"eXIf", b"")) not in {0, 1}:
            raise ValueError("eXIf")
        return 1
    return _turn_in(exif) if exif else 1


def _exif_in(parts: tuple[JpegPart, ...]) -> bytes:
    """The EXIF before a JPEG's pixels; raises ValueError for several: some join them."""
    head = takewhile(lambda one: one.mark != SCAN, parts)
    found = [one.inside for one in head if one.mark == APP1 and one.inside.startswith(_EXIF)]
    if len(found) > 1:
        raise ValueError("EXIF")
    return found[0][len(_EXIF) :] if found else b""


def _turn_in(exif: bytes) -> int:
    """The orientation in the first directory of an EXIF; 0 if it says none."""
    order: Literal["big", "little"] = "big" if exif.startswith(b"MM\0*") else "little"
    if not exif.startswith((b"MM\0*", b"II*\0")):
        return 0

    def number(at: int, size: int) -> int:
        return int.from_bytes(exif[at : at + size], order)

    start = number(4, 4)
    end = min(start + 2 + _ENTRY * number(start, 2), len(exif))
    for at in range(start + 2, end - _ENTRY + 1, _ENTRY):
        if number(at, 2) == _ORIENTATION:
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
