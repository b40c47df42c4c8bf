"""Letters of a drawing that stand behind something, or in its colour, are refused (DC-18)."""

import pytest

from qms.api import Place, Refused
from qms_publish.pictures.picture import checked

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60" viewBox="0 0 300 60">{}</svg>'
)
CUT = '<clipPath id="c"><rect width="90" height="60"/></clipPath>'


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


STRUCK = '<text x="20" y="60" font-size="48">不合格</text>'
TALL = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100" viewBox="0 0 300 100">'
    "{}</svg>"
)


def lines(width: float, step: float, colour: str = "#000", where: str = "M0 {}H70") -> str:
    """Lines on a letter, one beside the other."""
    places = (10 + step * at for at in range(round(80 / step)))
    drawn = "".join(f'<path d="{where.format(at)}"/>' for at in places)
    return f'<g stroke="{colour}" stroke-width="{width}">{drawn}</g>'


ONE_PATH = " ".join(f"M0 {at}H70" for at in range(10, 90, 4))
DOTS = "".join(
    f'<rect x="{x}" y="{y}" width="4.1" height="4.1"/>'
    for x in range(16, 70, 4)
    for y in range(14, 72, 4)
)


@pytest.mark.parametrize(
    "inside",
    [
        STRUCK + lines(7, 8),
        STRUCK + lines(3.8, 4),
        STRUCK + lines(5, 4, "#555"),
        STRUCK + lines(3, 4, where="M{} 0V100"),
        STRUCK + lines(0.9, 1.2),
        f'{STRUCK}<path d="{ONE_PATH}" stroke="#000" stroke-width="3.4"/>',
        STRUCK + DOTS,
        lines(5, 4) + STRUCK,
        lines(0.9, 1.2) + STRUCK,
    ],
)
def test_lines_that_black_a_letter_out_together_are_refused(inside: str) -> None:
    """Each of them alone only strikes it out."""
    assert fault(inside, TALL)[:2] == ("LETTER-COVERED", "不")


@pytest.mark.parametrize(
    "inside",
    [
        STRUCK + lines(1, 8),
        STRUCK + lines(1, 8) + lines(1, 8, where="M{} 0V100"),
        f'{STRUCK}<path d="M15 43H200" stroke="#000" stroke-width="6"/>',
        f'{STRUCK}<path d="M15 36H200M15 48H200" stroke="#000" stroke-width="4"/>',
        f'{STRUCK}<path d="M15 68H200M15 74H200" stroke="#000" stroke-width="6"/>',
        STRUCK + '<path d="M15 43H200" stroke="#000" stroke-width="4"/>' * 20,
        lines(1, 5) + STRUCK,
        lines(7, 8, "#ddd") + STRUCK,
    ],
)
def test_grids_and_lines_that_strike_or_underline_are_printed(inside: str) -> None:
    checked("a.svg", TALL.format(inside).encode(), Place())


def test_many_letters_behind_a_path_of_many_corners_are_soon_refused() -> None:
    """Row 84 (P): each letter is looked for in the whole path."""
    corners = "".join(f"L{at % 300} 0" for at in range(20_000))
    texts = '<text x="9" y="30">多而又多的字</text>' * 1000
    inside = (
        f'<clipPath id="c"><path d="M0 0{corners}H300V60H0Z"/></clipPath>'
        f'<g clip-path="url(#c)">{texts}</g>'
    )

    assert found(inside).startswith("text clip-path")


def test_many_letters_among_many_shapes_are_soon_refused() -> None:
    """Row 84 (P): each letter was looked for among all shapes beside its line."""
    texts = f'<text x="1" y="50">{"." * 12}</text>' * 3000
    shapes = '<path d="M2 49.05h.01v.01h-.01z"/>' * 16_000

    assert found(f'<g font-size="1.4">{texts}{shapes}</g>') == "text, path > …"
