"""What a redrawn drawing paints, one above the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from qms_publish.svg.as_written import name_in
from qms_publish.svg.lengths import matrix_of
from qms_publish.svg.nesting import tag
from qms_publish.svg.paint import share
from qms_publish.svg.path import IDENTITY, Matrix, times


@dataclass(frozen=True, slots=True)
class PaintedAt:
    """Where an element stands in the drawing, and what it is seen through."""

    matrix: Matrix = IDENTITY
    opacity: float = 1.0
    cuts: tuple[tuple[str, Matrix], ...] = ()

    def within(self, element: ET.Element) -> "PaintedAt":
        """The place of an element that stands here."""
        matrix = times(self.matrix, matrix_of(element.get("transform", "")))
        opacity = self.opacity * share(element.get("opacity", "1"))
        cut = element.get("clip-path")
        own = () if cut is None else ((name_in(cut), matrix),)
        return PaintedAt(matrix, opacity, self.cuts + own)


def painted(
    elements: Iterable[ET.Element], above: PaintedAt | None = None
) -> Iterator[tuple[ET.Element, PaintedAt]]:
    """The paths and texts among these redrawn elements, each with its place, from below."""
    for element in elements:
        place = (above or PaintedAt()).within(element)
        if tag(element) in {"path", "text"}:
            yield element, place
        else:
            yield from painted(element, place)
