"""A drawing on paper is what a browser shows of it, spot by spot, or it is refused (DC-18).

What a browser shows was looked up in Chromium: the spots are those that the page once had wrong.
"""

from collections.abc import Callable, Mapping

import pytest
from PIL import Image

from qms.api import Place, Refused
from qms_publish.pictures.picture import checked

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' width="300" height="60" viewBox="0 0 300 60"{}>{}</svg>'
)
ARROW = (
    '<marker id="m" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="6" markerHeight="6"'
    ' orient="{}"><path d="M0 0L10 5L0 10Z"/></marker>'
)
STOPS = '<stop offset="0" stop-color="red"/><stop offset="1" stop-color="blue"/>'
RED, BLUE, BLACK, WHITE, LIME, GREEN = "red", "blue", "black", "white", "lime", "green"
NAMES: Mapping[str, tuple[int, int, int]] = {
    RED: (255, 0, 0), BLUE: (0, 0, 255), BLACK: (0, 0, 0), WHITE: (255, 255, 255),
    LIME: (0, 255, 0), GREEN: (0, 170, 0),
}  # fmt: skip
Press = Callable[..., tuple[list[Image.Image], list[str]]]


def colour(page: Image.Image, x: int, y: int) -> str:
    """The name of the colour at a spot, or its numbers."""
    found = page.getpixel((x, y))
    assert isinstance(found, tuple)
    return next(
        (
            name
            for name, one in NAMES.items()
            if max(abs(a - b) for a, b in zip(one, found, strict=True)) < 60
        ),
        str(found),
    )


def refused(drawing: str, name: str = "a.svg") -> str:
    """What a drawing is refused for."""
    with pytest.raises(Refused) as caught:
        checked(name, drawing.encode(), Place())
    assert caught.value.finding.code == "PICTURE-FORM"
    return caught.value.finding.values["found"]


