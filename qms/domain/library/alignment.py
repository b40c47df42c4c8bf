"""What two sequences have in common, in their order, with a bound on the work.

The shortest way from one to the other is looked for as E. Myers described it in 1986 ("An O(ND)
difference algorithm"). What takes more steps than there are left has nothing in common, as far as
anybody is told: the texts come from others, and whoever compares them doesn't wait for hours.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T", bound=Hashable)

_FULL = 1_000_000
"""Steps of one comparison of two texts: about a second."""
_LIKE = 0.3
"""So many of the pairs of letters are alike where two texts count as one that was changed."""


class _SameRun(NamedTuple):
    """So many items from `old` on in one sequence are those from `new` on in the other."""

    old: int
    new: int
    length: int


class Difference(NamedTuple, Generic[T]):
    """What one sequence has and what the other, and what both have behind that."""

    removed: Sequence[T]
    added: Sequence[T]
    same: Sequence[T]


@dataclass(slots=True)
class Alignment:
    """Comparisons that share one bound."""

    left: int = _FULL
    """Steps that may still be taken."""
    _pairs: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])

    def parts(self, old: Sequence[T], new: Sequence[T]) -> Iterator[Difference[T]]:
        """Both sequences in parts: put together, what was removed and what is the same is `old`."""
        i, j = 0, 0
        for run in self._common(old, new):
            end = run.old + run.length
            yield Difference(old[i : run.old], new[j : run.new], old[run.old : end])
            i, j = end, run.new + run.length

    def _common(self, old: Sequence[Hashable], new: Sequence[Hashable]) -> list[_SameRun]:
        """What both have in common, in order; an empty run at the end of both comes last."""
        least = min(len(old), len(new))
        head = next((at for at in range(least) if old[at] != new[at]), least)
        least -= head
        tail = next((at for at in range(least) if old[-1 - at] != new[-1 - at]), least)
        inside = self._between(old[head : len(old) - tail], new[head : len(new) - tail])
        same = (_SameRun(head + a, head + b, length) for a, b, length in inside)
        runs = [_SameRun(0, 0, head), *same]
        runs.append(_SameRun(len(old) - tail, len(new) - tail, tail))
        return [one for one in runs if one.length] + [_SameRun(len(old), len(new), 0)]

    def are_alike(self, old: str, new: str) -> bool:
        """Whether one text may be the other, changed."""
        self.left -= len(old) + len(new) + 1
        if self.left < 0:
            return False
        before, after = self._pairs_of(old), self._pairs_of(new)
        shared = sum((before & after).values())
        return 2 * shared > _LIKE * max(1, before.total() + after.total())

    def _pairs_of(self, text: str) -> Counter[str]:
        if text not in self._pairs:
            self._pairs[text] = Counter(text[at : at + 2] for at in range(len(text) - 1))
        return self._pairs[text]

    def _between(self, old: Sequence[Hashable], new: Sequence[Hashable]) -> list[_SameRun]:
        """The runs of two sequences that begin and end otherwise."""
        furthest = {1: 0}
        tried: list[dict[int, int]] = []
        for edits in range(len(old) + len(new) + 1 if old and new else 0):
            tried.append(furthest.copy())
            self.left -= len(furthest)
            for diagonal in range(-edits, edits + 1, 2):
                at = _step(furthest, diagonal, edits)
                start = at
                while at < len(old) and at - diagonal < len(new) and old[at] == new[at - diagonal]:
                    at += 1
                furthest[diagonal] = at
                self.left -= 1 + at - start
                if at >= len(old) and at - diagonal >= len(new):
                    return _way_back(tried, len(old), len(new))
                if self.left < 0:
                    return []
        return []


def _step(furthest: dict[int, int], diagonal: int, edits: int) -> int:
    """How far one more edit leads on a diagonal, from the better of those beside it."""
    below, above = furthest.get(diagonal - 1, -1), furthest.get(diagonal + 1, -1)
    if diagonal == -edits or (diagonal != edits and below < above):
        return above
    return below + 1


def _way_back(tried: list[dict[int, int]], old: int, new: int) -> list[_SameRun]:
    runs: list[_SameRun] = []
    for edits in range(len(tried) - 1, -1, -1):
        diagonal = old - new
        start = _step(tried[edits], diagonal, edits)
        if old > start:
            runs.append(_SameRun(start, start - diagonal, old - start))
        below, above = (tried[edits].get(diagonal + one, -1) for one in (-1, 1))
        is_added = diagonal == -edits or (diagonal != edits and below < above)
        old = start if is_added else start - 1
        new = start - diagonal - (1 if is_added else 0)
    return runs[::-1]
