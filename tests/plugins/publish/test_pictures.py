"""Pictures an author hands in: nothing is fetched, nothing unfolds, nothing is left out."""

import time
from xml.etree import ElementTree as ET

import pytest

from qms.api import Place, Refused
from qms_publish.pictures.picture import checked

PLACE = Place(path="documents/a.md", line=3)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {}>{}</svg>'
)


def code_of(inside: str, attributes: str = 'viewBox="0 -60 200 200"') -> str:
    """The code a drawing is refused with."""
    with pytest.raises(Refused) as caught:
        checked("a.svg", SVG.format(attributes, inside).encode(), PLACE)
    assert caught.value.finding.place == PLACE
    return caught.value.finding.code


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="file:///etc/passwd"/>',
        '<image xlink:href="data:image/png;base64,AA"/>',
        '<use href="other.svg#x"/>',
        '<rect fill="url(http://example.org/x#y)"/>',
        "<rect style=\"fill:url('file:///etc/passwd')\"/>",
        "<script>1</script>",
    ],
)
def test_a_drawing_fetches_nothing(inside: str) -> None:
    """Row 83 (P: PICTURE-ADDRESS)"""
    assert code_of(inside) == "PICTURE-ADDRESS"


@pytest.mark.parametrize(
    "inside",
    [
        "<foreignObject/>",
        '<rect onclick="x"/>',
        "<animate/>",
        "<style>@import 'x';</style>",
        '<rect style="fill:var(--x)"/>',
        "<g><unclosed></g>",
        '<mask id="k"><rect/></mask>',
        '<filter id="f"><feFlood/></filter>',
        '<rect style="filter: blur(2px)"/>',
        '<rect mask="url(#k)"/>',
        '<switch><text systemLanguage="en">a</text><text>b</text></switch>',
        '<text systemLanguage="en">a</text>',
        '<text><textPath href="#p">a</textPath></text>',
        '<style media="print">text{display:none}</style>',
        '<text style="font-size:calc(1px + 1em)">a</text>',
        '<text style="font: inherit">a</text>',
        '<text>m<tspan baseline-shift="super">2</tspan></text>',
        '<text style="text-decoration: line-through">a</text>',
        '<text writing-mode="tb">a</text>',
        "<text>Limit &#x202E;051&#x202C; bar</text>",
        "<text>a\u200bb</text>",
        '<text style="text-decoration/**/: line-through">a</text>',
        '<text style="text-decoration: line-through /* none */">a</text>',
    ],
)
def test_what_would_not_print_faithfully_is_refused(inside: str) -> None:
    """Row 83 (P): a style sheet that imports, among others."""
    assert code_of(inside) == "PICTURE-FORM"


