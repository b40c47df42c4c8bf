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
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A copy at a moment. `out` are the issues whose paper is out; `since` the day of its state.

    `issuer` is the role that issued it: the unit that is to recall it (原发放单位, DC-25). `loss`
    is the event that declared one of its papers lost: then its number is void for ever (DC-11).
    `received` is who signed for the paper that was issued last. `tally` counts all that ever were.
    """

    state: CopyState = CopyState.NEVER
    out: tuple[Statement, ...] = ()
    holder: Holder | None = None
    issuer: str | None = None
    since: date | None = None
    due: date | None = None
    place: str | None = None
    condition: str | None = None
    loss: Statement | None = None
    lost_on: date | None = None
    received: Statement | None = None
    tally: Tally = _NO_PAPERS

    @property
    def papers(self) -> int:
        """How many papers are out under its number: more than one only by a mistake."""
        return len(self.out)

    @property
    def is_out(self) -> bool:
        """Whether somebody has paper of it."""
        return bool(self.out)

    @property
    def replaced_by(self) -> str | None:
        """The number under which its holder has the document since the loss."""
        return None if self.loss is None else fact(self.loss, "by")


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


@dataclass(slots=True)
class Reconciliation:
    """All papers of a revision, accounted for: ``12 issued, 11 back, 1 lost`` (BX-04).

    A paper that was damaged and the one that took its place under its number are two. What was
    issued without effect is no paper of it, and told beside.
    """

    issued: int = 0
    back: int = 0
    damaged: int = 0
    lost: int = 0
    recalled: int = 0
    void: int = 0
    out: list[str] = field(default_factory=list[str])

    def add(self, copy: str, life: Life, void: int = 0) -> None:
        """Count one number, with how many papers of it are out without effect."""
        self.void += void
        self.issued += life.tally.issued
        self.back += life.tally.back
        self.damaged += life.tally.damaged
        self.lost += life.tally.lost
        self.out += [copy] * life.papers
        self.recalled += life.papers if life.state is CopyState.RECALLED else 0

    @property
    def is_closed(self) -> bool:
        """Whether every copy is accounted for."""
        return not self.out

    def sentence(self, language: str) -> str:
        """The count as one line, in ``zh`` or ``en``."""
        if language == "en":
            back = f"{self.back} back" + (f" ({self.damaged} damaged)" if self.damaged else "")
            parts = [f"{self.issued} issued", back, f"{self.lost} lost"]
            out = f"{len(self.out)} out"
            recalled = f" ({self.recalled} recalled)" if self.recalled else ""
            void = [f"{self.void} without effect"] if self.void else []
            return ", ".join([*parts, out + recalled, *void])
        damaged = f"（其中破损 {self.damaged} 份）" if self.damaged else ""
        back = f"收回 {self.back} 份{damaged}"
        parts = [f"发放 {self.issued} 份", back, f"遗失 {self.lost} 份"]
        recalled = f"（其中 {self.recalled} 份已通知回收）" if self.recalled else ""
        void = [f"另有 {self.void} 份不生效"] if self.void else []
        return "，".join([*parts, f"在外 {len(self.out)} 份{recalled}", *void])


def _issue(before: Life, moment: Moment) -> Life:
    event = moment.slot
    return Life(
        state=CopyState.ISSUED,
        out=(*before.out, event),
        holder=holder_of(event),
        issuer=event.role,
        since=moment.day,
        place=fact(event, "place"),
        loss=before.loss,
        lost_on=before.lost_on,
        tally=before.tally._replace(issued=before.tally.issued + 1),
    )


def _receive(before: Life, moment: Moment) -> Life:
    if not before.is_out or before.received is not None:
        return before
    before = replace(before, received=moment.slot)
    if before.state is not CopyState.ISSUED:
        return before
    return replace(before, state=CopyState.RECEIVED, since=moment.day)


def _recall(before: Life, moment: Moment) -> Life:
    if not before.is_out:
        return before
    event = moment.slot
    since = before.since if before.state is CopyState.RECALLED else moment.day
    return replace(before, state=CopyState.RECALLED, since=since, due=_day(fact(event, "due")))


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
    known = {issue.id for issue in moment.known.out}
    taken = next((issue for issue in before.out if issue.id in known), None)
    if taken is None:
        return before
    left = tuple(issue for issue in before.out if issue is not taken)
    if left:
        return replace(before, out=left, holder=holder_of(left[-1]), issuer=left[-1].role)
    return replace(before, state=state, out=(), since=moment.day, due=None, condition=condition)


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
