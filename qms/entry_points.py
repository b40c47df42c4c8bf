"""Which entry points are installed, read from the folders that Python imports from.

Python's own `importlib.metadata` answers the same, but importing it takes longer than all the rest
of a check of one file: it brings a mail parser, sockets and zip files. What `pip` writes is two
plain files a distribution. No code of any plugin runs.
"""

import os
import re
import sys
from collections.abc import Collection, Iterator
from typing import NamedTuple


class EntryPoint(NamedTuple):
    """An entry point, and the distribution that brings it.

    `info` is the distribution's own folder (``….dist-info``); empty where there is none on disk.
    """

    name: str
    group: str
    target: str
    distribution: str
    version: str
    info: str = ""


def entry_points(groups: Collection[str]) -> tuple[EntryPoint, ...]:
    """All entry points of `groups`. Of two distributions of one name the first on the path counts.

    Where Python imports from an archive too, `importlib.metadata` is asked.
    """
    if any(os.path.isfile(folder) for folder in sys.path):  # noqa: PTH113 - quick, for every check
        return tuple(_by_importlib(groups))
    found: list[EntryPoint] = []
    seen: set[str] = set()
    for folder in sys.path:
        for name in _distributions(folder or "."):
            key = re.sub("[-_.]+", "_", name.rpartition(".")[0].partition("-")[0]).lower()
            if key not in seen:
                seen.add(key)
                found.extend(_of_distribution(f"{folder or '.'}/{name}", groups))
    return tuple(found)


def _distributions(folder: str) -> list[str]:
    try:
        names = os.listdir(folder)  # noqa: PTH208 - quick, for every check
    except OSError:
        return []
    return sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))


def _of_distribution(folder: str, groups: Collection[str]) -> Iterator[EntryPoint]:
    rows = [row for row in _rows(_text(f"{folder}/entry_points.txt")) if row[0] in groups]
    if not rows:
        return
    head = _text(f"{folder}/METADATA") or _text(f"{folder}/PKG-INFO")
    for group, name, target in rows:
        yield EntryPoint(
            name, group, target, _header(head, "Name"), _header(head, "Version"), folder
        )


def _rows(text: str) -> Iterator[tuple[str, str, str]]:
    """Group, name and target of each entry point in an ``entry_points.txt``."""
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1]
        elif line and not line.startswith("#"):
            name, _, target = line.partition("=")
            yield group, name.strip(), target.strip()


def _header(text: str, name: str) -> str:
    """A header of a distribution's metadata; ``?`` where it has none."""
    head = text.replace("\r\n", "\n").partition("\n\n")[0]
    found = re.search(rf"^{name}:[ \t]*(.*?)[ \t]*$", head, re.MULTILINE | re.IGNORECASE)
    return found[1] if found is not None else "?"


def _text(path: str) -> str:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - quick, for every check
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _by_importlib(groups: Collection[str]) -> Iterator[EntryPoint]:
    from importlib import metadata  # noqa: PLC0415 - see above

    for group in groups:
        for point in metadata.entry_points(group=group):
            name, version = "?", "?"
            if point.dist is not None:
                name, version = point.dist.metadata["Name"], point.dist.version
            yield EntryPoint(point.name, point.group, point.value, name, version)
