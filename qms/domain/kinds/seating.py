"""Giving signatures to distinct persons: a flow between signatures and persons that are alike.

A step may ask nine hundred of a thousand people. Whoever may take the very same signatures is one
node with a count, and so is what the very same people may sign: so it costs what there is of
different kinds, not of people.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qms.domain.kinds.signature_ways import Unit


class Seated(NamedTuple):
    """A matching: how many persons are in it, and how many signatures it leaves over.

    Of the first that is left over: how many there are at the numbers `short` for which nobody is
    left but `only`, that one included.
    """

    persons: int
    left: int
    need: int = 0
    short: frozenset[int] = frozenset()
    only: frozenset[str] = frozenset()

    @property
    def order(self) -> tuple[int, int]:
        """What leaves least over comes first, then what has most persons."""
        return self.left, -self.persons


class _Alike(NamedTuple):
    """Persons who may take the very same of the units."""

    persons: tuple[str, ...]
    units: tuple[int, ...]
    is_free: bool
    is_counted: bool


def seated(
    units: Sequence[Unit], signed: Collection[str], free: Collection[str], besides: str = ""
) -> Seated:
    """As many signatures as can be given; those who have `signed` nothing come first.

    Who is `free` may take one at each number, everybody else one. `besides` has one that isn't
    among the units. Whoever is in a matching once stays in it, so none as large has more persons.
    """
    counted = {*signed, besides} if besides else {*signed}
    alike = _alike(units, counted, frozenset(free))
    fresh = [one for one in alike if not one.is_counted]
    first = _Flow(units)
    for one in fresh:
        first.add(one.persons, one.units)
    first.fill()
    flow = _Flow(units)
    for one, given in zip(fresh, first.given, strict=True):
        _add(flow, units, one, given)
    for one in alike:
        if one.is_counted:
            _add(flow, units, one, {})
    flow.fill()
    persons = len(counted) + sum(first.taken)
    left = sum(flow.wanted)
    if not left:
        return Seated(persons, 0)
    met, nodes = flow.reached(next(at for at, count in enumerate(flow.wanted) if count))
    need = 1 + sum(units[at].times - flow.wanted[at] for at in met)
    only = frozenset(one for node in nodes for one in flow.persons[node])
    return Seated(persons, left, need, frozenset(units[at].number for at in met), only)


def _alike(units: Sequence[Unit], counted: Collection[str], free: Collection[str]) -> list[_Alike]:
    places: dict[str, list[int]] = {}
    for at, unit in enumerate(units):
        for person in unit.persons:
            places.setdefault(person, []).append(at)
    found: dict[tuple[tuple[int, ...], bool, bool], list[str]] = {}
    for person in sorted(places):
        key = tuple(places[person]), person in free, person in counted
        found.setdefault(key, []).append(person)
    return [_Alike(tuple(persons), *key) for key, persons in found.items()]


def _add(flow: "_Flow", units: Sequence[Unit], one: _Alike, given: dict[int, int]) -> None:
    """Persons as one node, or as one at each number, with what they have."""
    if not one.is_free:
        flow.add(one.persons, one.units, given)
        return
    for number in dict.fromkeys(units[at].number for at in one.units):
        here = [at for at in one.units if units[at].number == number]
        flow.add(one.persons, here, {at: given[at] for at in here if at in given})


@dataclass(slots=True, eq=False)
class _Flow:
    """How many of which unit each node has; a node has room for each of its persons once."""

    units: Sequence[Unit]
    wanted: list[int] = field(default_factory=list[int])
    persons: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    given: list[dict[int, int]] = field(default_factory=list[dict[int, int]])
    taken: list[int] = field(default_factory=list[int])
    nodes: list[list[int]] = field(default_factory=list[list[int]])
    """By unit, who may take it."""

    def __post_init__(self) -> None:
        self.wanted = [one.times for one in self.units]
        self.nodes = [[] for _ in self.units]

    def add(
        self, persons: tuple[str, ...], units: Iterable[int], given: dict[int, int] | None = None
    ) -> None:
        """A node of persons who may take these units, and have some of them."""
        for at in units:
            self.nodes[at].append(len(self.persons))
        self.persons.append(persons)
        self.given.append(dict(given or {}))
        self.taken.append(sum(self.given[-1].values()))
        for at, count in self.given[-1].items():
            self.wanted[at] -= count

    def fill(self) -> None:
        """Give what can be given, the first units first."""
        for at in range(len(self.units)):
            while self.wanted[at] and self._give(at):
                pass

    def reached(self, at: int) -> tuple[list[int], list[int]]:
        """The units and the nodes that would have to pass something on for one more of `at`."""
        units, came = self._search(at)[1:]
        return list(units), list(came)

    def _give(self, at: int) -> bool:
        """Give some of a unit to somebody, each passing on what they have; False if in vain."""
        end, held, came = self._search(at)
        if end is None:
            return False
        path: list[tuple[int, int]] = []
        node: int | None = end
        while node is not None:
            path.append((node, came[node]))
            node = held[came[node]]
        passed = (self.given[held[unit] or 0][unit] for _, unit in path if held[unit] is not None)
        some = min(self.wanted[at], len(self.persons[end]) - self.taken[end], *passed)
        for node, unit in path:
            self.given[node][unit] = self.given[node].get(unit, 0) + some
            before = held[unit]
            if before is not None:
                self.given[before][unit] -= some
                if not self.given[before][unit]:
                    del self.given[before][unit]
        self.taken[end] += some
        self.wanted[at] -= some
        return True

    def _search(self, at: int) -> tuple[int | None, dict[int, int | None], dict[int, int]]:
        """A node with room, if any; by unit which node has it; by node which unit asks it."""
        held: dict[int, int | None] = {at: None}
        came: dict[int, int] = {}
        waiting = [at]
        for unit in waiting:
            for node in self.nodes[unit]:
                if node in came:
                    continue
                came[node] = unit
                if self.taken[node] < len(self.persons[node]):
                    return node, held, came
                for other in self.given[node]:
                    if other not in held:
                        held[other] = node
                        waiting.append(other)
        return None, held, came
