"""Letters of a drawing that paper doesn't show are refused before anybody signs (DC-18).

`pdftotext` reads all of them: they would be signed and searched, and nobody would see them.
"""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from PIL import Image, ImageChops

from qms.api import Place, Refused
from qms_publish.lettering.fonts import SANS_FAMILIES, SERIF_FAMILIES
from qms_publish.pictures.picture import checked
from qms_publish.svg.ink_boxes import ink_boxes

Press = Callable[..., tuple[list[Image.Image], list[str]]]

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60" viewBox="0 0 300 60">{}</svg>'
)
CUT = '<clipPath id="c"><rect width="90" height="60"/></clipPath>'
ROUND = '<clipPath id="c"><circle cx="150" cy="30" r="40"/></clipPath>'
TWO = '<clipPath id="c"><path d="M0 0H60V60H0Z"/><path d="M200 0H290V60H200Z"/></clipPath>'
CUT_OFF = "clip-path, svg, symbol, marker"


def fault(inside: str, head: str = HEAD) -> tuple[str, str, str]:
    """Code, letter and reason of what a drawing is refused for."""
    with pytest.raises(Refused) as caught:
        checked("a.svg", head.format(inside).encode(), Place())
    finding = caught.value.finding
    assert finding.values["what"] == "a.svg"
    return finding.code, finding.values["letter"], finding.values["by"]


def found(inside: str, head: str = HEAD) -> str:
    """What a drawing is refused for."""
    with pytest.raises(Refused) as caught:
        checked("a.svg", head.format(inside).encode(), Place())
    assert caught.value.finding.code == "PICTURE-FORM"
    return caught.value.finding.values["found"]


@pytest.mark.parametrize(
    "inside",
    [
        f'{CUT}<g clip-path="url(#c)"><text x="20" y="40" font-size="20">半截的字不完整</text></g>',
        f'{CUT}<text x="150" y="40" clip-path="url(#c)">看不见的字</text>',
        (
            f'{CUT}<g transform="translate(99)"><g clip-path="url(#c)"><text transform="scale(2)" '
            'x="20" y="15">半截的字</text></g></g>'
        ),
        f'{ROUND}<g clip-path="url(#c)"><text x="20" y="40" font-size="40">剪切文字ABC</text></g>',
        f'{ROUND}<g clip-path="url(#c)"><text x="115" y="14">角上的字在圆外</text></g>',
        (
            f'{TWO}<g clip-path="url(#c)"><text x="20" y="40" font-size="20">两头在而中间不在的文字'
            "</text></g>"
        ),
        (
            '<svg x="10" width="60" height="40"><text y="20" font-size="20">嵌套裁切的字</text>'
            "</svg>"
        ),
        (
            '<symbol id="s" viewBox="0 0 30 30"><text y="20" font-size="20">符号字</text></symbol>'
            '<use href="#s" x="20" y="10" width="30" height="30"/>'
        ),
    ],
)
def test_letters_that_something_cuts_off_are_refused(inside: str) -> None:
    code, letter, by = fault(inside)

    assert (code, by) == ("LETTER-CUT", CUT_OFF)
    assert letter in inside


@pytest.mark.parametrize(
    ("text", "letter", "cut"),
    [
        ('<text x="20" y="51">Q</text>', "Q", "M0 0H300V55H0Z"),
        ('<text x="20" y="51">土</text>', "土", "M0 0H300V50.5H0Z"),
        ('<text x="20" y="51">末</text>', "末", "M0 19H300V60H0Z"),
        ('<text x="20" y="51">完巳</text>', "巳", "M0 0H94V60H0Z"),
        ('<text x="20" y="51" font-weight="bold">R</text>', "R", "M26 0H300V60H26Z"),
        ('<text x="20" y="51">日</text>', "日", "M0 0H300V30L150 50L0 30Z"),
        ('<text x="20" y="51">日</text>', "日", "M0 0H300V60H0ZM39 35V37H41V35Z"),
        ('<text x="20" y="45" font-family="serif">j</text>', "j", "M22 0H300V60H22Z"),
    ],
)
def test_a_letter_that_is_cut_by_a_little_is_refused(text: str, letter: str, cut: str) -> None:
    """DC-18: Q is read as O then, 土 as 工, 末 as 木: a sixteenth of a letter is enough."""
    text = text.replace("<text", '<text font-size="40"')
    assert checked("a.svg", HEAD.format(text).encode(), Place()).data
    inside = f'<clipPath id="c"><path d="{cut}"/></clipPath><g clip-path="url(#c)">{text}</g>'

    assert fault(inside) == ("LETTER-CUT", letter, CUT_OFF)


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ('<text x="20" y="55">Q</text>', "Q"),
        ('<text x="20" y="31">未</text>', "未"),
        ('<text x="-5" y="40">R</text>', "R"),
        ('<text x="304" y="40" text-anchor="end">甲乙</text>', "乙"),
        ('<text transform="translate(0 50) rotate(-20)">甲乙</text>', "甲"),
    ],
)
def test_a_letter_that_the_edge_cuts_by_a_little_is_refused(text: str, letter: str) -> None:
    """DC-18"""
    assert fault(text.replace("<text", '<text font-size="40"')) == ("LETTER-CUT", letter, "viewBox")


