"""Rejections that bind: a list beside the released revisions of a number (``rejects.yaml``).

A reject in a working text ends its round; in this list it is an entry, so that nobody can drop it
by editing the text, and `check` and `verify` know the same ones. It stands here with the statements
of its round that it comes after, down to the `prepare`: a text that nobody submitted can't be
rejected, and who has no seat in the class's chain rejects nothing (trust.md 2.7).
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
    fault = judge.in_round(slot, register, at) or _subject_fault(log, slot)
    if fault is not None or slot.act != REJECT:
        return fault
    return _reject_fault(judge, log, slot, register, held)


def _subject_fault(log: Log, slot: Slot) -> Finding | None:
    subject = slot.signed.subject if slot.signed is not None else log.subject
    if replace(subject, revision=None) == log.subject and subject.revision is not None:
        return None
    named = " ".join(one for one in (subject.number, subject.class_, subject.revision) if one)
    return Finding("MOVED-ENTRY", values=_who(slot) | {"signed": named, "found": log.about})


def _reject_fault(
    judge: Judge, log: Log, slot: Slot, register: Register, held: Mapping[str, Slot]
) -> Finding | None:
    """What keeps a rejection from binding: no reason, nothing submitted, no seat."""
    signed = slot.signed
    if signed is None or not (signed.reason or "").strip():
        return Finding("REASON-MISSING", values=_who(slot))
    if not _reaches_prepare(slot, held):
        revision = signed.subject.revision or "-"
        values = {"number": log.number, "revision": revision, "count": "1"}
        return Finding("CHAIN-BROKEN", values=values)
    cited = judge.newest_cited([slot], register)
    if cited is not None and not _has_seat(judge, slot, cited.policy):
        return Finding("ROLE", values=_who(slot) | {"policy": str(cited.version), "end": "-"})
    return None


def _reaches_prepare(reject: Slot, held: Mapping[str, Slot]) -> bool:
    """Whether a reject comes after the `prepare` of its own round, text and revision."""
    seen: set[str] = set()
    todo = list(reject.signed.after) if reject.signed is not None else []
    while todo:
        one = todo.pop()
        if one in seen or one not in held:
            continue
        seen.add(one)
        slot = held[one]
        if slot.act == PREPARE and _round(slot) == _round(reject):
            return True
        todo.extend(slot.signed.after if slot.signed is not None else ())
    return False


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


def _who(slot: Slot) -> dict[str, str]:
    return {
        "act": slot.act, "step": slot.step, "person": slot.person, "role": slot.role or "-",
        "at": slot.at or "-",
    }  # fmt: skip
