"""Photographs and other rasters: decoded once before anybody signs, or refused."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from qms.api import Place, Refused
from qms_publish.pictures.picture import checked

PLACE = Place(path="documents/a.md", line=3)


def saved(image: Image.Image, form: str) -> bytes:
    written = BytesIO()
    image.save(written, form)
    return written.getvalue()


def test_sixteen_bits_of_grey_and_printing_colours_become_what_a_page_shows() -> None:
    """DC-18: printed as they are, the one is black and the other no PDF/A."""
    deep = Image.new("I;16", (2, 1))
    deep.putpixel((0, 0), 65535)
    deep.putpixel((1, 0), 32896)
    inks = Image.new("CMYK", (2, 2), (0, 255, 255, 0))

    grey = Image.open(BytesIO(checked("a.png", saved(deep, "PNG"), PLACE).data))
    red = Image.open(BytesIO(checked("a.jpg", saved(inks, "JPEG"), PLACE).data))

    assert (grey.mode, [grey.getpixel((at, 0)) for at in (0, 1)]) == ("L", [255, 128])
    assert red.mode == "RGB"
    pixel = red.tobytes()[:3]
    assert pixel[0] > 200
    assert max(pixel[1:]) < 60


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_that_breaks_off_is_refused(form: str) -> None:
    """DC-18: half of it would be printed."""
    noise = Image.effect_noise((64, 64), 100)
    data = saved(noise, form)

    with pytest.raises(Refused) as caught:
        checked("a", data[: len(data) // 2], PLACE)

    assert caught.value.finding.code == "PICTURE-FORM"


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        sum_ = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", sum_)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_a_small_file_that_unfolds_to_a_gigabyte_is_refused_unread() -> None:
    """Row 84 (P)"""
    for side in (7_000, 30_000):
        with pytest.raises(Refused) as caught:
            checked("a.png", _png(side, side), PLACE)
        assert caught.value.finding.code == "RENDER-LIMIT"


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_photographs_look_as_they_did(form: str) -> None:
    photograph = Image.effect_noise((64, 64), 100).resize((256, 256)).convert("RGB")
    data = saved(photograph, form)

    again = checked("a", data, PLACE).data

    before, after = Image.open(BytesIO(data)), Image.open(BytesIO(again))
    far = max(ImageChops.difference(before, after).tobytes())
    assert far <= (8 if form == "JPEG" else 0)
    assert len(again) < 1.1 * len(data) or form == "PNG"


def test_a_file_that_is_no_picture_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        checked("a.xlsx", b"PK\x03\x04", PLACE)

    assert caught.value.finding.code == "PICTURE-KIND"


def chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def with_chunk(image: Image.Image, name: bytes, inside: bytes) -> bytes:
    """A PNG with one more part behind its head."""
    data = saved(image, "PNG")
    return data[:33] + chunk(name, inside) + data[33:]


def test_a_picture_that_moves_is_refused() -> None:
    """Row 248 (P: PICTURE-FORM): a browser goes on to 5 mm, paper shows the 50 mm before it."""
    written = BytesIO()
    first, second = Image.new("L", (4, 4)), Image.new("L", (4, 4), 255)
    first.save(
        written, "PNG", save_all=True, append_images=[second], default_image=True, duration=9
    )

    for data in (written.getvalue(), with_chunk(first, b"acTL", struct.pack(">II", 1, 0))):
        with pytest.raises(Refused) as caught:
            checked("a.png", data, PLACE)
        assert caught.value.finding.code == "PICTURE-FORM"


POINTS = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        (b"gAMA", struct.pack(">I", 45455)),
        (b"cHRM", struct.pack(">8I", *POINTS[:5], 50000, *POINTS[6:])),
        (b"sRGB", b"\0"),
    ],
)
@pytest.mark.parametrize("mode", ["L", "RGB", "P", "1"])
def test_a_picture_says_nothing_of_its_own_colours(mode: str, name: bytes, inside: bytes) -> None:
    """Row 249 (P): the page has the colours that a screen shows, and hands on no word of others."""
    image = Image.new(mode, (2, 2), 1)
    if mode == "P":
        image.putpalette([0, 0, 0, 90, 60, 30])
    wanted = image.convert("L" if mode in {"L", "1"} else "RGB")

    data = checked("a.png", with_chunk(image, name, inside), PLACE).data

    again = Image.open(BytesIO(data))
    assert name not in data
    assert (again.mode, again.tobytes()) == (wanted.mode, wanted.tobytes())


HEAD = st.builds(
    lambda depth, colour: chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, depth, colour, 0, 0, 0)),
    st.sampled_from([1, 2, 4, 8, 16]),
    st.sampled_from([0, 2, 3, 4, 6]),
)
NAMES = [
    b"PLTE", b"tRNS", b"iCCP", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"tEXt", b"zTXt", b"iTXt",
    b"eXIf", b"acTL", b"fcTL", b"fdAT", b"IDAT",
]  # fmt: skip
CHUNKS = st.lists(st.builds(chunk, st.sampled_from(NAMES), st.binary(max_size=30)), max_size=3).map(
    b"".join
)
END = chunk(b"IDAT", zlib.compress(bytes(40))) + chunk(b"IEND", b"")


@settings(max_examples=400)
@example(chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)), b"", chunk(b"iCCP", b""))
@example(chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 1, 3, 0, 0, 0)), chunk(b"tRNS", b"a"), b"")
@given(HEAD, CHUNKS, CHUNKS)
def test_any_parts_of_a_png_are_a_picture_or_a_refusal(
    head: bytes, before: bytes, after: bytes
) -> None:
    """Row 222 (P): what its library fell over was a fault in qms, for one wrong byte."""
    data = b"\x89PNG\r\n\x1a\n" + head + before + END[:-12] + after + END[-12:]

    with suppress(Refused):
        assert checked("a", data, PLACE).data


@given(st.sampled_from([b"", b"<svg", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]), st.binary())
def test_any_bytes_are_a_picture_or_a_refusal(start: bytes, rest: bytes) -> None:
    try:
        picture = checked("a", start + rest, PLACE)
    except Refused:
        return

    assert picture.data
