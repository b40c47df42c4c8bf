"""Drawings that page and browser would show otherwise are refused; exports of programs are not."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from qms.api import Place, Refused
from qms_publish.pictures.picture import checked

EXPORTS = Path(__file__).with_name("exports")
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' viewBox="0 -60 200 200">{}</svg>'
)
TEXT = '<text x="5" y="20" font-size="6" class="n" {}>5 mm</text>'
A, B = ('<text id="a" y="9">5 mm</text>', '<text id="b" y="9">50 mm</text>')


def drawn(inside: str) -> ET.Element:
    """The drawing as the renderer is given it."""
    data = checked("a.svg", HEAD.format(inside).encode(), Place("a.md")).data
    return ET.fromstring(data)  # noqa: S314 - our own


def code_of(inside: str) -> str:
    """The code a drawing is refused with."""
    with pytest.raises(Refused) as caught:
        drawn(inside)
    return caught.value.finding.code


@pytest.mark.parametrize(
    "inside",
    [
        f'<defs>{A}{B}</defs><use href="#a" xlink:href="#b"/>',
        f'<defs>{A}{B.replace("b", "a", 1)}</defs><use href="#a"/>',
        '<linearGradient id="a" href="#b" xlink:href="#c"/>',
    ],
)
def test_what_is_referred_to_is_one_thing(inside: str) -> None:
    """Row 243 (P: PICTURE-FORM): of two a browser shows the one and the page had the other."""
    assert code_of(inside) == "PICTURE-FORM"


def test_a_name_that_stands_twice_and_is_not_asked_for_is_fine() -> None:
    drawn(f'<rect id="a"/>{A}<use href="#b"/>{B}')


@pytest.mark.parametrize(
    "inside",
    [
        "5 mm", "<g>5 mm</g>", "<rect/>5 mm", "<rect>5 mm</rect>", "<g><tspan>5 mm</tspan></g>",
        "<text>5<text>0</text></text>", "<rect><text>5 mm</text></rect>",
        "<title>a<text>5 mm</text></title>", "<metadata><text>5 mm</text></metadata>",
        "<linearGradient><text>5 mm</text></linearGradient>",
        "<clipPath><text>5 mm</text></clipPath>", "<symbol><stop/></symbol>",
        '<x:a xmlns:x="urn:x"><style>text{display:none}</style></x:a>',
        '<metadata><x:a xmlns:x="urn:x"><rect id="a"/></x:a></metadata>',
        '<h:style xmlns:h="http://www.w3.org/1999/xhtml">text{display:none}</h:style>',
        '<h:p xmlns:h="http://www.w3.org/1999/xhtml">5 mm</h:p>',
        '<desc><h:style xmlns:h="http://www.w3.org/1999/xhtml">text{fill:none}</h:style></desc>',
    ],
)  # fmt: skip
def test_letters_stand_in_texts_alone(inside: str) -> None:
    """Row 244 (P: PICTURE-FORM): elsewhere a browser shows none, and the page did."""
    assert code_of(inside) == "PICTURE-FORM"


def test_what_is_no_drawing_is_left_out_of_it() -> None:
    """Row 244 (P): titles were on the page where something else stood inside."""
    inside = "<title>甲</title><g><desc>乙</desc><text>停<title>丙</title>机</text></g>"

    assert [*drawn(inside).itertext()] == ["停机"]


def test_a_line_end_between_two_words_is_a_blank() -> None:
    """Row 244 (P): two numbers were one on the page."""
    assert [*drawn("<text>5\n0 <tspan/>1\n2</text>").itertext()] == ["5 0 1 2"]


@pytest.mark.parametrize(
    "said",
    [
        'display="NONE"', 'display=" none"', 'style="display:None"', 'visibility="collapse"',
        'visibility="VISIBLE"', 'style="display:none;display:bogus"', 'display="contents"',
        'style="display:none;display:inline"', 'style="clip-path:inset(100%)"',
        'style="translate:900px 0"', 'style="scale:0"', 'style="rotate:180deg"',
        "style=\"offset-path:path('M900 900h1')\"", 'style="content-visibility:hidden"',
        'style="zoom:.01"', 'fill="NONE"', 'stroke="None"', 'fill="bogus"', 'fill=""',
        'style="fill:currentcolor"', 'fill="rgb(1,2%,3)"', 'fill="light-dark(transparent,#000)"',
        'opacity="x"', 'marker="url(#m)"', 'font="bold 8px a"', 'style="-webkit-mask:none"',
        'style="font-size:12"', 'style="font-size:xx-large"', 'style="font-size:max(6px,1px)"',
        'font-size="1vw"', 'font-size="bogus"', 'font-size="6PX"', 'x="5vw"', 'dx="min(1,2)"',
        'style="x:5px"', 'style="white-space:pre-line"', 'display-anchor="top"',
        'direction="rtl"', 'text-decoration="underline"', 'style="visibility:initial"',
        'style="background:#000"', 'xml:base="a"', 'xml:id="a"', 'unknown="1"', 'style="a"',
        'style="paint-order:stroke"', 'vector-effect="non-scaling-stroke"', 'pathLength="9"',
    ],
)  # fmt: skip
def test_what_is_said_is_read_alike_by_all(said: str) -> None:
    """Row 245 (P: PICTURE-FORM): what a browser passes over hid a word on the page."""
    assert code_of(TEXT.format(said).replace("5 mm", "5  mm")) == "PICTURE-FORM"


@pytest.mark.parametrize(
    "said",
    [
        'opacity="０"', 'style="opacity:０"', 'x="９0"', 'font-size="６"', 'fill="rgb(２55,0,0)"',
        'transform="translate(５0 5)"', 'style="\u00a0display:none"', 'style="display:\u00a0none"',
        'style="display:none\u3000"', 'style="font:\u00a06px a"', 'dx="1\u00a02"',
    ],
)  # fmt: skip
def test_digits_and_blanks_are_those_of_drawings(said: str) -> None:
    """Row 245 (P: PICTURE-FORM): the page read a wide ０ as nought, and hid the word."""
    assert code_of(TEXT.format(said)) == "PICTURE-FORM"


@pytest.mark.parametrize(
    "said",
    ['opacity="0."', 'y="20."', 'font-size="9.px"', 'style="opacity:0."', 'y="2.e1"', 'dx="1. 2"',
     'transform="scale(.5 1.)"', 'stroke="red" stroke-width="-3"'],
)  # fmt: skip
def test_what_ends_with_its_point_is_no_number(said: str) -> None:
    """Row 245 (P: PICTURE-FORM): a browser passes over it, and the page hid or moved the word."""
    assert code_of(TEXT.format(said)) == "PICTURE-FORM"


@pytest.mark.parametrize(
    "drawn_as",
    ["L0 0 50 20 0 20", "z M0 0L50 0L50 20", "50 0L50 20", "M0,0,L50,0,50,20", "M0 0 50,,20 0 20",
     "M0 0L50", "M0 0L50 0L50 20L", "M0 0C10 10", "M0 0L50 0L50 20zL", "M0 0A9 9 0 2 1 5 5",
     "M0 0EL50 0", "M5.,5.L9 9", "M0 0H", "M0 0z5", "M0--5L50 0 50 20", "xM0 0L9 9"],
)  # fmt: skip
def test_a_path_is_one_to_its_end(drawn_as: str) -> None:
    """Row 245 (P: PICTURE-FORM): words may be outlines; a browser ends at the first fault."""
    assert code_of(f'<path d="{drawn_as}"/>') == "PICTURE-FORM"


@pytest.mark.parametrize(
    "drawn_as",
    ["", " ", "M0 0", " m0 0 50 0 0 20z ", "M0 0H50V20h-5v-5Z", "M.5.5L50-0L50.0.20.5 20",
     "M0,0 C 1,2 3,4 5,6 S1 2 3 4Q1 2 3 4T5 6", "M0 0A10 10 0 01 50 20a1,1,0,1,0,5,5",
     "M0 0a1 1 0 0150 20 1 1 0 1 1-5.5e-1 2", "M1e1-2E+1 3,4\nL5 6", "M0 0zM5 5z"],
)  # fmt: skip
def test_plain_paths_are_taken(drawn_as: str) -> None:
    """DC-18"""
    drawn(f'<path d="{drawn_as}"/>')


@pytest.mark.parametrize("points", ["5", "0 0 5", "0 0,5 5,"])
def test_points_are_pairs(points: str) -> None:
    """Row 245 (P: PICTURE-FORM)"""
    assert code_of(f'<polygon points="{points}"/>') == "PICTURE-FORM"


@pytest.mark.parametrize(
    "inside",
    [
        "<style>g\u00a0text{display:none}</style><g><text>a</text></g>",
        "<style>text\u3000{display:none}</style><text>a</text>",
        '<path d="M ０ ０ L 9 9"/>',
        '<polyline points="1\u00a01 3\u00a04"/>',
        '<rect width="１００" height="9"/>',
    ],
)
def test_a_letter_that_looks_like_a_blank_parts_nothing(inside: str) -> None:
    """Row 246 (P: PICTURE-FORM): what was one name to a browser were two to the page."""
    assert code_of(inside) == "PICTURE-FORM"


@pytest.mark.parametrize(
    ("inside", "sizes"),
    [
        ('<g font-size="2em"><text>a</text></g>', ["32"]),
        (
            (
                '<text font-size="2em">a<tspan font-weight="bold">b<tspan font-size="50%">c</tspan>'
                "</tspan></text>"
            ),
            ["32", "32", "16"],
        ),
        ('<style>.n{font-size:2em}</style><g class="n"><text class="n">a</text></g>', ["64"]),
        ("<style>text{font-size:200%}</style><g font-size='9'><text>a</text></g>", ["18"]),
        ('<defs><text id="t">a</text></defs><use href="#t" style="font-size:2em"/>', ["32"]),
    ],
)
def test_letters_are_sized_by_those_around_them_once(inside: str, sizes: list[str]) -> None:
    """Row 245 (P): the page made them larger again in each part."""
    assert [one.get("font-size") for one in drawn(inside).iter() if one.text] == sizes


@pytest.mark.parametrize(
    "sheet",
    [
        '<style type="TEXT/CSS">.n{fill:red}</style>', '<style type="">.n{fill:red}</style>',
        '<style title="a">.n{fill:red}</style>', "<style><title/>.n{fill:red}</style>",
        "<style>.n{dis<desc/>play:none}</style>", "<style>:is(.n){fill:red}</style>",
        "<style>text:not(.a .b){fill:red}</style>", "<style>.a,::x{fill:red} .n{fill:red}</style>",
        "<style>text:hover{fill:red}</style>", '<style>[class="N" i]{fill:red}</style>',
        "<style>g{&amp; .n{fill:red}}</style>", "<style>&lt;!-- .n{fill:red}</style>",
        "<style>.n{fill:red;fill:blue}</style>", "<style>.n{fill:red</style>", "<style>.n</style>",
        "<style>{fill:red}</style>",
        f"<style>{'g ' * 20}{{fill:red}}</style>",
    ],
)  # fmt: skip
def test_a_sheet_says_what_all_understand(sheet: str) -> None:
    """Row 246 (P: PICTURE-FORM): after what it didn't know a renderer left out the rest."""
    assert code_of(sheet + TEXT.format("")) == "PICTURE-FORM"