LINE = 'fill="none" stroke="red" stroke-width="2"'
SPOTS: Mapping[str, tuple[str, tuple[tuple[int, int, str], ...]]] = {
    "a bend": (
        f'<polyline points="50 10 250 10 250 50" {LINE} marker-end="url(#m)"/>',
        ((250, 45, BLACK), (246, 40, BLACK), (254, 40, BLACK), (246, 48, WHITE)),
    ),
    "a start": (
        f'<polyline points="50 30 250 30" {LINE} marker-start="url(#r)"/>',
        ((55, 30, BLACK), (60, 26, BLACK), (52, 26, WHITE)),
    ),
    "a curve's start": (
        f'<path d="M20 40 C 20 0 200 0 200 50" {LINE} marker-start="url(#r)"/>',
        ((20, 45, WHITE), (20, 36, BLACK), (17, 30, BLACK), (23, 30, BLACK)),
    ),
    "no length at the end": (
        f'<path d="M20 30H150H150" {LINE} marker-end="url(#m)"/>',
        ((145, 30, BLACK), (140, 26, BLACK), (140, 34, BLACK), (148, 26, WHITE)),
    ),
    "a closed outline": (
        '<path d="M250 10H50V50Z" fill="none" stroke="red" stroke-width="2" marker-end="url(#m)"/>',
        ((50, 45, RED), (150, 10, RED), (150, 30, RED)),
    ),
    "handed down": (
        f'<g {LINE} marker-end="url(#m)"><path d="M20 10v40"/><path d="M100 50h50"/></g>',
        ((20, 45, BLACK), (145, 30, WHITE), (145, 50, BLACK)),
    ),
    "right back": (
        f'<path d="M50 50V20V50M150 20h50h-50" {LINE} marker-mid="url(#m)"/>',
        ((54, 20, BLACK), (60, 16, BLACK), (200, 25, BLACK), (196, 30, BLACK), (204, 30, BLACK)),
    ),
    "by a style sheet": (
        (f'<style>.e{{marker-end:url(#m)}} g>.e{{stroke:blue}}</style>'
        f'<g><path class="e" {LINE} d="M20 30h200"/></g>'),
        ((100, 30, BLUE), (215, 30, BLACK)),
    ),
    "an ellipse as wide as high": (
        '<ellipse cx="50" cy="30" rx="20" fill="red"/>',
        ((50, 15, RED), (50, 45, RED), (50, 5, WHITE)),
    ),
    "nothing that is drawn": (
        ('<circle cx="50" cy="30" r="-20" fill="red"/><line x1="80" x2="200" y1="30" y2="30"/>'
        '<path d="M80 40h100"/><path d="M80 50h90" stroke="black" stroke-width="0"/>'),
        ((50, 30, WHITE), (100, 30, WHITE), (100, 40, WHITE), (100, 50, WHITE)),
    ),
    "of no size of its own": (
        ('<g r="20" width="50" height="50" x="60" d="M0 0h99v60z" points="0 0 90 0 90 60">'
        '<circle fill="red"/><rect fill="red"/><path fill="red"/><polygon fill="red"/></g>'),
        ((10, 10, WHITE), (70, 20, WHITE), (85, 20, WHITE)),
    ),
    "a cut of two": (
        ('<clipPath id="c"><rect width="100" height="60" transform="translate(100,0)"/>'
        '<rect x="250" width="20" height="60"/></clipPath>'
        '<rect width="300" height="60" fill="red" clip-path="url(#c)"/>'),
        ((50, 30, WHITE), (150, 30, RED), (230, 30, WHITE), (260, 30, RED)),
    ),
    "a turned gradient": (
        (f'<linearGradient id="g" gradientTransform="rotate(90)">{STOPS}</linearGradient>'
        '<rect width="300" height="60" fill="url(#g)"/>'),
        ((10, 3, RED), (290, 3, RED), (10, 57, BLUE), (290, 57, BLUE)),
    ),
    "a gradient of no length": (
        (f'<linearGradient id="g" x1="0" x2="0">{STOPS}</linearGradient>'
        f'<radialGradient id="r0" r="0">{STOPS}</radialGradient>'
        '<rect width="100" height="60" fill="url(#g)"/>'
        '<rect x="200" width="100" height="60" fill="url(#r0)"/>'),
        ((10, 10, BLUE), (90, 50, BLUE), (210, 10, BLUE), (290, 50, BLUE)),
    ),
    "a round gradient": (
        (f'<radialGradient id="g">{STOPS}</radialGradient>'
        '<rect width="300" height="60" fill="url(#g)"/>'),
        ((150, 30, RED), (3, 30, BLUE), (150, 2, BLUE), (297, 57, BLUE)),
    ),
    "from one colour to another that is clear": (
        ('<linearGradient id="g"><stop offset="0" stop-color="red"/>'
        '<stop offset="1" stop-color="blue" stop-opacity="0"/></linearGradient>'
        '<rect width="300" height="60" fill="url(#g)"/>'),
        ((5, 30, RED), (150, 30, "(191, 127, 191)"), (297, 30, WHITE)),
    ),
    "a line with a gradient": (
        (f'<linearGradient id="g">{STOPS}</linearGradient>'
        '<line x1="10" y1="30" x2="200" y2="30" stroke="url(#g)" stroke-width="5"/>'),
        ((50, 30, WHITE), (150, 30, WHITE)),
    ),
    "a symbol": (
        ('<symbol id="z" viewBox="0 0 10 10"><rect width="10" height="10" fill="red"/></symbol>'
        '<use href="#z"/>'),
        ((125, 5, RED), (175, 55, RED), (110, 30, WHITE), (190, 30, WHITE)),
    ),
    "what a use hands down": (
        ('<defs><rect id="k" width="40" height="40"/></defs>'
        '<use href="#k" x="10" y="10" fill="red"/><use href="#k" x="100" y="10" fill="blue"/>'),
        ((30, 30, RED), (120, 30, BLUE), (5, 5, WHITE)),
    ),
    "see-through": (
        ('<g opacity=".999"><rect x="-500" width="510" height="60" fill="red"/>'
        '<g transform="translate(250 0)"><rect width="50" height="60" fill="blue"/></g></g>'),
        ((5, 30, RED), (295, 55, BLUE), (150, 30, WHITE)),
    ),
    "outside of its frame": (
        '<rect x="290" y="50" width="90" height="90" fill="red"/>',
        ((295, 55, RED), (305, 55, WHITE), (295, 65, WHITE)),
    ),
    "arcs": (
        f'<path d="M50 30a20 20 0 1140 0M150 30A20 20 0 0 0 190 30" {LINE}/>',
        ((70, 10, RED), (70, 50, WHITE), (170, 50, RED), (170, 10, WHITE)),
    ),
    "smooth curves": (
        f'<path d="M20 30q20 -40 40 0t40 0C120 60 140 60 160 30S200 0 220 30" {LINE}/>',
        ((40, 10, RED), (80, 50, RED), (190, 7, RED)),
    ),
}  # fmt: skip


