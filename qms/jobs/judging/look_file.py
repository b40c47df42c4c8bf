"""`look.yaml`, which earlier templates brought: nothing reads it, and who writes in it is told.

What a page looks like and says comes with qms and its plugins: no word or colour by which people
tell what a page is worth may come from a file that nobody signed.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from qms.findings import Finding, Place, Refused
from qms.formats.tree import EXECUTABLE, FILE, Tree

LOOK_FILE: Final = "look.yaml"


def unread_look(tree: Tree) -> Iterator[Finding]:
    """LOOK-UNREAD, at the first line that is no comment."""
    entry = tree.entry(LOOK_FILE)
    if entry is None or entry.mode not in (FILE, EXECUTABLE):
        return
    data: bytes | None = None
    with suppress(Refused):  # too large: whatever it is, nothing reads it
        data = tree.read(LOOK_FILE)
    lines = (b"?" if data is None else data.removeprefix(b"\xef\xbb\xbf")).splitlines()
    for at, line in enumerate(lines, 1):
        said = line.strip()
        if said and not said.startswith(b"#") and said != b"---":
            key = said.partition(b":")[0].decode("utf-8", "replace")[:60]
            yield Finding("LOOK-UNREAD", Place(LOOK_FILE, line=at), {"key": key})
            return
