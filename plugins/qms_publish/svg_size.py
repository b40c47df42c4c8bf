"""How much a drawing is once all that it refers to is drawn: a small file may stand for a million.

References multiply: a `use` of a group of `use`s, a marker on each corner of a path, a mask that a
style sheet lays on every element. All are counted before a renderer begins.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

MOST: Final = 40_000
DEEPEST: Final = 32

_URL: Final = re.compile(r"url\(\s*[\"']?\s*#([^)\"'\s]{1,200})", re.IGNORECASE)
_RULE: Final = re.compile(
    r"([a-z\-]{1,30})\s{0,9}:\s{0,9}url\(\s{0,9}[\"']?\s{0,9}#([^)\"'\s]{1,200})", re.IGNORECASE
)
_CORNER: Final = re.compile(r"[0-9.]+|[zZ]")
_MARKED: Final = frozenset({"path", "line", "polyline", "polygon"})
_CHEAP: Final = frozenset({"linearGradient", "radialGradient"})


class TooMuch(Exception):  # noqa: N818 - an outcome, like Refused
    """A drawing is more than the limit; `found` says what."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


def check_size(root: ET.Element) -> None:
    """Raises `TooMuch` where more than `MOST` elements would be drawn, or one within itself."""
    _Unfolding(root).size(root, frozenset())


class _Unfolding:
    def __init__(self, root: ET.Element) -> None:
        elements = tuple(_walk(root))
        self.named = {name: one for one in elements if (name := one.get("id"))}
        self.sizes: dict[str, int] = {}
        told: list[tuple[str, str]] = []
        for one in elements:
            if _tag(one) == "style":
                told += ((rule.lower(), target) for rule, target in _RULE.findall(one.text or ""))
            elif _tag(one) not in _MARKED:
                told += (row for row in _rules(one) if row[0].startswith("marker"))
        drawn = [row for row in told if row[1] in self.named and not self._is_cheap(row[1])]
        # What style sheets, and elements that hand it down, say of elements that are elsewhere.
        self.markers = {target for rule, target in drawn if rule.startswith("marker")}
        self.others = {target for rule, target in drawn if not rule.startswith("marker")}

    def _is_cheap(self, target: str) -> bool:
        return _tag(self.named[target]) in _CHEAP

    def size(self, element: ET.Element, above: frozenset[str]) -> int:
        """How many elements are drawn for this one."""
        total = 0
        for one in _walk(element):
            total += 1
            for target, times in self._drawn(one, above).items():
                total += times * self._named_size(target, above)
                if total > MOST:
                    raise TooMuch(str(total))
        return total

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


def _corners(element: ET.Element) -> int:
    """On how many places of an element a marker may be drawn."""
    if _tag(element) not in _MARKED:
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


def _walk(root: ET.Element) -> Iterator[ET.Element]:
    stack = [root]
    while stack:
        element = stack.pop()
        yield element
        stack.extend(reversed(element))


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
