"""Rejections: a list beside the released revisions of a number (``rejects.yaml``).

A reject in a working text ends its round; in this list it is an entry, so that nobody can drop it
by editing the text, and `check` and `verify` know the same ones. It stands here with the statements
of its round that it comes after, down to the `prepare`: a text that nobody submitted can't be
rejected, and who has no seat in the class's chain rejects nothing (trust.md, Rejections).

Whether one holds is told by itself and by what it names. Which texts it binds is effect: only those
in whose own chain the signer has a say, and only if somebody else sent round what was rejected.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qms.domain.kinds.chain import PREPARE, REJECT, ChainStep, Seat
from qms.domain.kinds.document import Document
from qms.domain.kinds.log import REJECTS, Log
from qms.domain.kinds.policy import Policy
from qms.domain.register.behind import Behind
from qms.domain.register.listed_rounds import Rounds
from qms.domain.register.register import Event, Register
from qms.domain.register.revisions import base_of, chain_of
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Place, Reason, Refused
from qms.formats.slots import Statement

ROUND_ACTS = frozenset((PREPARE, "review", "co-sign", "approve", REJECT))


def reject_fault(  # noqa: PLR0913, PLR0917 - what is judged, and against what
    judge: Judge,
    log: Log,
    slot: Statement,
    register: Register,
    at: Sequence[str],
    held: Rounds,
) -> Finding | None:
    """The first thing that keeps an event of a list of rejects from holding, or None."""
    if slot.act not in ROUND_ACTS:
        return Finding("UNJUDGED", values=_who(slot), reason=Reason.UNJUDGED)
    fault = judge.in_round(slot, register, at) or _subject_fault(log, slot)
    if fault is None and slot.act == REJECT:
        fault = _reject_fault(log, slot, held)
    if fault is not None or slot.act not in {PREPARE, REJECT}:
        return fault
    cited = judge.cited(slot, register)
    if cited is None or _has_seat(judge, slot, cited.policy, register):
        return None
    return Finding("ROLE", values=_who(slot) | {"policy": str(cited.version), "end": "-"})


def _subject_fault(log: Log, slot: Statement) -> Finding | None:
    subject = slot.subject
    if replace(subject, revision=None) == log.subject and subject.revision is not None:
        return None
    named = " ".join(one for one in (subject.number, subject.class_, subject.revision) if one)
    return Finding("MOVED-ENTRY", values=_who(slot) | {"signed": named, "found": log.about})


def _reject_fault(log: Log, slot: Statement, held: Rounds) -> Finding | None:
    """What a rejection lacks by itself: a reason, or a round that was begun as it must be."""
    if not (slot.reason or "").strip():
        return Finding("REASON-MISSING", values=_who(slot))
    values = {"number": log.number, "revision": slot.subject.revision or "-"}
    if next(held.begun(slot), None) is None:
        return Finding("CHAIN-BROKEN", values=values | {"count": "1"})
    if not held.follow(slot):
        return Finding("ROUND", values=values | _told(slot))
    return None


def _has_seat(judge: Judge, slot: Statement, policy: Policy, register: Register) -> bool:
    """Whether the signer has a seat at this step in a chain of the class, whoever owns the text.

    Owner and departments are not in the statement, and the text is perhaps nowhere any more.
    """
    return any(
        (seat.person, seat.role) == (slot.person, slot.role)
        for document in _texts(slot, policy)
        for step in _steps(judge, policy, document, register)
        if str(step.number) == slot.step and (step.act == PREPARE) is (slot.act == PREPARE)
        for seat in step.seats
    )


def _texts(slot: Statement, policy: Policy) -> Iterator[Document]:
    subject, departments = slot.subject, tuple(policy.departments)
    for owner in departments:
        yield Document(
            number=subject.number or "", title="", class_id=subject.class_ or "",
            revision=subject.revision or "", controlled=True, owner=owner,
            prepared_by=slot.person, co_sign=departments, content="", body="", status="",
            slots=(slot,), head={},
        )  # fmt: skip


def _steps(
    judge: Judge, policy: Policy, document: Document, register: Register
) -> Sequence[ChainStep]:
    try:
        return chain_of(judge.answers, document, policy, None, register.day).steps
    except Refused:
        return ()


def rejections(register: Register, number: str, revision: str | None = None) -> tuple[Event, ...]:
    """The rejections of a revision, or of all of a number, that hold; each once."""
    lists = register.lists(REJECTS, number)
    if not lists:
        return ()
    found = {
        event.slot.id: event
        for _, events in sorted(lists.items())
        for event in events
        if event.slot.act == REJECT and revision in (None, event.slot.subject.revision)
    }
    return tuple(found[one] for one in sorted(found))


def begun_by(register: Register, reject: Event) -> tuple[Statement, ...]:
    """The statements that sent round what was rejected, by somebody else than who rejected it.

    Nobody else's, no effect: who signs both alone would freeze a revision by a text that nobody
    wrote; who takes an own text back binds nobody.
    """
    rounds = register.rounds(reject.log.number, reject.path)
    begun = rounds.begun(reject.slot)
    return tuple(slot for slot in begun if slot.person != reject.slot.person)


def has_say(judge: Judge, register: Register, document: Document, reject: Event) -> bool:
    """Whether who rejected, and who sent it round, have a seat in the chain of this very text.

    The class and owner that count are those of the text, never those that a rejection claims.
    """
    cited = judge.cited(reject.slot, register)
    if cited is None:
        return False
    base = base_of(document, register)
    for prepare in begun_by(register, reject):
        as_sent = replace(document, prepared_by=prepare.person, slots=(prepare, reject.slot))
        try:
            chain = chain_of(judge.answers, as_sent, cited.policy, base, register.day)
        except Refused:
            continue
        rejects = {seat for step in chain.steps if step.act != PREPARE for seat in step.seats}
        prepares = {seat for step in chain.steps if step.act == PREPARE for seat in step.seats}
        if _seat(reject.slot) in rejects and _seat(prepare) in prepares:
            return True
    return False


def misplaced(register: Register, number: str) -> Iterator[Finding]:
    """MOVED-ENTRY for a list of rejections in the folder of a class that its number never had.

    A text that changes its class may be rejected there: it says what it follows.
    """
    classes = {entry.document.class_id for entry in register.released(number)}
    for event in rejections(register, number):
        log, base = event.log, event.slot.base
        follows = base is not None and register.filings(number, base.content)
        if classes and log.class_id not in classes and not follows:
            values = _who(event.slot) | {"signed": log.class_id, "found": event.path}
            yield Finding("MOVED-ENTRY", Place(event.path, commit=event.commit), values, log.about)


def _seat(slot: Statement) -> Seat:
    return Seat(slot.person, slot.role or "")


def _told(slot: Statement) -> dict[str, str]:
    return {"step": slot.step, "person": slot.person, "at": slot.at or "-"}


def rejected_rounds(
    register: Register, document: Document, binding: Sequence[Event]
) -> tuple[Statement, ...]:
    """What a text lacks of its rejected rounds: the `binding` rejects with all they come after.

    It goes on in the next round with all of it.
    """
    held = {slot.id for slot in document.statements}
    lists = register.lists(REJECTS, document.number).values()
    listed = {event.slot.id: event.slot for events in lists for event in events}
    behind, wanted = Behind(listed.values()), 0
    for event in binding:
        wanted |= behind.before(event.slot) | behind.bit(event.slot.id)
    ids = {slot.id for slot in behind.slots(wanted)} - held
    return tuple(slot for one, slot in listed.items() if one in ids)


def _who(slot: Statement) -> dict[str, str]:
    return {
        "act": slot.act, "step": slot.step, "person": slot.person, "role": slot.role or "-",
        "at": slot.at or "-",
    }  # fmt: skip
