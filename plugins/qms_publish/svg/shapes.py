"""The shapes of a drawing, each as the path that goes around it."""

from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.svg.lengths import Scope, Unlike
from qms_publish.svg.nesting import tag
from qms_publish.svg.path import Path, ellipse, lines, number, rectangle
from qms_publish.svg.path_text import path_of, points_of

MARKED: Final = frozenset({"path", "line", "polyline", "polygon"})
"""Shapes that have corners for markers."""
SHAPES: Final = MARKED | {"rect", "circle", "ellipse"}


def path_of_shape(element: ET.Element, scope: Scope) -> Path:
    """The outline of a shape; nothing of one that isn't drawn."""
    name = tag(element)
    try:
        if name == "path":
            return path_of(element.get("d", ""))
        if name in {"polyline", "polygon"}:
            points = points_of(element.get("points", ""))
            return lines(points, is_closed=name == "polygon")
    except ValueError as error:
        said = (element.get("d") or element.get("points") or "")[:40]
        raise Unlike(f"{name} {said}") from error
    if name == "line":
        ends = [(scope.given(element, f"x{at}"), scope.given(element, f"y{at}")) for at in "12"]
        return lines(ends, is_closed=False)
    return _rect(element, scope) if name == "rect" else _round(element, scope)


def _rect(element: ET.Element, scope: Scope) -> Path:
    x, y, width, height = (scope.given(element, one) for one in ("x", "y", "width", "height"))
    if width <= 0 or height <= 0:
        return ()
    rx, ry = _radii(element, scope)
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    if not rx or not ry:
        return rectangle(x, y, width, height)
    arc = f"A{number(rx)} {number(ry)} 0 0 1"
    right, bottom = x + width, y + height
    stops = [
        (x + rx, y), (right - rx, y), (right, y + ry), (right, bottom - ry), (right - rx, bottom),
        (x + rx, bottom), (x, bottom - ry), (x, y + ry), (x + rx, y),
    ]  # fmt: skip
    said = [f"{number(a)} {number(b)}" for a, b in stops]
    sides = (f"{'L' if at % 2 else arc}{one}" for at, one in enumerate(said[1:], 1))
    return path_of(f"M{said[0]}{''.join(sides)}Z")


def _round(element: ET.Element, scope: Scope) -> Path:
    if tag(element) == "circle":
        rx = ry = scope.given(element, "r")
    else:
        rx, ry = _radii(element, scope)
    if rx <= 0 or ry <= 0:
        return ()
    return ellipse(scope.given(element, "cx"), scope.given(element, "cy"), rx, ry)


def _radii(element: ET.Element, scope: Scope) -> tuple[float, float]:
    """Both radii: one that isn't said is the other."""
    said = [
        scope.given(element, one) if element.get(one, "auto") != "auto" else None
        for one in ("rx", "ry")
    ]
    if any(one is not None and one < 0 for one in said):
        raise Unlike(f"{tag(element)} rx, ry")
    rx, ry = said
    return (rx if rx is not None else ry or 0.0), (ry if ry is not None else rx or 0.0)
