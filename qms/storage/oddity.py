"""What makes a tree object one that git would not write, told to who has to mend it.

git takes most of these in, and each reader makes something else of them: which of two files of one
name is meant, whether a name that stands in the wrong place is there at all. So nobody reads them.
"""

import re
from typing import Final

from qms.findings import Finding, Reason, Refused

MODES: Final = (b"40000", b"100644", b"100755", b"120000", b"160000", b"100664")
"""As git writes them; the last one long ago."""

FORBIDDEN: Final = frozenset((b"", b".", b"..", b".git"))
"""Names that no folder has."""

_LINE: Final = re.compile(rb"([^ \0]{0,32}) ([^\0]*+)\0", re.DOTALL)
_SHOWN: Final = 60


def odd_tree(tree_id: str, found: str) -> Refused:
    """TREE-ODD: `found` is what is odd about it, such as ``2 × README.md``."""
    return Refused(
        Finding("TREE-ODD", values={"id": tree_id, "found": found}, reason=Reason.UNREADABLE)
    )


def oddity(raw: bytes, width: int) -> str:
    """The first thing in a tree's bytes that git would not write, ids being `width` bytes."""
    before, names, at = b"", set[bytes](), 0
    while at < len(raw):
        line = _LINE.match(raw, at)
        if line is None or line.end() + width > len(raw):
            return f"@ {at}"
        mode, name = line.groups()
        if mode not in MODES:
            return f"{_text(mode)} {_text(name)}"
        if name in FORBIDDEN or b"/" in name:
            return f"“{_text(name)}”"
        if name in names:
            return f"2 × {_text(name)}"
        key = name + b"/" if mode == MODES[0] else name
        if key <= before:
            return f"{_text(before)} > {_text(name)}"
        names.add(name)
        before, at = key, line.end() + width
    return f"@ {at}"


def _text(raw: bytes) -> str:
    return raw[:_SHOWN].decode("utf-8", "backslashreplace")
