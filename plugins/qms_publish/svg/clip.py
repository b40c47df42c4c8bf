"""Paths that cut a drawing, each as one outline that all cut along alike."""

from dataclasses import replace
from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.svg.as_written import Drawing, own, target_of
from qms_publish.svg.lengths import Scope, Unlike, matrix_of
from qms_publish.svg.nesting import svg, tag
from qms_publish.svg.outline import area, is_convex, is_flat, turned_round
from qms_publish.svg.path import Path, by, moved, times, written
from qms_publish.svg.shapes import SHAPES, path_of_shape

_MOST: Final = 1000
"""A renderer looks for each of them in the whole drawing."""


class Clips:
    """The paths of a drawing that cut it."""

    def __init__(self, source: Drawing, defs: ET.Element) -> None:
        """What is made stands in `defs`."""
        self.source = source
        self.defs = defs
        self.drawn: dict[str, str] = {}
        self.paths: dict[str, Path] = {}
        self.known: dict[tuple[str, float, float], str | None] = {}

    def new(self, path: Path) -> str:
        """The name of a path that cuts along `path`."""
        along = written(path)
        if along not in self.drawn:
            self.drawn[along] = name = f"c{len(self.drawn)}"
            self.paths[name] = path
            clip = ET.SubElement(self.defs, svg("clipPath"), {"id": name})
            ET.SubElement(clip, svg("path"), {"d": along})
            if len(self.drawn) > _MOST:
                raise Unlike(f"{len(self.drawn)} × clipPath, symbol, marker")
        return self.drawn[along]

    def name(self, name: str, scope: Scope) -> str | None:
        """The new name of a path that cuts; empty if all is cut away, nothing if there is none."""
        key = (name, scope.width, scope.height)
        if key not in self.known:
            found = self.source.named.get(name)
            if found is not None and tag(found) != "clipPath":
                raise Unlike(f"clip-path=url(#{name})")
            path = None if found is None else self._clipping(found, scope)
            self.known[key] = None if path is None else self.new(path) if path else ""
        return self.known[key]

    def _clipping(self, clip: ET.Element, scope: Scope) -> Path:
        if clip.get("clipPathUnits") == "objectBoundingBox":
            raise Unlike("clipPathUnits=objectBoundingBox")
        if own(clip, "clip-path", "none") != "none":
            raise Unlike("clipPath clip-path")
        here = replace(self.source.at(clip), width=scope.width, height=scope.height)
        found = [one for child in clip if (one := self._cutter(child, here))]
        matrix = matrix_of(clip.get("transform", ""))
        if len(found) == 1:
            ((path, rule),) = found
            if rule == "evenodd" and not (len(path) == 1 and all(map(is_convex, path))):
                raise Unlike("clip-rule=evenodd")
            return moved(path, matrix)
        # Of several each shows what is in it: drawn the same way round, none takes from another.
        if not all(map(is_convex, (one for path, _ in found for one in path))) or any(
            len(path) > 1 for path, _ in found
        ):
            raise Unlike("clipPath > …, …")
        whole = tuple(
            one if area(one) >= 0 else turned_round(one) for path, _ in found for one in path
        )
        return moved(whole, matrix)

    def _cutter(self, child: ET.Element, above: Scope) -> tuple[Path, str] | None:
        """The outline and the rule of one shape of a clipping path, if it takes part."""
        scope = above.of(child)
        if child.get("display") == "none":
            return None
        if own(child, "clip-path", "none") != "none":
            raise Unlike("clipPath > clip-path")
        matrix = matrix_of(child.get("transform", ""))
        if tag(child) == "use":
            target = self.source.named.get(target_of(child))
            if target is None or tag(target) not in SHAPES:
                raise Unlike("clipPath > use")
            found = self._cutter(target, scope)
            matrix = times(matrix, by(scope.given(child, "x"), scope.given(child, "y")))
            return found and (moved(found[0], matrix), found[1])
        path = tuple(one for one in path_of_shape(child, scope) if not is_flat(one))
        if scope.looks["visibility"] == "hidden" or not path:
            return None
        return moved(path, matrix), scope.looks["clip-rule"]