@pytest.mark.parametrize(
    "text",
    [
        '<text x="0" y="33">O土末</text>',
        '<text x="0" y="60">OR</text>',
        '<text x="300" y="57" text-anchor="end">文字</text>',
        '<text x="0" y="0" dominant-baseline="hanging">a</text>',
        '<text x="150" y="30" dominant-baseline="central" text-anchor="middle">Qg土</text>',
        '<text x="-10" y="40">　文</text>',
    ],
)
def test_ink_that_reaches_the_edge_is_whole(text: str) -> None:
    """DC-18: programs cut their drawings to the letters; the room around them may be outside."""
    text = text.replace("<text", '<text font-size="38"')

    assert checked("a.svg", HEAD.format(text).encode(), Place()).data


QUEUE = '<text x="20" y="40" font-size="20">Q</text>'
WHITE = '<text fill="#fff"'
OVER = '<rect y="40" width="99" height="9" fill="#fff"/>'
VEIL = OVER.replace("<rect", '<rect opacity=".4"')
COVERED = '<text x="20" y="40" font-size="20">停机</text>'


@pytest.mark.parametrize(
    ("inside", "letter", "by"),
    [
        (f'{COVERED}<rect width="300" height="60" fill="white"/>', "停", "path"),
        (f'{COVERED}<rect x="39" width="99" height="60" fill="red"/>', "机", "path"),
        (f'{COVERED}<circle cx="30" cy="33" r="14"/>', "停", "path"),
        (f'{COVERED}<path d="M0 33H300" stroke="#fff" stroke-width="30"/>', "停", "path"),
        (f'{COVERED}<g opacity=".95"><rect width="300" height="60"/><path/></g>', "停", "path"),
        (
            (
                f'{COVERED}<g transform="scale(2)"><rect width="15" height="30" fill="white"/>'
                '<rect x="15" width="6" height="30" fill="white"/></g>'
            ),
            "停",
            "path",
        ),
        ('<text x="20" y="40" fill="white">白字</text>', "白", "fill"),
        ('<text x="20" y="40" fill="#fefefe" stroke="#FFF">白字</text>', "白", "fill"),
        ('<rect width="99" height="60"/><text x="20" y="40">黑字</text>', "黑", "fill"),
        (
            (
                '<rect width="99" height="60" fill="navy"/>'
                '<rect width="99" height="60" fill="white"/>'
                '<text x="20" y="40" fill="white">白字</text>'
            ),
            "白",
            "fill",
        ),
        ('<text x="20" y="40">黑<tspan fill="white">白</tspan></text>', "白", "fill"),
        (QUEUE.replace("<text", '<text stroke="#fff" stroke-width="1.5"'), "Q", "fill"),
        (QUEUE.replace("<text", '<text fill="#fff" stroke="#000" stroke-width=".1"'), "Q", "fill"),
        (f'{QUEUE}<rect x="28" y="40" width="20" height="9" fill="white"/>', "Q", "path"),
        (f'{QUEUE}<path d="M28 40h9v9z" fill="#eee"/>', "Q", "path"),
        (f'{QUEUE}<path d="M0 30H99M0 34H99M0 38H99" stroke="#fff"/>', "Q", "path"),
        (f'{QUEUE}<path d="M0 39H300" stroke="#fff" stroke-width=".5"/>', "Q", "path"),
        (
            (
                f'{QUEUE}<path d="M60 41L39 40L60 39" stroke="#fff" stroke-width="2"'
                ' stroke-miterlimit="40"/>'
            ),
            "Q",
            "path",
        ),
        (
            (
                f'{QUEUE}<path d="M60 39L39 40L60 41Z" stroke="#fff" stroke-width="2"'
                ' stroke-miterlimit="40"/>'
            ),
            "Q",
            "path",
        ),
        (
            f'{CUT}{QUEUE}<g clip-path="url(#c)">{OVER}</g>',
            "Q",
            "path",
        ),
        (
            f"{QUEUE}{VEIL * 3}",
            "Q",
            "path",
        ),
        (f'<rect width="99" height="41"/>{QUEUE.replace("<text", WHITE)}', "Q", "fill"),
        (f'<path d="M0 0H99V60H0Z"/><path d="M0 0H99V41H0Z" fill="#fff"/>{QUEUE}', "Q", "fill"),
        ('<text x="20" y="40" fill="#aaa">浅</text>', "浅", "fill"),
        ('<text x="20" y="40" fill="yellow">黄</text>', "黄", "fill"),
    ],
)
def test_letters_behind_a_shape_or_in_the_colour_of_their_ground_are_refused(
    inside: str, letter: str, by: str
) -> None:
    """DC-18"""
    assert fault(inside) == ("LETTER-COVERED", letter, by)


