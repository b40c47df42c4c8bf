"""Small files that would keep whoever opens them at work: they are told from what they say."""

import struct
import zlib
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from qms.api import Finding, Place, Refused
from qms_publish.pictures import picture as pictures
from qms_publish.pictures import rasters
from qms_publish.pictures.jpeg_parts import MAX_PARTS, MAX_SCANS, SCAN, parts_of, pixels_of
from qms_publish.pictures.picture import Picture, checked, checked_pictures
from qms_publish.svg.style import write_down

PATH = "documents/a.md"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}<path d="M0 0L9 9L9 0Z"/></svg>'
EXIF = b"Exif\0\0MM\0*" + struct.pack(">I", 8)


def why(data: bytes, name: str = "a.png") -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        checked(name, data, Place(path=PATH, line=3))
    return caught.value.finding.code, caught.value.finding.values["found"]


def code_of(drawing: str) -> str:
    """The code that a drawing is refused with; nothing, where it is taken."""
    try:
        checked("a.svg", drawing.encode(), Place())
    except Refused as refusal:
        return refusal.finding.code
    return ""


def jpeg(mode: str = "L", side: int = 16, **options: bool) -> bytes:
    out = BytesIO()
    Image.new(mode, (side, side), 128).save(out, "JPEG", **options)
    return out.getvalue()


def repeated(times: int) -> bytes:
    """A JPEG that draws the last of its scans once more, so many times."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * times + data[-2:]


def part(mark: int, inside: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, mark, len(inside) + 2) + inside


def with_parts(*parts: bytes) -> bytes:
    data = jpeg()
    return data[:2] + b"".join(parts) + data[2:]


def chunk(name: bytes, inside: bytes) -> bytes:
    body = name + inside
    return struct.pack(">I", len(inside)) + body + struct.pack(">I", zlib.crc32(body))


def png(*chunks: bytes, width: int = 1, height: int = 1) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * width) * height))
    return b"".join((SIGNATURE, head, *chunks, rows, chunk(b"IEND", b"")))


def test_a_photograph_that_is_drawn_without_end_is_not_decoded() -> None:
    """Row 259 (P: PICTURE-FORM): each scan of a few bytes draws all pixels again."""
    assert why(repeated(60_000)) == ("PICTURE-FORM", f"JPEG scans > {MAX_SCANS}")


def test_many_pixels_are_not_drawn_many_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 259 (P: PICTURE-FORM)"""
    data = repeated(30)
    scans = sum(one.mark == SCAN for one in parts_of(data))
    assert checked("a", data, Place()).mime == "image/jpeg"

    monkeypatch.setattr(rasters, "MAX_DRAWN", 16 * 16 * scans - 1)

    assert why(data + b"\n") == ("PICTURE-FORM", f"JPEG {scans} scans")


@pytest.mark.long
def test_a_thousand_million_pixels_are_drawn_and_no_more() -> None:
    """Row 259 (P: PICTURE-FORM): the bound as it is, by one of the largest photographs."""
    side = 6250
    plain = jpeg(side=side, progressive=True)
    scans = sum(one.mark == SCAN for one in parts_of(plain))
    last = plain.rindex(b"\xff\xda")
    most = rasters.MAX_DRAWN // (side * side)

    def drawn(times: int) -> bytes:
        return plain[:-2] + plain[last:-2] * (times - scans) + plain[-2:]

    assert (side * side <= rasters.MAX_PIXELS, scans < most <= MAX_SCANS) == (True, True)
    assert checked("a", drawn(most), Place()).mime == "image/jpeg"
    assert why(drawn(most + 1)) == ("PICTURE-FORM", f"JPEG {most + 1} scans")


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_photograph_drawn_bit_by_bit_is_taken_as_programs_write_it(mode: str) -> None:
    data = jpeg(mode, progressive=True)

    assert sum(one.mark == SCAN for one in parts_of(data)) <= 10
    assert pixels_of(parts_of(data)) == 256
    assert checked("a", data, Place()).mime == "image/jpeg"


def test_a_photograph_of_ninety_thousand_parts_is_not_read() -> None:
    """Row 260 (P: PICTURE-FORM): each says that it has 65535 entries."""
    endless = part(0xE1, EXIF + b"\xff\xff")

    assert why(with_parts(*[endless] * 90_000)) == ("PICTURE-FORM", f"JPEG segments > {MAX_PARTS}")
    assert why(with_parts(endless, endless)) == ("PICTURE-FORM", "JPEG EXIF")
    assert checked("a", with_parts(endless), Place()).mime == "image/jpeg"


def test_what_stands_between_the_parts_hides_none() -> None:
    """Row 260 (P: PICTURE-FORM): a decoder passes over it, and turned the picture."""
    entry = struct.pack(">HHHIHH", 1, 0x0112, 3, 1, 9, 0)

    data = with_parts(b"\xff\xff\xff", part(0xE1, EXIF + entry))

    assert why(data) == ("PICTURE-FORM", "JPEG EXIF orientation")


