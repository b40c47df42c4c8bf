"""A gradient fills its shape on paper, however large or small the drawing is printed (DC-18).

Readers of PDF differ here: Poppler once filled the upper left part of an enlarged shape only.
"""

from collections.abc import Callable
from itertools import product

import pytest
from PIL import Image

Press = Callable[..., tuple[list[Image.Image], list[str]]]
WIDTH, HEIGHT = 100, 50
STOPS = {
    "opaque": '<stop offset="0" stop-color="red"/><stop offset="1" stop-color="blue"/>',
    "fading": '<stop offset="0" stop-color="red"/>'
    '<stop offset="1" stop-color="blue" stop-opacity=".5"/>',
}
GRADIENTS = {
    "linear, by its shape": '<linearGradient id="g">{}</linearGradient>',
    "linear, in place": (
        '<linearGradient id="g" gradientUnits="userSpaceOnUse" x1="10" x2="90">{}</linearGradient>'
    ),
    "linear, turned": '<linearGradient id="g" gradientTransform="rotate(30)">{}</linearGradient>',
    "reflected": '<linearGradient id="g" x2=".4" spreadMethod="reflect">{}</linearGradient>',
    "radial, by its shape": '<radialGradient id="g">{}</radialGradient>',
    "radial, in place": (
        '<radialGradient id="g" gradientUnits="userSpaceOnUse" cx="50" cy="25" r="40">{}'
        "</radialGradient>"
    ),
}
SHAPES = {
    "alone": '<rect x="10" y="10" width="80" height="30" fill="url(#g)"/>',
    "let through": '<rect x="10" y="10" width="80" height="30" fill="url(#g)" opacity=".5"/>',
    "in a group": (
        '<g opacity=".5"><rect x="10" y="10" width="80" height="30" fill="url(#g)"/><path/></g>'
    ),
    "moved": (
        '<g transform="translate(10 10) scale(4 1.5)"><rect width="20" height="20" fill="url(#g)"/>'
        "</g>"
    ),
}
SIZES = {"enlarged": 3.7, "as it is": 1.0, "reduced": 0.4}


@pytest.mark.parametrize("size", SIZES)
def test_a_gradient_fills_its_shape(pressed: Press, size: str) -> None:
    """Row 256 (P): the lower right part of the shape stayed white."""
    scale = SIZES[size]
    cases = {
        ", ".join(names): f"<defs>{GRADIENTS[names[0]].format(STOPS[names[1]])}</defs>"
        f"{SHAPES[names[2]]}"
        for names in product(GRADIENTS, STOPS, SHAPES)
    }
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH * scale}"'
        f' height="{HEIGHT * scale}" viewBox="0 0 {WIDTH} {HEIGHT}">{{}}</svg>'
    )

    pages, _ = pressed(*map(head.format, cases.values()))

    spots = [(x, y) for x in range(15, 90, 10) for y in (14, 25, 36)]
    empty = {
        name: [spot for spot in spots if is_white(page, spot, scale)]
        for name, page in zip(cases, pages, strict=True)
    }
    assert {name: found for name, found in empty.items() if found} == {}
    assert all(is_white(page, (50, 5), scale) for page in pages)


def test_the_colours_of_an_enlarged_gradient_are_those_of_one_as_it_is(pressed: Press) -> None:
    """DC-18: from the one end of the shape to the other, not a part of it."""
    inside = f"<defs>{GRADIENTS['linear, by its shape'].format(STOPS['opaque'])}</defs>"
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" viewBox="0 0 100 50">{}</svg>'
    drawing = inside + SHAPES["alone"]

    (plain, large), _ = pressed(head.format(100, drawing), head.format(370, drawing))

    for x in range(12, 90, 7):
        wanted, found = pixel(plain, (x, 25), 1.0), pixel(large, (x, 25), 3.7)
        assert all(abs(a - b) < 12 for a, b in zip(wanted, found, strict=True)), x


def is_white(page: Image.Image, spot: tuple[int, int], scale: float) -> bool:
    """Whether nothing is drawn at a place of the drawing."""
    return min(pixel(page, spot, scale)) > 250


def pixel(page: Image.Image, spot: tuple[int, int], scale: float) -> tuple[int, ...]:
    """The colour at a place of the drawing, once that is printed so large."""
    found = page.getpixel((int(spot[0] * scale), int(spot[1] * scale)))
    assert isinstance(found, tuple)
    return found