@pytest.mark.parametrize(
    "inside",
    [
        f'<rect width="300" height="60" fill="white"/>{COVERED}',
        f'{COVERED}<rect width="300" height="60" fill="none" stroke="red"/>',
        f'{COVERED}<rect width="300" height="60" fill="yellow" fill-opacity=".3"/>',
        f'{COVERED}<path d="M0 33H300" stroke="red" stroke-width="2"/>',
        f'{COVERED}<rect y="42" width="300" height="18"/>',
        f'{CUT}{COVERED}<g clip-path="url(#c)"><rect x="90" width="200" height="60"/></g>',
        '<rect width="99" height="60" fill="navy"/><text x="20" y="40" fill="white">白字</text>',
        '<text x="20" y="40" fill="white" stroke="black" stroke-width=".5">空心</text>',
        '<text x="20" y="40" fill="#888">灰</text>',
        '<rect width="99" height="60" fill="red"/><text x="20" y="40" fill="navy">色</text>',
        '<rect width="99" height="60" fill="#70ad47"/><text x="20" y="40" fill="white">绿</text>',
        '<rect width="99" height="60" fill="#d3d3d3"/><text x="20" y="40" fill="red">红</text>',
        f'{QUEUE}<path d="M0 39H300" stroke="#888" stroke-width=".5"/>',
        f'<path d="M0 39H300M28 0V60" stroke="#ccc"/>{QUEUE}',
        f'{QUEUE}<path d="M0 45.5H300V60H0Z" fill="white"/>',
        f'{QUEUE}<path d="M33 40l-5 2v-4z"/><path d="M33 40H90" stroke="red"/>',
        f'<path d="M29 43l5-4v6z"/><rect x="20" y="41" width="30" height="2"/>{QUEUE}',
        '<rect width="28" height="60"/><rect x="28" width="9" height="60" fill="navy"/>'
        + QUEUE.replace("<text", '<text fill="white"'),
        QUEUE.replace("<text", '<text stroke="white" stroke-width=".3"'),
        (
            '<linearGradient id="g"><stop stop-color="red"/><stop offset="1"/></linearGradient>'
            '<rect width="99" height="60" fill="url(#g)"/><text y="40" fill="white">渐变</text>'
        ),
    ],
)
def test_letters_on_shapes_and_beside_them_are_printed(inside: str) -> None:
    """DC-18"""
    assert checked("a.svg", HEAD.format(inside).encode(), Place()).data


