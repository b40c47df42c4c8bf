"""Letters of a drawing that paper doesn't show are refused before anybody signs (DC-18).

`pdftotext` reads all of them: they would be signed and searched, and nobody would see them.
"""

import pytest

from qms.api import Place, Refused
from qms_publish.pictures.picture import checked

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60" viewBox="0 0 300 60">{}</svg>'
)


def found(inside: str, head: str = HEAD) -> str:
    """What a drawing is refused for."""
    with pytest.raises(Refused) as caught:
        checked("a.svg", head.format(inside).encode(), Place())
    assert caught.value.finding.code == "PICTURE-FORM"
    return caught.value.finding.values["found"]


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
