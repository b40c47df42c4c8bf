"""The life of one copy: issued, received, recalled, returned; pure, from its events alone (DC-10).

An event is judged by what its signer knew: the events that its `after` reaches, not those that
happen to stand above it in the file. So two people who work on two branches break nothing: both
may take the same copy back. What a copy *is* follows from all its events together; where two
papers bear one number, it is out until both are back. A paper is an issue event, and only somebody
who knew of it can have taken it back or declared it lost: whichever of two branches claims to be
the later one, what the other issued is still out.

An event that a ruling annulled, or that a later policy doesn't take, has no effect: it makes the
copy nothing, and only tells what its own and later signers knew.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from heapq import heappop, heappush
from typing import Final, NamedTuple

from qms.api import CONDITIONS, DayOf, QmsError, Statement, parse_day
from qms_copies.holders import Holder


class Misstep(StrEnum):
    """What nobody can do to a copy as it is; each is the code that says so."""

    TWICE = "COPY-TWICE"
    """An issue of one that is out."""
    USED = "COPY-USED"
    """An issue of one that would be out if its issue had effect."""
    UNKNOWN = "RECALL-UNKNOWN"
    """Anything but an issue, of one that isn't out."""


class CopyState(StrEnum):
    """What a copy is at a moment."""

    NEVER = "never-issued"
    ISSUED = "issued"
    RECEIVED = "received"
    RECALLED = "recalled"
    RETURNED = "returned"
    REPLACED = "replaced"


DAMAGED: Final = CONDITIONS[1]
"""The condition of a paper that comes back and is none any more."""


class Tally(NamedTuple):
    """The papers that ever bore a number: each is issued once, and out until it is back or lost.

    One that came back, damaged or not, and the one that went out in its place are two.
    """

    issued: int = 0
    back: int = 0
    damaged: int = 0
    """How many of those that are back were."""
    lost: int = 0


_NO_PAPERS: Final = Tally()


