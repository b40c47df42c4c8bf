"""The documents that a draft's text links to: that they are there.

A link is printed as its words, blue, and nobody who reads the paper can follow it to find out.
"""

import re
from collections.abc import Iterator
from posixpath import basename, join, normpath
from typing import Final

from qms.api import NUMBERS, Change, Finding, Place, Step, near_numbers
from qms_numbering.related import is_there

_CODE: Final = r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t>]*(?P=fence)|\Z)|`[^`\n]*`"
_ADDRESS: Final = (
    r"(?:\]\([ ]*<?|^[ \t>]{0,40}\[[^\]\n]{1,200}\]:[ \t]*<?)"
    r"(?P<path>[A-Za-z0-9._/-]{1,200}\.md)(?=[#>) \n]|$)"
)
"""Compiled where a text has such an address: most have none."""
_LOOKED_UP: Final = 20
"""For so many unknown numbers of one text those that come near are looked for."""


def link_faults(change: Change, step: Step) -> Iterator[Finding]:
    """LINK-UNKNOWN for each link of a working text to a document that isn't there.

    An address is a path from the text's folder or from the root, or a document's number alone.
    """
    document = change.document
    if document is None or document.status == "published" or ".md" not in document.body:
        return
    body = document.body
    if not any(_unknown(body, change.path, step)):
        return  # most often so: what stands in code needn't be told apart
    body = re.sub(
        _CODE, lambda code: re.sub(r"[^\n]", " ", code[0]), document.body, flags=re.MULTILINE
    )
    first, told = _first_line(step, change.path, document.body), set[str]()
    for found in _unknown(body, change.path, step):
        path = found["path"]
        if path in told:
            continue
        number = basename(path).removesuffix(".md")
        numbers = step.after.index(NUMBERS) if len(told) < _LOOKED_UP else ()
        told.add(path)
        values = {"found": path, "close": ", ".join(near_numbers(numbers, number)) or "-"}
        place = Place(line=first + body.count("\n", 0, found.start()))
        yield Finding("LINK-UNKNOWN", place, values, document.about)


def _unknown(body: str, path: str, step: Step) -> Iterator[re.Match[str]]:
    """The addresses in a text, which lies at `path`, of what isn't there."""
    known: dict[str, bool] = {}
    for found in re.finditer(_ADDRESS, body, re.MULTILINE):
        to = found["path"]
        if to not in known:
            known[to] = _is_there(step, path, to)
        if not known[to]:
            yield found


def _first_line(step: Step, path: str, body: str) -> int:
    data = step.tree.read(path) or b""
    return data.count(b"\n", 0, max(len(data) - len(body.encode()), 0)) + 1


def _is_there(step: Step, text: str, path: str) -> bool:
    folder = text.rpartition("/")[0]
    for one in {normpath(join(folder, path)), normpath(path)}:
        if not one.startswith(("..", "/")) and step.tree.entry(one) is not None:
            return True
    return "/" not in path and is_there(step, path.removesuffix(".md"))
