"""Texts that this machine has found printable before, so that nobody parses them once more.

Only that nothing was wrong is kept, under the very bytes and whoever judged them: the plugins that
print, as they lie on this machine. It is a hint for `qms check` of what one has changed, which
somebody asks ten times an hour. Whoever sends a text round, gates, CI and `check --all` judge it
anew.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from importlib.machinery import PathFinder
from typing import Final

from qms import __version__
from qms.formats.glyph_files import Glyphs
from qms.installed import TOOLS
from qms.plugins import Hooks
from qms.storage.own_cache import OwnCache

_KIND: Final = "legible"
_TOOL: Final = "qms"
_BESIDE: Final = frozenset(("cli", "domain", "storage", "testing"))
"""Of the tool what says nothing of whether a text can be printed."""
_PRUNED: Final = "00"
"""Old entries go with each 256th that is kept."""


class JudgedTexts:
    """What is known of texts, by the printers that would be asked of them."""

    def __init__(self, hooks: Hooks, glyphs: Glyphs) -> None:
        """`hooks` are of either half of the plugins, `glyphs` the letters that a company draws."""
        self._hooks = hooks
        self._glyphs = glyphs

    def holds(self, data: bytes, pictures: Mapping[str, bytes]) -> bool:
        """Whether the text in the file `data` was found printable by these very printers.

        With the `pictures` that it shows: each is still what it was then.
        """
        kept = self._cache.get(_KIND, self._key(data))
        if kept is None:
            return False
        shown: dict[str, str] = json.loads(kept)
        return all(
            path in pictures and _digest(pictures[path]) == digest for path, digest in shown.items()
        )

    def keep(self, data: bytes, shown: Mapping[str, bytes]) -> None:
        """Remember that nothing is wrong with it, nor with the pictures that it shows."""
        key = self._key(data)
        digests = {path: _digest(picture) for path, picture in shown.items()}
        self._cache.put(_KIND, key, json.dumps(digests).encode())
        if key.startswith(_PRUNED):
            self._cache.prune()

    @cached_property
    def _cache(self) -> OwnCache:
        return OwnCache.open()

    def _key(self, data: bytes) -> str:
        return sha256(self._judges + sha256(data).digest()).hexdigest()

    @cached_property
    def _judges(self) -> bytes:
        """Who judges: the tool and the plugins with the times of their files, and their libraries.

        What pip installs or removes changes the folder that it lies in. A checkout is changed by
        `git pull` under one version, and the table of letters is the tool's own.
        """
        lines = [__version__, sys.version, repr(self._hooks.pins), _state(_TOOL)]
        lines.append(repr(sorted(self._glyphs)))
        lines += (f"{place} {_changed(place)}" for place in sys.path if os.path.isdir(place))  # noqa: PTH112 - quick
        for one in self._hooks.found:
            if one.group == TOOLS:
                package = one.target.partition(".")[0]
                about = f"{one.name} {one.distribution} {one.version}"
                lines.append(f"{about} {package} {_state(package)}")
        return sha256("\n".join(lines).encode()).digest()


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _state(package: str) -> str:
    """What changes with any file of a package: one that is newer than all others hides no other."""
    return _digest(repr(sorted(_times(package))).encode())


def _times(package: str) -> Iterator[int]:
    """When each of the files of an importable package was written last."""
    spec = PathFinder.find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        for place, folders, names in os.walk(folder):
            left_out = _BESIDE if package == _TOOL else ()
            folders[:] = [one for one in folders if one != "__pycache__" and one not in left_out]
            yield from (_changed(f"{place}/{name}") for name in ("", *names))


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - quick
    except OSError:
        return 0
