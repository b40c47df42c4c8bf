"""Deciding about entries: `settle`, `annul`, `ratify` (trust.md 4b).

A ruling is signed by a whole chain, one event each. Whoever begins says what and why; the others
join what is open. Nothing here is a rule: `qms.domain.rulings` says who must sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qms.domain.chain import Chain, ChainStep
from qms.domain.document import Document
from qms.domain.kind import COPY
from qms.domain.laying import heads
from qms.domain.log import ACTS, ACTS_HEAD, Log, parse_log, render_head
from qms.domain.register import Event, Released
from qms.domain.rejects import rejections
from qms.domain.revisions import signed_by_step
from qms.domain.rulings import (
    ANNUL,
    RATIFY,
    SETTLE,
    Named,
    documents_of,
    meant_by,
    proposals,
    ruling_chain,
)
from qms.findings import refused
from qms.formats import cut, slots
from qms.formats.canonical_json import Json
from qms.formats.paths import acts_path
from qms.formats.slots import Base, Slot
from qms.jobs.session import WorkSession
from qms.jobs.statements import Statement
from qms.session import Written

MEANINGS = {SETTLE: "settled", ANNUL: "annulled", RATIFY: "ratified"}


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a call left: its commit, and who must still sign."""

    written: Written
    waiting: tuple[str, ...]


def entry_named(session: WorkSession, number: str, text: str) -> str:
    """The id of the entry that somebody means: a revision, or the first digits of its id.

    A rejection, or an event in a copy's life, is named by its digits. Raises `Refused`
    ENTRY-UNCLEAR, which lists what there is.
    """
    entries = session.register.released(number)
    by_name = [one.filing.id for one in entries if one.document.revision == text]
    rejected = [
        event.slot.id
        for name in dict.fromkeys(one.document.revision for one in entries)
        for event in rejections(session.register, number, name)
    ]
    ids = [*(one.filing.id for one in entries), *rejected]
    ids += [event.slot.id for event in session.register.of_number(COPY, number)]
    least = 8
    by_id = [one for one in ids if len(text) >= least and one.partition(":")[2].startswith(text)]
    found = by_name or by_id
    if len(found) == 1:
        return found[0]
    known = [f"{one.document.revision} {one.beside}" for one in entries]
    known += [one.partition(":")[2][:16] for one in rejected]
    raise refused("ENTRY-UNCLEAR", number=number, found=text, known=", ".join(known) or "-")


def settle(
    session: WorkSession, number: str, *, stands: str | None, none: bool, reason: str | None
) -> Ruled:
    """Decide between entries that claim one place: one stands, or none does.

    Without a choice the open ruling is joined. What is ruled out is all that a fork of the line
    has besides, with the rejections that a release never saw.
    """
    if stands is None and not none:
        return _joined(session, number, SETTLE)
    chosen = None if stands is None else entry_named(session, number, stands)
    rivals = _rivals(session, number, chosen)
    if not rivals:
        raise refused("NOTHING-TO-SETTLE", number=number)
    data: dict[str, Json] = {"annulled": sorted(rivals), "stands": chosen}
    return _begun(session, number, SETTLE, data, reason)


def _rivals(session: WorkSession, number: str, chosen: str | None) -> set[str]:
    """Ids of what claims the place of the chosen entry; without one, of all that is contested."""
    standing = session.effects.standing
    if chosen is None:
        forks = (fork for fork in session.effects.line(number).forks if fork.stands is None)
        return {e.filing.id for fork in forks for one in fork.branches for e in one.filings}
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
    beside |= {reject.slot.id for reject, _ in standing.missing_rejects(mine)}
    return beside - {chosen}


def annul(session: WorkSession, number: str, entry: str, reason: str | None) -> Ruled:
    """Rule an entry out for good; without a reason the open ruling is joined."""
    return _about(session, number, ANNUL, entry, reason)


def ratify(session: WorkSession, number: str, entry: str, reason: str | None) -> Ruled:
    """Let an entry stand that a later policy doesn't take; without a reason join the open one."""
    return _about(session, number, RATIFY, entry, reason)


def _about(session: WorkSession, number: str, act: str, entry: str, reason: str | None) -> Ruled:
    if reason is None:
        return _joined(session, number, act)
    data: dict[str, Json] = {"entry": entry_named(session, number, entry)}
    return _begun(session, number, act, data, reason)