def test_entities_are_refused_before_parsing() -> None:
    with pytest.raises(Refused) as caught:
        checked("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', PLACE)

    assert caught.value.finding.code == "PICTURE-FORM"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_entities_are_refused_in_every_encoding(codec: str) -> None:
    """Row 221 (P): in another one than what the bytes are looked through in."""
    shown = "\u733c\u6776" if codec != "utf-16-be" else "\u3c73\u7667"  # the bytes <svg
    text = (
        f'<!DOCTYPE svg [<!ENTITY a "b">]><!-- {shown} --><svg xmlns="http://www.w3.org/2000/svg"/>'
    )
    data = ("\ufeff" + text).encode(codec)
    assert b"<svg" in data

    with pytest.raises(Refused) as caught:
        checked("a.svg", data, PLACE)

    assert caught.value.finding.code == "PICTURE-FORM"


def test_words_after_what_a_drawing_program_left_for_itself_are_kept() -> None:
    """DC-18: it is taken out, and not what stands behind it."""
    inside = (
        '<text y="20" xmlns:x="urn:x">必须<x:a/>停<tspan>机</tspan><x:b>c</x:b>后<x:c/>再开</text>'
    )

    data = checked("a.svg", SVG.format("", inside).encode(), PLACE).data

    root = ET.fromstring(data)  # noqa: S314 - our own
    assert "".join(root.itertext()) == "必须停机后再开"


@pytest.mark.parametrize(
    "style",
    ["mask: none", "font-variant : normal", "text-decoration:  none", "writing-mode: lr-tb;"],
)
def test_what_is_switched_off_in_a_style_is_fine_with_blanks(style: str) -> None:
    checked("a.svg", SVG.format("", f'<text y="20" style="{style}">a</text>').encode(), PLACE)


def test_references_that_unfold_to_millions_are_refused() -> None:
    """Row 84 (P)"""
    levels = "".join(
        f'<g id="l{at + 1}">' + f'<use href="#l{at}"/>' * 10 + "</g>" for at in range(8)
    )

    assert (
        code_of(f'<defs><g id="l0"><rect/></g>{levels}</defs><use href="#l8"/>') == "RENDER-LIMIT"
    )
    patterns = "".join(
        f'<pattern id="p{at + 1}">' + f'<rect fill="url(#p{at})"/>' * 10 + "</pattern>"
        for at in range(8)
    )
    assert code_of(f'{patterns}<rect fill="url(#p8)"/>') == "RENDER-LIMIT"


LINE = '<path d="M0 0h1"/>'
CORNERS = "M0 0" + "h1v1" * 500
MARKER = f'<marker id="m">{"<rect/>" * 50}</marker>'


@pytest.mark.parametrize(
    "drawing",
    [
        f'{MARKER}<path d="{CORNERS}" marker-mid="url(#m)"/>',
        f'{MARKER}<path d="{CORNERS}" style="marker-mid: url(\x27#m\x27)"/>',
        f'{MARKER}<style>path {{ MARKER: url(#m) }}</style><path d="{CORNERS}"/>',
        f'{MARKER}<g marker-end="url(#m)"><path d="{CORNERS}"/></g>',
        f'{MARKER}<g marker-end="url(#m)">{LINE * 500}</g>',
        f'{MARKER}<polyline points="{"1,1 " * 1000}" marker-start="url(#m)"/>',
        f'{MARKER}<style>path{{/* */marker-mid:url(#m)}}</style><path d="{CORNERS}"/>',
        f'{MARKER}<style>path{{marker-mid:{" " * 20}url(#m)}}</style><path d="{CORNERS}"/>',
    ],
)
def test_what_is_drawn_again_on_each_corner_is_counted(drawing: str) -> None:
    """Row 84 (P): marker bombs in SVG."""
    assert code_of(drawing) == "RENDER-LIMIT"


@pytest.mark.parametrize("name", ["m" * 201, "a b", "a)b", "(", "a'b", "#m", ""])
def test_what_could_be_drawn_again_uncounted_has_no_such_name(name: str) -> None:
    """Row 220 (P): a renderer found by these what was counted by another name, or by none."""
    marker = f'<marker id="{name}">{"<rect/>" * 50}</marker>'
    drawing = f'{marker}<path d="{CORNERS}" marker-mid="url(&quot;#{name}&quot;)"/>'

    assert code_of(drawing) == "PICTURE-FORM"


@pytest.mark.parametrize("name", ["图层_1", "path10-3", "a.b:c", "_x0031_", "m" * 200])
def test_names_that_drawing_programs_give_are_taken(name: str) -> None:
    checked("a.svg", SVG.format("", f'<rect id="{name}"/>').encode(), PLACE)


LONG = "M0 0" + "L1 1" * 1000
STOPS = "<stop/>" * 1000
USED = '<use href="#t"/>'
FILLED = '<rect fill="url(#g)"/>'
SMALL = '<rect class="a" width="9" height="9"/>'
PATH = f'<path d="{LONG}"/>'


@pytest.mark.parametrize(
    "drawing",
    [
        f'<marker id="m"><path d="{LONG}"/></marker><path d="{LONG}" marker-mid="url(#m)"/>',
        f'<path id="t" d="{LONG * 100}"/>{USED * 100}',
        f'<text id="t">{"字" * 20_000}</text>{USED * 10}',
        f"<text>{'字' * 200_000}</text>",
        f"<text>a{'<tspan/>字' * 10}{'字' * 200_000}</text>",
        f'<linearGradient id="g">{STOPS}</linearGradient>{FILLED * 1000}',
        f'<linearGradient id="g">{STOPS}</linearGradient><g fill="url(#g)">{"<rect/>" * 1000}</g>',
        f"<style>{'rect.a{fill:red}' * 4000}</style>{'<rect/>' * 4000}",
        f"<radialGradient id='g' spreadMethod='repeat' r='3%'/>{FILLED * 4000}",
    ],
)
def test_what_takes_a_renderer_long_is_counted_by_its_length(drawing: str) -> None:
    """Row 84 (P): a few kilobytes that took gigabytes, or minutes."""
    assert code_of(drawing) == "RENDER-LIMIT"


@pytest.mark.parametrize(
    "drawing",
    [
        '<linearGradient id="g" spreadMethod="repeat" x2="1e-9"><stop/></linearGradient>',
        '<linearGradient id="g" spreadMethod="reflect" x2=".01%"><stop/></linearGradient>',
        '<radialGradient id="g" spreadMethod="repeat" r=".5" fr=".4999"><stop/></radialGradient>',
        '<linearGradient id="g" spreadMethod="repeat" gradientUnits="userSpaceOnUse" x2="1"/>',
        '<linearGradient id="g" spreadMethod="repeat" gradientTransform="scale(.0001)"/>',
        '<linearGradient id="h" spreadMethod="repeat"/><linearGradient href="#h" x2="1e-9"/>',
    ],
)
def test_a_gradient_that_is_repeated_nobody_knows_how_often_is_named(drawing: str) -> None:
    """Row 84 (P); "too large" told nobody what to change."""
    with pytest.raises(Refused) as caught:
        checked("a.svg", SVG.format('viewBox="0 0 9 9"', drawing).encode(), PLACE)

    assert caught.value.finding.code == "PICTURE-FORM"
    assert caught.value.finding.values["found"].startswith("spreadMethod=re")


@pytest.mark.parametrize("where", ["<style>path{{{}}}</style><path/>", '<path style="{}"/>'])
def test_no_style_draws(where: str) -> None:
    """Row 84 (P): it would stand for as many paths as there are elements."""
    assert code_of(where.format("fill:red;d : M0 0L1 1")) == "PICTURE-FORM"


def test_a_drawing_of_many_small_things_is_fine() -> None:
    words = '<text y="20">编制 Draft</text>' * 1000
    inside = (
        '<linearGradient id="g" spreadMethod="reflect" x2="25%"><stop/><stop/></linearGradient>'
        '<radialGradient id="r" spreadMethod="repeat"><stop/><stop/><stop/></radialGradient>'
        f"<style>.a{{fill:url(#g)}}{'.b,.c{stroke-width:.5;font-family:a,b}' * 100}</style>"
        f"{SMALL * 400}"
        f"{words}{PATH * 100}"
    )
    picture = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    assert checked("assets/a.svg", picture.encode(), Place()).mime == "image/svg+xml"


def test_arrows_at_the_ends_of_many_lines_are_fine() -> None:
    arrow = '<marker id="a"><path d="M0 0L4 2L0 4z"/></marker>'
    style = "<style>.a{marker-end:url(#a);stroke:url(#g)}</style><linearGradient id='g'/>"
    lines = '<path class="a" d="M0 0h10v10"/>' * 400
    picture = f'<svg xmlns="http://www.w3.org/2000/svg">{arrow}{style}{lines}</svg>'
    assert checked("assets/a.svg", picture.encode(), Place()).mime == "image/svg+xml"


def test_letters_of_a_drawing_without_a_picture_are_named() -> None:
    """DC-18: they would be printed as empty boxes."""
    assert code_of("<text>孔 <tspan>\U0001f600</tspan></text>") == "LETTER-MISSING"
    assert code_of("<text><tspan/>\U0001f600</text>") == "LETTER-MISSING"
    assert code_of("<text><title>a</title>\U0001f600</text>") == "LETTER-MISSING"


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        ('<circle r="9" fill="#333333"/>', 'fill="#333333"'),
        ('<circle r="9" style="fill:#1e90ff"/>', 'fill="#1e90ff"'),
        ("<style>.w{font:bold 8px SimSun}</style><text class='w'>a</text>", 'font-weight="bold"'),
        ("<style>.w{font:bold 8px SimSun}</style><text class='w'>a</text>", 'font-size="8"'),
        ('<text style="font: italic 700 4mm/1.2 Arial">a</text>', 'font-style="italic"'),
    ],
)
def test_ordinary_colours_and_fonts_are_drawn(inside: str, kept: str) -> None:
    """DC-18"""
    picture = checked("a.svg", SVG.format('viewBox="0 -20 50 50"', inside).encode(), PLACE)

    assert kept in picture.data.decode()
    assert "Arial" not in picture.data.decode()


