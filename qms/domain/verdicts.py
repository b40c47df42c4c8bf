"""Which rulings count, and what they let stand.

A ruling counts as soon as some of its events complete it: a chain, in order, by distinct persons,
under each policy that has a say. No further event takes that back, so nobody alone undoes what
several decided; only a ruling that comes after it does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from qms.domain.chain import Chain
from qms.domain.judging import Judge
from qms.domain.log import ACTS
from qms.domain.policy import Policy
from qms.domain.register import Event, PolicyEntry, Register
from qms.domain.revisions import signed_by_step
from qms.domain.rulings import Named, barred, documents_of, named, proposals, ruling_chain
from qms.findings import Refused
from qms.formats.slots import Slot

Counts = Callable[[Sequence[Event]], bool]
"""Tells whether some of these events of one ruling complete it."""


class Ruling(NamedTuple):
    """A ruling that its chain completed, with all its events, each behind those it comes after.

    `behind` gives what an event comes after, through the acts of any file; `counts` tells whether
    a part of the events would do alone.
    """

    act: str
    named: Named
    events: tuple[Event, ...]
    behind: Mapping[str, frozenset[str]]
    counts: Counts

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its events."""
        return frozenset(event.slot.id for event in self.events)

    @property
    def ends(self) -> tuple[Event, ...]:
        """The events with which it was complete, whichever of them a history had first."""
        return tuple(
            event for event in self.events
            if self.counts([*(o for o in self.events if self._is_after(event, (o,))), event])
        )  # fmt: skip

    def gives_way(self, other: "Ruling") -> bool:
        """Whether another ruling is a later word than this one.

        It is if those of its signers who had this one before them were enough alone. Where that
        is so both ways round, the same is asked of these signers: the last word counts. One
        person's further signature, early or late, turns it neither way.
        """
        mine, theirs = self.events, other.events
        while True:
            later = tuple(one for one in mine if self._is_after(one, theirs))
            answers = tuple(one for one in theirs if self._is_after(one, mine))
            if not self.counts(later):
                return other.counts(answers)
            if not other.counts(answers):
                return False
            mine, theirs = later, answers

    def _is_after(self, event: Event, others: Sequence[Event]) -> bool:
        behind = self.behind[event.slot.id]
        return any(one.slot.id in behind for one in others)


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
    behind = what_is_behind([event.slot for event in events])
    found: list[Ruling] = []
    for group in proposals(events):
        held = (event for event in group if holds(event))
        kept = tuple(sorted(held, key=lambda one: (len(behind[one.slot.id]), one.slot.id)))
        quorum = _Quorum(judge, register, number, behind, unseen)
        if quorum.counts(kept):
            slot = kept[0].slot
            found.append(Ruling(slot.act, named(slot), kept, behind, quorum.counts))
    return tuple(found)


class _Quorum(NamedTuple):
    """Tells whether events of one ruling complete it.

    More of them never undo it: one event that comes after enough others is enough, whatever else
    was signed beside it, earlier or later. So nobody alone takes back what a chain decided.
    """

    judge: Judge
    register: Register
    number: str
    behind: Mapping[str, frozenset[str]]
    unseen: Callable[[Event, PolicyEntry], Iterable[PolicyEntry]]

    def counts(self, events: Sequence[Event]) -> bool:
        """Whether one of the events, with those it comes after, satisfies every policy asked.

        Or all of them do: a chain may end in two steps of one number, signed on two branches.
        """
        ends = [[*self._before(event, events), event] for event in events]
        return any(map(self._is_complete, (*ends, events)))

    def _before(self, event: Event, events: Sequence[Event]) -> list[Event]:
        behind = self.behind[event.slot.id]
        return [one for one in events if one.slot.id in behind]

    def _is_complete(self, events: Sequence[Event]) -> bool:
        """Under the newest policy that they name, and each later one that had not seen them."""
        cited = self.judge.newest_cited([event.slot for event in events], self.register)
        if cited is None:
            return False
        named_by = frozenset[str]().union(*(self.behind[event.slot.id] for event in events))
        last = (event for event in events if event.slot.id not in named_by)
        asked = {one.content: one for event in last for one in self.unseen(event, cited)}
        return all(self._satisfies(events, one.policy) for one in (cited, *asked.values()))

    def _satisfies(self, events: Sequence[Event], policy: Policy) -> bool:
        slots = [event.slot for event in events]
        meant = named(slots[0])
        kept_out = barred(self.register, self.number, meant, policy)
        slots = [slot for slot in slots if slot.person not in kept_out]
        if not slots or slots[-1].signed is None or slots[-1].signed.base is None:
            return False
        documents = documents_of(
            self.judge, self.register, self.number, meant, slots[-1].signed.base.content
        )
        try:
            chain = ruling_chain(self.judge, self.register, documents, policy, slots[0].act, slots)
        except Refused:
            return False
        signed = signed_by_step(in_order(slots, chain, self.behind), chain)
        persons = frozenset[str]().union(*signed.values())
        # Of those whom a release takes, the preparer has no part in a ruling.
        enough = max(policy.floors.min_signers - 1, 1)
        return len(persons) >= enough and filled(chain, signed)


