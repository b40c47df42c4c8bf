"""What style sheets and styles say of each element of a drawing, written down at the element.

A browser and a renderer each have their own cascade. Here it is done once, by the rules of CSS, and
nothing of it is left for the page to do.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.svg.nesting import tag
from qms_publish.svg.values import declarations, rules

_PART: Final = re.compile(r"([.#]?)([^\s.#>]+)")
_COMBINED: Final = re.compile(r"\s*(>)\s*|\s+")
_IMPORTANT: Final = re.compile(r"(?<!\s)\s*+!\s*+important\Z")
_MARKERS: Final = ("marker-start", "marker-mid", "marker-end")
_SIZED: Final = frozenset({"svg", "rect"})
_SIZES: Final = frozenset({"width", "height"})

Weight = tuple[bool, int, int, int, int, int]
_Asked = frozenset[tuple[str, str]]
"""Names of elements, classes and ids, each behind its sign."""


@dataclass(frozen=True, slots=True)
class _Rule:
    parts: tuple[tuple[str, _Asked], ...]
    """The last of a selector first: how the one before stands to it, and what it asks for."""
    weight: tuple[int, int, int]
    said: tuple[tuple[str, str], ...]


def write_down(root: ET.Element) -> None:
    """Put all that is said of an element into its attributes; no sheet, style or class is left."""
    every = [rule for one in root.iter() if tag(one) == "style" for rule in _rules(one.text or "")]
    stack: list[tuple[ET.Element, tuple[_Asked, ...]]] = [(root, ())]
    while stack:
        element, above = stack.pop()
        line = (*above, _asked(element))
        stack.extend((child, line) for child in element)
        _write(element, line, every)
    for element in root.iter():
        element.attrib.pop("class", None)


def is_parted(root: ET.Element) -> bool:
    """Whether a sheet asks where an element stands: in a copy of it the answer is another."""
    sheets = (one.text or "" for one in root.iter() if tag(one) == "style")
    return any(len(rule.parts) > 1 for sheet in sheets for rule in _rules(sheet))


def _write(element: ET.Element, line: tuple[_Asked, ...], every: Sequence[_Rule]) -> None:
    found: list[tuple[Weight, str, str]] = []
    for order, rule in enumerate(every):
        # Most rules mean others: this is asked millions of times.
        if rule.parts[0][1] <= line[-1] and _fits(rule.parts, line):
            found += _weighed(rule.said, (0, *rule.weight), order)
    found += _weighed(tuple(declarations(element.attrib.pop("style", ""))), (1, 0, 0, 0), 0)
    for _, name, value in sorted(found, key=lambda one: one[0]):
        if name in _SIZES and tag(element) not in _SIZED:
            continue
        for one in _MARKERS if name == "marker" else (name,):
            element.set(one, value)


def _weighed(
    said: Sequence[tuple[str, str]], weight: tuple[int, int, int, int], order: int
) -> Iterator[tuple[Weight, str, str]]:
    for name, value in said:
        plain = _IMPORTANT.sub("", value)
        a, b, c, d = weight
        yield (plain != value, a, b, c, d, order), name, plain


def _rules(sheet: str) -> Iterator[_Rule]:
    for selectors, inside in rules(sheet):
        said = tuple(declarations(inside))
        for selector in selectors:
            parts = tuple(_parts(selector))
            asked = [kind for _, asks in parts for kind, name in asks if name != "*"]
            weight = (asked.count("#"), asked.count("."), asked.count(""))
            yield _Rule(parts, weight, said)


def _parts(selector: str) -> Iterator[tuple[str, _Asked]]:
    pieces = _COMBINED.split(selector)
    for at in range(len(pieces) - 1, -1, -2):
        before = "" if at == 0 else pieces[at - 1] or " "
        yield before, frozenset((one[1], one[2]) for one in _PART.finditer(pieces[at]))


def _fits(parts: Sequence[tuple[str, _Asked]], line: Sequence[_Asked]) -> bool:
    """Whether a selector means the last of a line of elements, each in the one before.

    It goes from its last part outwards, all places at once.
    """
    here = {len(line) - 1}
    for how, asks in parts:
        here = {at for at in here if asks <= line[at]}
        if not how:
            break
        here = {at - 1 for at in here if at} if how == ">" else set(range(max(here, default=0)))
    return bool(here)


def _asked(element: ET.Element) -> _Asked:
    """All that a part of a selector may ask for and that an element has."""
    classes = ((".", name) for name in element.get("class", "").split())
    named = ("#", element.get("id", ""))
    return frozenset((("", tag(element)), ("", "*"), named, *classes))