def test_exports_of_drawing_programs_are_taken() -> None:
    """DC-18: the head of Graphviz and matplotlib; what draw.io keeps of its own."""
    head = '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"\n "a.dtd">\n'
    inside = (
        '<g xmlns:i="urn:i" i:version="1.2.2 (b0a8486541, 2022-12-01)" data-name="13800138000">'
        '<path id="m1e33c548ef" d="M0 0h1"/><use xlink:href="#m1e33c548ef"/></g>'
        '<linearGradient id="g1234567"/><rect fill="url(#g1234567)" font-family="HYa3gj1000000"/>'
    )
    drawing = head + SVG.format('content="id-20261120"', inside)

    assert checked("a.svg", drawing.encode(), PLACE).mime == "image/svg+xml"


def test_a_reference_to_itself_is_refused() -> None:
    """Row 84 (P)"""
    assert code_of('<g id="a"><use href="#a"/></g>') == "RENDER-LIMIT"


def test_numbers_that_break_a_renderer_are_refused() -> None:
    """Row 84 (P)"""
    assert code_of('<text font-size="1e9">x</text>') == "RENDER-LIMIT"


@pytest.mark.parametrize(
    "inside",
    [
        f'<text font-size="{"0" * 1_500_000}x">a</text>', f'<rect fill="{"url(" * 400_000}"/>',
        f'<rect style="font-size:{"0" * 1_500_000}x"/>', f'<rect style="{"url(" * 400_000}"/>',
        f"<style>a{{font:1/{'1' * 1_500_000};}}</style>",
    ],
)  # fmt: skip
def test_a_value_of_a_megabyte_is_looked_at_once(inside: str) -> None:
    """Row 83 (P: PICTURE-FORM, PICTURE-ADDRESS): it held `check` for hours.

    Patterns tried each way to part it.
    """
    begin = time.process_time()

    assert code_of(inside) in {"PICTURE-FORM", "PICTURE-ADDRESS"}
    assert time.process_time() - begin < 12


def test_an_honest_drawing_keeps_its_lines_and_gets_our_fonts_and_a_size() -> None:
    inside = (
        '<path d="M0 0 L3 1.5" stroke="red" marker-end="url(#none)" fill="url(#none)"/>'
        '<text y="20" font-family="Arial" style="font-family: SimSun; fill:#111">中文</text>'
    )

    picture = checked("a.svg", SVG.format('viewBox="0 0 330 100"', inside).encode(), PLACE)

    text = picture.data.decode()
    assert picture.mime == "image/svg+xml"
    assert 'width="165.00mm" height="50.00mm"' in text
    assert "Arial" not in text
    assert "SimSun" not in text
    assert 'd="M0 0L3 1.5"' in text
    assert "中文" in text


def test_what_drawing_programs_leave_for_themselves_is_taken_out() -> None:
    inside = '<x:namedview xmlns:x="http://example.org/x" href="file:///a"/><rect/>'

    picture = checked("a.svg", SVG.format("", inside).encode(), PLACE)

    assert b"namedview" not in picture.data