def test_what_is_drawn_stands_where_a_browser_has_it(pressed: Press) -> None:
    """Row 256 (P): arrows pointed elsewhere, shapes were lost, or there that nobody had seen."""
    defs = ARROW.format("auto") + ARROW.format("auto-start-reverse").replace('"m"', '"r"')

    pages, _ = pressed(*(HEAD.format("", defs + inside) for inside, _ in SPOTS.values()))

    wanted = {name: [one[2] for one in spots] for name, (_, spots) in SPOTS.items()}
    assert wanted == {
        name: [colour(page, x, y) for x, y, _ in spots]
        for page, (name, (_, spots)) in zip(pages, SPOTS.items(), strict=True)
    }


TEXTS = {
    '<text x="10" y="40">OPEN<tspan> NOT<tspan fill="red"> IF</tspan> ABOVE 5</tspan></text>': (
        "OPENNOTIFABOVE5"
    ),
    '<text x="150" y="40" text-anchor="end">ON<tspan x="290">OFFOFF</tspan></text>': "ONOFFOFF",
    '<text x="10" y="20">1<tspan x="10" dy="1.2em">2 <tspan dy="3">3</tspan> 4</tspan></text>': (
        "1234"
    ),
    '<text y="30"> 5\n mm <tspan visibility="inherit"> or </tspan> <tspan>6</tspan></text>': (
        "5mmor6"
    ),
    '<text x="20 40 60" y="30">ABCD</text>': "ABCD",
    '<text y="20">1<tspan x="250" y="50"/>2<tspan x="9" dy="9"> </tspan>3</text>': "123",
    '<text y="30" font-size="0"> </text><text y="30" opacity=".8" fill-opacity="80%">a</text>': (
        "a"
    ),
    '<text xml:space="preserve" y="20" x="5">A  B<tspan display="none"> </tspan> D</text>': "ABD",
    '<text y="20" visibility="hidden"> <tspan visibility="visible" x="9">yes</tspan></text>': (
        "yes"
    ),
    '<text y="20" display="none">never</text><g display="none"><text y="40">never</text></g>': "",
}


def test_letters_stand_as_a_browser_has_them(pressed: Press) -> None:
    """Row 256 (P): letters behind a part of a text were lost, others moved over each other."""
    _, read = pressed(*(HEAD.format("", one) for one in TEXTS))

    assert read == list(TEXTS.values())


def test_parts_of_a_line_follow_each_other_from_its_end(pressed: Press) -> None:
    """DC-18: each part with a place of its own is a line, and ends where it says."""
    inside = (
        '<text x="100" y="40" font-size="20" text-anchor="end">ON<tspan x="290">OFF</tspan></text>'
    )

    pages, _ = pressed(HEAD.format("", inside))

    ink = [x for x in range(300) if any(colour(pages[0], x, y) != WHITE for y in range(20, 42))]
    assert 60 < min(ink) < 80
    assert 285 < max(ink) <= 292
    assert not [x for x in ink if 102 < x < 235]


