"""Rejections that bind: a list beside the released revisions of a number (``rejects.yaml``).

A reject in a working text ends its round; in this list it is an entry, so that nobody can drop it
by editing the text, and `check` and `verify` know the same ones. It stands here with the statements
that it comes after, down to the `prepare` of the first round: a text that nobody submitted can't be
rejected, no round can be left out, and who has no seat in the class's chain, or prepared the text,
rejects nothing (trust.md 2.7).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from qms.domain.chain import PREPARE, REJECT, ChainStep
from qms.domain.document import Document
from qms.domain.judging import Judge
from qms.domain.log import REJECTS, Log
from qms.domain.policy import Policy
from qms.domain.register import Event, Register
from qms.findings import Finding, Refused
from qms.formats.slots import Slot

ROUND_ACTS = frozenset((PREPARE, "review", "co-sign", "approve", REJECT))


def reject_fault(  # noqa: PLR0913, PLR0917 - what is judged, and against what
    judge: Judge,
    log: Log,
    slot: Slot,
    register: Register,
    at: Sequence[str],
    held: Mapping[str, Slot],
) -> Finding | None:
    """The first thing that keeps an event of a list of rejects from holding, or None."""
    if slot.act not in ROUND_ACTS:
        return Finding("UNJUDGED", values=_who(slot))
    fault = (
        judge.in_round(slot, register, at)
        or _subject_fault(log, slot)
        or _round_fault(log, slot, held)
    )
    if fault is not None or slot.act != REJECT:
        return fault
    return _reject_fault(judge, log, slot, register, held)


def _subject_fault(log: Log, slot: Slot) -> Finding | None:
    subject = slot.signed.subject if slot.signed is not None else log.subject
    if replace(subject, revision=None) == log.subject and subject.revision is not None:
        return None
    named = " ".join(one for one in (subject.number, subject.class_, subject.revision) if one)
    return Finding("MOVED-ENTRY", values=_who(slot) | {"signed": named, "found": log.about})


def _round_fault(log: Log, slot: Slot, held: Mapping[str, Slot]) -> Finding | None:
    """ROUND for a statement that names none of its round, or a `prepare` none of the one before.

    Else whoever rejects in the last round there is room for keeps everybody from the next one.
    """
    signed = slot.signed
    if signed is None or (slot.act == PREPARE and signed.round == 1):
        return None
    wanted = (signed.subject, signed.round - (1 if slot.act == PREPARE else 0))
    named = (held[one].signed for one in signed.after if one in held)
    if any(one is not None and (one.subject, one.round) == wanted for one in named):
        return None
    values = {"number": log.number, "revision": signed.subject.revision or "-"}
    told = {"step": slot.step, "person": slot.person, "at": slot.at or "-"}
    return Finding("ROUND", values=values | told)


def _reject_fault(
    judge: Judge, log: Log, slot: Slot, register: Register, held: Mapping[str, Slot]
) -> Finding | None:
    """What keeps a rejection from binding: no reason, nothing submitted, no seat."""
    signed = slot.signed
    if signed is None or not (signed.reason or "").strip():
        return Finding("REASON-MISSING", values=_who(slot))
    preparer = _preparer(slot, held)
    if preparer is None:
        revision = signed.subject.revision or "-"
        values = {"number": log.number, "revision": revision, "count": "1"}
        return Finding("CHAIN-BROKEN", values=values)
    cited = judge.newest_cited([slot], register)
    if cited is not None and preparer == slot.person and not cited.policy.floors.self_approval:
        # Else one person alone could reject a text of a revision that nobody else ever saw.
        return Finding("SELF-APPROVAL", values={"person": slot.person})
    if cited is not None and not _has_seat(judge, slot, cited.policy):
        return Finding("ROLE", values=_who(slot) | {"policy": str(cited.version), "end": "-"})
    return None


def _preparer(reject: Slot, held: Mapping[str, Slot]) -> str | None:
    """Who signed the `prepare` of its own round, text and revision that a reject comes after."""
    seen: set[str] = set()
    todo = list(reject.signed.after) if reject.signed is not None else []
    while todo:
        one = todo.pop()
        if one in seen or one not in held:
            continue
        seen.add(one)
        slot = held[one]
        if slot.act == PREPARE and _round(slot) == _round(reject):
            return slot.person
        todo.extend(slot.signed.after if slot.signed is not None else ())
    return None


def _round(slot: Slot) -> tuple[object, ...]:
    signed = slot.signed
    return () if signed is None else (signed.subject, signed.content, signed.round)


def _has_seat(judge: Judge, slot: Slot, policy: Policy) -> bool:
    """Whether the signer has a seat at this step in a chain of the class, whoever owns the text.

    Owner and departments are not in the statement, and the text is perhaps nowhere any more.
    """
    return any(
        (seat.person, seat.role) == (slot.person, slot.role)
        for document in _texts(slot, policy)
        for step in _steps(judge, policy, document)
        if str(step.number) == slot.step and step.act != PREPARE
        for seat in step.seats
    )


def _texts(slot: Slot, policy: Policy) -> Iterator[Document]:
    if slot.signed is None:
        return
    subject, departments = slot.signed.subject, tuple(policy.departments)
    for owner in departments:
        yield Document(
            number=subject.number or "", title="", class_id=subject.class_ or "",
            revision=subject.revision or "", controlled=True, owner=owner, prepared_by="",
            co_sign=departments, content="", body="", status="", slots=(slot,), head={},
        )  # fmt: skip


def _steps(judge: Judge, policy: Policy, document: Document) -> Sequence[ChainStep]:
    try:
        return judge.answers.chain(policy, document).steps
    except Refused:
        return ()


def rejections(register: Register, number: str, revision: str) -> tuple[Event, ...]:
    """The rejections of a revision that bind."""
    return tuple(
        event
        for events in register.lists(REJECTS, number).values()
        for event in events
        if event.slot.act == REJECT
        and event.slot.signed is not None
        and event.slot.signed.subject.revision == revision
    )


def rejected_rounds(register: Register, document: Document) -> tuple[Slot, ...]:
    """What the list of rejects holds of a text's revision: with a reject all that it comes after.

    A text that lacks it goes on in the next round with all of it; nothing where none is lacking.
    """
    held = {slot.id for slot in document.slots if slot.signed is not None}
    if all(one.slot.id in held for one in rejections(register, *document.key)):
        return ()
    return tuple(
        event.slot
        for events in register.lists(REJECTS, document.number).values()
        for event in events
        if event.slot.id not in held
        and event.slot.signed is not None
        and event.slot.signed.subject == document.subject
    )


def _who(slot: Slot) -> dict[str, str]:
    return {
        "act": slot.act, "step": slot.step, "person": slot.person, "role": slot.role or "-",
        "at": slot.at or "-",
    }  # fmt: skip
