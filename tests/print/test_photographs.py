"""A PNG or JPEG on paper has the pixels that a browser shows of it, or it is refused (DC-18)."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from qms.api import Place, Refused
from qms_publish.pictures.picture import checked

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TURN = 0x0112


def chunk(name: bytes, inside: bytes) -> bytes:
    body = name + inside
    return struct.pack(">I", len(inside)) + body + struct.pack(">I", zlib.crc32(body))


def png(depth: int, kind: int, rows: bytes, *more: bytes, width: int = 2) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, 1, depth, kind, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0" + rows)) + chunk(b"IEND", b"")
    return b"".join((SIGNATURE, head, *more, data))


def profile(curve: bytes, red: tuple[float, float, float] = (0.4361, 0.2225, 0.0139)) -> bytes:
    """An ICC profile of three colours, each along `curve`."""

    def xyz(*numbers: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(one * 65536)) for one in numbers)

    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 2) + b"x\0" + bytes(78),
        b"cprt": b"text\0\0\0\0x\0",
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(*red),
        b"gXYZ": xyz(0.3851, 0.7169, 0.0971),
        b"bXYZ": xyz(0.1431, 0.0606, 0.7141),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    at = 132 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, inside in tags.items():
        padded = inside + bytes(-len(inside) % 4)
        table += name + struct.pack(">II", at + len(body), len(padded))
        body += padded
    head = bytearray(128)
    struct.pack_into(">I", head, 0, at + len(body))
    head[8:12], head[12:24], head[36:40] = b"\x02\x10\0\0", b"mntrRGB XYZ ", b"acsp"
    head[68:80] = struct.pack(">3i", 63190, 65536, 54061)
    return bytes(head) + table + body


def steep(step: int) -> bytes:
    """A curve that is black up to a grey, and white behind it."""
    values = (0 if at < step else 65535 for at in range(256))
    return b"curv\0\0\0\0" + struct.pack(">I", 256) + b"".join(struct.pack(">H", v) for v in values)


def gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))


def saved(image: Image.Image, form: str, **more: bytes) -> bytes:
    written = BytesIO()
    image.save(written, form, **more)
    return written.getvalue()


def shown(data: bytes) -> Image.Image:
    return Image.open(BytesIO(checked("a", data, Place()).data))


def why(data: bytes) -> tuple[str, str]:
    """Code and reason of what a picture is refused for."""
    with pytest.raises(Refused) as caught:
        checked("a", data, Place())
    return caught.value.finding.code, caught.value.finding.values["found"]


def turned(data: bytes, kind: int, turn: int) -> bytes:
    """A JPEG that says which way up it is, in a field of a kind."""
    value = struct.pack(">HH", turn, 0) if kind == 3 else struct.pack(">I", turn)
    entry = struct.pack(">HHI", TURN, kind, 1) + value
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_profile_that_hides_what_is_grey_is_refused(form: str) -> None:
    """Row 257 (P: PICTURE-FORM): a line that a browser showed white was on paper."""
    image = Image.new("RGB", (8, 8), (150, 150, 150))

    assert why(saved(image, form, icc_profile=profile(steep(110)))) == (
        "PICTURE-FORM",
        f"{form} ICC",
    )


@pytest.mark.parametrize("inside", [b"", b"a\0\0" + zlib.compress(b"profile")])
def test_a_profile_that_is_none_is_refused(inside: bytes) -> None:
    assert why(png(8, 0, b"\1\2", chunk(b"iCCP", inside)))[0] == "PICTURE-FORM"


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_colours_of_a_camera_are_those_of_a_screen(form: str) -> None:
    """DC-18: a profile is heeded as a browser does it, and not handed on."""
    image = Image.new("RGB", (8, 8), (200, 60, 60))
    wide = profile(gamma(2.2), red=(0.6097, 0.3111, 0.0195))

    again = shown(saved(image, form, icc_profile=wide))

    pixel = again.getpixel((4, 4))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 225
    assert "icc_profile" not in again.info


def test_the_ordinary_profile_changes_nothing() -> None:
    image = Image.linear_gradient("L").convert("RGB")
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert shown(saved(image, "PNG", icc_profile=plain)).tobytes() == image.tobytes()


def test_a_gamma_is_heeded_and_one_that_hides_is_refused() -> None:
    """Row 257 (P: PICTURE-FORM)"""
    grey = bytes((128, 255))

    assert list(shown(png(8, 0, grey, chunk(b"gAMA", struct.pack(">I", 100_000)))).tobytes()) == [
        188,
        255,
    ]
    for number in (1_500_000, 1_000, 0):
        assert why(png(8, 0, grey, chunk(b"gAMA", struct.pack(">I", number)))) == (
            "PICTURE-FORM",
            "PNG gAMA",
        )
    assert why(png(8, 0, grey, chunk(b"cICP", bytes((9, 16, 0, 1))))) == (
        "PICTURE-FORM",
        "PNG cICP",
    )


def test_a_colour_that_is_not_in_the_palette_is_refused() -> None:
    """Row 257 (P: PICTURE-FORM): a browser shows another one than the page."""
    palette = chunk(b"PLTE", b"\xff\xff\xff")

    assert why(png(8, 3, b"\0\1", palette)) == ("PICTURE-FORM", "PNG PLTE")
    assert shown(png(8, 3, b"\0\0", palette)).tobytes() == b"\xff" * 6


def test_one_of_65536_shades_that_is_seen_through_is_refused() -> None:
    """Row 257 (P: PICTURE-FORM): what differed from it in the last bits was lost."""
    assert why(png(16, 0, b"\x7f\0\x7f\1", chunk(b"tRNS", b"\x7f\0"))) == (
        "PICTURE-FORM",
        "PNG tRNS",
    )


def test_what_is_seen_through_is_paper() -> None:
    """Row 257 (P): black that nobody sees had edges that everybody saw."""
    image = Image.new("RGBA", (2, 1), (255, 255, 255, 255))
    image.putpixel((1, 0), (0, 0, 0, 0))

    again = shown(saved(image, "PNG"))

    assert (again.mode, again.tobytes()) == ("RGB", b"\xff" * 6)
    half = Image.new("LA", (1, 1), (0, 128))
    assert shown(saved(half, "PNG")).tobytes() == b"\x7f"


@pytest.mark.parametrize(("turn", "spot"), [(1, (0, 0)), (3, (31, 15)), (6, (15, 0)), (8, (0, 31))])
def test_a_photograph_stands_upright(turn: int, spot: tuple[int, int]) -> None:
    """DC-18: as the camera says it was held."""
    image = Image.new("L", (32, 16), 255)
    image.paste(0, (0, 0, 8, 8))

    again = shown(turned(saved(image, "JPEG"), 3, turn))

    assert again.size == ((16, 32) if turn > 4 else (32, 16))
    assert again.getpixel(spot) == 0
    assert not again.getexif()


@pytest.mark.parametrize(("kind", "turn"), [(4, 3), (3, 9), (3, 0)])
def test_a_photograph_that_says_it_in_another_way_is_refused(kind: int, turn: int) -> None:
    """Row 257 (P: PICTURE-FORM): a browser passed over it, and the page was turned round."""
    data = turned(saved(Image.new("L", (32, 16)), "JPEG"), kind, turn)

    assert why(data) == ("PICTURE-FORM", "JPEG EXIF orientation")


def test_a_photograph_that_says_it_twice_is_refused() -> None:
    data = turned(turned(saved(Image.new("L", (32, 16)), "JPEG"), 3, 1), 3, 3)

    assert why(data) == ("PICTURE-FORM", "JPEG EXIF")


def test_colours_are_packed_as_a_browser_takes_them() -> None:
    """Row 257 (P): of two marks that contradict each other readers of PDF heed the other."""
    data = saved(Image.new("RGB", (8, 8), (200, 60, 60)), "JPEG")
    adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0"

    again = checked("a", data[:2] + adobe + data[2:], Place()).data

    pixel = Image.open(BytesIO(again)).getpixel((4, 4))
    assert isinstance(pixel, tuple)
    assert max(abs(a - b) for a, b in zip(pixel, (200, 60, 60), strict=True)) < 8
    assert b"Adobe" not in again
