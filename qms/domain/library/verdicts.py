"""Which rulings count, and what they let stand.

A ruling counts as soon as some of its events complete it: a chain, in order, by distinct persons,
under each policy that has a say. No further event takes that back, so nobody alone undoes what
several decided; only a ruling that comes after it does.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qms.domain.kinds.chain import Chain
from qms.domain.kinds.distinct_persons import lacking
from qms.domain.kinds.log import ACTS
from qms.domain.kinds.policy import Policy
from qms.domain.register.behind import Behind
from qms.domain.register.register import Event, PolicyEntry, Register
from qms.domain.register.revisions import signed_by_step
from qms.domain.register.rulings import (
    Verdicts,
    barred,
    documents_of,
    named,
    proposals,
    ruling_chain,
)
from qms.domain.register.statement_holds import Judge
from qms.findings import Refused
from qms.formats.slots import Statement


class Ruling(NamedTuple):
    """A ruling that its chain completed, with all its events, each behind those it comes after."""

    act: str
    named: Verdicts
    events: tuple[Event, ...]
    quorum: "Completeness"

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its events."""
        return frozenset(event.slot.id for event in self.events)

    @property
    def ends(self) -> tuple[Event, ...]:
        """The events with which it was complete, whichever of them a history had first."""
        done = self.quorum.completing()
        behind = self.quorum.behind
        return tuple(
            event for event in self.events
            if done & (behind.before(event.slot) | behind.bit(event.slot.id))
        )  # fmt: skip

    def gives_way(self, other: "Ruling") -> bool:
        """Whether another ruling is a later word than this one.

        It is if those of its signers who had this one before them were enough alone. Where that
        is so both ways round, the same is asked of these signers: the last word counts. One
        person's further signature, early or late, turns it neither way.
        """
        mine, theirs = self.quorum.all, other.quorum.all
        while True:
            later = self.quorum.after(mine, theirs)
            answers = other.quorum.after(theirs, mine)
            if not self.quorum.counts(later):
                return other.quorum.counts(answers)
            if not other.quorum.counts(answers):
                return False
            mine, theirs = later, answers


def rulings(
    judge: Judge,
    register: Register,
    number: str,
    holds: Callable[[Event], bool],
    unseen: Callable[[Event, PolicyEntry], Iterable[PolicyEntry]],
) -> tuple[Ruling, ...]:
    """The rulings about a number that are complete.

    `holds` tells events that every later policy takes which had not seen them; `unseen` gives
    these policies, whose chains must be satisfied too.
    """
    events = tuple(register.of_number(ACTS, number))
    if not events:
        return ()
    behind = Behind(event.slot for event in events)
    found: list[Ruling] = []
    for group in proposals(events):
        held = (event for event in group if holds(event))
        kept = tuple(sorted(held, key=lambda one: (behind.count(one.slot.id), one.slot.id)))
        quorum = Completeness(judge, register, number, behind, unseen, kept)
        if kept and quorum.counts(quorum.all):
            slot = kept[0].slot
            found.append(Ruling(slot.act, named(slot), kept, quorum))
    return tuple(found)