def test_a_picture_of_many_parts_is_not_read() -> None:
    """Row 260 (P: PICTURE-FORM)"""
    many = chunk(b"teSt", b"") * (rasters.MAX_CHUNKS + 1)

    assert why(png(many)) == ("PICTURE-FORM", f"PNG chunks > {rasters.MAX_CHUNKS}")


@pytest.mark.parametrize("name", ["gAMA", "iCCP", "eXIf", "sRGB"])
def test_what_a_picture_says_twice_is_refused(name: str) -> None:
    """Row 260 (P: PICTURE-FORM): some heed the first of them, others the last."""
    twice = chunk(name.encode(), struct.pack(">I", 45455)) * 2

    assert why(png(twice)) == ("PICTURE-FORM", f"PNG {name}")


def test_large_pictures_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 261 (LP: RENDER-LIMIT): thirty of them, a few kilobytes each, took minutes."""
    opened: list[str] = []

    def look(name: str, *_: object) -> Finding:
        opened.append(name)
        return Finding("PICTURE-FORM", Place(), {"what": name, "found": ""})

    monkeypatch.setattr(pictures, "_picture_or_fault", look)
    sides = ((5000, 5000), (20000, 2000))
    heads = [png()[:16] + struct.pack(">II", *sides[at % 2]) + png()[24:] for at in range(30)]
    assets = {f"assets/{at}.png": data for at, data in enumerate(heads)}
    twice = [(name, line) for line, name in enumerate(assets, 7) for _ in "ab"]

    *_, (name, last) = checked_pictures(twice, assets, PATH)

    assert isinstance(last, Finding)
    assert (last.code, last.values["limit"]) == ("RENDER-LIMIT", str(pictures.MAX_TOGETHER))
    assert last.place == Place(PATH, line=7 + len(opened))
    assert (name, opened) == (f"assets/{len(opened)}.png", list(assets)[: len(opened)])
    assert len(opened) == 12, "325 + 40 million pixels and 25 more; each once"


def test_drawings_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 261 (LP: RENDER-LIMIT)"""
    data = SVG.format("<title>a</title>").encode()
    monkeypatch.setattr(pictures, "MAX_SVG_TOGETHER", 5 * len(data))
    assets = {f"assets/{at}.svg": data for at in range(7)}

    *first, (name, last) = checked_pictures([(one, 3) for one in assets], assets, PATH)

    assert [isinstance(one, Picture) for _, one in first] == [True] * 5
    assert name == "assets/5.svg"
    assert isinstance(last, Finding)
    assert (last.code, last.values["what_zh"]) == ("RENDER-LIMIT", "全部 SVG 图形的字节总数")


@pytest.mark.long
def test_ten_of_the_largest_drawings_are_looked_at_and_no_more() -> None:
    """Row 261 (P: RENDER-LIMIT): the bound as it is."""
    size = pictures.MAX_SVG_BYTES
    data = SVG.format(f"<desc>{'a' * (size - len(SVG.format('<desc></desc>')))}</desc>").encode()
    most = pictures.MAX_SVG_TOGETHER // size
    assets = {f"assets/{at}.svg": data for at in range(most + 2)}

    *first, (name, last) = checked_pictures([(one, 3) for one in assets], assets, PATH)

    assert (len(data), most) == (size, 10)
    assert [isinstance(one, Picture) for _, one in first] == [True] * most
    assert isinstance(last, Finding)
    assert (name, last.code) == (f"assets/{most}.svg", "RENDER-LIMIT")
    assert last.values["found"] == str(size * (most + 1))


def test_what_is_shown_twice_is_told_at_each_place_and_looked_at_once() -> None:
    told = list(checked_pictures([("a.png", 3), ("a.png", 9)], {"a.png": b"GIF"}, PATH))

    places = [one.place.line for _, one in told if isinstance(one, Finding)]
    assert places == [3, 9]


@pytest.mark.parametrize("inside", ["{}", ".a{{{}}}", ".a{{fill:red}}{}", ".{}{{fill:red}}"])
@pytest.mark.parametrize("filling", [";", "a", " ", ".", ","])
def test_a_style_sheet_is_read_once(inside: str, filling: str) -> None:
    """Row 262 (P): 200 kB of semicolons took eight minutes."""
    sheet = f"<style>{inside.format(filling * 300_000)}</style>"

    for data in (SVG.format(sheet), SVG.format(f'<g class="a">{sheet}</g>')):
        assert code_of(data) in {"", "PICTURE-FORM", "RENDER-LIMIT"}


@pytest.mark.parametrize("behind", ["# )", "#a)", "x)", ""])
def test_blanks_before_a_reference_are_passed_over_once(behind: str) -> None:
    """Row 262 (P): a class with 300 kB of blanks, that refers to nothing."""
    data = SVG.format(f'<g class="url({" " * 300_000}{behind}"/>')

    assert code_of(data) == ("" if "#" in behind else "PICTURE-ADDRESS")