def test_a_part_of_a_line_looks_as_it_says_and_not_as_the_first_one(pressed: Press) -> None:
    """DC-18: what the first part said was handed down to one that said it anew."""
    inside = (
        '<text x="10" y="40" font-size="30" fill="red" stroke="#0a0" stroke-width="3"'
        ' fill-opacity=".1" font-weight="bold">口口<tspan fill="blue" stroke="none"'
        ' fill-opacity="1" font-weight="normal">口口口口</tspan></text>'
    )

    pages, _ = pressed(HEAD.format("", inside))

    found = {
        part: {colour(pages[0], x, y) for x in range(*part) for y in range(10, 50)}
        for part in ((10, 66), (76, 200))
    }
    assert GREEN in found[10, 66]
    assert BLUE not in found[10, 66]
    assert BLUE in found[76, 200]
    assert not {RED, GREEN} & found[76, 200]


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        (
            f'<linearGradient id="g">{STOPS}</linearGradient><text y="9" fill="url(#g)">5</text>',
            "text fill=url(#g)",
        ),
        (
            ('<clipPath id="c" clipPathUnits="objectBoundingBox"><rect width="1" height="1"/>'
            '</clipPath><text y="40" clip-path="url(#c)">NOT ABOVE 5</text>'),
            "clipPathUnits=objectBoundingBox",
        ),
        ('<text y="9" word-spacing="-100">RUN STOP</text>', "word-spacing: -100"),
        ('<text y="9" letter-spacing="-9">123</text>', "letter-spacing: -9"),
        ('<text x="9 8 7" y="4"><tspan>1</tspan><tspan>2</tspan></text>', "x=9 8 7"),
        ('<text x="9 8 7" y="4" text-anchor="end">123</text>', "x=9 8 7"),
        ('<text y="9" rotate="180">6<tspan>69</tspan></text>', "text rotate"),
        ('<text y="9">A<tspan visibility="hidden">X</tspan>B</text>', "text visibility"),
        ('<text y="9">A<tspan display="none">X</tspan>B</text>', "tspan display"),
        ('<text y="9">A<tspan y="20">X</tspan>B</text>', "tspan y"),
        ('<text y="9">A<tspan opacity=".5">X</tspan></text>', "tspan opacity"),
        ('<text y="9" textLength="50">A<tspan fill="red">X</tspan></text>', "textLength"),
        ('<pattern id="p"/><rect width="9" height="9" fill="url(#p)"/>', "pattern"),
        ('<path d="L10 30 L150 50"/>', "d=L10 30"),
        ('<path d="M10 30 L150 50 60"/>', "d=M10 30"),
        ('<path d="M10 30 L150 50,"/>', "d=M10 30"),
        ('<path d="M10 30 A5 5 0 2 0 9 9"/>', "d=M10 30"),
        ('<polyline points="10 30 50"/>', "points=10 30"),
        ('<rect width="50" height="4.e1"/>', "height=4.e1"),
        (f'{ARROW.format("auto")}<path d="M0 0v50v0" marker-end="url(#m)"/>', "marker-start, "),
        (f'{ARROW.format("auto")}<path d="M0 9" marker-end="url(#m)"/>', "marker-start, "),
        ('<marker id="m" refX="5%"/><path d="M0 0v9" marker-end="url(#m)"/>', "marker %"),
        ('<text style="white-space:pre">a&#10;b</text>', "white-space: pre"),
        (
            ('<clipPath id="c"><path d="M0 0H300V60H0Z M10 10H100V50H10Z" clip-rule="evenodd"/>'
            '</clipPath><rect width="300" height="60" clip-path="url(#c)"/>'),
            "clip-rule=evenodd",
        ),
        ('<rect id="c"/><circle r="9" clip-path="url(#c)"/>', "clip-path=url(#c)"),
        (
            (f'<linearGradient id="g">{STOPS}</linearGradient>'
            '<path d="M0 0h9v9" stroke="url(#g)"/>'),
            "stroke=url(#g)",
        ),
        ('<style>g rect{fill:red}</style><g><rect id="k"/></g><use href="#k"/>', "style"),
    ],
)  # fmt: skip
def test_what_would_stand_elsewhere_is_refused(inside: str, found: str) -> None:
    """Row 256 (P: PICTURE-FORM): letters were lost, moved or turned."""
    with pytest.raises(Refused) as caught:
        checked("a.svg", HEAD.format("", inside).encode(), Place())

    assert caught.value.finding.code == "PICTURE-FORM"
    assert caught.value.finding.values["found"].startswith(found)


def test_a_drawing_that_is_turned_as_a_whole_is_refused() -> None:
    assert refused(HEAD.format(' transform="rotate(180)"', "")) == "svg transform, clip-path"


def test_a_drawing_is_not_moved_within_its_frame(pressed: Press) -> None:
    """DC-18: a browser has no use for x and y of the whole, and the page cut off what it moved."""
    pages, _ = pressed(HEAD.format(' x="100" y="10"', '<rect width="300" height="60" fill="red"/>'))

    assert [colour(pages[0], *spot) for spot in ((2, 2), (297, 57))] == [RED, RED]


