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
    """Where both sides changed the same lines: each place by its first line in mine (from 1)."""

    lines: tuple[int, ...]


def merged_lines(base: str, mine: str, theirs: str) -> str | Clash:
    """Both edits of `base` in one text, or the places where they meet."""
    before = base.splitlines(keepends=True)
    one = list(_edits(before, mine.splitlines(keepends=True)))
    other = list(_edits(before, theirs.splitlines(keepends=True)))
    found: list[str] = []
    met: list[int] = []
    at = shift = 0
    while one or other:
        first = _first(one, other)
        if first is None:
            met.append(one[0].start + shift + 1)
            end = max(one[0].end, other[0].end)
            for source in (one, other):
                while source and source[0].start <= end:
                    edit = source.pop(0)
                    end = max(end, edit.end)
                    shift += _longer(edit) if source is one else 0
            at = end
            continue
        source, edit = first
        found += before[at : edit.start]
        found += edit.lines
        at = edit.end
        source.pop(0)
        if source is one:
            shift += _longer(edit)
            if other and other[0] == edit:
                other.pop(0)
        elif one and one[0] == edit:
            one.pop(0)
    return Clash(tuple(met)) if met else "".join((*found, *before[at:]))


def _longer(edit: _Edit) -> int:
    """By how many lines an edit makes a text longer."""
    return len(edit.lines) - (edit.end - edit.start)


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
