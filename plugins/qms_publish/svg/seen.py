"""Letters of a drawing that nobody sees on paper: they would be signed and searched all the same.

Cut by the drawing's edge or by a path, covered by a shape, in the colour of their ground, smaller
than any eye reads, nearly transparent, mirrored, turned, or pressed together. A letter that is cut
by a little is read as another one: Q as O, 未 as 木.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.lettering.widths import ems
from qms_publish.svg.colours import Layers
from qms_publish.svg.grounds import Grounds
from qms_publish.svg.ink_boxes import Quad, ink_boxes
from qms_publish.svg.lengths import Unlike
from qms_publish.svg.nesting import tag
from qms_publish.svg.paint import share
from qms_publish.svg.painted import PaintedAt, painted
from qms_publish.svg.path import inverse, placed
from qms_publish.svg.turned import by_points, misshapen, narrowest
from qms_publish.svg.within import Cuts

_SMALLEST: Final = 1.0
"""Points: smaller letters are a line to the eye."""
_FAINTEST: Final = 0.1
"""How opaque letters are at least."""
_TIGHTEST: Final = 0.5
"""So much of their own width letters that are pressed together have at least."""
_WIDEST: Final = 3.0
"""And so much at most: a dot is a dash then."""
_THINNEST: Final = 1 / 100
"""Of a letter's size: a thinner stroke alone is no letter."""
_HAIR: Final = 1 / 50
"""A stroke that is no broader leaves the fill below it."""
_BROADEST: Final = 1 / 10
"""A broader one makes a blot."""
_MOST_LETTERS: Final = 50_000
_SAID: Final = 40
_Box = tuple[float, float, float, float]


class Unseen(Unlike):
    """A letter that nobody sees as it is: with the code that says so, and its line."""

    def __init__(self, code: str, letter: str, line: str, by: str) -> None:
        super().__init__(by)
        self.code = code
        self.values = {"letter": letter, "line": line[:_SAID], "by": by}


@dataclass(frozen=True, slots=True)
class Frame:
    """What is seen of a drawing: its view, the points a unit has on paper, what cuts it."""

    view: _Box
    points: tuple[float, float]
    cuts: Cuts


def check_seen(elements: Iterable[ET.Element], frame: Frame) -> None:
    """Raises `Unlike` where letters among these redrawn elements wouldn't be seen."""
    order = list(enumerate(painted(elements)))
    texts = [(at, *one) for at, one in order if tag(one[0]) == "text"]
    grounds = Grounds(frame.view, frame.cuts)
    for at, (element, place) in order if texts else ():
        if tag(element) == "path":
            grounds.add(at, element, place)
    left = _MOST_LETTERS
    for at, element, place in texts:
        line = "".join(element.itertext()).strip()
        found = line and _unread(element, place, frame)
        if found:
            raise Unlike(f"{found}: {line[:_SAID]}")
        left -= len(line)
        if left < 0:
            raise Unlike(f"text > {_MOST_LETTERS}")
        boxes = [(one, one.corners(place.matrix)) for one in ink_boxes(element)]
        for box, quad in boxes:
            if by := _cut(quad, place, frame):
                raise Unseen("LETTER-CUT", box.letter, line, by)
            paints = _paints(box.part, element, place)
            if by := grounds.fault(at, quad, paints):
                raise Unseen("LETTER-COVERED", box.letter, line, by)


def _cut(quad: Quad, place: PaintedAt, frame: Frame) -> str:
    """What cuts a letter; nothing, if it is whole."""
    x, y, width, height = frame.view
    if not all(x <= across <= x + width and y <= down <= y + height for across, down in quad):
        return "viewBox"
    for name, matrix in place.cuts:
        back = inverse(matrix)
        if not frame.cuts.hold_box(name, [placed(back, one) for one in quad]):
            return "clip-path, svg, symbol, marker"
    return ""


