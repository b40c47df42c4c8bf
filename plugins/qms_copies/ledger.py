"""All copies of a document, as the register has them: what rules and commands look at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from qms.api import (
    Event,
    Finding,
    Log,
    NoEffect,
    NoEffectOf,
    Policy,
    Reason,
    Register,
    Released,
    State,
    Statement,
    twin_of,
)
from qms_copies.life import (
    CopyState,
    Life,
    Moment,
    Paper,
    fact,
    holder_of,
    in_turn,
    in_use_first,
    life_after,
    moments,
)

if TYPE_CHECKING:
    from qms_copies.holders import Holder


class Unsettled(NamedTuple):
    """An event without effect that no ruling ended yet, and why it has none."""

    slot: Statement
    fault: Finding


class Copy(NamedTuple):
    """One copy of one revision: where its log lies, its events, and what it is now.

    `void` tells, by their ids, which of its events have no effect; `recorded` is what it would be
    if they had. `one_of` are all papers that are out under its number, where this is one of them.
    """

    path: str
    events: tuple[Event, ...]
    moments: tuple[Moment, ...]
    life: Life
    recorded: Life
    void: Mapping[str, NoEffect]
    one_of: tuple[Paper, ...] = ()

    @property
    def log(self) -> Log:
        """Its head: number, revision, copy number."""
        return self.events[-1].log

    @property
    def unsettled(self) -> Unsettled | None:
        """An event that is still to be decided about, or None."""
        return next(self._unsettled(), None)

    @property
    def undecided(self) -> Unsettled | None:
        """One of these that may well be true, and that only somebody else could sign again.

        What has no effect by its time is nothing to wait for.
        """
        later = (one for one in self._unsettled() if one.fault.reason is Reason.LATER_POLICY)
        return next(later, None)

    def _unsettled(self) -> Iterator[Unsettled]:
        for event in self.events:
            why = self.void.get(event.slot.id)
            if why is not None and why.fault is not None:
                yield Unsettled(event.slot, why.fault)

    @property
    def needed(self) -> tuple[str, ...]:
        """What a next event must come after: the issues of what is out, and what took papers back.

        Each by its id.
        """
        slots = (one.slot for one in reversed(self.moments))
        ends = (slot.id for slot in slots if slot.act in ("return", "replace"))
        return *(issue.id for issue in self.life.out), *ends

    def each(self) -> tuple["Copy", ...]:
        """The papers that are out under its number, older ones first; itself where none or one is.

        More than one are out where two people issued the number at once.
        """
        held = self.life.held
        if len(held) < 2:  # noqa: PLR2004 - one is itself
            return (self,)
        return tuple(
            self._replace(life=replace(self.life, held=(paper,)), one_of=held) for paper in held
        )

    @property
    def whole(self) -> "Copy":
        """All papers that are out under its number, where this is one of them; else itself."""
        if not self.one_of:
            return self
        return self._replace(life=replace(self.life, held=self.one_of), one_of=())

    @property
    def is_second(self) -> bool:
        """Whether another holder's paper bore its number before, so that it needs its own."""
        papers = in_use_first(self.one_of)
        before = takewhile(lambda paper: paper.issue is not self.life.out[-1], papers)
        return any(holder_of(paper.issue) != self.life.holder for paper in before)

    @property
    def alone(self) -> tuple[str, ...]:
        """What an event names that is about this paper and no other under its number, by ids.

        Empty where it is the only one, or where who issued it knew of the other: then any event
        on it is one on that too, and the older one has to go first.
        """
        if not self.one_of:
            return ()
        (mine,), others = self.life.out, {paper.issue.id for paper in self.one_of}
        others.discard(mine.id)
        own: list[Statement] = []
        for moment in self.moments:
            known = {issue.id for issue in moment.known.out}
            is_mine = moment.slot is mine
            if is_mine and known & others:
                return ()
            is_event = moment.counts and moment.slot.act != "issue"
            if is_mine or (is_event and mine.id in known and not known & others):
                own.append(moment.slot)
        named = {one for slot in own for one in slot.after}
        return tuple(slot.id for slot in own if slot.id not in named)

    @property
    def disputed_losses(self) -> Iterator[tuple[Moment, Statement]]:
        """Each loss of a paper that somebody signed for who couldn't know of it, nor it of that.

        The later of what they signed, if there are several: a receipt, or that it came back.
        """
        counting = [one for one in self.moments if one.counts]
        for loss in counting:
            if loss.slot.act != "replace" or not loss.known.held:
                continue
            paper = loss.known.held[0]
            for other in reversed(counting):
                known = other.known.held
                if other.slot.act == "return" and known and known[0].issue is paper.issue:
                    yield loss, other.slot
                    break
                is_unread = other.slot.act == "receive" and paper.received is None
                if is_unread and known and known[-1].issue is paper.issue:
                    yield loss, other.slot
                    break

    @property
    def void_papers(self) -> int:
        """How many papers of it are out that were issued without effect."""
        return sum(issue.id in self.void for issue in self.recorded.out)

    @property
    def is_used_up(self) -> bool:
        """Whether its number was used for a paper that has no effect: nobody gets it any more."""
        return any(slot.id in self.void for slot in self.issues())

    @property
    def content(self) -> str:
        """The text that was issued last under its number."""
        return next((fact(slot, "content") or "" for slot in self.issues()[-1:]), "")

    @property
    def named(self) -> tuple[str, ...]:
        """The ids that the issue of what is out names, and those that earlier ones named."""
        slots = (*self.life.out[-1:], *reversed(self.issues()))
        named = (slot.after for slot in slots)
        return tuple(dict.fromkeys(one for after in named for one in after))

    def issues(self) -> tuple[Statement, ...]:
        """The events that issued it, with effect or without, the latest last."""
        ordered = in_turn(tuple(event.slot for event in self.events))
        return tuple(slot for slot in ordered if slot.act == "issue")