@dataclass(slots=True, eq=False)
class Completeness:
    """Tells whether some of the events of one ruling complete it.

    More of them never undo it: one event that comes after enough others is enough, whatever else
    was signed beside it, earlier or later. So nobody alone takes back what a chain decided.

    Which ones is a set of `behind`. One person may sign the same thousands of times: what is told
    of some events goes by who signed which step in which term, so it is worked out once for all
    of these.
    """

    judge: Judge
    register: Register
    number: str
    behind: Behind
    unseen: Callable[[Event, PolicyEntry], Iterable[PolicyEntry]]
    events: tuple[Event, ...]
    all: int = field(init=False)
    _cited: Sequence[tuple[PolicyEntry, int]] = field(init=False)
    _under: dict[str, "_Under"] = field(default_factory=dict[str, "_Under"])

    def __post_init__(self) -> None:
        self.all = self.behind.of(event.slot.id for event in self.events)
        cited: dict[str, tuple[PolicyEntry, int]] = {}
        for event in self.events:
            entry = self.judge.cited(event.slot, self.register)
            if entry is not None:
                _, known = cited.get(entry.content, (entry, 0))
                cited[entry.content] = entry, known | self.behind.bit(event.slot.id)
        self._cited = sorted(cited.values(), key=lambda one: one[0].turn(), reverse=True)

    def counts(self, chosen: int) -> bool:
        """Whether one of the events, with those it comes after, satisfies every policy asked.

        Or all of them do: a chain may end in two steps of one number, signed on two branches.
        """
        if not chosen:
            return False
        if any(self._completing(chosen)):
            return True
        return self._is_complete(chosen, chosen, self._last(chosen))

    def completing(self) -> int:
        """The events of which each, with those it comes after, is enough."""
        return self.behind.of(event.slot.id for event in self._completing(self.all))

    def after(self, chosen: int, others: int) -> int:
        """Those of some events that come after others, which may be another ruling's."""
        return self.behind.of(
            event.slot.id for event in self.events_of(chosen)
            if self.behind.before(event.slot) & others
        )  # fmt: skip

    def events_of(self, chosen: int) -> Iterator[Event]:
        """The events in a set of them, each behind those that it comes after."""
        return (event for event in self.events if self.behind.bit(event.slot.id) & chosen)

    def _completing(self, chosen: int) -> Iterator[Event]:
        for event in self.events_of(chosen):
            bit = self.behind.bit(event.slot.id)
            if self._is_complete(self.behind.before(event.slot) & chosen | bit, chosen, (event,)):
                yield event

    def _last(self, chosen: int) -> Sequence[Event]:
        """Those that no other comes after."""
        named_by = 0
        for event in self.events_of(chosen):
            named_by |= self.behind.before(event.slot)
        return tuple(self.events_of(chosen & ~named_by))

    def _is_complete(self, part: int, whole: int, last: Sequence[Event]) -> bool:
        """Whether a part of some events is enough; `last` are those that none of it comes after.

        Under the newest policy that they name, and each later one that had not seen them.
        """
        cited = next((entry for entry, events in self._cited if events & part), None)
        if cited is None or not self._satisfies(part, whole, last, cited):
            return False
        asked = {one.content: one for event in last for one in self.unseen(event, cited)}
        return all(self._satisfies(part, whole, last, one) for one in asked.values())

    def _satisfies(self, part: int, whole: int, last: Sequence[Event], entry: PolicyEntry) -> bool:
        known = self._under.get(entry.content)
        if known is None:
            known = self._under[entry.content] = _Under.of(self, entry.policy)
        return known.satisfied(part, whole, last)


@dataclass(slots=True, eq=False)
class _Under:
    """What one policy asks of the events of a ruling."""

    quorum: Completeness
    policy: Policy
    free: int
    """Those whose signers have a part in the ruling."""
    terms: Sequence[tuple[Statement, int]]
    """Events of which nothing tells a chain apart, with one of them: step, person and term."""
    _chains: dict[object, Chain | None] = field(default_factory=dict[object, Chain | None])
    _counted: dict[tuple[Chain, int], "Counted"] = field(
        default_factory=dict[tuple[Chain, int], "Counted"]
    )

    @classmethod
    def of(cls, quorum: Completeness, policy: Policy) -> "_Under":
        """What it asks of all of them."""
        register, behind = quorum.register, quorum.behind
        meant = named(quorum.events[0].slot)
        kept_out = barred(register, quorum.number, meant, policy)
        slots = [one.slot for one in quorum.events if one.slot.person not in kept_out]
        terms: dict[tuple[object, ...], tuple[Statement, int]] = {}
        for slot in slots:
            key = slot.step, slot.person, policy.term(register.day(slot))
            first, alike = terms.get(key, (slot, 0))
            terms[key] = first, alike | behind.bit(slot.id)
        return cls(quorum, policy, behind.of(slot.id for slot in slots), tuple(terms.values()))

    def satisfied(self, part: int, whole: int, last: Sequence[Event]) -> bool:
        """Whether a part is enough of the events that are asked, which are a `whole`."""
        part &= self.free
        base = self._last(part, last).base if part else None
        if base is None:
            return False
        chain = self._chain(part, base.content)
        if chain is None:
            return False
        counted = self._counted.get((chain, whole))
        if counted is None:
            slots = (event.slot for event in self.quorum.events_of(whole & self.free))
            counted = self._counted[chain, whole] = Counted(slots, chain, self.quorum.behind)
        # Of those whom a release takes, the preparer has no part in a ruling.
        return counted.is_enough(part, max(self.policy.floors.min_signers - 1, 1))

    def _last(self, part: int, last: Sequence[Event]) -> Statement:
        behind = self.quorum.behind
        if len(last) == 1 and behind.bit(last[0].slot.id) & part:
            return last[0].slot  # all others are behind it
        events = reversed(self.quorum.events)
        return next(one.slot for one in events if behind.bit(one.slot.id) & part)

    def _chain(self, part: int, beside: str) -> Chain | None:
        key = beside, tuple(bool(alike & part) for _, alike in self.terms)
        if key not in self._chains:
            slots = [slot for slot, alike in self.terms if alike & part]
            self._chains[key] = self._asked(slots, beside)
        return self._chains[key]

    def _asked(self, slots: Sequence[Statement], beside: str) -> Chain | None:
        one, first = self.quorum, slots[0]
        documents = documents_of(one.judge, one.register, one.number, named(first), beside)
        try:
            return ruling_chain(one.judge, one.register, documents, self.policy, first.act, slots)
        except Refused:
            return None