def test_letters_are_what_their_bytes_are() -> None:
    """DC-18: µ was printed as Âµ where a drawing named another encoding than it has."""
    text = HEAD.format("", '<text y="30">5 {}</text>')

    head = '<?xml version="1.0" encoding="{}"?>'
    assert refused(head.format("iso-8859-1") + text.format("µm")) == "encoding=iso-8859-1, UTF-8?"
    assert refused(head.format("utf-7") + text.format("mm")) == "encoding=utf-7, UTF-8?"
    for name, unit in (("UTF-8", "µm"), ("iso-8859-1", "mm"), ("GB2312", "mm")):
        drawing = head.format(name) + text.format(unit)
        assert f"5 {unit}" in checked("a.svg", drawing.encode(), Place()).data.decode()


def test_a_drawing_is_named_as_one() -> None:
    """DC-18: a browser goes by the name, and showed none."""
    drawing = HEAD.format("", "")

    with pytest.raises(Refused) as caught:
        checked("a.png", drawing.encode(), Place())
    assert caught.value.finding.code == "PICTURE-KIND"
    assert checked("A.SVG", drawing.encode(), Place()).data


@pytest.mark.parametrize(
    "inside",
    [
        '<text x="200" y="30" font-size="20">超出画布的文字会被剪掉吗</text>',
        '<text x="-30" y="30" font-size="20">左边出界</text>',
        '<text x="150" y="30" font-size="20" text-anchor="end">右端在内而左端出界的文字</text>',
        '<text x="9" y="70">below</text>',
        '<text x="9" y="2">above</text>',
        '<g transform="translate(200 0)"><text x="90" y="30">moved out</text></g>',
        '<text y="30" font-size="26">很长的一行文字：<tspan fill="red">后段在画布外</tspan></text>',
        '<text y="30" x="10 20 310">ABC</text>',
    ],
)
def test_letters_that_the_edge_cuts_off_are_refused(inside: str) -> None:
    """They would be signed and searched, and nobody would see them."""
    with pytest.raises(Refused) as refusal:
        checked("a.svg", HEAD.format("", inside).encode(), Place())

    assert refusal.value.finding.code == "LETTER-CUT"
    assert refusal.value.finding.values["by"] == "viewBox"


@pytest.mark.parametrize(
    "inside",
    [
        '<text x="300" y="58" font-size="20" text-anchor="end">到边为止的文字</text>',
        '<text x="150" y="12" text-anchor="middle">top</text>',
        '<text transform="translate(30,58) rotate(-90)" font-size="14">温度</text>',
        '<text x="9" y="0" dominant-baseline="hanging">top</text>',
        '<text x="9" y="90" display="none">hidden</text>',
    ],
)
def test_letters_at_the_edge_are_printed(inside: str) -> None:
    assert checked("a.svg", HEAD.format("", inside).encode(), Place()).data


@pytest.mark.parametrize(
    ("line", "wide"),
    [
        ('<text x="10" y="40" font-size="20">M·M</text>', 35),
        ('<text x="10" y="40" font-size="20">l’l</text>', 12),
        ('<text x="10" y="40" font-size="20">M “M” M</text>', 71),
        ('<text x="60" y="40" font-size="20" text-anchor="middle">M·M</text>', 35),
        ('<text x="10" y="40" font-size="20">M<tspan fill="red">·M</tspan></text>', 35),
        ('<text x="10" y="40" font-size="20">甲·甲</text>', 58),
        ('<text x="10" y="40" font-size="20" textLength="100">M·M</text>', 96),
    ],
)
def test_marks_between_latin_letters_stand_close(pressed: Press, line: str, wide: int) -> None:
    """N·m and the supplier’s “part” had the gaps of Chinese text there; its own are kept."""
    (page,), (letters,) = pressed(HEAD.format("", line))

    assert letters in {"M·M", "l’l", "M“M”M", "甲·甲"}
    left, _, right, _ = page.convert("L").point(lambda one: 255 * (one < 200)).getbbox() or (0,) * 4
    assert right - left == pytest.approx(wide, abs=2)
