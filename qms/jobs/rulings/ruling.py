"""Deciding about entries: `settle`, `annul`, `ratify` (trust.md 4b).

A ruling is signed by a whole chain, one event each. Whoever begins says what and why; the others
join what is open. Nothing here is a rule: `qms.domain.register.rulings` says who must sign.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qms.domain.kinds.act import core_act
from qms.domain.kinds.document import Document
from qms.domain.kinds.kind import COPY
from qms.domain.kinds.log import ACTS, ACTS_HEAD, Log, parse_log, render_head
from qms.domain.register.next_slots import named_after
from qms.domain.register.register import Released
from qms.domain.register.rulings import ANNUL, RATIFY, SETTLE, Verdicts, meant_by
from qms.findings import Refused, refused
from qms.formats import cut, slots
from qms.formats.canonical_json import Json
from qms.formats.paths import acts_path
from qms.formats.slots import Base, Statement
from qms.jobs.rulings.proposals import Proposal, my_step, open_proposals, signers, undecided
from qms.jobs.rulings.said_before import say_decided
from qms.jobs.sessions.entry_names import entry_named, listed
from qms.jobs.sessions.given_words import needed_reason
from qms.jobs.sessions.intents import Intent
from qms.jobs.sessions.lists import timely
from qms.jobs.sessions.signing import say_late
from qms.jobs.sessions.work_session import WorkSession
from qms.session import Written


@dataclass(frozen=True, slots=True)
class RulingLeft:
    """What a call left: its commit, whether the ruling counts now, and who must still sign.

    `against` are the commands of opposite rulings that lie open: complete, they count instead.
    """

    written: Written
    complete: bool
    waiting: tuple[str, ...]
    against: tuple[str, ...] = ()


def settle(  # noqa: PLR0913 - what people say of a ruling
    session: WorkSession,
    number: str,
    *,
    stands: str | None,
    none: bool,
    reason: str | None,
    otherwise: bool = False,
) -> RulingLeft:
    """Decide between entries that claim one place: one stands, or none does.

    Without a choice the open ruling is joined, and so is one that says the same. What is ruled out
    is all that a fork of the line has besides, with the rejections that a release never saw.
    With `otherwise` also by somebody who signed the opposite: see `_refuse_opposite`.
    """
    if stands is None and not none:
        one = _only(session, number, SETTLE, open_proposals(session, number))
        if not otherwise:
            _refuse_opposite(session, number, SETTLE, one.data)
        return _sign(session, one)
    chosen = None if stands is None else entry_named(session, number, stands)
    _refuse_barred(session, number, chosen)
    rivals = _rivals(session, number, chosen)
    covered = _open_rivals(session, number, chosen)
    rivals = max(covered, rivals)
    if not rivals:
        raise refused("NOTHING-TO-SETTLE", number=number)
    data: dict[str, Json] = {"annulled": sorted(rivals), "stands": chosen}
    return _decide(session, number, SETTLE, data, reason, otherwise=otherwise)


def _rivals(session: WorkSession, number: str, chosen: str | None) -> set[str]:
    """Ids of what claims the place of the chosen entry; without one, of all that is contested."""
    standing = session.effects.standing
    if chosen is None:
        return {one.filing.id for rivals in undecided(session, number) for one in rivals}
    entries = session.register.released(number)
    mine = next((one for one in entries if one.filing.id == chosen), None)
    if mine is None:  # a rejection: what was released without it
        return {
            one.filing.id
            for one in entries
            if any(reject.slot.id == chosen for reject, _ in standing.missing_rejects(one))
        }
    beside = {
        one.filing.id
        for one in entries
        if one.base_content == mine.base_content
        and (standing.verdict(number, one.filing.id) is not None or standing.has_effect(one))
    }
    # A branch whose first text has no effect is told apart by that text all the same.
    beside |= {
        entry.filing.id
        for fork in session.effects.line(number).forks
        for one in fork.branches
        for entry in one.filings
        if entry.base_content == mine.base_content
    }
    beside |= {reject.slot.id for reject, _ in standing.missing_rejects(mine)}
    return beside - {chosen}


def _open_rivals(session: WorkSession, number: str, chosen: str | None) -> set[str]:
    """What the open settlement with the same choice rules out: whoever says less joins that one."""
    found = [
        one.named.annulled
        for one in open_proposals(session, number)
        if one.act == SETTLE and one.named.stands == chosen
    ]
    return set(found[0]) if len(found) == 1 else set()


def annul(
    session: WorkSession, number: str, entry: str, reason: str | None, *, otherwise: bool = False
) -> RulingLeft:
    """Rule an entry out for good; where that is open already, join it."""
    chosen = entry_named(session, number, entry, ANNUL)
    return _decide(session, number, ANNUL, {"entry": chosen}, reason, otherwise=otherwise)


def ratify(
    session: WorkSession, number: str, entry: str, reason: str | None, *, otherwise: bool = False
) -> RulingLeft:
    """Let an entry stand that a later policy doesn't take; where that is open already, join it."""
    chosen = entry_named(session, number, entry, RATIFY)
    _refuse_barred(session, number, chosen)
    return _decide(session, number, RATIFY, {"entry": chosen}, reason, otherwise=otherwise)


