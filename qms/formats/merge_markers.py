"""The markers that git leaves in a file where a merge found two versions of a line.

A file that can't be read says so by the first thing that its reader stumbles upon; where a merge
left both versions in it, that is what is told, since no reader's complaint helps to mend it. What
can be read is judged as ever: a text about git may show such lines.
"""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from qms.findings import Finding, Place, Reason, Refused

P = ParamSpec("P")
T = TypeVar("T")

_OURS: Final = b"<<<<<<<"
_BETWEEN: Final = b"======="
_THEIRS: Final = b">>>>>>>"
_FENCE: Final = re.compile(rb" *(?P<run>`{3,}+(?=[^`]*\Z)|~{3,}+)(?P<behind>.*)", re.DOTALL)


def conflict_in(data: bytes) -> Finding | None:
    """MERGE-CONFLICT with the line of the first ``<<<<<<<`` of a merge, or None."""
    return _conflict(enumerate(data.split(b"\n"), 1)) if _OURS in data else None


def conflict_in_text(data: bytes) -> Finding | None:
    """The same for a text that can be read: what stands between code fences is an example."""
    return _conflict(_unfenced(data.split(b"\n"))) if _OURS in data else None


def _conflict(lines: Iterable[tuple[int, bytes]]) -> Finding | None:
    """The first run of all three markers, in their order and each at the start of its line."""
    begun = divided = 0
    ours = ""
    for number, line in lines:
        if _is(line, _OURS):
            begun, divided, ours = number, 0, _side(line)
        elif line.rstrip(b"\r") == _BETWEEN:
            divided = begun
        elif divided and _is(line, _THEIRS):
            sides = {"ours": ours, "theirs": _side(line)}
            return Finding("MERGE-CONFLICT", Place(line=divided), sides, reason=Reason.CONFLICT)
    return None


def _side(line: bytes) -> str:
    """What git calls a side: a branch, a commit, a stash; a hyphen where it says nothing."""
    return line[len(_OURS) :].decode("utf-8", "replace").strip() or "-"


def _is(line: bytes, marker: bytes) -> bool:
    return line.startswith(marker) and line[len(marker) :][:1] in {b"", b" ", b"\r"}


def _unfenced(lines: Iterable[bytes]) -> Iterable[tuple[int, bytes]]:
    """The lines that are no code, as Markdown has it: a fence ends with as many signs or more.

    Where a merge begins, it goes on to its end: each of its two versions may open a fence.
    """
    fence, is_merge = b"", False
    for number, line in enumerate(lines, 1):
        found = None if is_merge else _FENCE.match(line)
        if fence:
            if found is not None and found["run"].startswith(fence) and not found["behind"].strip():
                fence = b""
        elif found is not None:
            fence = found["run"]
        else:
            is_merge = _is(line, _OURS) or (is_merge and not _is(line, _THEIRS))
            yield number, line


def naming_conflicts(
    parse: Callable[Concatenate[bytes, P], T],
) -> Callable[Concatenate[bytes, P], T]:
    """A reader that refuses a file with MERGE-CONFLICT, where that is why it can't be read."""

    @wraps(parse)
    def read(data: bytes, /, *others: P.args, **named: P.kwargs) -> T:
        try:
            return parse(data, *others, **named)
        except Refused as error:
            conflict = conflict_in(data)
            if conflict is None:
                raise
            raise Refused(conflict) from error

    return read
