"""The letters of a drawing: each line a text of its own, and in it only parts that look otherwise.

Where letters stand that follow others, a renderer measures, and few measure alike. So what is given
a place of its own becomes a text of its own, and what would only be found out by measuring (letters
behind hidden ones, or turned one by one) is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.svg.lengths import DEFAULTS, SPACE, Scope, Unlike
from qms_publish.svg.narrow_marks import set_narrow
from qms_publish.svg.nesting import svg, tag
from qms_publish.svg.path import number
from qms_publish.svg.sign_fonts import check_font

_PLACES: Final = ("x", "y", "dx", "dy")
_LOOKS: Final = (
    *(one for one in DEFAULTS if one.startswith(("fill", "stroke", "font")) and one != "fill-rule"),
    "letter-spacing",
    "dominant-baseline",
)
_BASIC: Final = 0x10000
_OUTSIDE: Final = frozenset({"opacity", "clip-path"})
_NORMAL: Final = {"bolder": "bold", "lighter": "normal"}


@dataclass(frozen=True, slots=True)
class _Run:
    letters: str
    scope: Scope
    places: dict[str, list[float]]

    @property
    def is_listed(self) -> bool:
        """Whether some letters have places of their own."""
        return any(len(one) > 1 for one in self.places.values())

    @property
    def is_hidden(self) -> bool:
        looks = self.scope.looks
        is_unseen = looks["fill"] == looks["stroke"] == "none" or looks["font-size"] == "0"
        return is_unseen or looks["visibility"] == "hidden"

    @property
    def looks(self) -> dict[str, str]:
        """What the page is told of how the letters look."""
        said = {name: self.scope.looks[name] for name in _LOOKS}
        said["font-weight"] = _NORMAL.get(said["font-weight"], said["font-weight"])
        if said["stroke-width"] == "0":
            said["stroke"] = "none"
        always = {name: said[name] for name in ("fill", "font-size")}
        return {name: value for name, value in said.items() if value != DEFAULTS[name]} | always


@dataclass(slots=True)
class _Reader:
    """A text on its way from elements to runs of letters that look alike."""

    runs: list[_Run] = field(default_factory=list[_Run])
    places: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    taken: int = 0
    """How many times letters were taken."""
    is_blank: bool = True
    """Whether a blank stands before: another one there is none."""

    def walk(self, element: ET.Element, scope: Scope) -> None:
        if element.get("display") == "none":
            if "".join(element.itertext()).strip():
                raise Unlike("tspan display: none")
            return
        if (aligned := element.get("alignment-baseline", "auto")) not in {"auto", "baseline"}:
            scope = replace(scope, looks={**scope.looks, "dominant-baseline": aligned})
        if tag(element) == "tspan" and (_OUTSIDE | {"textLength"}) & element.attrib.keys():
            raise Unlike("tspan opacity, clip-path, textLength")
        if any(float(one) for one in re.findall(r"[\d.]+", element.get("rotate", ""))):
            raise Unlike(f"{tag(element)} rotate")
        before, taken = dict(self.places), self.taken
        for name in _PLACES:
            if said := element.get(name, "").replace(",", " ").split():
                axis = int(name.endswith("y"))
                self.places[name] = [scope.length(one, axis) for one in said]
        self.take(element.text or "", scope)
        for child in element:
            self.walk(child, scope.of(child))
            self.take(child.tail or "", scope)
        if taken == self.taken:
            self.places = before  # a place of no letters is none

    def take(self, letters: str, scope: Scope) -> None:
        if scope.looks[SPACE] == "pre" and re.search(r"[\n\r\t]", letters):
            raise Unlike("white-space: pre")  # lines and tabs: some browsers keep them
        plain = re.sub(r"[\n\r\t]", " ", letters)
        if scope.looks[SPACE] == "default":
            plain = re.sub(" +", " ", plain)
            plain = plain.lstrip(" ") if self.is_blank else plain
            self.is_blank = plain.endswith(" ") if plain else self.is_blank
        elif plain:
            self.is_blank = False
        if not plain:
            return
        self.taken += 1
        before = self.runs[-1] if self.runs and not self.places else None
        if before is None or before.scope != scope or before.is_listed:
            self.runs.append(_Run(plain, scope, self.places))
        else:
            self.runs[-1] = replace(before, letters=before.letters + plain)
        self.places = {}


def texts(element: ET.Element, scope: Scope) -> Iterator[ET.Element]:
    """The lines of a text, each at its place."""
    reader = _Reader()
    reader.walk(element, scope)
    runs = reader.runs
    if runs and runs[-1].scope.looks[SPACE] == "default":
        runs[-1] = replace(runs[-1], letters=runs[-1].letters.rstrip(" "))
    x, y = 0.0, 0.0
    lines = _lines([run for run in runs if run.letters])
    if "textLength" in element.attrib and (len(lines) > 1 or any(len(one) > 1 for one in lines)):
        raise Unlike("textLength")
    for line in lines:
        x = line[0].places.get("x", [x])[0]
        y = line[0].places.get("y", [y])[0]
        if (new := _line(line, x, y)) is not None:
            _stretch(element, new, scope)
            set_narrow(new)
            yield new
        y += sum(run.places.get("dy", [0.0])[0] for run in line)


def _lines(runs: list[_Run]) -> list[list[_Run]]:
    lines: list[list[_Run]] = []
    for run in runs:
        if not lines or {"x", "y"} & run.places.keys():
            if lines and "x" not in run.places:
                raise Unlike("tspan y")
            lines.append([])
        lines[-1].append(run)
    return lines


def _line(line: list[_Run], x: float, y: float) -> ET.Element | None:
    if any(run.is_hidden and run.letters.strip() for run in line):
        raise Unlike(
            f"text visibility, fill, font-size: {''.join(run.letters for run in line)[:40]}"
        )
    if any(run.is_hidden for run in line):
        return None
    for run in line:
        _check(run, is_alone=len(line) == 1)
    first = line[0]
    new = ET.Element(svg("text"), first.looks)
    anchor = first.scope.looks["text-anchor"]
    if anchor != "start":
        new.set("text-anchor", anchor)
    new.text = first.letters
    listed = first.places.get("x", [x])
    by = first.places.get("dx", [0.0])
    if len(listed) > 1 and len(by) > 1:
        raise Unlike("text x, dx")
    moved = listed[:1] if len(by) > 1 else [one + by[0] for one in listed[:1]] + listed[1:]
    new.set("x", " ".join(map(number, moved)))
    new.set("y", number(y + first.places.get("dy", [0.0])[0]))
    if len(by) > 1:
        new.set("dx", " ".join(map(number, by)))
    for run in line[1:]:
        # What the first part says would be handed down to one that looks as if nothing was said.
        back = {name: DEFAULTS[name] for name in first.looks if name not in run.looks}
        part = ET.SubElement(new, svg("tspan"), back | run.looks | {SPACE: "preserve"})
        for name in ("dx", "dy"):
            if run.places.get(name, [0.0])[0]:
                part.set(name, number(run.places[name][0]))
        part.text = run.letters
    return new


def _check(run: _Run, *, is_alone: bool) -> None:
    """Refuse what would be measured otherwise."""
    looks = run.scope.looks
    check_font(run.letters, looks["font-family"])
    for name in ("letter-spacing", "word-spacing"):
        said = looks[name]
        wide = 0.0 if said == "normal" else run.scope.length(said, 0)
        if wide < 0 or (wide and name == "word-spacing"):
            raise Unlike(f"{name}: {said}")
    for name, places in run.places.items():
        if len(places) == 1:
            continue
        is_plain = len(places) <= len(run.letters) and max(map(ord, run.letters)) < _BASIC
        if (
            len(set(places)) == 1
            and name.endswith("y")
            and is_plain
            and (name == "y" or not places[0])
        ):
            continue
        if name.endswith("y") or not is_alone or not is_plain or looks["text-anchor"] != "start":
            raise Unlike(f"{name}={' '.join(map(number, places))[:40]}")


def _stretch(element: ET.Element, new: ET.Element, scope: Scope) -> None:
    said = element.get("textLength")
    if said is None:
        return
    length = scope.length(said, 0)
    if length <= 0:
        raise Unlike(f"textLength={said}")
    new.set("textLength", number(length))
    if element.get("lengthAdjust") == "spacingAndGlyphs":
        new.set("lengthAdjust", "spacingAndGlyphs")
