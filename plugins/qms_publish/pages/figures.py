"""Lets a figure stay on the page where it is spoken of, a little smaller, if that fills the page.

A figure is not parted by the end of a page. One that is a little too tall goes to the next page
with its heading and leaves half a page white. The text around it may not trade places with it: it
is what people signed. So the page is laid out, what was pushed is found, and set smaller by so much
as it takes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Anchors = Mapping[str, tuple[float, float]]
"""Where the named places of one page are, in CSS pixels from its top left corner."""

LEAST: Final = 0.7
"""A figure is never set smaller than this part of its size: it must stay readable."""
ROUNDS: Final = 3
"""How often a document is laid out at most, for its figures."""
_MM: Final = 96 / 25.4
_TOP, _BOTTOM = 32 * _MM, 263 * _MM
_AROUND: Final = 9 * _MM
"""Space above a heading, which counts for nothing at the top of a page, and below the figure."""
_CAPTION: Final = 11 * _MM


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The figure with this number, and the height that it gets, in millimetres."""

    figure: int
    height: float

    @property
    def css(self) -> str:
        """The rule for it."""
        return f"#figure-{self.figure} img {{ max-height: {self.height:.1f}mm }}"


def pushed(pages: Sequence[Anchors], after: int) -> Shrunk | None:
    """The first figure past the number `after` that would fit on the page before, set smaller."""
    for number, page in _figures(pages):
        if number <= after or page == 0:
            continue
        here, before = pages[page], pages[page - 1]
        if f"before-{number}" not in before:
            continue
        start, end = here[f"figure-{number}"][1], here.get(f"after-{number}", (0.0, 0.0))[1]
        height = end - start
        free = _BOTTOM - before[f"before-{number}"][1] - (start - _TOP) - _AROUND - _CAPTION
        if LEAST * height <= free < height:
            return Shrunk(number, free / _MM)
    return None


def is_home(pages: Sequence[Anchors], figure: int) -> bool:
    """Whether a figure stands on the page on which it begins."""
    names = {f"before-{figure}", f"figure-{figure}"}
    return any(names <= page.keys() for page in pages)


def _figures(pages: Sequence[Anchors]) -> Iterator[tuple[int, int]]:
    """Number of each figure and the place of its page, in the order of the text."""
    for place, page in enumerate(pages):
        numbers = [name.rpartition("-")[2] for name in page if name.startswith("figure-")]
        for number in sorted(map(int, numbers)):
            yield number, place
