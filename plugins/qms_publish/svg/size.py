"""How much a drawing is once all that it refers to is drawn: a small file may stand for a million.

References multiply: a `use` of a group of `use`s, a marker on each corner of a path, a clipping
path that a style sheet lays on every element. All are counted before a renderer begins: an element,
so many characters of a path, or so few of a text, take a renderer about as long.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.svg.lengths import Unlike
from qms_publish.svg.nesting import tag

MOST: Final = 40_000
DEEPEST: Final = 32

_URL: Final = re.compile(r"url\(\s*+[\"']?+\s*+#([^)\"'\s]{1,200})", re.IGNORECASE)
_RULE: Final = re.compile(
    r"([a-z\-]{1,30})\s{0,9}:\s{0,9}url\(\s{0,9}[\"']?\s{0,9}#([^)\"'\s]{1,200})", re.IGNORECASE
)
_CORNER: Final = re.compile(r"[0-9.]+|[zZ]")
_MARKED: Final = frozenset({"path", "line", "polyline", "polygon"})
_SHAPES: Final = _MARKED | {"rect", "circle", "ellipse", "text", "tspan"}
_GRADIENTS: Final = frozenset({"linearGradient", "radialGradient"})
_SILENT: Final = frozenset({"style", "title", "desc", "metadata"})
_OF_PATHS: Final = 200
_OF_TEXT: Final = 4
_STOPS: Final = 3
"""So many characters of attributes or of text, or stops of a gradient, count as one element."""
_LOOKS: Final = 2_000_000
"""How often a style sheet may be asked about an element."""
_DEEP: Final = 4
"""So many questions is each place above that a selector asks about."""
_SELECTED: Final = 8
"""A selector of so many characters more is one more question: it has that many parts."""
_MOST_REPEATED: Final = 50
_SIZED: Final = re.compile(r"-?[0-9.]{1,20}%?")


class TooMuch(Exception):  # noqa: N818 - an outcome, like Refused
    """A drawing is more than the limit; `found` says what."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


def check_size(root: ET.Element) -> None:
    """Raises `TooMuch` where more than `MOST` elements would be drawn, or one within itself.

    So it is where a style sheet has too much to say of too many elements. Raises `Unlike` where a
    gradient is repeated, and nobody can tell how often.
    """
    elements = tuple(root.iter())
    _check_styles(elements)
    _check_repeated([one for one in elements if tag(one) in _GRADIENTS])
    _Unfolding(elements).size(root, frozenset())


