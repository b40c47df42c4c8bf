"""In which ways the signatures that a chain still asks for can be given, by distinct persons.

Where two chains are joined at one number, one signature may count for rows of both. To find the
fewest signatures for many rows is a set cover, for which nobody knows a quick way: so the ways
come one by one, those in which a signature counts for most first, and whoever asks stops.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple, TypeAlias

_Group: TypeAlias = tuple[int, ...]
"""Which rows one signature counts for, by their places."""

_Begun: TypeAlias = tuple[tuple[int, ...], tuple[_Group, ...]]
"""How many each row still asks for, and the signatures so far."""


class OpenRow(NamedTuple):
    """What one step of a chain still asks for: so many of these persons, at this number."""

    number: int
    lacks: int
    persons: frozenset[str]


class Unit(NamedTuple):
    """Signatures that are still asked for: so many, of distinct ones of these persons."""

    number: int
    persons: frozenset[str]
    times: int = 1


def signature_ways(rows: Sequence[OpenRow], *, apart: bool) -> Iterator[tuple[Unit, ...] | None]:
    """Each way to fill the rows; None for each step of the search that is none, to be counted.

    A signature counts for all open rows its signer stands in; if these ways leave signatures over,
    all do. `apart` gives those too in which it counts for fewer, that more persons may sign.
    """
    kinds = _alike(rows)
    waiting: list[_Begun] = [(tuple(row.lacks for row in rows), ())]
    seen = set(waiting)
    while waiting:
        counts, groups = waiting.pop()
        at = next((at for at, count in enumerate(counts) if count), None)
        if at is None:
            yield tuple(_unit(rows, group, times) for group, times in Counter(groups).items())
            continue
        several = list[_Begun]()
        for group in _groups(at, counts, kinds[at], apart=apart):
            times = 1
            if len(kinds[at]) == 1 and (len(group) == 1 or not apart):  # there is no other choice
                times = min(counts[one] for one in group)
            else:
                yield None
            less = tuple(count - times * (one in group) for one, count in enumerate(counts))
            after = less, tuple(sorted((*groups, *(group,) * times)))
            if after not in seen:
                seen.add(after)
                several.append(after)
        waiting += reversed(several)


def _alike(rows: Sequence[OpenRow]) -> list[list[_Group]]:
    """By row, the sets of rows at its number in which somebody in it stands."""
    found: list[set[_Group]] = []
    by_person: dict[tuple[int, str], list[int]] = {}
    for at, row in enumerate(rows):
        for person in row.persons:
            by_person.setdefault((row.number, person), []).append(at)
    for at, row in enumerate(rows):
        kinds = {tuple(by_person[row.number, person]) for person in row.persons}
        found.append(kinds or {(at,)})
    return [sorted(kinds) for kinds in found]


def _groups(
    at: int, counts: Sequence[int], kinds: Sequence[_Group], *, apart: bool
) -> Iterator[_Group]:
    """For which open rows a signature in the row `at` may count, most first."""
    whole = {tuple(one for one in kind if counts[one]) for kind in kinds}
    largest_first = sorted(whole, key=lambda group: (-len(group), group))
    yield from largest_first
    if apart:
        for group in largest_first:
            others = [one for one in group if one != at]
            for size in range(len(others)):
                for some in combinations(others, size):
                    yield tuple(sorted((at, *some)))


def _unit(rows: Sequence[OpenRow], group: Sequence[int], times: int) -> Unit:
    first, *others = (rows[at].persons for at in group)
    return Unit(rows[group[0]].number, first.intersection(*others), times)
