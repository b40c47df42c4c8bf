"""Texts that this machine has found printable before, so that nobody parses them once more.

Only that nothing was wrong is kept, under the very bytes and whoever judged them: the plugins that
print, as they lie on this machine. It is a hint for `qms check` of what one has changed, which
somebody asks ten times an hour. Whoever sends a text round, gates, CI and `check --all` judge it
anew.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import Final

from qms.formats.glyph_files import Glyphs
from qms.installed import TOOLS, state_of_code
from qms.plugins import Hooks
from qms.storage.own_cache import OwnCache

_KIND: Final = "legible"
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
        """Who judges, and the letters that a company draws; the table of letters is the tool's."""
        code = state_of_code(self._hooks.found, (TOOLS,), left_out=_BESIDE)
        return sha256(f"{code} {self._hooks.pins} {sorted(self._glyphs)}".encode()).digest()


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