def _check_styles(elements: tuple[ET.Element, ...]) -> None:
    questions = 0
    for one in elements:
        for selector in _selectors(one.text or "") if tag(one) == "style" else ():
            questions += 1 + max(len(selector) // _SELECTED, _DEEP * (len(selector.split()) - 1))
    if questions * len(elements) > _LOOKS:
        raise TooMuch(f"style: {questions} × {len(elements)}")


def _selectors(sheet: str) -> Iterator[str]:
    """What stands before each brace that opens."""
    *before, _ = sheet.split("{")
    return (one.rpartition("}")[2] for one in before)


def _check_repeated(gradients: list[ET.Element]) -> None:
    """A gradient that is repeated is drawn as often as it fits into its shape.

    How often is plain only where it is measured by the shape, and takes nothing from another one.
    """
    repeated = [one for one in gradients if one.get("spreadMethod", "pad") != "pad"]
    if repeated and any(key.endswith("href") for one in gradients for key in one.attrib):
        raise Unlike(f"spreadMethod={repeated[0].get('spreadMethod')}")
    for one in repeated:
        by_shape = one.get("gradientUnits", "objectBoundingBox") == "objectBoundingBox"
        if not by_shape or "gradientTransform" in one.attrib or _length(one) * _MOST_REPEATED < 1:
            raise Unlike(f"spreadMethod={one.get('spreadMethod')}")


def _length(gradient: ET.Element) -> float:
    """How long a gradient is, in sizes of its shape; 0 where that isn't plain."""

    def number(name: str, default: str) -> float:
        value = gradient.get(name, default).strip()
        if _SIZED.fullmatch(value) is None or value.count(".") > 1 or value.strip("-.%") == "":
            return float("nan")
        return float(value.rstrip("%")) / (100 if value.endswith("%") else 1)

    if tag(gradient) == "radialGradient":
        long = number("r", "50%") - number("fr", "0")
    else:
        wide = number("x2", "100%") - number("x1", "0")
        long = math.hypot(wide, number("y2", "0") - number("y1", "0"))
    return long if long > 0 else 0.0


class _Unfolding:
    def __init__(self, elements: tuple[ET.Element, ...]) -> None:
        gradients = (_stops(one) for one in elements if tag(one) in _GRADIENTS)
        # Which shape takes which of them isn't followed: it may be handed down, or said by a style.
        self.painted = max(gradients, default=0) // _STOPS
        self.named = {name: one for one in elements if (name := one.get("id"))}
        self.sizes: dict[str, int] = {}
        told: list[tuple[str, str]] = []
        for one in elements:
            if tag(one) == "style":
                told += ((rule.lower(), target) for rule, target in _RULE.findall(one.text or ""))
            elif tag(one) not in _MARKED:
                told += (row for row in _rules(one) if row[0].startswith("marker"))
        drawn = [row for row in told if row[1] in self.named and not self._is_cheap(row[1])]
        # What style sheets, and elements that hand it down, say of elements that are elsewhere.
        self.markers = {target for rule, target in drawn if rule.startswith("marker")}
        self.others = {target for rule, target in drawn if not rule.startswith("marker")}

    def _is_cheap(self, target: str) -> bool:
        return tag(self.named[target]) in _GRADIENTS

    def size(self, element: ET.Element, above: frozenset[str]) -> int:
        """How many elements are drawn for this one."""
        total = 0
        for one in element.iter():
            total += self._weight(one)
            for target, times in self._drawn(one, above).items():
                total += times * self._named_size(target, above)
            if total > MOST:
                raise TooMuch(str(total))
        return total

    def _weight(self, element: ET.Element) -> int:
        """What one element takes by itself, in elements."""
        name = tag(element)
        said = sum(map(len, element.attrib.values())) // _OF_PATHS
        said += len((element.tail or "").strip()) // _OF_TEXT
        if name not in _SILENT:
            said += len((element.text or "").strip()) // _OF_TEXT
        return 1 + said + (self.painted if name in _SHAPES else 0)

    def _named_size(self, target: str, above: frozenset[str]) -> int:
        if target in above or len(above) > DEEPEST:
            raise TooMuch(f"#{target}")
        if target not in self.named or self._is_cheap(target):
            return 0
        if target not in self.sizes:
            self.sizes[target] = self.size(self.named[target], above | {target})
        return self.sizes[target]

    def _drawn(self, element: ET.Element, above: frozenset[str]) -> Mapping[str, int]:
        """How often each element with an id is drawn for this one alone."""
        found: dict[str, int] = {}
        corners = _corners(element)
        for rule, target in _rules(element):
            times = corners if rule.startswith("marker") else 1
            found[target] = found.get(target, 0) + times
        # What a rule says of everything it may say of the target itself: a renderer that takes it
        # so ends by itself, at once.
        for target in self.others - above:
            found[target] = found.get(target, 0) + 1
        for target in self.markers - above if corners else ():
            found[target] = found.get(target, 0) + corners
        return found


def _stops(gradient: ET.Element) -> int:
    """How many stops a gradient has once it is repeated, and one more."""
    is_repeated = gradient.get("spreadMethod", "pad") != "pad"
    times = 1 + math.ceil(1 / _length(gradient)) if is_repeated else 1  # `_check_repeated` was here
    return times * sum(1 for _ in gradient.iter())


def _corners(element: ET.Element) -> int:
    """On how many places of an element a marker may be drawn."""
    if tag(element) not in _MARKED:
        return 0
    drawn = element.get("d") or element.get("points") or ""
    return max(2, sum(1 for _ in _CORNER.finditer(drawn)))


def _rules(element: ET.Element) -> Iterator[tuple[str, str]]:
    """Property and target of each reference that an element makes itself."""
    for key, value in element.attrib.items():
        name = key.rpartition("}")[2].lower()
        if name == "href":
            yield "href", value.strip().lstrip("#")
        elif name == "style":
            yield from ((rule.lower(), target) for rule, target in _RULE.findall(value))
        else:
            yield from ((name, target) for target in _URL.findall(value))