class Ledger(NamedTuple):
    """All copies, as a register has them, and which of their events have effect.

    Whoever asks what a copy is asks here: rules, lists, commands and printing.
    """

    register: Register
    no_effect: NoEffectOf

    @classmethod
    def of(cls, state: State) -> "Ledger":
        """The copies in a state."""
        return cls(state.register, state.no_effect)

    def copy(self, path: str, events: tuple[Event, ...]) -> Copy:
        """The copy whose log lies at a path; it has at least one event."""
        found = ((event.slot.id, self.no_effect(event)) for event in events)
        void = {one: why for one, why in found if why is not None}
        slots, day = [event.slot for event in events], self.register.day
        known = moments(slots, day, void)
        now = life_after(known)
        recorded = life_after(moments(slots, day)) if void else now
        return Copy(path, events, known, now, recorded, void)

    def copies_of_revision(self, number: str, revision: str) -> tuple[Copy, ...]:
        """The copies of a revision, by copy number."""
        found = (
            self.copy(path, events)
            for path, events in self.register.copies(number, revision).items()
            if events
        )
        return tuple(sorted(found, key=lambda copy: (len(copy.log.copy), copy.log.copy)))

    def copies_of(self, number: str) -> tuple[Copy, ...]:
        """The copies of all revisions of a number, older revisions first."""
        revisions = dict.fromkeys(e.document.revision for e in self.register.released(number))
        return tuple(c for r in revisions for c in self.copies_of_revision(number, r))


def losses(copies: Iterable[Copy]) -> Mapping[str, Copy]:
    """The copies that were declared lost, by the form-free key of their number (`twin_of`).

    Their numbers are void for ever, in every revision of the document (DC-11).
    """
    found: dict[str, Copy] = {}
    for copy in copies:
        if copy.life.loss is not None:
            found.setdefault(twin_of(copy.log.copy), copy)
    return found


def unreplaced(copies: Sequence[Copy]) -> Iterator[tuple[Copy, Moment]]:
    """The losses in whose place the holder got no other copy, each with the copy that is lost.

    In whatever revision: who has the one in force gets no other paper. Whether that issue has
    effect is told of itself, and whether its paper is still out is no question: it may have come
    back since, and of two lists no time tells which came first. But a circle gives nobody a paper.
    """
    holders: dict[str, set[Holder]] = {}
    places: dict[str, set[str]] = {}
    lost: list[tuple[Copy, Moment]] = []
    for copy in copies:
        number = twin_of(copy.log.copy)
        holders.setdefault(number, set()).update(holder_of(issue) for issue in copy.issues())
        for moment in copy.moments:
            if moment.slot.act == "replace" and moment.counts and moment.known.is_out:
                places.setdefault(number, set()).add(_successor(moment))
                lost.append((copy, moment))
    for copy, moment in lost:
        number, by = twin_of(copy.log.copy), _successor(moment)
        if not holders[number] & holders.get(by, set()) or number in _following(by, places):
            yield copy, moment


