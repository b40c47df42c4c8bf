"""Merging two edits of one text by lines: each change is taken where the other side left alone.

What both sides changed, or what touches, is nobody's to guess.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qms.domain.library.alignment import Alignment


class _Edit(NamedTuple):
    """The lines from `start` to `end` of what both come from, and what one side has instead."""

    start: int
    end: int
    lines: Sequence[str]


class Clash(NamedTuple):
    """Where both sides changed the same lines: the line in mine (from 1)."""

    line: int


def merged_lines(base: str, mine: str, theirs: str) -> str | Clash:
    """Both edits of `base` in one text, or the first place where they meet."""
    before = base.splitlines(keepends=True)
    one = list(_edits(before, mine.splitlines(keepends=True)))
    other = list(_edits(before, theirs.splitlines(keepends=True)))
    found: list[str] = []
    at = shift = 0
    while one or other:
        first = _first(one, other)
        if first is None:
            return Clash(one[0].start + shift + 1)
        source, edit = first
        found += before[at : edit.start]
        found += edit.lines
        at = edit.end
        source.pop(0)
        if source is one:
            shift += len(edit.lines) - (edit.end - edit.start)
            if other and other[0] == edit:
                other.pop(0)
        elif one and one[0] == edit:
            one.pop(0)
    return "".join((*found, *before[at:]))


def _first(one: list[_Edit], other: list[_Edit]) -> tuple[list[_Edit], _Edit] | None:
    """Whose edit comes next; None where both begin with edits that meet and differ."""
    if not one or not other:
        source = one or other
        return source, source[0]
    mine, theirs = one[0], other[0]
    if mine == theirs or mine.end < theirs.start:
        return one, mine
    return (other, theirs) if theirs.end < mine.start else None


def _edits(before: Sequence[str], after: Sequence[str]) -> Iterator[_Edit]:
    at = 0
    for part in Alignment().parts(before, after):
        end = at + len(part.removed)
        if part.removed or part.added:
            yield _Edit(at, end, list(part.added))
        at = end + len(part.same)
