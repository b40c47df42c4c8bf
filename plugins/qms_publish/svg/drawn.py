"""A drawing drawn anew, in the few words that a browser and the page's renderer read alike.

What one hands down to another, refers to, repeats or puts at the corners of a line is worked out
here by SVG's own rules. What is left are paths, letters and gradients that say all of themselves.
`Unlike` is raised where that can't be done.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.svg.as_written import Drawing, name_in, own, target_of
from qms_publish.svg.clip import Clips
from qms_publish.svg.lengths import (
    DEFAULTS,
    SPACE,
    Scope,
    Unlike,
    box_of,
    first_scope,
    fitted,
    matrix_of,
    transform,
)
from qms_publish.svg.nesting import svg, tag
from qms_publish.svg.on_page import points_of_unit, say_size, seen
from qms_publish.svg.outline import corners, is_flat
from qms_publish.svg.paint import GRADIENTS, NOTHING, Paint, gradient_paint, share
from qms_publish.svg.path import (
    IDENTITY,
    Matrix,
    Path,
    bounds,
    by,
    number,
    rectangle,
    times,
    written,
)
from qms_publish.svg.seen import Frame, check_seen
from qms_publish.svg.shapes import MARKED, SHAPES, path_of_shape
from qms_publish.svg.style import is_parted, write_down
from qms_publish.svg.text import texts
from qms_publish.svg.within import Cuts

_CONTEXT: Final = ("context-fill", "context-stroke")
_MARKERS: Final = ("marker-start", "marker-mid", "marker-end")
_STROKES: Final = (
    "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray",
    "stroke-dashoffset",
)  # fmt: skip
_SIZES: Final = ("refX", "refY", "markerWidth", "markerHeight")
_FAR: Final = 1e5
_STANDARD: Final = (300.0, 150.0)
"""The size of a drawing that says none."""
_DEEPEST: Final = 64
_MOST_PAINTS: Final = 500
"""A renderer looks for each of them in the whole drawing."""
_PaintKey = tuple[str, tuple[float, float], float, tuple[float, float, float, float]]


def redrawn(root: ET.Element) -> ET.Element:
    """The drawing `root` as the page gets it."""
    is_asked = is_parted(root)
    write_down(root)
    if is_asked and any(tag(one) == "use" for one in root.iter()):
        raise Unlike("style: … …, use")
    if matrix_of(root.get("transform", "")) != IDENTITY or "clip-path" in root.attrib:
        raise Unlike("svg transform, clip-path")
    return _Drawing(root).drawn()


class _Drawing:
    def __init__(self, root: ET.Element) -> None:
        self.root = root
        self.source = Drawing(root)
        self.named = self.source.named
        self.defs = ET.Element(svg("defs"))
        self.clips = Clips(self.source, self.defs)
        self.paints: dict[_PaintKey, Paint] = {}
        self.depth = 0
        self.scope = first_scope(*_STANDARD)

    def drawn(self) -> ET.Element:
        root = self.root
        sizes = {name: root.get(name, "").strip() for name in ("width", "height")}
        known = {name: one for name, one in sizes.items() if one and not one.endswith("%")}
        box = box_of(root)
        new = ET.Element(svg("svg"), known)
        if box is None:
            width, height = (
                self.scope.length(known[name], 0) if name in known else standard
                for name, standard in zip(sizes, _STANDARD, strict=True)
            )
            box = (0.0, 0.0, width, height)
            new.attrib.update({"width": number(width), "height": number(height)})
        if any(self.scope.length(one, 0) <= 0 for one in known.values()) or min(box[2:]) <= 0:
            raise Unlike("width, height")
        # What all texts have in common; blanks are run together already.
        new.attrib.update({"font-family": DEFAULTS["font-family"], SPACE: "preserve"})
        new.set("viewBox", " ".join(map(number, box)))
        if "preserveAspectRatio" in root.attrib:
            new.set("preserveAspectRatio", root.attrib["preserveAspectRatio"])
        self.scope = self.source.scope = first_scope(box[2], box[3])
        inside = list(self.children(root, self.scope.of(root)))
        shown = seen(new, box)
        say_size(new, box)
        frame = Frame(shown, points_of_unit(new, box), Cuts(self.clips.paths))
        check_seen(inside, frame)
        new.append(self.defs)
        new.extend(self.cut(inside, rectangle(*shown)))
        return new

    def children(self, element: ET.Element, scope: Scope) -> Iterator[ET.Element]:
        """What is drawn of all that stands in `element`; `scope` is what it hands down."""
        for child in element:
            yield from self.one(child, scope)

    def one(self, element: ET.Element, above: Scope) -> list[ET.Element]:
        """What is drawn of `element`."""
        name = tag(element)
        if element.get("display") == "none":
            return []
        scope = above.of(element)
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unlike(name)
        inside: list[ET.Element] = []
        if name == "g":
            inside = list(self.children(element, scope))
        elif name == "svg":
            inside = self.view(element, scope)
        elif name == "use":
            inside = self.used(element, scope)
        elif name == "text":
            inside = self.text(element, scope)
        elif name in SHAPES:
            inside = self.shape(element, scope)
        self.depth -= 1
        return self.grouped(element, inside, scope)

    def grouped(
        self, element: ET.Element, inside: list[ET.Element], scope: Scope
    ) -> list[ET.Element]:
        """`inside` as it is moved, cut and let through by what `element` says."""
        opacity = share(own(element, "opacity", "1"))
        if not opacity:
            _no_letters(inside, "opacity=0")
        if not inside or not opacity:
            return []
        clip = own(element, "clip-path", "none")
        if clip != "none" and (name := self.clips.name(name_in(clip), scope)) is not None:
            if not name:
                _no_letters(inside, "clip-path")
                return []
            inside = [_group(inside, {"clip-path": f"url(#{name})"})]
        if opacity < 1:
            inside = [self.through(inside, opacity)]
        matrix = matrix_of(element.get("transform", ""))
        if matrix != IDENTITY:
            inside = [_group(inside, {"transform": transform(matrix)})]
        return inside

    def through(self, inside: list[ET.Element], opacity: float) -> ET.Element:
        """`inside` as a whole, so opaque."""
        only = inside[0]
        painted = [one for one in ("fill", "stroke") if only.get(one, "none") != "none"]
        if len(inside) == 1 and tag(only) in {"path", "text"} and len(only) + len(painted) == 1:
            name = f"{painted[0]}-opacity"
            only.set(name, number(opacity * share(only.get(name, "1"))))
            return only
        # Without something so large a renderer cuts off what it takes to be outside.
        frame = {"d": written(rectangle(-_FAR, -_FAR, 2 * _FAR, 2 * _FAR)), "fill": "none"}
        whole = ET.Element(svg("path"), frame)
        return _group([whole, *inside], {"opacity": number(opacity)})

    def cut(self, inside: list[ET.Element], path: Path) -> list[ET.Element]:
        """`inside` as far as it is within `path`."""
        return inside and [_group(inside, {"clip-path": f"url(#{self.clips.new(path)})"})]

    def used(self, element: ET.Element, scope: Scope) -> list[ET.Element]:
        """What a `use` shows."""
        target = self.named.get(target_of(element))
        if target is None:
            return []
        if tag(target) in {"svg", "symbol"}:
            if target.get("display") == "none":
                return []
            inside = self.view(target, scope.of(target), element)
            inside = self.grouped(target, inside, scope)
        else:
            inside = self.one(target, scope)
        x, y = scope.given(element, "x"), scope.given(element, "y")
        return _moved(inside, by(x, y))

    def view(
        self, element: ET.Element, scope: Scope, use: ET.Element | None = None
    ) -> list[ET.Element]:
        """What is seen in a view of its own, an `svg` or the symbol that a `use` shows."""
        sizes: list[float] = []
        for name in ("width", "height"):
            said = use if use is not None and name in use.attrib else element
            sizes.append(scope.given(said, name, "100%"))
        width, height = sizes
        if width <= 0 or height <= 0:
            return []
        is_placed = tag(element) == "svg"
        x, y = (scope.given(element, name) if is_placed else 0.0 for name in "xy")
        box = box_of(element)
        within = replace(scope, width=box[2] if box else width, height=box[3] if box else height)
        inside = list(self.children(element, within))
        inside = _moved(inside, fitted(element, width, height))
        if own(element, "overflow", "hidden") in {"hidden", "scroll", "auto"}:
            inside = self.cut(inside, rectangle(0.0, 0.0, width, height))
        return _moved(inside, by(x, y))

    def text(self, element: ET.Element, scope: Scope) -> list[ET.Element]:
        """The lines of a text."""
        found: list[ET.Element] = []
        for one in texts(element, scope):
            for part in (one, *one):
                for name in ("fill", "stroke"):
                    colour = part.get(name, "none")
                    if colour in _CONTEXT:
                        part.set(name, scope.looks.get(colour, "none"))
                    if colour.startswith("url("):
                        if name_in(colour) in self.named:
                            raise Unlike(f"text {name}={colour[:40]}")
                        part.set(name, "none")
            found.append(one)
        return found

    def shape(self, element: ET.Element, scope: Scope) -> list[ET.Element]:
        """A path, and its markers."""
        path = path_of_shape(element, scope)
        if scope.looks["visibility"] == "hidden":
            return []
        fill = self.paint("fill", scope, path)
        stroke = self.paint("stroke", scope, path) if self._width(scope) else NOTHING
        if stroke.gradient is not None:
            raise Unlike(f"stroke={scope.looks['stroke'][:40]}")
        inside = [*self._painted(path, fill, stroke, scope)]
        if tag(element) in MARKED:
            inside += self.markers(path, fill, stroke, scope)
        return inside

    def _width(self, scope: Scope) -> float:
        width = scope.length(scope.looks["stroke-width"], None)
        if width < 0:
            raise Unlike(f"stroke-width={width}")
        return width

    def _painted(
        self, path: Path, fill: Paint, stroke: Paint, scope: Scope
    ) -> Iterator[ET.Element]:
        full = tuple(one for one in path if not is_flat(one))
        lined = tuple(one for one in path if one.segments or one.is_closed)
        said_fill, said_stroke = self._fill(fill, scope), self._stroke(stroke, scope)
        if full == lined and full and said_fill and said_stroke:
            yield ET.Element(svg("path"), {"d": written(full)} | said_fill | said_stroke)
            return
        if full and said_fill:
            yield ET.Element(svg("path"), {"d": written(full)} | said_fill)
        if lined and said_stroke:
            yield ET.Element(svg("path"), {"d": written(lined), "fill": "none"} | said_stroke)

    def _fill(self, fill: Paint, scope: Scope) -> dict[str, str]:
        opacity = share(scope.looks["fill-opacity"]) * fill.opacity
        if fill.colour in {"none", "transparent"} or not opacity:
            return {}
        said = {"fill": fill.colour, "fill-opacity": number(opacity)}
        if scope.looks["fill-rule"] == "evenodd":
            said["fill-rule"] = "evenodd"
        return {name: value for name, value in said.items() if value != DEFAULTS[name]} | {
            "fill": fill.colour
        }

    def _stroke(self, stroke: Paint, scope: Scope) -> dict[str, str]:
        opacity = share(scope.looks["stroke-opacity"]) * stroke.opacity
        if stroke.colour in {"none", "transparent"} or not opacity:
            return {}
        said = {name: scope.looks[name] for name in _STROKES} | {
            "stroke-opacity": number(opacity), "stroke-width": number(self._width(scope))
        }  # fmt: skip
        return {"stroke": stroke.colour} | {
            name: value for name, value in said.items() if value != DEFAULTS[name]
        }

    def paint(self, name: str, scope: Scope, path: Path = ()) -> Paint:
        """What the looks say of `fill` or `stroke`."""
        said = scope.looks[name]
        if said in _CONTEXT:
            said = scope.looks.get(said, "none")
        if said == "currentColor":
            said = scope.looks["color"]
        if not said.startswith("url("):
            return Paint(said, 1.0)
        target = self.named.get(name_in(said))
        if target is None or tag(target) not in GRADIENTS:
            if target is not None and tag(target) == "pattern":
                raise Unlike("pattern")
            return NOTHING
        key = (name_in(said), scope.sides, scope.font_size, bounds(path))
        if key not in self.paints:
            made = f"p{len(self.paints)}"
            self.paints[key] = paint = gradient_paint(target, self.named, scope, path, made)
            if paint.gradient is not None:
                self.defs.append(paint.gradient)
            if len(self.paints) > _MOST_PAINTS:
                raise Unlike(f"{len(self.paints)} × linearGradient, radialGradient")
        return self.paints[key]

    def markers(self, path: Path, fill: Paint, stroke: Paint, scope: Scope) -> Iterator[ET.Element]:
        """What stands at the corners of a path, turned as the path goes."""
        if all(scope.looks[name] == "none" for name in _MARKERS):
            return
        spots = corners(path)
        for at, spot in enumerate(spots):
            kinds = ("start",) * (at == 0) + ("mid",) * (0 < at < len(spots) - 1)
            for kind in (*kinds, *("end",) * (at == len(spots) - 1)):
                marker = self.named.get(name_in(scope.looks[f"marker-{kind}"]))
                if scope.looks[f"marker-{kind}"] == "none" or marker is None:
                    continue
                if tag(marker) != "marker":
                    raise Unlike(f"marker-{kind}")
                angle = _angle(marker, spot.angle, is_start=kind == "start")
                turned = times(by(*spot.point), matrix_of(f"rotate({angle!r})"))
                if marker.get("markerUnits") != "userSpaceOnUse":
                    width = self._width(scope)
                    turned = times(turned, (width, 0.0, 0.0, width, 0.0, 0.0))
                    if not width:
                        continue
                looks = {
                    "context-fill": fill.colour if fill.gradient is None else "",
                    "context-stroke": stroke.colour,
                }
                yield from _moved(self._marker(marker, looks), turned)

    def _marker(self, marker: ET.Element, looks: dict[str, str]) -> list[ET.Element]:
        scope = self.source.at(marker)
        if any(scope.looks[name] != "none" for name in _MARKERS):
            raise Unlike("marker > marker")
        if {"opacity", "clip-path", "transform"} & marker.attrib.keys():
            raise Unlike("marker opacity, clip-path, transform")
        if any("%" in marker.get(name, "") for name in _SIZES):
            raise Unlike("marker %")
        width, height = (scope.given(marker, name, "3") for name in _SIZES[2:])
        if width <= 0 or height <= 0:
            return []
        box = box_of(marker)
        within = replace(
            scope,
            looks={**scope.looks, **looks},
            width=box[2] if box else width,
            height=box[3] if box else height,
        )
        fit = fitted(marker, width, height)
        x, y = within.given(marker, "refX"), within.given(marker, "refY")
        at = (fit[0] * x + fit[4], fit[3] * y + fit[5])
        inside = _moved(list(self.children(marker, within)), fit)
        if own(marker, "overflow", "hidden") in {"hidden", "scroll"}:
            inside = self.cut(inside, rectangle(0.0, 0.0, width, height))
        return _moved(inside, by(-at[0], -at[1]))


def _no_letters(inside: list[ET.Element], found: str) -> None:
    """Refuse letters that are not to be seen at all: somebody may take them for signed."""
    for one in inside:
        for text in one.iter(svg("text")):
            if letters := "".join(text.itertext()).strip():
                raise Unlike(f"text {found}: {letters[:40]}")


def _angle(marker: ET.Element, angle: float | None, *, is_start: bool) -> float:
    orient = marker.get("orient", "0").strip()
    if not orient.startswith("auto"):
        return float(orient)
    if angle is None:
        raise Unlike("marker-start, marker-mid, marker-end: M, L 0 0")
    if orient == "auto-start-reverse" and is_start:
        return angle + 180
    return angle


def _moved(inside: list[ET.Element], matrix: Matrix) -> list[ET.Element]:
    if not inside or matrix == IDENTITY:
        return inside
    return [_group(inside, {"transform": transform(matrix)})]


def _group(inside: list[ET.Element], said: dict[str, str]) -> ET.Element:
    group = ET.Element(svg("g"), said)
    group.extend(inside)
    return group