@pytest.mark.parametrize(
    "inside",
    [
        f'{CUT}<g clip-path="url(#c)"><text x="5" y="40" font-size="20">完整的字</text></g>',
        f'{CUT}<g clip-path="url(#c)"><rect width="300" height="60" fill="red"/></g>',
        f'{ROUND}<g clip-path="url(#c)"><text x="115" y="35">圆中的字</text></g>',
        '<svg width="60" height="40" overflow="visible"><text y="20">出框而可见的文字</text></svg>',
        f'{CUT}<g clip-path="url(#c)"><text x="150" y="40" display="none">看不见</text></g>',
    ],
)
def test_letters_that_nothing_cuts_off_are_printed(inside: str) -> None:
    assert checked("a.svg", HEAD.format(inside).encode(), Place()).data


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ('<text x="20" y="40" font-size="0.2">极小的字</text>', "text < 1 pt: 极小的字"),
        (
            '<g transform="scale(.01)"><text x="2000" y="4000" font-size="20">小</text></g>',
            "text < 1 pt: 小",
        ),
        (
            '<g transform="scale(1 .02)"><text x="20" y="2000" font-size="20">压扁</text></g>',
            "text < 1 pt: 压扁",
        ),
        (
            '<text x="9" y="30">大<tspan font-size=".5">极小</tspan></text>',
            "text < 1 pt: 大极小",
        ),
        ('<text y="40" fill-opacity="0.02">几乎透明</text>', "text opacity < 0.1: 几乎透明"),
        ('<text y="40" fill="#00000009">透明色</text>', "text opacity < 0.1: 透明色"),
        ('<text y="40" fill="rgba(0,0,0,.05)">透明色</text>', "text opacity < 0.1: 透明色"),
        (
            '<text y="40">甲<tspan fill="transparent">透明色</tspan></text>',
            "text opacity < 0.1: 甲透明色",
        ),
        (
            '<g opacity=".3"><path d="M0 0h9"/><text y="40" opacity=".3">层层变淡</text></g>',
            "text opacity < 0.1: 层层变淡",
        ),
        (
            '<g transform="translate(300,0) scale(-1,1)"><text x="20" y="40">镜像</text></g>',
            "text scale(-1 1): 镜像",
        ),
        ('<text transform="rotate(180 99 30)" x="20" y="40">6 A</text>', "text rotate(180): 6 A"),
        ('<text transform="translate(99 9) rotate(120)">甲</text>', "text rotate(120): 甲"),
        ('<text transform="translate(20 9) rotate(90)">N</text>', "text rotate(90): N"),
        ('<text transform="translate(20 40) rotate(-45)">+</text>', "text rotate(-45): +"),
        ('<text transform="translate(20 9) rotate(90)">→</text>', "text rotate(90): →"),
        ('<text transform="translate(20 40) skewX(-60)">l</text>', "text skewX(-60): l"),
        ('<text transform="translate(20 40) scale(1 4)">.</text>', "text scale: ."),
        (
            '<text x="9" y="40" textLength="90" lengthAdjust="spacingAndGlyphs">.</text>',
            "text textLength: .",
        ),
        (
            '<text y="40" font-size="20" stroke="black" stroke-width="3">8</text>',
            "text stroke-width > font-size / 10: 8",
        ),
        (
            '<text x="20" y="40" font-size="20" textLength="20">挤在一起的字</text>',
            "text textLength: 挤在一起的字",
        ),
    ],
)
def test_letters_that_no_eye_reads_are_refused(inside: str, why: str) -> None:
    assert found(inside) == why


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ('<text y="40" style="fill-opacity:0">看不见</text>', "text opacity < 0.1"),
        ('<text y="40" style="fill:transparent">看不见</text>', "text opacity < 0.1"),
        ('<text y="40" style="fill:url(#none)">看不见</text>', "text opacity < 0.1"),
        ('<text y="40" fill="none">看不见</text>', "text visibility, fill, font-size"),
        ('<text y="40" font-size="0">看不见</text>', "text visibility, fill, font-size"),
        (
            '<g visibility="hidden"><text y="40">看不见</text></g>',
            "text visibility, fill, font-size",
        ),
        ('<g opacity="0"><text y="40">看不见</text></g>', "text opacity=0"),
        (
            '<clipPath id="c"/><g clip-path="url(#c)"><text y="40">看不见</text></g>',
            "text clip-path",
        ),
    ],
)
def test_letters_that_are_there_and_hidden_are_refused(inside: str, why: str) -> None:
    """DC-18: somebody who reads the file takes them for signed."""
    assert found(inside) == f"{why}: 看不见"


def test_a_layer_that_is_switched_off_is_none_of_the_page() -> None:
    """As in any program that shows the drawing."""
    inside = '<g style="display:none"><text y="40">看不见</text></g><text y="40">看得见</text>'

    drawn = checked("a.svg", HEAD.format(inside).encode(), Place()).data.decode()

    assert "看得见" in drawn
    assert "看不见" not in drawn


@pytest.mark.parametrize("family", ["sans-serif", "serif"])
@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("letters", ["Q", "j", "土", "☐", "ő", "a1 末"])
def test_the_ink_is_where_the_fonts_have_it(
    pressed: Press, letters: str, weight: str, family: str
) -> None:
    """DC-18: the table by which a drawing is judged is that of the fonts that draw it."""
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200" viewBox="0 0 400 200">'
        f'<text x="200" y="140" font-size="100" text-anchor="middle" font-weight="{weight}"'
        f' font-family="{family}">{letters}</text></svg>'
    )

    (page,), _ = pressed(drawing)

    found = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    line = ET.fromstring(drawing)[0]  # noqa: S314 - our own
    line.set("font-family", SERIF_FAMILIES if family == "serif" else SANS_FAMILIES)
    told = ink_boxes(line)
    hair = 2
    box = (
        min(one.left for one in told) - hair,
        min(one.top for one in told) - hair,
        max(one.right for one in told) + hair,
        max(one.bottom for one in told) + hair,
    )
    assert found == pytest.approx(box, abs=2.5)


