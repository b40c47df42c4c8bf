"""An approval chain as a value: ordered steps, in each the persons who may sign it (DC-04).

The approval plugin resolves a class's configuration into a chain; this module says what it means
for a chain to be satisfied, once, for signing, checking and verifying alike. Persons are counted,
never keys.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

PREPARE: Final = "prepare"
PUBLISH: Final = "publish"
REJECT: Final = "reject"


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """A person who may sign a step, and the role in which they do."""

    person: str
    role: str


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step: `need` of the `seats` must sign. `vacant` names roles that nobody holds."""

    number: int
    act: str
    need: int
    seats: tuple[Seat, ...]
    vacant: tuple[str, ...] = ()

    def seat(self, person: str) -> Seat | None:
        """The seat of `person` in this step, if there is one."""
        return next((seat for seat in self.seats if seat.person == person), None)

    def missing(self, signed: Collection[str]) -> int:
        """How many more persons must sign, when `signed` have."""
        have = sum(1 for seat in self.seats if seat.person in signed)
        return max(self.need - have, 0) + len(self.vacant)

    @property
    def persons(self) -> tuple[str, ...]:
        """Everybody who may sign."""
        return tuple(seat.person for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps of a class's approval, in order; step 1 is always `prepare`.

    `one_person` lets one person approve and publish.
    """

    steps: tuple[ChainStep, ...]
    one_person: bool = False

    def step(self, number: str) -> ChainStep | None:
        """The step with this number as written in a slot (``"2"``)."""
        return next((step for step in self.steps if str(step.number) == number), None)

    @property
    def last(self) -> ChainStep:
        """The step whose signature files the revision."""
        return self.steps[-1]

    def missing(self, signed: Mapping[str, Collection[str]]) -> tuple[tuple[ChainStep, int], ...]:
        """Steps not satisfied yet, and by how many; `signed` holds persons by step number."""
        counted = ((step, step.missing(signed.get(str(step.number), ()))) for step in self.steps)
        return tuple((step, count) for step, count in counted if count)


def signed_persons(slots: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    """Persons by step number, from pairs (step, person)."""
    steps: dict[str, set[str]] = {}
    for step, person in slots:
        steps.setdefault(step, set()).add(person)
    return {step: frozenset(persons) for step, persons in steps.items()}