def disputed(copies: Sequence[Copy]) -> Iterator[tuple[Copy, Moment, Statement]]:
    """The losses that another signature refutes, as long as what took the place isn't received.

    Each with the copy and that signature. Whoever signs for the other number knows that this one
    is void.
    """
    waiting = {twin_of(one.log.copy) for one in copies if one.life.state is CopyState.ISSUED}
    for copy in copies:
        for loss, other in copy.disputed_losses:
            if _successor(loss) in waiting:
                yield copy, loss, other


def _successor(loss: Moment) -> str:
    return twin_of(fact(loss.slot, "by") or "-")


def _following(number: str, places: Mapping[str, set[str]]) -> set[str]:
    """The number that took a place, what took its own, and so on."""
    found: set[str] = set()
    waiting = {number}
    while waiting:
        found |= waiting
        waiting = {one for known in waiting for one in places.get(known, ())} - found
    return found


def void_values(lost: Copy, copy: str, revision: str, free: str) -> dict[str, str]:
    """What is told of a copy that bears the number of a lost one; `free` is the next number."""
    return {
        "number": lost.log.number,
        "revision": revision,
        "copy": copy,
        "lost": lost.log.revision,
        "day": "-" if lost.life.lost_on is None else str(lost.life.lost_on),
        "next": free,
    }


def used_up(copies: Iterable[Copy]) -> Mapping[str, Copy]:
    """The copies that were issued without effect, by the form-free key of their number.

    A paper with that number may be about, so nobody gets another one, in whatever revision.
    """
    found: dict[str, Copy] = {}
    for copy in copies:
        if copy.is_used_up:
            found.setdefault(twin_of(copy.log.copy), copy)
    return found


class RevisionLine(NamedTuple):
    """The revisions of a number: all that are recorded, and of these what has effect.

    Only what has effect takes another's place; what was displaced, is contested or void, never.
    """

    recorded: Sequence[Released]
    effective: Sequence[Released]

    def successors(self, revision: str) -> Iterator[Released]:
        """Revisions with effect that follow `revision`, directly or through others."""
        names = {revision}
        for entry in self.recorded:
            if entry.base in names:
                names.add(entry.document.revision)
        names.discard(revision)
        return (entry for entry in self.effective if entry.document.revision in names)

    def has_effect(self, content: str) -> bool:
        """Whether a text has effect, now or later: none annulled, displaced, rejected or void."""
        return any(entry.document.content == content for entry in self.effective)

    def is_over(self, revision: str, content: str, day: date) -> bool:
        """Whether nobody works by a text any more, so that its papers must come back."""
        return not self.has_effect(content) or self.superseded_by(revision, day) is not None

    def in_force(self, day: date) -> Released | None:
        """What people work by on `day`."""
        return next((one for one in reversed(self.effective) if one.effective <= day), None)

    def superseded_by(self, revision: str, day: date) -> Released | None:
        """The first revision after `revision` that was in force on `day`, or None."""
        found = [entry for entry in self.successors(revision) if entry.effective <= day]
        return min(found, key=lambda entry: entry.effective, default=None)


def policy_issued_under(register: Register, copy: Copy, otherwise: Policy) -> Policy:
    """The policy by which the paper that was issued last names its holder.

    `otherwise` for one whose policy isn't known.
    """
    issues = (*copy.life.out[-1:], *reversed(copy.issues()))
    found = cited_policy(register, issues[0]) if issues else None
    return otherwise if found is None else found


def cited_policy(register: Register, event: Statement) -> Policy | None:
    """The policy that an event was signed under."""
    cited = event.policy
    entry = register.policy(cited) if cited is not None else None
    return None if entry is None else entry.policy
