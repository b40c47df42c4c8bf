"""Draws in millimetres from a page's top left corner, as the operators of a PDF.

Knows lines, frames, text and squares; nothing of stamps. Letters are encoded by `glyphs`, and
every letter drawn is remembered, so that a font can be cut to exactly them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, radians, sin

from qms_watermark.glyphs import parts

MM = 72 / 25.4
_ROUND = 0.5523
FONTS = {"Regular": "QmsR", "Bold": "QmsB", "OtherRegular": "QmsOR", "OtherBold": "QmsOB",
         "DrawnRegular": "QmsDR", "DrawnBold": "QmsDB"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeface:
    """How text is set: size in points, colour as ``#rrggbb``, weight, letter spacing in ems."""

    size: float
    colour: str = "#111111"
    weight: str = "Regular"
    spacing: float = 0.0

    def width(self, text: str) -> float:
        """The width of `text` in millimetres."""
        wide = sum(face.width(part) for face, part in parts(text, self.weight))
        return (wide + self.spacing * len(text)) * self.size / MM


@dataclass(slots=True)
class Pen:
    """A drawing on a page of `width` × `height` millimetres; `letters` are those used."""

    width: float
    height: float
    operators: list[str] = field(default_factory=list[str])
    letters: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def content(self) -> bytes:
        """The drawing as the content stream of a form."""
        return "\n".join(self.operators).encode("ascii")

    def text(self, x: float, y: float, text: str, style: Typeface) -> float:
        """Set `text` with its baseline at `y`, from `x`; gives where it ends.

        Spaced text also says what it reads: readers would see spaces between its letters.
        """
        if not text:
            return x
        lines = [f"{_colour(style.colour)} rg BT"]
        if style.spacing:
            lines.append(f"{_short(style.spacing * style.size)} Tc")
        lines.append(f"{self._at(x, y)} Td {self._shown(text, style)} ET")
        if style.spacing:
            reads = ("\ufeff" + text).encode("utf-16-be").hex().upper()
            lines = [f"/Span <</ActualText <{reads}>>> BDC", *lines, "0 Tc EMC"]
        self.operators += lines
        return x + style.width(text)

    def centred(self, middle: float, y: float, text: str, style: Typeface) -> None:
        """Set `text` around `middle`; the space after its last letter doesn't count."""
        wide = style.width(text) - style.spacing * style.size / MM
        self.text(middle - wide / 2, y, text, style)

    def across(self, text: str, style: Typeface, degrees: float) -> None:
        """Lay `text` over the middle of the page, rising by `degrees`.

        Multiplied with what lies below: black text stays black, and no picture hides it.
        """
        c, s = cos(radians(degrees)), sin(radians(degrees))
        x, y = self.width * MM / 2, self.height * MM / 2
        turn = " ".join(_short(value) for value in (c, s, -s, c, x, y))
        wide = style.width(text) * MM
        self.operators += [
            f"q /QmsMultiply gs {turn} cm {_colour(style.colour)} rg",
            f"BT {_short(-wide / 2)} {_short(-style.size * 0.36)} Td",
            f"{self._shown(text, style)} ET Q",
        ]

    def frame(
        self, box: tuple[float, float, float, float], line: float, colour: str,
        *, radius: float = 0.0, dash: str = "",
    ) -> None:  # fmt: skip
        """A frame of x, y, width, height; `line` in points."""
        x, y, wide, high = box
        self.operators.append(f"q {_colour(colour)} RG {_short(line)} w [{dash}] 0 d")
        if radius:
            self.operators.append(self._rounded(x, y, wide, high, radius))
        else:
            self.operators.append(f"{self._at(x, y + high)} {_mm(wide)} {_mm(high)} re S")
        self.operators.append("Q")

    def line(self, points: Iterable[tuple[float, float]], width: float, colour: str) -> None:
        """A line through `points`; `width` in points."""
        first, *others = [self._at(x, y) for x, y in points]
        path = " ".join([f"{first} m", *(f"{point} l" for point in others)])
        self.operators.append(f"q {_colour(colour)} RG {_short(width)} w 1 J 1 j {path} S Q")

    def squares(
        self, x: float, y: float, side: float, rows: Iterable[Iterable[int]], quiet: int
    ) -> None:
        """Dark squares on white in a square of `side` millimetres, `quiet` of them white around."""
        table = [list(row) for row in rows]
        unit = side / (len(table) + 2 * quiet)
        self.operators.append(f"1 1 1 rg {self._at(x, y + side)} {_mm(side)} {_mm(side)} re f")
        self.operators.append("0 0 0 rg")
        for down, row in enumerate(table):
            for start, length in _runs(row):
                corner = self._at(x + (start + quiet) * unit, y + (down + quiet + 1) * unit)
                self.operators.append(f"{corner} {_mm(length * unit)} {_mm(unit)} re")
        self.operators.append("f")

    def _shown(self, text: str, style: Typeface) -> str:
        """The operators that show `text` where the pen stands: its parts, each in its face."""
        shown: list[str] = []
        for face, part in parts(text, style.weight):
            self.letters.setdefault(face.name, set()).update(part)
            font = f"/{FONTS[face.name]} {_short(style.size)} Tf"
            shown.append(f"{font} <{face.encoded(part)}> Tj")
        return " ".join(shown)

    def _at(self, x: float, y: float) -> str:
        return f"{_mm(x)} {_mm(self.height - y)}"

    def _rounded(self, x: float, y: float, wide: float, high: float, radius: float) -> str:
        k = radius * (1 - _ROUND)
        right, bottom = x + wide, y + high
        corners = (
            ((right - radius, y), (right - k, y), (right, y + k), (right, y + radius)),
            ((right, bottom - radius), (right, bottom - k), (right - k, bottom),
             (right - radius, bottom)),
            ((x + radius, bottom), (x + k, bottom), (x, bottom - k), (x, bottom - radius)),
            ((x, y + radius), (x, y + k), (x + k, y), (x + radius, y)),
        )  # fmt: skip
        path = [f"{self._at(x + radius, y)} m"]
        for start, *curve in corners:
            path.append(f"{self._at(*start)} l")
            path.append(" ".join(self._at(*point) for point in curve) + " c")
        return " ".join([*path, "s"])


def _runs(row: list[int]) -> list[tuple[int, int]]:
    """Start and length of each run of dark squares."""
    answer: list[tuple[int, int]] = []
    for at, dark in enumerate(row):
        if not dark:
            continue
        if answer and sum(answer[-1]) == at:
            answer[-1] = (answer[-1][0], answer[-1][1] + 1)
        else:
            answer.append((at, 1))
    return answer


def _short(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _mm(value: float) -> str:
    return _short(value * MM)


def _colour(text: str) -> str:
    return " ".join(_short(int(text[at : at + 2], 16) / 255) for at in (1, 3, 5))
