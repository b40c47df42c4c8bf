"""Which code runs: what a machine has worked out before is another's work once that has changed."""

import os
import sys
from collections.abc import Collection, Iterator
from hashlib import sha256
from importlib.machinery import PathFinder
from typing import Final

from qms import __version__
from qms.plugins import Hooks

_TOOL: Final = "qms"


def state_of_code(hooks: Hooks, groups: Collection[str], *, left_out: Collection[str]) -> str:
    """The tool and these halves of the plugins, with the times of their files, and their libraries.

    What pip installs or removes changes the folder that it lies in. A checkout is changed by
    `git pull` under one version. `left_out` are folders of the tool that say nothing of it.
    """
    lines = [__version__, sys.version, repr(hooks.pins), _state(_TOOL, left_out)]
    lines += (f"{place} {_changed(place)}" for place in sys.path if os.path.isdir(place))  # noqa: PTH112 - quick
    for one in hooks.found:
        if one.group in groups:
            package = one.target.partition(".")[0]
            about = f"{one.name} {one.distribution} {one.version}"
            lines.append(f"{about} {package} {_state(package)}")
    return sha256("\n".join(lines).encode()).hexdigest()


def _state(package: str, left_out: Collection[str] = ()) -> str:
    """What changes with any file of a package: one that is newer than all others hides no other."""
    return sha256(repr(sorted(_times(package, left_out))).encode()).hexdigest()


def _times(package: str, left_out: Collection[str]) -> Iterator[int]:
    """When each of the files of an importable package was written last."""
    spec = PathFinder.find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        for place, folders, names in os.walk(folder):
            folders[:] = [one for one in folders if one != "__pycache__" and one not in left_out]
            yield from (_changed(f"{place}/{name}") for name in ("", *names))


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - quick
    except OSError:
        return 0