def in_order(
    slots: Sequence[Slot], chain: Chain, behind: Mapping[str, frozenset[str]]
) -> Sequence[Slot]:
    """Those in a seat of theirs, after all that the steps before ask for; others don't count.

    `slots` stand each behind those they come after.
    """
    kept: list[Slot] = []
    for slot in slots:
        seats = {seat.person for step in chain.at(slot.step) for seat in step.seats}
        seen = signed_by_step([one for one in kept if one.id in behind[slot.id]], chain)
        early = any(step.number < int(slot.step) for step, _ in chain.missing(seen))
        if slot.person in seats and not early:
            kept.append(slot)
    return kept


def filled(chain: Chain, signed: Mapping[str, frozenset[str]]) -> bool:
    """Whether these signers can take all steps so that nobody counts in two.

    With `one_person`, one may take the last two of the chain.
    """
    if chain.missing(signed):
        return False
    last = last_two(chain)
    hats: dict[str, set[str]] = {}
    for step, persons in signed.items():
        for person in persons:
            hats.setdefault(person, set()).add(step)
    twice = min(
        (
            person for person, steps in hats.items()
            if len(steps) > 1 and not steps <= last
        ),
        default=None,
    )  # fmt: skip
    if twice is None:
        return True
    choices = [{step} for step in sorted(hats[twice])]
    choices += [hats[twice] & last] if hats[twice] & last else []
    return any(
        filled(chain, {at: who if at in kept else who - {twice} for at, who in signed.items()})
        for kept in choices
    )


def last_two(chain: Chain) -> frozenset[str]:
    """The steps that one person may take both, where the chain lets one approve and publish."""
    numbers = sorted({step.number for step in chain.steps})[-2:] if chain.one_person else ()
    return frozenset(map(str, numbers))


def what_is_behind(slots: Iterable[Slot]) -> Mapping[str, frozenset[str]]:
    """What each statement comes after, through the acts of any file."""
    known = {slot.id: slot for slot in slots}
    found: dict[str, frozenset[str]] = {}
    for one in known:
        reached: set[str] = set()
        todo = [one]
        while todo:
            slot = known.get(todo.pop())
            after = () if slot is None or slot.signed is None else slot.signed.after
            todo.extend(name for name in after if name not in reached)
            reached.update(after)
        found[one] = frozenset(reached)
    return found


def verdict(found: Sequence[Ruling], entry: str) -> bool | None:
    """Whether rulings let an entry stand; None where none is about it.

    A ruling gives way to one that comes after it. Of several that know nothing of each other and
    don't agree none lets it stand.
    """
    last = _last(found, entry)
    return None if last is None else all(one.named.stands == entry for one in last)


def is_disputed(found: Sequence[Ruling], entry: str) -> bool:
    """Whether rulings that know nothing of each other disagree about an entry."""
    return len({one.named.stands == entry for one in _last(found, entry) or ()}) > 1


def _last(found: Sequence[Ruling], entry: str) -> tuple[Ruling, ...] | None:
    about = [one for one in found if entry in one.named.ids]
    if not about:
        return None
    return tuple(
        one for one in about
        if not any(one.gives_way(other) for other in about if other is not one)
    )  # fmt: skip