def _refuse_barred(session: WorkSession, number: str, chosen: str | None) -> None:
    """Refuse to let stand what no ruling can: nobody signs for nothing. Raises LEGACY-LATE."""
    for entry in session.register.released(number):
        barred = session.effects.barred(entry) if entry.filing.id == chosen else None
        if barred is not None:
            raise Refused(barred)


def _decide(  # noqa: PLR0913 - what people say of a ruling
    session: WorkSession,
    number: str,
    act: str,
    data: Mapping[str, Json],
    reason: str | None,
    *,
    otherwise: bool,
) -> RulingLeft:
    """Sign the open ruling that says this, for this reason; begin it where none says it.

    Never two that say the same: each would wait for the other's signers. Raises `Refused`
    RULING-OPEN where the open one has another reason; RULING-OPPOSITE where I signed the opposite,
    but for `otherwise`.
    """
    if not otherwise:
        _refuse_opposite(session, number, act, data)
    same = [
        one for one in open_proposals(session, number) if (one.act, dict(one.data)) == (act, data)
    ]
    given = (reason or "").strip()
    if not given and same:
        return _sign(session, _only(session, number, act, same))
    for one in same:
        if one.reason.strip() == given:
            return _sign(session, one)
    if same:
        raise refused("RULING-OPEN", number=number, act=act, reason=same[0].reason,
                      command=same[0].command(session, reason=len(same) > 1))  # fmt: skip
    _refuse_repeated(session, number, act, data, given)
    given = needed_reason(given, act, session.me.id)
    meant = meant_by(act, data)
    home = _home(session, number, meant)
    return _sign(session, Proposal(number=number, act=act, data=data, reason=given,
                                   beside=home.document.content))  # fmt: skip


def _refuse_opposite(session: WorkSession, number: str, act: str, data: Mapping[str, Json]) -> None:
    """Refuse to say yes and no about one entry. Raises `Refused` RULING-OPPOSITE.

    Nothing that was signed is taken back, so whoever changed their mind may say so: else what one
    person alone can sign could never be decided otherwise.
    """
    meant, me = meant_by(act, data), session.me.id
    for one in open_proposals(session, number):
        if _is_opposite(meant, one) and any(event.slot.person == me for event in one.events):
            raise refused("RULING-OPPOSITE", number=number, act=one.act, reason=one.reason,
                          person=session.policy.printed_name(me, session.language),
                          command=one.command(session))  # fmt: skip


def _is_opposite(meant: Verdicts, one: Proposal) -> bool:
    """Whether both say yes and no about one entry."""
    return meant.stands in one.named.annulled or one.named.stands in meant.annulled


def _refuse_repeated(
    session: WorkSession, number: str, act: str, data: Mapping[str, Json], reason: str
) -> None:
    """Refuse to say once more what a complete ruling says: one signature adds nothing to it.

    Raises `Refused` RULING-REPEATED.
    """
    for ruling in session.effects.standing.rulings(number):
        said = ruling.events[0].slot
        if (ruling.act, dict(said.data), said.reason) == (act, data, reason):
            raise refused("RULING-REPEATED", number=number, act=act, reason=reason)


def _only(session: WorkSession, number: str, act: str, found: Sequence[Proposal]) -> Proposal:
    """The one open ruling; refused with the command that joins each where there are several."""
    mine = [one for one in found if one.act == act]
    if len(mine) == 1:
        return mine[0]
    if not mine:
        raise refused("RULING-NONE", number=number, known=listed(session, number))
    known = "; ".join(one.command(session, reason=True) for one in mine)
    raise refused("RULING-UNCLEAR", number=number, act=act, count=str(len(mine)), known=known)