class Paper(NamedTuple):
    """One paper at a moment: what issued it, and what became of it. `since` is its state's day.

    `received` is who signed for it, `condition` how it came back.
    """

    issue: Statement
    state: CopyState = CopyState.ISSUED
    since: date | None = None
    due: date | None = None
    condition: str | None = None
    received: Statement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A copy at a moment: the papers that are out under its number, and else the one that last was.

    What is told of the copy is told of the paper that was issued last; more than one are out only
    by a mistake. `loss` is the event that declared one of its papers lost: then its number is void
    for ever (DC-11). `tally` counts all papers that ever were.
    """

    held: tuple[Paper, ...] = ()
    gone: Paper | None = None
    loss: Statement | None = None
    lost_on: date | None = None
    tally: Tally = _NO_PAPERS

    @property
    def _told(self) -> Paper | None:
        return self.held[-1] if self.held else self.gone

    @property
    def state(self) -> CopyState:
        """What the copy is."""
        return CopyState.NEVER if self._told is None else self._told.state

    @property
    def out(self) -> tuple[Statement, ...]:
        """The issues whose paper is out."""
        return tuple(paper.issue for paper in self.held)

    @property
    def holder(self) -> Holder | None:
        """Who has it, or had it last."""
        return None if self._told is None else holder_of(self._told.issue)

    @property
    def issuer(self) -> str | None:
        """The role that issued it: the unit that is to recall it (原发放单位, DC-25)."""
        return None if self._told is None else self._told.issue.role

    @property
    def place(self) -> str | None:
        """Where it is kept."""
        return None if self._told is None else fact(self._told.issue, "place")

    @property
    def since(self) -> date | None:
        """The day of its state."""
        return None if self._told is None else self._told.since

    @property
    def due(self) -> date | None:
        """The day by which it is to be back."""
        return None if self._told is None else self._told.due

    @property
    def condition(self) -> str | None:
        """How it came back."""
        return None if self._told is None else self._told.condition

    @property
    def received(self) -> Statement | None:
        """Who signed for it."""
        return None if self._told is None else self._told.received

    @property
    def papers(self) -> int:
        """How many papers are out under its number: more than one only by a mistake."""
        return len(self.held)

    @property
    def is_out(self) -> bool:
        """Whether somebody has paper of it."""
        return bool(self.held)

    @property
    def replaced_by(self) -> str | None:
        """The number under which its holder has the document since the loss."""
        return None if self.loss is None else fact(self.loss, "by")


def in_use_first(held: Iterable[Paper]) -> tuple[Paper, ...]:
    """The papers under one number, those in front whose holder has signed for them.

    Where one must get another number, nobody takes away what somebody works by.
    """
    return tuple(sorted(held, key=lambda paper: paper.received is None))


NEVER_ISSUED: Final = Life()


class Moment(NamedTuple):
    """An event, the copy as the signer of the event knew it, and its day, where one is told.

    `known` is made of what has effect, `recorded` of all; `counts` tells whether the event has.
    """

    slot: Statement
    known: Life
    recorded: Life
    day: date | None = None
    counts: bool = True

    @property
    def misstep(self) -> Misstep | None:
        """What makes the act impossible on such a copy, or None.

        What was done about an issue before that lost its effect was no mistake.
        """
        if not self.counts:
            return None
        if self.slot.act == "issue":
            used = Misstep.USED if self.recorded.is_out else None
            return Misstep.TWICE if self.known.is_out else used
        out = self.known.is_out or self.recorded.is_out
        return Misstep.UNKNOWN if self.slot.act in _AFTER and not out else None


def undated(event: Statement) -> date | None:
    """No day: for whoever asks what a copy is, and not since when."""
    del event
    return None


def life(events: Iterable[Statement], day: DayOf = undated) -> Life:
    """What a copy is after all its events; `day` tells theirs (`Register.day`)."""
    return life_after(moments(events, day))


def moments(
    events: Iterable[Statement], day: DayOf = undated, void: Container[str] = ()
) -> tuple[Moment, ...]:
    """Each event with what its signer knew, earlier ones first; `void` have no effect, by id."""
    ordered = in_turn(tuple(events))
    if not any(slot.id in void for slot in ordered):
        return _moments(ordered, day, (), {})
    recorded = {one.slot.id: one.known for one in _moments(ordered, day, (), {})}
    return _moments(ordered, day, void, recorded)


def _moments(
    ordered: Sequence[Statement], day: DayOf, void: Container[str], recorded: Mapping[str, Life]
) -> tuple[Moment, ...]:
    places = {slot.id: place for place, slot in enumerate(ordered)}
    reached: list[int] = []
    found: list[Moment] = []
    for place, slot in enumerate(ordered):
        before = [at for at in map(places.get, _named(slot)) if at is not None and at < place]
        bits = 0
        for at in before:
            bits |= reached[at] | 1 << at
        reached.append(bits)
        # Behind one event only, its signer knew what that one's signer knew, and that one.
        steps = before if len(before) == 1 else [at for at in range(place) if bits >> at & 1]
        known = found[before[0]].known if len(before) == 1 else NEVER_ISSUED
        for at in steps:
            known = _advance(known, found[at])
        everything = recorded.get(slot.id, known)
        found.append(Moment(slot, known, everything, day(slot), slot.id not in void))
    return tuple(found)


def life_after(moments: Sequence[Moment]) -> Life:
    """What a copy is after `moments`, which are all its events, earlier ones first."""
    found = NEVER_ISSUED
    for moment in moments:
        found = _advance(found, moment)
    return found


def _advance(before: Life, moment: Moment) -> Life:
    """The copy after an event: total, so that a copy whose log was merged or forged has a state."""
    step = _STEPS.get(moment.slot.act) if moment.counts else None
    return before if step is None else step(before, moment)


def in_turn(events: Sequence[Statement]) -> tuple[Statement, ...]:
    """Events so that none stands before one it comes after; else by time, then by id.

    The order in the file plays no part: it may differ from clone to clone after a merge.
    """
    if _is_line(events):
        return tuple(events)
    known = {slot.id: slot for slot in events}
    waits = {one: {n for n in _named(slot) if n in known} for one, slot in known.items()}
    followers: dict[str, list[str]] = {}
    for one, others in waits.items():
        for other in others:
            followers.setdefault(other, []).append(one)
    free: list[tuple[float, str]] = []
    for one, others in waits.items():
        if not others:
            heappush(free, _turn(known[one]))
    ordered: list[Statement] = []
    while free:
        _, one = heappop(free)
        ordered.append(known[one])
        for follower in followers.get(one, ()):
            waits[follower].discard(one)
            if not waits[follower]:
                heappush(free, _turn(known[follower]))
    return tuple(ordered)


def fact(event: Statement, key: str) -> str | None:
    """A fact of an event that is text; None where it is none."""
    value = event.data.get(key)
    return value if isinstance(value, str) else None


def holder_of(issue: Statement) -> Holder:
    """To whom an issue event gives the copy."""
    return Holder(fact(issue, "department"), fact(issue, "holder"))


def _issue(before: Life, moment: Moment) -> Life:
    paper = Paper(moment.slot, since=moment.day)
    tally = before.tally._replace(issued=before.tally.issued + 1)
    return replace(before, held=(*before.held, paper), gone=None, tally=tally)


def _receive(before: Life, moment: Moment) -> Life:
    """Of the papers that the signer knew the last one: who holds another one names that alone."""
    known = _known(before, moment)
    if not known or known[-1].received is not None:
        return before
    paper = known[-1]._replace(received=moment.slot)
    if paper.state is CopyState.ISSUED:
        paper = paper._replace(state=CopyState.RECEIVED, since=moment.day)
    return _with(before, paper)


def _recall(before: Life, moment: Moment) -> Life:
    due = _day(fact(moment.slot, "due"))
    for paper in _known(before, moment):
        since = paper.since if paper.state is CopyState.RECALLED else moment.day
        before = _with(before, paper._replace(state=CopyState.RECALLED, since=since, due=due))
    return before


def _return(before: Life, moment: Moment) -> Life:
    condition = fact(moment.slot, "state")
    after = _one_less(before, moment, CopyState.RETURNED, condition)
    if after is before:
        return before
    damaged = before.tally.damaged + (condition == DAMAGED)
    tally = before.tally._replace(back=before.tally.back + 1, damaged=damaged)
    return replace(after, tally=tally)


def _replace(before: Life, moment: Moment) -> Life:
    after = _one_less(before, moment, CopyState.REPLACED)
    lost = before.tally.lost + (after is not before)
    tally = before.tally._replace(lost=lost)
    return replace(after, loss=moment.slot, lost_on=moment.day, tally=tally)


def _one_less(before: Life, moment: Moment, state: CopyState, condition: str | None = None) -> Life:
    """Without the oldest paper that its signer knew to be out, where that is not back already."""
    known = _known(before, moment)
    if not known:
        return before
    left = tuple(paper for paper in before.held if paper is not known[0])
    gone = known[0]._replace(state=state, since=moment.day, due=None, condition=condition)
    return replace(before, held=left, gone=gone)


def _known(before: Life, moment: Moment) -> tuple[Paper, ...]:
    """The papers that are out and that the signer knew to be, older ones first."""
    known = {issue.id for issue in moment.known.out}
    return tuple(paper for paper in before.held if paper.issue.id in known)


def _with(before: Life, paper: Paper) -> Life:
    held = (paper if one.issue is paper.issue else one for one in before.held)
    return replace(before, held=tuple(held))


_STEPS: Final = {
    "issue": _issue,
    "receive": _receive,
    "recall": _recall,
    "return": _return,
    "replace": _replace,
}
_AFTER: Final = frozenset(_STEPS) - {"issue"}


def _day(text: str | None) -> date | None:
    try:
        return parse_day(text or "")
    except QmsError:
        return None


def _named(event: Statement) -> tuple[str, ...]:
    return event.after


def _is_line(events: Sequence[Statement]) -> bool:
    """Whether each event comes after exactly the one above it: nearly every copy's life."""
    if not all(_named(event) == (events[place].id,) for place, event in enumerate(events[1:])):
        return False
    # The first one comes after the release of its revision, which stands in another file.
    return not events or not any(event.id in _named(events[0]) for event in events)


def _turn(event: Statement) -> tuple[float, str]:
    return event.time.timestamp(), event.id
