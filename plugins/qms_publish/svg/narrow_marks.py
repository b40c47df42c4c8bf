"""Quotes and dots between Latin letters of a drawing stand there as close as they do on the page.

The fonts draw them as wide as a Chinese letter, and the renderer of drawings doesn't ask for their
narrow forms. It sets letter by letter, so what stands beside them is moved.
"""

from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.lettering.narrow import narrow
from qms_publish.svg.ink_boxes import ink_in
from qms_publish.svg.path import number

_BESIDE: Final = 0.06
"""What is left on each side of such a mark, in its size."""


def set_narrow(line: ET.Element) -> None:
    """Move the letters of a redrawn line; not where they have places or a length of their own."""
    parts = [line, *line]
    letters = "".join(part.text or "" for part in parts)
    listed = "textLength" in line.attrib or any(
        " " in part.get(name, "") for part in parts for name in ("x", "y", "dx", "dy")
    )
    places = narrow(letters, english=False)
    if listed or not places:
        return
    start, behind = 0, 0.0
    for part in parts:
        size = float(part.get("font-size", "16"))
        said = line.attrib if part is line else {**line.attrib, **part.attrib}
        moved: list[float] = []
        for at, letter in enumerate(part.text or "", start):
            by, behind = behind, 0.0
            if at in places:
                ink = ink_in(letter, said)
                by += min(_BESIDE - ink.left, 0.0) * size
                behind = min(_BESIDE - (ink.wide - ink.right), 0.0) * size
            moved.append(by)
        start += len(moved)
        if any(moved):
            moved[0] += float(part.get("dx", "0"))
            last = max(at for at, by in enumerate(moved) if by)
            part.set("dx", " ".join(map(number, moved[: last + 1])))