def _joined(session: WorkSession, number: str, act: str) -> Ruled:
    """Sign the one open ruling of this act."""
    complete = {one for ruling in session.effects.standing.rulings(number) for one in ruling.ids}
    found = [
        group
        for group in proposals(session.register.of_number(ACTS, number))
        if group[0].slot.act == act and not complete & {event.slot.id for event in group}
    ]
    if len(found) != 1:
        known = "; ".join(_shown(group) for group in found) or "-"
        raise refused("RULING-UNCLEAR", number=number, act=act, known=known)
    signed = found[0][0].slot.signed
    if signed is None:
        raise TypeError("a recorded event is signed")
    return _begun(session, number, act, dict(signed.data), signed.reason, found[0])


def _shown(group: Sequence[Event]) -> str:
    signed = group[0].slot.signed
    return "-" if signed is None else (signed.reason or "-")


def _begun(  # noqa: PLR0913, PLR0917 - the facts of one ruling
    session: WorkSession,
    number: str,
    act: str,
    data: dict[str, Json],
    reason: str | None,
    group: Sequence[Event] = (),
) -> Ruled:
    if not (reason or "").strip():
        raise refused("REASON-MISSING", act=act, person=session.me.id, step="-", role="-", at="-")
    meant = meant_by(act, data)
    laid = [event.slot for event in group]
    chain = _chain(session, number, meant, act, laid)
    step = _open_step(session, chain, laid, number, act)
    home = _home(session, number, meant)
    path, before, log = _list(session, home)
    seat = step.seat(session.me.id)
    acts = [event.slot for event in session.register.of_number(ACTS, number)]
    filed = {one.filing.id for one in _entries(session, number, meant)} | {home.filing.id}
    statement = Statement(
        act=act,
        step=str(step.number),
        role=None if seat is None else seat.role,
        subject=log.subject,
        content=log.content,
        base=Base(home.document.revision, home.document.content),
        round=1,
        after=tuple(sorted({*heads(acts), *filed})),
        meaning=MEANINGS[act],
        reason=reason,
        data=data,
        at=session.now,  # what is ruled on may be dated later: that is often why
    )
    (signed,) = session.sign([statement])
    tail = slots.render_tail(slots.Tail("log", (*log.events, signed), log=True))
    message = f"{act.capitalize()} {number} {home.document.revision}"
    written = session.write({path: cut.with_tail(before, tail)}, message)
    missing = chain.missing(signed_by_step([*laid, signed], chain))
    waiting = tuple(
        dict.fromkeys(p for one, _ in missing for p in one.persons if p != session.me.id)
    )
    return Ruled(written, waiting)


def _entries(session: WorkSession, number: str, meant: Named) -> list[Released]:
    entries = session.register.released(number)
    return [one for one in entries if one.filing.id in meant.ids]


def _chain(
    session: WorkSession, number: str, meant: Named, act: str, laid: Sequence[Slot]
) -> Chain:
    judge = session.effects.judge
    documents = documents_of(judge, session.register, number, meant, "")
    return ruling_chain(judge, session.register, documents, session.policy, act, laid)


def _open_step(
    session: WorkSession, chain: Chain, laid: Sequence[Slot], number: str, act: str
) -> ChainStep:
    """The step that is open for me; refused with who is waited for."""
    signed = signed_by_step(laid, chain)
    opened = chain.open(signed)
    for step in opened:
        if step.seat(session.me.id) is not None and session.me.id not in signed.get(
            str(step.number), ()
        ):
            return step
    names = (session.policy.printed_name(p, session.language) for s in opened for p in s.persons)
    waiting = ", ".join(dict.fromkeys(names)) or "-"
    raise refused("RULING-NOT-YOURS", number=number, act=act, waiting=waiting,
                  person=session.policy.printed_name(session.me.id, session.language))  # fmt: skip


def _home(session: WorkSession, number: str, meant: Named) -> Released:
    """The entry beside which a ruling is laid: what stands, else the first that is named."""
    entries = _entries(session, number, meant)
    if entries:
        return next((one for one in entries if one.filing.id == meant.stands), entries[0])
    ((_, document), *_) = documents_of(session.effects.judge, session.register, number, meant)
    return session.register.filings(number, document.content)[0]


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