def test_a_large_drawing_is_judged_as_it_is_printed() -> None:
    """A plan of two metres is made as wide as the page: its letters are not what they were."""
    plan = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="2000mm" height="1000mm"'
        ' viewBox="0 0 2000 1000">{}</svg>'
    )

    assert found('<text x="9" y="99" font-size="3">3 mm 高的字</text>', plan).startswith(
        "text < 1 pt"
    )
    assert checked(
        "a.svg", plan.format('<text y="99" font-size="12">大字</text>').encode(), Place()
    ).data


@pytest.mark.parametrize(
    "inside",
    [
        '<text y="40" font-size="4">小而可读的字</text>',
        '<text y="40" fill="none" stroke="black">空心</text>',
        '<text y="40" opacity=".6">淡的字</text>',
        '<text transform="translate(20 55) rotate(-90)">NH 轴</text>',
        '<text transform="translate(20 5) rotate(90)">工序</text>',
        '<text transform="translate(20 5) rotate(90)">6</text>',
        '<text transform="translate(20 40) rotate(20)">N</text>',
        '<text transform="matrix(.866 .5 0 1 20 20)">等轴测</text>',
        '<text y="40" font-size="20" stroke="black" stroke-width="2">粗</text>',
        '<g transform="matrix(1 0 0 -1 0 60)"><text transform="scale(1 -1)" y="-9">翻</text></g>',
        '<text y="40" font-size="20" textLength="50" lengthAdjust="spacing">稍挤的字</text>',
    ],
)
def test_letters_that_are_read_are_printed(inside: str) -> None:
    assert checked("a.svg", HEAD.format(inside).encode(), Place()).data


def test_many_letters_behind_a_path_of_many_corners_are_soon_refused() -> None:
    """Row 84 (P): each letter is looked for in the whole path."""
    corners = "".join(f"L{at % 300} 0" for at in range(20_000))
    texts = '<text x="9" y="30">多而又多的字</text>' * 1000
    inside = (
        f'<clipPath id="c"><path d="M0 0{corners}H300V60H0Z"/></clipPath>'
        f'<g clip-path="url(#c)">{texts}</g>'
    )

    assert found(inside).startswith("text clip-path")


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<text x="20" y="40" font-family="Symbol">a = 5</text>', "a.svg “a = 5” (Symbol)"),
        (
            '<text x="20" y="40" style="font-family:Wingdings 2, Arial">P</text>',
            "a.svg “P” (Wingdings 2)",
        ),
        ('<text x="20" y="40" style="font:12px \'MT Extra\'">l</text>', "a.svg “l” (MT Extra)"),
        (
            '<g font-family="ZapfDingbats"><text x="20" y="40">4</text></g>',
            "a.svg “4” (ZapfDingbats)",
        ),
        (
            (
                '<style>.s{font-family:"Webdings" !important}</style>'
                '<text x="20" y="40">甲<tspan class="s">n</tspan></text>'
            ),
            "a.svg “n” (Webdings)",
        ),
    ],
)
def test_letters_in_a_font_of_signs_are_refused(inside: str, said: str) -> None:
    """DC-18: an alpha in Symbol came out as a, a tick of Wingdings as P."""
    with pytest.raises(Refused) as caught:
        checked("a.svg", HEAD.format(inside).encode(), Place())

    assert caught.value.finding.code == "LETTER-SYMBOL"
    assert caught.value.finding.values["number"] == said


@pytest.mark.parametrize(
    "family", ["Segoe UI Symbol", "Cambria Math", "Arial, 'Noto Sans Symbols'"]
)
def test_letters_in_a_font_of_letters_are_taken(family: str) -> None:
    text = f'<text x="20" y="40" font-family="{family}">a</text>'
    assert checked("a.svg", HEAD.format(text).encode(), Place()).data
    blank = '<g font-family="Symbol"><text x="20" y="40" font-family="Arial">a</text></g>'
    assert checked("a.svg", HEAD.format(blank).encode(), Place()).data


def test_many_letters_among_many_shapes_are_soon_refused() -> None:
    """Row 84 (P): each letter was looked for among all shapes beside its line."""
    texts = f'<text x="1" y="50">{"." * 12}</text>' * 3000
    shapes = '<path d="M2 49.05h.01v.01h-.01z"/>' * 16_000

    assert found(f'<g font-size="1.4">{texts}{shapes}</g>') == "text, path > …"