def test_a_picture_that_nobody_sees_through_is_the_same_on_paper() -> None:
    """In pieces as in one: what is half seen through is laid on white to its last row."""
    image = Image.new("RGBA", (700, 1500), (10, 20, 30, 255))
    assert rasters._on_white(image).tobytes() == image.convert("RGB").tobytes()  # noqa: SLF001
    image.putpixel((699, 1499), (0, 0, 0, 0))
    image.putpixel((0, 0), (0, 0, 0, 128))

    plain = rasters._on_white(image)  # noqa: SLF001

    assert [plain.getpixel(at) for at in ((699, 1499), (0, 0), (1, 0), (698, 1499))] == [
        (255, 255, 255), (127, 127, 127), (10, 20, 30), (10, 20, 30),
    ]  # fmt: skip
    rows = [plain.crop((1, at, 699, at + 1)).tobytes() for at in range(1500)]
    assert all(one == other for one, other in pairwise(rows))


def test_scans_behind_a_mark_of_nothing_are_not_passed_over() -> None:
    """Row 272 (P: PICTURE-FORM): the decoder found thousands in what was taken for its inside."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    hidden = data[last:-2] * 30

    assert why(data[:-2] + b"\xff\x02\xff\xff" + hidden + data[-2:]) == (
        "PICTURE-FORM",
        "JPEG FF02",
    )


def test_a_picture_says_its_size_first() -> None:
    """Row 272 (P: PICTURE-FORM): behind a remark its pixels were not counted."""
    data = png()

    assert why(SIGNATURE + chunk(b"tEXt", b"a\0b") + data[8:]) == ("PICTURE-FORM", "PNG IHDR")


def test_a_picture_is_not_one_pixel_wide_and_millions_high() -> None:
    """Row 272 (P: PICTURE-FORM): each row takes memory of its own, a gigabyte and a half."""
    side = rasters.MAX_SIDE + 1

    assert why(png(height=side)) == ("PICTURE-FORM", f"PNG {side} px")


def test_selectors_that_ask_all_the_way_up_are_counted_as_what_they_cost() -> None:
    """Row 273 (P: RENDER-LIMIT)"""
    sheet = ("* " * 15 + "*{fill:red}") * 25
    deep = "<g>" * 28 + '<path d="M0 0L9 9"/>' * 3000 + "</g>" * 28

    assert code_of(SVG.format(f"<style>{sheet}</style>{deep}")) == "RENDER-LIMIT"


DECLARED = "fill:red;stroke:red;opacity:1;stroke-width:1;font-weight:bold;text-anchor:end"


@pytest.mark.parametrize(
    "sheet",
    [
        f"*{{{DECLARED};letter-spacing:1px;fill-rule:evenodd}}" * 120,
        f"{','.join(['*'] * 120)}{{{DECLARED}}}",
        "".join(f".c{at}{{{DECLARED}}}" for at in range(120)),
    ],
)
def test_what_all_rules_say_of_an_element_is_put_together_once(sheet: str) -> None:
    """Row 280 (P): each declaration was weighed again at each element: 40 s, within all bounds."""
    classes = " ".join(f"c{at}" for at in range(120))
    same = '<g class="q"/>' * 8000 + f'<g class="{classes}"/>' * 2000

    assert not code_of(SVG.format(f"<style>{sheet}</style>{same}"))


@pytest.mark.parametrize(
    ("sheet", "style", "drawn"),
    [
        ("*{fill:red}path{fill:blue}*{fill:lime}", "", "blue"),
        ("path{fill:red}path{fill:blue}", "", "blue"),
        (".a{fill:red}#b{fill:blue}path.a{fill:lime}", "", "blue"),
        ("#b{fill:red}", "fill:blue", "blue"),
        ("*{fill:red!important}#b{fill:lime}", "fill:blue", "red"),
        ("*{fill:red!important}", "fill:blue!important", "blue"),
        ("svg path{fill:red}path{fill:blue}", "", "red"),
    ],
)
def test_of_what_is_said_of_an_element_the_strongest_counts(
    sheet: str, style: str, drawn: str
) -> None:
    path = f'<path id="b" class="a" fill="gray" style="{style}" d="M0 0L9 9L9 0Z"/>'
    root = ET.fromstring(SVG.format(f"<style>{sheet}</style>{path}"))  # noqa: S314 - our own

    write_down(root)

    assert root[1].get("fill") == drawn


@pytest.mark.parametrize("selector", [".a/**/.b", ".p/**/path", "a/*", "path/*x*/"])
def test_a_remark_within_a_selector_is_no_blank(selector: str) -> None:
    """Row 274 (P: PICTURE-FORM): a browser took it for another one, and drew other words."""
    assert code_of(SVG.format(f"<style>{selector}{{fill:white}}</style>")) == "PICTURE-FORM"
    for plain in ("/* a */path{fill:red}/* b */ /* c */.a{/* d */fill:red;/* e */}", "/*a*//*b*/"):
        assert not code_of(SVG.format(f"<style>{plain}</style>"))


def test_however_many_rules_there_are_the_stronger_one_wins() -> None:
    """Row 275 (P): the hundred thousandth was as strong as one that names an element."""
    sheet = "path{fill:black}" + "a{}" * 100_001 + "*{fill:white}"
    root = ET.fromstring(SVG.format(f"<style>{sheet}</style>"))  # noqa: S314 - our own

    write_down(root)

    assert root[-1].get("fill") == "black"