class Counted:
    """Those in a seat of theirs, after all that the steps before ask for; others don't count.

    `slots` stand each behind those they come after.
    """

    def __init__(self, slots: Iterable[Statement], chain: Chain, behind: Behind) -> None:
        self._chain, self._behind = chain, behind
        self._by_seat: dict[tuple[str, str], tuple[Statement, int]] = {}
        self._signed: dict[tuple[bool, ...], Mapping[str, frozenset[str]]] = {}
        self._enough: dict[tuple[int, tuple[bool, ...]], bool] = {}
        self._early: dict[tuple[str, tuple[bool, ...]], bool] = {}
        seats = {
            step: frozenset(seat.person for one in chain.at(step) for seat in one.seats)
            for step in {str(one.number) for one in chain.steps}
        }
        for slot in slots:
            if slot.person in seats.get(slot.step, ()) and not self._is_early(slot):
                key = slot.step, slot.person
                _, known = self._by_seat.get(key, (slot, 0))
                self._by_seat[key] = slot, known | behind.bit(slot.id)

    @property
    def last(self) -> tuple[str, ...]:
        """The last that each person signed at each step."""
        return tuple(slot.id for slot, _ in self._by_seat.values())

    def signed(self, part: int) -> Mapping[str, frozenset[str]]:
        """Who signed each step, of a part of them that has all that any of it comes after."""
        key = self._key(part)
        if key not in self._signed:
            slots = [slot for slot, alike in self._by_seat.values() if alike & part]
            self._signed[key] = signed_by_step(slots, self._chain)
        return self._signed[key]

    def is_enough(self, part: int, persons: int) -> bool:
        """Whether a part fills the chain, by at least so many persons."""
        key = persons, self._key(part)
        if key not in self._enough:
            signed = self.signed(part)
            found = frozenset[str]().union(*signed.values())
            self._enough[key] = len(found) >= persons and filled(self._chain, signed)
        return self._enough[key]

    def _is_early(self, slot: Statement) -> bool:
        before = self._behind.before(slot)
        key = slot.step, self._key(before)
        if key not in self._early:
            missing = self._chain.missing(self.signed(before))
            self._early[key] = any(step.number < int(slot.step) for step, _ in missing)
        return self._early[key]

    def _key(self, part: int) -> tuple[bool, ...]:
        return tuple(bool(alike & part) for _, alike in self._by_seat.values())


def filled(chain: Chain, signed: Mapping[str, frozenset[str]]) -> bool:
    """Whether these signers can take all steps so that nobody counts in two.

    But in the last step and one besides, where the chain lets somebody take both.
    """
    if chain.missing(signed):
        return False
    steps = (
        step._replace(
            seats=tuple(
                seat for seat in step.seats if seat.person in signed.get(str(step.number), ())
            )
        )
        for step in chain.steps
    )
    among = chain._replace(steps=tuple(steps))
    return lacking(among, {}, lambda numbers: takes_last(chain, numbers)) is None


def takes_last(chain: Chain, numbers: Collection[int]) -> bool:
    """Whether one person may take the steps of these two numbers, one of them the last.

    The one before the last where the chain lets one approve and publish (`one_person`), and those
    whose signers also publish.
    """
    ordered = sorted({step.number for step in chain.steps})
    others = set(numbers) - {ordered[-1]}
    before = set(ordered[-2:-1]) if chain.one_person else set[int]()
    return len(others) < 2 and others <= before | chain.beside_last  # noqa: PLR2004 - one of them


def last_words(found: Sequence[Ruling], entry: str) -> tuple[Ruling, ...] | None:
    """The rulings about an entry that give way to none of the others; None where none is about it.

    A ruling gives way to one that comes after it.
    """
    about = [one for one in found if entry in one.named.ids]
    if not about:
        return None
    return tuple(
        one for one in about
        if not any(one.gives_way(other) for other in about if other is not one)
    )  # fmt: skip


def verdict(last: Sequence[Ruling] | None, entry: str) -> bool | None:
    """Whether the last words about an entry let it stand; None where nobody ruled on it.

    Of several that know nothing of each other and don't agree none lets it stand.
    """
    return None if last is None else all(one.named.stands == entry for one in last)


def is_disputed(last: Sequence[Ruling] | None, entry: str) -> bool:
    """Whether rulings that know nothing of each other disagree about an entry."""
    return len({one.named.stands == entry for one in last or ()}) > 1
