"""An approval chain as a value: ordered steps, in each the persons who may sign it (DC-04).

The approval plugin resolves a class's configuration into a chain; this module says what it means
for a chain to be satisfied, once, for signing, checking and verifying alike. Persons are counted,
never keys.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

PREPARE: Final = "prepare"
APPROVE: Final = "approve"
PUBLISH: Final = "publish"
REJECT: Final = "reject"


class RoundActs(NamedTuple):
    """The acts that begin and end the rounds of a text: those of documents, or of a kind's own."""

    begin: str = PREPARE
    reject: str = REJECT


class ClassChain(NamedTuple):
    """That the class of a text tells who signs it: its chain for `act`, under `acts` in qms.yaml.

    `owner` tells the department that a text is of, for steps by its head or its members; it is
    pure, as a chain that a plugin tells itself.
    """

    act: str
    owner: Callable[[Any], str]


class Seat(NamedTuple):
    """A person who may sign a step, and the role in which they do."""

    person: str
    role: str


class ChainStep(NamedTuple):
    """One step: `need` of the `seats` must sign. `vacant` names roles that nobody holds.

    `inherited` is what the class or owner before a change asks on top (see `Chain.joined`).
    `unlisted`: whoever should sign it is to be named by the text, which names nobody.
    """

    number: int
    act: str
    need: int
    seats: tuple[Seat, ...]
    vacant: tuple[str, ...] = ()
    inherited: bool = False
    unlisted: bool = False

    def seat(self, person: str) -> Seat | None:
        """The seat of `person` in this step, if there is one."""
        return next((seat for seat in self.seats if seat.person == person), None)

    def missing(self, signed: Collection[str]) -> int:
        """How many more persons must sign, when `signed` have."""
        have = sum(1 for seat in self.seats if seat.person in signed)
        return max(self.need - have, 0) + len(self.vacant)

    def implies(self, other: "ChainStep") -> bool:
        """Whether whoever completes this step completes `other` as well."""
        strangers = len(set(self.persons) - set(other.persons))
        return not other.vacant and self.need - strangers >= other.need

    @property
    def persons(self) -> tuple[str, ...]:
        """Everybody who may sign."""
        return tuple(seat.person for seat in self.seats)


class Chain(NamedTuple):
    """The steps of a class's approval, in order; step 1 is always `prepare`.

    `one_person` lets one person approve and publish; whoever did one of the acts `also_publish`,
    and nothing else, may publish as well. `beside_last` are steps whose signer may take the last
    one too, where acts don't tell: of a ruling.
    """

    steps: tuple[ChainStep, ...]
    one_person: bool = False
    also_publish: frozenset[str] = frozenset()
    beside_last: frozenset[int] = frozenset()

    def lets_one(self, acts: Sequence[str]) -> bool:
        """Whether one person may take several steps, of which these are the acts."""
        if self.one_person and set(acts) <= {APPROVE, PUBLISH}:
            return True
        others = [act for act in acts if act != PUBLISH]
        return len(others) == 1 and len(acts) == 2 and others[0] in self.also_publish  # noqa: PLR2004

    def joined(self, older: "Chain") -> "Chain":
        """This chain with what `older` asks on top: both are satisfied when it is.

        A step of the older chain is asked for where this one has the same act, else with the step
        before the last; who prepares and who publishes is this chain's affair alone.
        """
        places = {step.act: step.number for step in reversed(self.steps[1:-1])}
        before_last = self.steps[-2].number if len(self.steps) > 2 else self.last.number  # noqa: PLR2004
        added = [
            step._replace(number=places.get(step.act, before_last), inherited=True)
            for step in older.steps[1:]
            if step.act != PUBLISH
        ]
        needed = [
            step
            for step in added
            if not any(own.number == step.number and own.implies(step) for own in self.steps)
        ]
        steps = sorted((*self.steps, *needed), key=lambda step: (step.number, step.inherited))
        return self._replace(steps=tuple(steps))

    def at(self, number: str) -> tuple[ChainStep, ...]:
        """The steps with this number as written in a slot (``"2"``), inherited ones last."""
        return tuple(step for step in self.steps if str(step.number) == number)

    def open(self, signed: Mapping[str, Collection[str]]) -> tuple[ChainStep, ...]:
        """What can be signed now: the first number that lacks signatures, no later one."""
        missing = [step for step, _ in self.missing(signed)]
        return tuple(step for step in missing if step.number == missing[0].number)

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
