"""Letters of a drawing that something cuts a part off are refused before anybody signs (DC-18)."""

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
