"""What may stand in what in a drawing: each who shows one draws, and leaves out, the same parts."""

from collections import Counter
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

SVG: Final = "http://www.w3.org/2000/svg"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_XLINK: Final = "{http://www.w3.org/1999/xlink}href"
_SHAPES: Final = frozenset(("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"))
_PAINTS: Final = frozenset(("linearGradient", "radialGradient"))
_GROUPS: Final = frozenset(("svg", "g", "defs", "symbol", "marker", "pattern"))
_LETTERS: Final = frozenset(("text", "tspan"))
_SPOKEN: Final = frozenset(("title", "desc", "metadata"))
"""What is for those who can't see, or for machines; a renderer draws what stands inside."""
_INSIDE: Final = (
    dict.fromkeys(
        _GROUPS,
        _SHAPES | _PAINTS | _GROUPS | {"text", "use", "clipPath", "style"},
    )
    | dict.fromkeys(_PAINTS, frozenset(("stop",)))
    | dict.fromkeys(_LETTERS, frozenset(("tspan",)))
    | {"clipPath": _SHAPES | {"use"}}
)
DRAWN: Final = frozenset(
    (*_SHAPES, *_PAINTS, *_GROUPS, *_LETTERS, "use", "stop", "clipPath", "style")
)


def misplaced(element: ET.Element) -> str:
    """What of an element's own children or letters has no place there; nothing, if all has."""
    name = tag(element)
    for child in element:
        if tag(child) in DRAWN and tag(child) not in _INSIDE.get(name, ()):
            return f"{name} > {tag(child)}"
    if name in _LETTERS or name == "style":
        return ""
    letters = "".join((element.text or "", *(child.tail or "" for child in element))).strip()
    return f"{name}: {letters[:40]}" if letters else ""


def drop_unseen(element: ET.Element) -> str:
    """Take out what is no drawing: titles, and what drawing programs leave for themselves.

    What stands behind it is kept. Gives the name of what is inside of it and drawn by others, or
    heard: a style sheet is, wherever it stands, and what has a name may be drawn from elsewhere.
    """
    kept: list[ET.Element] = []
    texts = [[element.text or ""]]
    for child in element:
        if child.tag.startswith(f"{{{SVG}}}") and tag(child) not in _SPOKEN:
            kept.append(child)
            texts.append([])
        else:
            own = {f"{{{SVG}}}{name}" for name in _SPOKEN}
            for one in child.iter():
                if one.tag.startswith((f"{{{SVG}}}", f"{{{_XHTML}}}")) and one.tag not in own:
                    return f"{tag(child)} > {tag(one)}" if one is not child else one.tag
        texts[-1].append(child.tail or "")
    if len(kept) < len(element):
        element[:] = kept
        element.text, *tails = map("".join, texts)
        for child, tail in zip(kept, tails, strict=True):
            child.tail = tail
    return ""


def named_twice(root: ET.Element, targets: set[str]) -> Iterator[str]:
    """Names that are referred to and that several elements have: which is meant nobody knows."""
    counted = Counter(one.get("id") for one in root.iter())
    return (name for name in sorted(targets) if counted[name] > 1)


def refers_twice(element: ET.Element) -> bool:
    """Whether an element refers to one thing for some readers, and to another for others."""
    return "href" in element.attrib and _XLINK in element.attrib


def tag(element: ET.Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def svg(name: str) -> str:
    """The name of an SVG element with its namespace."""
    return f"{{{SVG}}}{name}"
