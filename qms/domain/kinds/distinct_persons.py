"""Whether distinct persons are left for all steps of a chain: the one matching (DC-04).

Nobody counts in two steps of a chain, but where the chain lets them. So a chain may have somebody
in every seat and never end: whoever is left for a later step has signed an earlier one. That is
asked before anybody signs: of a policy, of a text that is submitted, of everybody whom a list or
a notice would ask to sign. What is signed is judged by the same rule.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import NamedTuple, TypeAlias

from qms.domain.kinds.chain import PREPARE, PUBLISH, Chain, ChainStep
from qms.domain.kinds.policy import Floors

Signed: TypeAlias = Mapping[str, Collection[str]]
"""Persons by step number, as written in slots."""

MayTake: TypeAlias = Callable[[frozenset[int]], bool]
"""Whether one person may take the steps of all these numbers; asked of two and more."""

_Node: TypeAlias = tuple[str, int]
"""A person; beside one who may take all they could, the number: there they count in each once."""


class Short(NamedTuple):
    """Why a chain can't end: so many persons must take these steps, and only these are left.

    `taken` have a seat there too, and may not take it besides what they have signed.
    """

    steps: tuple[ChainStep, ...]
    need: int
    persons: tuple[str, ...]
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Persons:
    """Who may still take what in a chain: the one rule of distinct persons.

    `prepare` is the act of whoever wrote the text.
    """

    chain: Chain
    floors: Floors
    prepare: str = PREPARE

    def may_take(self, numbers: Collection[int]) -> bool:
        """Whether one person may take the steps of all these numbers."""
        if len(numbers) < 2:  # noqa: PLR2004 - two steps, two hats
            return True
        if self.is_self_approval(numbers):
            return self.floors.self_approval
        return self.chain.lets_one(self._acts(numbers))

    def is_self_approval(self, numbers: Collection[int]) -> bool:
        """Whether one who takes these passes the own text; to publish it is no judgement of it."""
        acts = set(self._acts(numbers))
        return self.prepare in acts and acts != {self.prepare, PUBLISH}

    def _acts(self, numbers: Collection[int]) -> list[str]:
        own = {step.number: step.act for step in self.chain.steps if not step.inherited}
        return [own.get(number, "") for number in numbers]

    def lacking(self, signed: Signed) -> Short | None:
        """What keeps the chain from ever ending, with who has signed; None where it can end."""
        return lacking(self.chain, signed, self.may_take, self.floors.min_signers)

    def asked(self, step: ChainStep, signed: Signed) -> tuple[str, ...]:
        """Who should sign a step: nobody who would be refused, nor who is needed elsewhere.

        Where the chain can't end nobody; but where a step is vacant, which a policy is to mend,
        whoever could sign this one.
        """
        have, hats = signed.get(str(step.number), ()), _hats(signed)
        open_to = [
            one for one in step.persons
            if one not in have and self.may_take({step.number, *hats.get(one, ())})
        ]  # fmt: skip
        seated = [frozenset(other.persons) for other in self.chain.steps]
        known: dict[object, bool] = {}

        def leads_on(one: str) -> bool:
            """Those with the same seats are alike, and a step may have a thousand."""
            alike = tuple(one in persons for persons in seated), hats.get(one)
            if alike not in known:
                added = {**signed, str(step.number): frozenset((*have, one))}
                known[alike] = self.lacking(added) is None
            return known[alike]

        leading = tuple(one for one in open_to if leads_on(one))
        is_vacant = any(other.vacant for other in self.chain.steps)
        return tuple(open_to) if is_vacant else leading


def lacking(chain: Chain, signed: Signed, may_take: MayTake, least: int = 0) -> Short | None:
    """What keeps a chain from ever ending by at least so many persons; None where it can end."""
    return _Matching(chain, _hats(signed), may_take).lacking(least)


def _hats(signed: Signed) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, persons in signed.items():
        for person in persons:
            found.setdefault(person, set()).add(int(number))
    return {person: frozenset(numbers) for person, numbers in found.items()}


class _Unit(NamedTuple):
    """One signature that is still asked for."""

    number: int
    persons: frozenset[str]


class _Found(NamedTuple):
    """A matching: who is in it, and, of what it leaves over, units and all persons for them."""

    persons: frozenset[str]
    left: int
    units: tuple[_Unit, ...] = ()
    only: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Matching:
    chain: Chain
    hats: Mapping[str, frozenset[int]]
    may_take: MayTake
    free: frozenset[str] = frozenset()
    """Who may take all open steps that they have a seat in."""
    seats: dict[int, frozenset[str]] = field(default_factory=dict[int, frozenset[str]])
    """By number, who could take it as things stand."""

    def lacking(self, least: int) -> Short | None:
        """Why distinct persons, so many at least, can't take what is left; None where they can."""
        open_steps = self._open()
        self._seat(open_steps)
        ways = product(*(
            _ways([(count, self._of(step)) for step, count in steps], number)
            for number, steps in open_steps.items()
        ))  # fmt: skip
        worst: _Found | None = None
        for way in ways:
            for found in self._matchings([unit for units in way for unit in units]):
                if not found.left and len(found.persons) >= least:
                    return None
                if worst is None or (found.left, -len(found.persons)) < (
                    worst.left, -len(worst.persons)
                ):  # fmt: skip
                    worst = found
        return self._short(worst, least)

    def _open(self) -> Mapping[int, Sequence[tuple[ChainStep, int]]]:
        signed: dict[str, set[str]] = {}
        for person, numbers in self.hats.items():
            for number in numbers:
                signed.setdefault(str(number), set()).add(person)
        found: dict[int, list[tuple[ChainStep, int]]] = {}
        for step, count in self.chain.missing(signed):
            found.setdefault(step.number, []).append((step, count))
        return found

    def _seat(self, steps: Mapping[int, Sequence[tuple[ChainStep, int]]]) -> None:
        """Who could take which number, and who all of theirs."""
        could: dict[str, set[int]] = {}
        for number, asked in steps.items():
            for person in {one for step, _ in asked for one in step.persons}:
                if number not in self.hats.get(person, ()):
                    could.setdefault(person, set()).add(number)
        self.free = frozenset(
            person for person, numbers in could.items()
            if len(several := numbers | self.hats.get(person, frozenset())) > 1
            and self.may_take(frozenset(several))
        )  # fmt: skip
        self.seats = {
            number: frozenset(
                person for person, numbers in could.items()
                if number in numbers and (person in self.free or self._may_add(person, number))
            )
            for number in steps
        }  # fmt: skip

    def _may_add(self, person: str, *numbers: int) -> bool:
        hats = self.hats.get(person, frozenset()) | set(numbers)
        return len(hats) < 2 or self.may_take(hats)  # noqa: PLR2004 - two steps, two hats

    def _of(self, step: ChainStep) -> frozenset[str]:
        return self.seats[step.number] & set(step.persons)

    def _matchings(self, units: Sequence[_Unit]) -> Iterator[_Found]:
        """By distinct persons alone, then with one who takes the last step besides another."""
        yield self._matched(units, frozenset())
        if self.free:
            yield self._matched(units, self.free)
        last = next((one for one in units if one.number == self.chain.last.number), None)
        if last is None:
            return
        others = [one for one in units if one is not last]
        numbers = {one.number for one in others}
        for person in sorted(last.persons - self.free):
            both = {at for at in numbers - {last.number}
                    if self._may_add(person, at, last.number)}  # fmt: skip
            kept = [one if one.number in both else one._replace(persons=one.persons - {person})
                    for one in others]  # fmt: skip
            if any(person in one.persons for one in kept):
                found = self._matched(kept, self.free)
                yield found._replace(persons=found.persons | {person})

    def _matched(self, units: Sequence[_Unit], free: frozenset[str]) -> _Found:
        """As many units as can be given to persons; those who have signed nothing come first.

        Whoever is in it once stays in it, so no other matching as large has more persons.
        """
        given: dict[_Node, int] = {}
        fresh = [one._replace(persons=one.persons - set(self.hats)) for one in units]
        for at in range(len(units)):
            _give(fresh, frozenset(), at, given)
        given = {
            (person, units[at].number if person in free else 0): at
            for (person, _), at in given.items()
        }
        done = set(given.values())
        left = [
            at for at in range(len(units))
            if at not in done and _give(units, free, at, given) is not None
        ]  # fmt: skip
        persons = frozenset((*self.hats, *(person for person, _ in given)))
        if not left:
            return _Found(persons, 0)
        met = _give(units, free, left[0], given) or frozenset()
        told = (units[left[0]], *(units[given[node]] for node in met))
        return _Found(persons, len(left), told, frozenset(one for one, _ in met))

    def _short(self, worst: _Found | None, least: int) -> Short:
        if worst is None or not worst.left:
            everybody = {one for step in self.chain.steps for one in step.persons}
            return Short(self.chain.steps, least, tuple(sorted({*everybody, *self.hats})))
        numbers = {unit.number for unit in worst.units}
        steps = tuple(
            step for step in self.chain.steps if step.number in numbers and not step.inherited
        )
        seated = {one for step in self.chain.steps if step.number in numbers
                  for one in step.persons if step.number not in self.hats.get(one, ())}  # fmt: skip
        taken = tuple(sorted((seated - worst.only) & set(self.hats)))
        return Short(steps, len(worst.units), tuple(sorted(worst.only)), taken)


