"""Whether distinct persons are left for all steps of a chain: the one matching (DC-04).

Nobody counts in two steps of a chain, but where the chain lets them. So a chain may have somebody
in every seat and never end: whoever is left for a later step has signed an earlier one. That is
asked before anybody signs: of a policy, of a text that is submitted, of everybody whom a list or
a notice would ask to sign. What is signed is judged by the same rule.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from qms.domain.kinds.chain import PREPARE, PUBLISH, Chain, ChainStep
from qms.domain.kinds.policy import Floors, Policy
from qms.domain.kinds.seating import Seated, seated
from qms.domain.kinds.signature_ways import OpenRow, Unit, signature_ways

Signed: TypeAlias = Mapping[str, Collection[str]]
"""Persons by step number, as written in slots."""

MayTake: TypeAlias = Callable[[frozenset[int]], bool]
"""Whether one person may take the steps of all these numbers; asked of two and more."""


_MOST_STEPS: Final = 2000
"""So far the ways to sign are searched; a chain that has more counts as one that can end."""
_SEATS: Final = 1000
"""To match so many seats is a step more."""


class Short(NamedTuple):
    """Why a chain can't end: so many persons must take these steps, and only these are left.

    `taken` have a seat there too, and may not take it besides what they have signed.
    """

    steps: tuple[ChainStep, ...]
    need: int
    persons: tuple[str, ...]
    taken: tuple[str, ...] = ()


class Persons(NamedTuple):
    """Who may still take what in a chain: the one rule of distinct persons.

    `prepare` is the act of whoever wrote the text. `gone` could sign nothing: a seat of theirs is
    empty, and what they signed before counts.
    """

    chain: Chain
    floors: Floors
    prepare: str = PREPARE
    gone: frozenset[str] = frozenset()

    @classmethod
    def under(cls, policy: Policy, chain: Chain, prepare: str = PREPARE) -> "Persons":
        """Those of a chain, by the policy's floors and keys."""
        seated = {one for step in chain.steps for one in step.persons}
        gone = frozenset(one for one in seated if not policy.may_sign(one))
        return cls(chain, policy.floors, prepare, gone)

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
        hats = _hats(signed)
        return _Matching(self.chain, hats, self.may_take, self.gone).lacking(
            self.floors.min_signers
        )

    def asked(self, step: ChainStep, signed: Signed) -> tuple[str, ...]:
        """Who should sign a step: nobody who would be refused, nor who is needed elsewhere.

        Where the chain can't end nobody; but where a step is vacant, which a policy is to mend,
        whoever could sign this one.
        """
        have, hats = signed.get(str(step.number), ()), _hats(signed)
        open_to = [
            one for one in step.persons
            if one not in (*have, *self.gone) and self.may_take({step.number, *hats.get(one, ())})
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


@dataclass(slots=True, eq=False)
class _Matching:
    chain: Chain
    hats: Mapping[str, frozenset[int]]
    may_take: MayTake
    gone: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    """Who may take all open steps that they have a seat in."""
    seats: dict[int, frozenset[str]] = field(default_factory=dict[int, frozenset[str]])
    """By number, who could take it as things stand."""

    def lacking(self, least: int) -> Short | None:
        """Why distinct persons, so many at least, can't take what is left; None where they can.

        None too where the ways to sign are too many to try: who signs then is told in time.
        """
        rows = self._rows()
        worst: Seated | None = None
        for apart in (False, True):
            for found in self._searched(rows, apart=apart):
                if found is None or (not found.left and found.persons >= least):
                    return None
                if worst is None or found.order < worst.order:
                    worst = found
            if worst is None or worst.left:  # only where too few sign do more signatures help
                break
        return self._short(worst, least)

    def _searched(self, rows: Sequence[OpenRow], *, apart: bool) -> Iterator[Seated | None]:
        """The matchings of each way, the first one in any case; None where too many are left."""
        steps = 0
        is_counted = apart
        for way in signature_ways(rows, apart=apart):
            cost = 1 + sum(len(one.persons) for one in way or ()) // _SEATS
            for found in (None,) if way is None else self._matchings(way):
                steps += cost if is_counted else 0
                if steps > _MOST_STEPS:
                    yield None
                    return
                if found is not None:
                    is_counted = True
                    yield found

    def _rows(self) -> Sequence[OpenRow]:
        open_steps = self._open()
        self._seat(open_steps)
        return [
            OpenRow(number, count, self._of(step))
            for number, steps in open_steps.items()
            for step, count in steps
        ]

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
            for person in {one for step, _ in asked for one in step.persons} - self.gone:
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

    def _matchings(self, units: Sequence[Unit]) -> Iterator[Seated]:
        """By distinct persons alone, then with one who takes the last step besides another.

        Of persons who may take the very same one is tried.
        """
        yield seated(units, self.hats, ())
        if self.free:
            yield seated(units, self.hats, self.free)
        last = next((one for one in units if one.number == self.chain.last.number), None)
        if last is None:
            return
        others = [
            one._replace(times=one.times - (one is last)) for one in units
            if one is not last or one.times > 1
        ]  # fmt: skip
        numbers = {one.number for one in others}
        tried: set[tuple[object, ...]] = set()
        for person in sorted(last.persons - self.free):
            alike = self.hats.get(person), *(person in one.persons for one in others)
            if alike in tried:
                continue
            tried.add(alike)
            both = {at for at in numbers - {last.number}
                    if self._may_add(person, at, last.number)}  # fmt: skip
            kept = [one if one.number in both else one._replace(persons=one.persons - {person})
                    for one in others]  # fmt: skip
            if any(person in one.persons for one in kept):
                yield seated(kept, self.hats, self.free, person)

    def _short(self, worst: Seated | None, least: int) -> Short:
        if worst is None or not worst.left:
            everybody = {one for step in self.chain.steps for one in step.persons} - self.gone
            return Short(self.chain.steps, least, tuple(sorted({*everybody, *self.hats})))
        numbers = worst.short
        steps = tuple(
            step for step in self.chain.steps if step.number in numbers and not step.inherited
        )
        seated = {one for step in self.chain.steps if step.number in numbers
                  for one in step.persons if step.number not in self.hats.get(one, ())
                  } - self.gone  # fmt: skip
        taken = tuple(sorted((seated - worst.only) & set(self.hats)))
        return Short(steps, worst.need, tuple(sorted(worst.only)), taken)
