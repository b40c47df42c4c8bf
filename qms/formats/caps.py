"""How much there may be of anything in a governed place: rulebook 1.

The caps are part of the format: what is over one is an entry that doesn't hold, for everybody and
for ever, so that nobody's memory or patience decides a verdict. They keep what one hostile commit
may cost within bounds, and are far above what an honest company has. Places that aren't governed
have none: nothing is opened there.
"""

from collections.abc import Mapping
from typing import Final

from qms.findings import Finding, Place, Refused

TREE_DEPTH: Final = 64
"""Folders that a path in a governed folder lies in, the top one included."""

PATHS: Final = 100_000
"""Files below one governed folder."""

BLOB: Final = 4 * 1024 * 1024
"""Bytes of any file there, filed pictures too: asked of git before the file is read."""

HEAD: Final = 64 * 1024
"""Bytes of a file's head."""

HEAD_TEXTS: Final = 2000
"""Texts in the keys of a head that plugins have brought, and empty lists and mappings there: each
is a line on paper."""

HEAD_WAY: Final = 200
"""Characters of the dotted way to one of them, which is written before it."""

POLICY_FILE: Final = 1024 * 1024
"""Bytes of people.yaml and of qms.yaml."""

EVENTS: Final = 10_000
"""Events of one list."""

AFTER: Final = 64
"""Statements that one statement names in `after`."""

ENTRY: Final = 64 * 1024
"""Bytes of the JSON of one event, or of what stands behind ``signed:`` of one slot."""

TEXT: Final = 1000
"""Characters of a statement's reason, its meaning, and each text among its facts."""

ROUND: Final = 999
"""The last round of a revision."""


def over(cap: str, found: int, most: int, place: Place | None = None) -> Refused:
    """LIMIT: there are `found` of `cap` (a word such as ``blob``), and `most` may be.

    `found` is where counting ended, where it isn't counted to the end.
    """
    values = {"cap": cap, "found": str(found), "limit": str(most)}
    return Refused(Finding("LIMIT", place or Place(), values))


def refuse_large(files: Mapping[str, bytes | None]) -> None:
    """Refuse what nobody could read any more. Raises `Refused` LIMIT for the first such file.

    Whoever writes asks this with what the files would be, before anybody signs for it.
    """
    for path, data in files.items():
        if data is not None and len(data) > BLOB:
            raise over("blob", len(data), BLOB, Place(path))
