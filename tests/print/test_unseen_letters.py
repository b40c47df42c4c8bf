"""Letters of a drawing that paper doesn't show are refused before anybody signs (DC-18).

`pdftotext` reads all of them: they would be signed and searched, and nobody would see them.
"""

import pytest

from qms.api import Place, Refused
from qms_publish.pictures.picture import checked

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60" viewBox="0 0 300 60">{}</svg>'
)
CUT = '<clipPath id="c"><rect width="90" height="60"/></clipPath>'
ROUND = '<clipPath id="c"><circle cx="150" cy="30" r="40"/></clipPath>'
TWO = '<clipPath id="c"><path d="M0 0H60V60H0Z"/><path d="M200 0H290V60H200Z"/></clipPath>'
CUT_OFF = "text clip-path, svg, symbol"


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
        f'{ROUND}<g clip-path="url(#c)"><text x="115" y="8">角上的字在圆外</text></g>',
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
    assert found(inside).startswith(f"{CUT_OFF}: ")


@pytest.mark.parametrize(
    "inside",
    [
        f'{CUT}<g clip-path="url(#c)"><text x="5" y="40" font-size="20">完整的字</text></g>',
        f'{CUT}<g clip-path="url(#c)"><rect width="300" height="60" fill="red"/></g>',
        f'{ROUND}<g clip-path="url(#c)"><text x="115" y="35">圆中的字</text></g>',
        '<svg width="60" height="40" overflow="visible"><text y="20">出框而可见的文字</text></svg>',
        f'{CUT}<g clip-path="url(#c)"><text x="150" y="40" visibility="hidden">看不见</text></g>',
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
        (
            '<text x="20" y="40" font-size="20" textLength="20">挤在一起的字</text>',
            "text textLength: 挤在一起的字",
        ),
    ],
)
def test_letters_that_no_eye_reads_are_refused(inside: str, why: str) -> None:
    assert found(inside) == why


@pytest.mark.parametrize("said", ["fill-opacity:0", "fill:transparent", "fill:url(#none)"])
def test_letters_that_are_hidden_as_a_whole_are_none_of_the_page(said: str) -> None:
    """As in any program that shows the drawing."""
    inside = f'<text y="40" style="{said}">看不见</text><text y="40">看得见</text>'

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
        '<text y="40" opacity=".3">淡的字</text>',
        '<g transform="rotate(180 150 30)"><text x="20" y="40">倒着的字</text></g>',
        '<g transform="matrix(1 0 0 -1 0 60)"><text transform="scale(1 -1)" y="-9">翻</text></g>',
        '<text y="40" font-size="20" textLength="50" lengthAdjust="spacing">稍挤的字</text>',
    ],
)
def test_letters_that_are_read_are_printed(inside: str) -> None:
    assert checked("a.svg", HEAD.format(inside).encode(), Place()).data


def test_many_letters_behind_a_path_of_many_corners_are_soon_refused() -> None:
    """Row 84 (P): each letter is looked for in the whole path."""
    corners = "".join(f"L{at % 300} {at % 61}" for at in range(20_000))
    texts = '<text x="9" y="30">多而又多的字</text>' * 1000
    inside = (
        f'<clipPath id="c"><path d="M0 0{corners}H300V60H0Z"/></clipPath>'
        f'<g clip-path="url(#c)">{texts}</g>'
    )

    assert found(inside).startswith("text clip-path")