def _paints(part: ET.Element, line: ET.Element, place: PaintedAt) -> Sequence[Layers]:
    """The ways in which letters are painted: by their fill, by their stroke."""
    said = {**line.attrib, **part.attrib}
    fill, stroke = (
        ((said[name], place.opacity * share(said.get(f"{name}-opacity", "1"))),)
        if said.get(name, "none") != "none"
        else ()
        for name in ("fill", "stroke")
    )
    width = _stroke(part, line)
    seen = stroke if width >= _THINNEST else ()
    # The stroke is painted over the fill: a broad one leaves nothing of it.
    left = fill + (stroke if fill and width > _HAIR else ())
    return [one for one in (left, seen) if one]


def _stroke(part: ET.Element, line: ET.Element) -> float:
    """How broad the stroke of letters is, in their size."""
    said = {**line.attrib, **part.attrib}
    is_none = said.get("stroke", "none") == "none"
    return 0.0 if is_none else float(said.get("stroke-width", "1")) / _size(part, line)


def _unread(element: ET.Element, place: PaintedAt, frame: Frame) -> str:
    """Why nobody reads a line of letters that is there as a whole."""
    a, b, c, d, _, _ = place.matrix
    smallest = min(_size(part, element) for part in _parts(element))
    if any(one * place.opacity < _FAINTEST for one in opacities(element)):
        return f"text opacity < {_FAINTEST}"
    if a * d - b * c < 0:
        return "text scale(-1 1)"
    if smallest * narrowest(by_points(place.matrix, frame.points)) < _SMALLEST:
        return f"text < {_SMALLEST:.0f} pt"
    if "textLength" in element.attrib and not (
        _TIGHTEST <= _width(element) / (_own_width(element) or 1.0) <= _longest(element)
    ):
        return "text textLength"
    if any(_stroke(part, element) > _BROADEST for part in _parts(element)):
        return f"text stroke-width > font-size / {1 / _BROADEST:.0f}"
    return misshapen("".join(element.itertext()), by_points(place.matrix, frame.points))


def _longest(element: ET.Element) -> float:
    """How far a line may be drawn out: letters with it, or the room between them alone."""
    return _WIDEST if element.get("lengthAdjust") == "spacingAndGlyphs" else math.inf


def _parts(element: ET.Element) -> Iterator[ET.Element]:
    """A line of letters and its parts, as far as they have letters of their own."""
    return (one for one in (element, *element) if (one.text or "").strip())


def opacities(line: ET.Element) -> list[float]:
    """How opaque the letters of a line are, part by part."""
    return [_opacity(part, line) for part in _parts(line)]


def _opacity(part: ET.Element, line: ET.Element) -> float:
    """How opaque letters are, by their fill or by their stroke."""
    said = {**line.attrib, **part.attrib}
    return max(
        _alpha(said.get(name, "none")) * share(said.get(f"{name}-opacity", "1"))
        for name in ("fill", "stroke")
    )


def _alpha(colour: str) -> float:
    """How opaque a colour is by itself."""
    if colour in {"none", "transparent"}:
        return 0.0
    if colour.startswith("#"):
        digits = colour[1:]
        short, long = len("rgba"), len("rrggbbaa")
        each = {short: 1, long: 2}.get(len(digits))
        return 1.0 if each is None else int(digits[-each:], 16) / (16**each - 1)
    *_, last = colour.rstrip(" )").split(",")
    is_parted = colour.startswith(("rgb", "hsl")) and colour.count(",") >= len("rgb")
    return share(last) if is_parted else 1.0


def _width(element: ET.Element) -> float:
    """How wide a line of letters is, about."""
    if "textLength" in element.attrib:
        return float(element.get("textLength", "0"))
    return _own_width(element)


def _own_width(element: ET.Element) -> float:
    """How wide it is where nothing stretches it."""
    total = sum(float(one) for one in element.get("dx", "").split()[1:])
    for part in (element, *element):
        letters = part.text or ""
        apart = float(part.get("letter-spacing", "0").replace("normal", "0"))
        total += ems(letters) * _size(part, element) + apart * len(letters)
        total += float(part.get("dx", "0")) if part is not element else 0.0
    return total


def _size(part: ET.Element, line: ET.Element) -> float:
    return float(part.get("font-size", line.get("font-size", "16")))
