"""Where each letter of a drawing's text has its ink on paper: by the fonts, as the renderer goes.

It sets letter behind letter, without kerning, so what stands where is known to a hair.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from qms_publish.lettering.fonts import SERIF
from qms_publish.lettering.ink import Ink, ink_of
from qms_publish.svg.path import Matrix, Point, placed

_HAIR: Final = 1 / 50
"""So much of a letter's size may be cut off at each side: nobody sees it."""
_BASELINES: Final = {
    **dict.fromkeys(("central", "middle"), 0.3),
    **dict.fromkeys(("text-before-edge", "before_edge", "top", "hanging", "text-top"), 0.8),
    **dict.fromkeys(("text-after-edge", "after_edge", "bottom", "text-bottom"), -0.2),
}
"""By how much of its size a renderer sets a letter below its place."""
_BOLD: Final = 600
Quad = tuple[Point, Point, Point, Point]


class InkBox(NamedTuple):
    """The ink of one letter in the place of its text, and the part of its line with its looks."""

    letter: str
    part: ET.Element
    left: float
    top: float
    right: float
    bottom: float

    def corners(self, matrix: Matrix) -> Quad:
        """Its corners as `matrix` puts them."""
        _, _, left, top, right, bottom = self
        a, b, c, d = (
            placed(matrix, one)
            for one in ((left, top), (right, top), (right, bottom), (left, bottom))
        )
        return a, b, c, d


@dataclass(slots=True)
class _Setter:
    """Sets letters as the renderer does; `x`, `y` is where the next one begins."""

    x: float = 0.0
    y: float = 0.0
    dx: float = 0.0
    dy: float = 0.0

    def part(self, part: ET.Element, line: ET.Element) -> Iterator[InkBox]:
        """The letters of a line, or of a part of it that looks otherwise."""
        said = part.attrib if part is line else {**line.attrib, **part.attrib}
        letters = part.text or ""
        size = float(said.get("font-size", "16"))
        inks = [ink_in(letter, said) for letter in letters]
        apart, scale = _apart(part, said, letters, sum(one.wide for one in inks) * size)
        lists = {name: _numbers(part, name) for name in ("x", "y", "dx", "dy")}
        down = _BASELINES.get(said.get("dominant-baseline", "auto"), 0.0) * size
        for at, (letter, ink) in enumerate(zip(letters, inks, strict=True)):
            self._go_to({name: one[at] for name, one in lists.items() if at < len(one)})
            begin = self.x + (apart if at else 0.0)
            self.x = begin + ink.wide * size * scale
            if not ink.is_blank:
                spot = begin + self.dx, self.y + self.dy + down
                yield _box(letter, part, ink, spot, (size * scale, size))

    def _go_to(self, places: dict[str, float]) -> None:
        if places.get("x"):
            self.dx = 0.0
        if places.get("y"):
            self.dy = 0.0
        self.x, self.y = places.get("x", self.x), places.get("y", self.y)
        self.dx += places.get("dx", 0.0)
        self.dy += places.get("dy", 0.0)


def ink_boxes(line: ET.Element) -> list[InkBox]:
    """The letters of a redrawn line that have ink, each a hair smaller than that."""
    setter = _Setter()
    found: list[InkBox] = []
    begin: float | None = None
    ends: list[float] = []
    for part in (line, *line):
        places = _numbers(part, "x")
        begin = places[0] if begin is None and places else begin
        found += setter.part(part, line)
        ends.append(setter.x + setter.dx)
    anchor = line.get("text-anchor", "start")
    if anchor == "start":
        return found
    wide = max(ends) - (begin or 0.0)
    back = wide / 2 if anchor == "middle" else wide
    return [one._replace(left=one.left - back, right=one.right - back) for one in found]


def ink_in(letter: str, said: Mapping[str, str]) -> Ink:
    """The ink of a letter in a part of a line that says so much of its looks."""
    weight = said.get("font-weight", "normal")
    is_bold = weight == "bold" or (weight.isdigit() and int(weight) >= _BOLD)
    return ink_of(letter, is_serif=SERIF in said.get("font-family", ""), is_bold=is_bold)


def _apart(
    part: ET.Element, said: dict[str, str], letters: str, wide: float
) -> tuple[float, float]:
    """How far letters stand apart, and by how much each of them is drawn wider."""
    apart = float(said.get("letter-spacing", "0").replace("normal", "0"))
    spaces = len(letters) - 1
    length = float(part.get("textLength", "0"))
    if not length or not wide:
        return apart, 1.0
    if part.get("lengthAdjust") == "spacingAndGlyphs":
        apart *= length / (wide + spaces * apart)
        return apart, (length - spaces * apart) / wide
    return ((length - wide) / spaces if spaces else apart), 1.0


def _box(
    letter: str, part: ET.Element, ink: Ink, begin: Point, size: tuple[float, float]
) -> InkBox:
    (x, y), (across, down) = begin, size
    less = min(_HAIR, (ink.right - ink.left) / 2), min(_HAIR, (ink.top - ink.bottom) / 2)
    return InkBox(
        letter,
        part,
        x + (ink.left + less[0]) * across,
        y - (ink.top - less[1]) * down,
        x + (ink.right - less[0]) * across,
        y - (ink.bottom + less[1]) * down,
    )


def _numbers(part: ET.Element, name: str) -> list[float]:
    return [float(one) for one in part.get(name, "").split()]
