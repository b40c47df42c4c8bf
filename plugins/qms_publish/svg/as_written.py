"""A drawing as its author wrote it: who refers to whom, and what holds at the place of each."""

from xml.etree import ElementTree as ET

from qms_publish.svg.lengths import DEFAULTS, Scope, Unlike

_XLINK = "{http://www.w3.org/1999/xlink}href"


class Drawing:
    """The elements of a drawing by their names and places."""

    def __init__(self, root: ET.Element) -> None:
        """Its styles are written down already."""
        self.named = {name: one for one in root.iter() if (name := one.get("id"))}
        self.parents = {child: one for one in root.iter() for child in one}
        self.scope = Scope(DEFAULTS, 1.0, 1.0)

    def at(self, element: ET.Element) -> Scope:
        """What holds in `element` at the place where it is written."""
        line = [element]
        while (above := self.parents.get(line[-1])) is not None:
            line.append(above)
        scope = self.scope
        for one in reversed(line):
            scope = scope.of(one)
        return scope


def name_in(value: str) -> str:
    """The name in ``url(#name)``."""
    return value.strip()[4:-1].strip().strip("'\"").removeprefix("#")


def target_of(element: ET.Element) -> str:
    """The name of what an element refers to."""
    return (element.get("href") or element.get(_XLINK) or "").strip().removeprefix("#")


def own(element: ET.Element, name: str, default: str) -> str:
    """A property that isn't handed down."""
    value = element.get(name, default).strip()
    if value == "inherit":
        raise Unlike(f"{name}=inherit")
    return value