def _ways(asked: Sequence[tuple[int, frozenset[str]]], number: int) -> Iterator[tuple[_Unit, ...]]:
    """In which ways the signatures at one number can be given, by distinct persons.

    Where two chains are joined there, one signature may count for both.
    """
    shared = [
        group
        for size in range(len(asked), 1, -1)
        for group in combinations(range(len(asked)), size)
    ]

    def from_group(at: int, counts: tuple[int, ...]) -> Iterator[tuple[_Unit, ...]]:
        if at == len(shared):
            yield tuple(
                _Unit(number, persons)
                for count, (_, persons) in zip(counts, asked, strict=True)
                for _ in range(count)
            )
            return
        group = shared[at]
        first, *others = (asked[one][1] for one in group)
        persons = first.intersection(*others)
        most = min(len(persons), *(counts[one] for one in group))
        for many in range(most, -1, -1):
            less = tuple(count - many * (place in group) for place, count in enumerate(counts))
            for units in from_group(at + 1, less):
                yield (*(_Unit(number, persons) for _ in range(many)), *units)

    return from_group(0, tuple(count for count, _ in asked))


def _give(
    units: Sequence[_Unit], free: frozenset[str], at: int, given: dict[_Node, int]
) -> frozenset[_Node] | None:
    """Give a unit to somebody, each passing on what they have: all who were asked, if in vain."""
    came: dict[_Node, _Node | None] = {}
    waiting: list[tuple[int, _Node | None]] = [(at, None)]
    for unit_at, holder in waiting:
        unit = units[unit_at]
        for person in sorted(unit.persons):
            node = person, unit.number if person in free else 0
            if node in came:
                continue
            came[node] = before = holder
            if node in given:
                waiting.append((given[node], node))
                continue
            while before is not None:
                given[node] = given[before]
                node, before = before, came[before]
            given[node] = at
            return None
    return frozenset(came)