def _sign(session: WorkSession, one: Proposal) -> RulingLeft:
    """Sign the step of a ruling that is open for me."""
    step, found = my_step(session, one)
    say_decided(session, one)
    home = session.register.filings(one.number, one.beside)[0]
    path, before, log = _list(session, home)
    seat = step.seat(session.me.id)
    acts, late = timely(session.effects, session.register.of_number(ACTS, one.number))
    say_late(session.say, session.now, late)
    filed = [entry.filing.id for entry in _entries(session, one.number, one.named)]
    needed = (home.filing.id, *found.last, *_decided(session, one))
    statement = Intent(
        act=one.act,
        step=str(step.number),
        role=None if seat is None else seat.role,
        subject=log.subject,
        content=log.content,
        base=Base(home.document.revision, home.document.content),
        round=1,
        after=named_after([event.slot for event in acts], needed, (home.filing.id, *filed)),
        meaning=core_act(one.act).meaning,
        reason=one.reason,
        data=one.data,
        at=session.now,  # what is ruled on may be dated later: that is often why
    )

    def lay(signed: Sequence[Statement]) -> dict[str, bytes]:
        tail = slots.render_tail(slots.Tail(slots.LOG, (*log.events, *signed), log=True))
        return {path: cut.with_tail(before, tail)}

    (signed,) = session.sign([statement], lay)
    message = f"{one.act.capitalize()} {one.number} {home.document.revision}"
    written = session.write(lay([signed]), message)
    return _left(session, one.number, written, signed)


def _decided(session: WorkSession, one: Proposal) -> list[str]:
    """The last that each signer said of the complete rulings about the same entries.

    What comes after them is the later word.
    """
    rulings = session.effects.standing.rulings(one.number)
    about = (ruling for ruling in rulings if ruling.named.ids & one.named.ids)
    last = ({event.slot.person: event.slot.id for event in ruling.events} for ruling in about)
    return [event for ruling in last for event in ruling.values()]


def _left(session: WorkSession, number: str, written: Written, signed: Statement) -> RulingLeft:
    """What the rules make of it now: complete, or waiting for whom."""
    rulings = session.effects.standing.rulings(number)
    complete = any(signed.id in ruling.ids for ruling in rulings)
    opened = open_proposals(session, number)
    mine = (one for one in opened if any(event.slot.id == signed.id for event in one.events))
    waiting = tuple(person for one in mine for person in signers(session, one).waiting)
    meant = meant_by(signed.act, signed.data)
    against = (one.command(session) for one in opened if _is_opposite(meant, one))
    return RulingLeft(written, complete, waiting, tuple(against) if complete else ())


def _entries(session: WorkSession, number: str, meant: Verdicts) -> list[Released]:
    entries = session.register.released(number)
    return [one for one in entries if one.filing.id in meant.ids]


def _home(session: WorkSession, number: str, meant: Verdicts) -> Released:
    """The entry beside which a ruling is laid: what stands, else the first that is named.

    What is about none, such as the rejection of a text that was never released, lies beside the
    text that an event builds on, else beside the newest. Raises `Refused` RULING-NO-PLACE.
    """
    entries = _entries(session, number, meant)
    if entries:
        return next((one for one in entries if one.filing.id == meant.stands), entries[0])
    for event in session.register.of_number(COPY, number):
        base = event.slot.base
        if event.slot.id in meant.ids and base is not None:
            return session.register.filings(number, base.content)[0]
    newest = session.effects.newest(number)
    if newest is None:
        raise refused("RULING-NO-PLACE", number=number)
    return newest


def _list(session: WorkSession, home: Released) -> tuple[str, bytes, Log]:
    """Path, bytes and value of the list of acts about a text; an empty one where none is."""
    document = home.document
    key = document.class_id, document.number, document.revision
    path = acts_path(*key, document.content)
    data = session.tree.read(path) or _empty(document)
    return path, data, parse_log(data, ACTS, ACTS_HEAD)


def _empty(document: Document) -> bytes:
    names = {
        "number": document.number,
        "class": document.class_id,
        "revision": document.revision,
        "content": document.content,
    }
    return render_head(ACTS_HEAD, names) + b"status: log\nevents: []\n"