@pytest.mark.parametrize(
    "said",
    [
        'transform="scale(0)"', 'transform="matrix(1 1 1 1 0 0)"', 'transform="skewX(90)"',
        'transform="TranslateX(9)"', 'transform="translateX(9)"', 'transform="rotate(9deg)"',
        'transform="scale(1"', 'transform="scale(1) x"', 'transform="scale(1e-9) scale(1e-9)"',
        'transform="matrix3d(0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,1)"', 'transform="none"',
        'style="transform:translate(9,9)"', 'style="transform:matrix(1 0 0 1 0 0)"',
        'style="transform:scale(0)"', 'transform-origin="5 5"', 'style="transform-origin:5px 5px"',
        'style="transform-box:fill-box"', 'transform="scale(1)," ', 'transform="translate(1 2 3)"',
    ],
)  # fmt: skip
def test_what_moves_a_drawing_moves_it_alike(said: str) -> None:
    """Row 247 (P: PICTURE-FORM): what leaves nothing to be seen was drawn as it was."""
    assert code_of(TEXT.format(said)) == "PICTURE-FORM"


@pytest.mark.parametrize(
    "said",
    [
        'transform="translate(4 112) rotate(-90,5,5)scale(-.1-.1)"', 'transform=""',
        'style="transform:translate(9px, 9px) scale(1)"', 'fill="Red"', 'fill="#123456cc"',
        'style="fill:rgb(10%, 20%, 30%) !important"',
        'stroke-width=".4" stroke="hsl(120, 100%, 25%)"',
        'style="-inkscape-stroke:none;;fill:red"', 'fill="inherit"', "style=\"stroke:url('#g')\"",
        'style="font-size:120%"', 'style="white-space:pre"', 'style="marker:none"',
    ],
)  # fmt: skip
def test_plain_values_are_taken(said: str) -> None:
    """DC-18"""
    drawn(TEXT.format(said))


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ('<switch><foreignObject requiredFeatures="x"/><text>a</text></switch>', "switch"),
        ("<foreignObject/>", "foreignObject"),
        (
            '<rect style="fill: light-dark(#ffffff, var(--ge-dark-color, #121212))"/>',
            "@, var(), \\",
        ),
        ('<image href="data:image/png;base64,AA"/>', "image"),
        ('<text>m<tspan baseline-shift="super">2</tspan></text>', "baseline-shift=super"),
        ('<text text-decoration="underline">a</text>', "text-decoration=underline"),
        ('<text><textPath href="#p">a</textPath></text>', "textPath"),
        ('<mask id="m"/>', "mask"),
        ('<filter id="f"/>', "filter"),
    ],
)
def test_what_is_refused_of_programs_is_named_as_on_the_page(inside: str, found: str) -> None:
    """DC-20: docs/print.md tells by these words what to switch off."""
    page = (Path(__file__).parents[3] / "docs/print.md").read_text(encoding="utf-8")

    with pytest.raises(Refused) as caught:
        drawn(inside)

    assert caught.value.finding.values["found"] == found
    assert found.partition("=")[0] in page


@pytest.mark.parametrize("name", sorted(one.stem for one in EXPORTS.glob("*.svg")))
def test_what_drawing_programs_export_is_taken(name: str) -> None:
    """DC-18: matplotlib's own, and those of others as they write them."""
    data = (EXPORTS / f"{name}.svg").read_bytes()

    assert checked(f"{name}.svg", data, Place("a.md")).mime == "image/svg+xml"


@pytest.mark.parametrize(
    "inside",
    [
        f'<polygon points="{"1" * 300_000}x"/>', f'<polygon points="{"1 " * 200_000}x"/>',
        f"<style>{'a' * 500_000}</style>", f'<text x="1{" " * 500_000}x">a</text>',
        f"<style>{'a ' * 200_000}{{fill:red}}</style>", f'<g stroke-dasharray="{"1-" * 200_000}"/>',
        f'<g transform="scale({"1 " * 200_000})"/>', f'<g fill="rgb({" " * 500_000}"/>',
    ],
)  # fmt: skip
def test_long_values_are_judged_soon(inside: str) -> None:
    """Row 84 (P): in as many steps as there are letters."""
    with pytest.raises(Refused):
        drawn(inside)
