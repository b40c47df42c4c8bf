"""Whether an event in a copy's life holds: who did it, to which released revision (DC-09)."""

from collections.abc import Sequence
from dataclasses import replace

from qms.domain.judging import Expected, Judge
from qms.domain.log import Log
from qms.domain.register import Register
from qms.findings import Finding
from qms.formats.digests import parse_time
from qms.formats.slots import EVENT_STEP, Slot


def event_fault(
    judge: Judge, log: Log, index: int, register: Register, at: Sequence[str]
) -> Finding | None:
    """The first thing that keeps the event at `index` from holding, or None."""
    slot = log.events[index]
    expected = Expected(log.subject, log.content, log.about, "LOG-REWRITTEN")
    fault = (
        _form_fault(slot)
        or judge.slot(slot, expected, register, at)
        or _revision_fault(slot, log, register)
        or _right_fault(judge, slot, log, register)
        or _after_fault(slot, log, register)
    )
    return None if fault is None else replace(fault.at(field=f"events.{index}"), about=log.about)


def _form_fault(slot: Slot) -> Finding | None:
    """An event is no step of a chain, and has no rounds."""
    if slot.step != EVENT_STEP:
        return Finding("SLOT-FORM", values={"part": "step", "found": slot.step})
    if slot.signed is not None and slot.signed.round != 1:
        return Finding("SLOT-FORM", values={"part": "round", "found": str(slot.signed.round)})
    return None


def _revision_fault(slot: Slot, log: Log, register: Register) -> Finding | None:
    entry = register.revision(log.number, log.revision)
    base = slot.signed.base if slot.signed is not None else None
    values = {"number": log.number, "revision": log.revision, "copy": log.copy}
    if entry is None or base is None or base.revision != log.revision:
        return Finding("ISSUED-UNRELEASED", values=values)
    if entry.document.class_id != log.class_id:
        return Finding(
            "MOVED-ENTRY",
            values=values
            | {
                "signed": entry.document.class_id,
                "found": log.class_id,
                "person": slot.person,
                "act": slot.act,
            },
        )
    return None


def _right_fault(judge: Judge, slot: Slot, log: Log, register: Register) -> Finding | None:
    act = judge.answers.act(slot.act)
    entry = register.revision(log.number, log.revision)
    cited = judge.newest_cited([slot], register)
    if act is None or act.may is None or entry is None or cited is None:
        return None
    if not act.may(cited.policy, entry.document, slot):
        values = {"act": slot.act, "step": slot.step, "person": slot.person}
        return Finding(
            "ROLE",
            values=values | {"role": slot.role or "-", "policy": str(cited.version), "end": "-"},
        )
    return None


def _after_fault(slot: Slot, log: Log, register: Register) -> Finding | None:
    """Every id that `after` names is in this file, or files the revision that it is a copy of."""
    known = {other.id: other for other in log.events if other.signed is not None}
    entry = register.revision(log.number, log.revision)
    if entry is not None:
        known[entry.filing.id] = entry.filing
    after = slot.signed.after if slot.signed is not None else ()
    if not after or any(named not in known for named in after):
        values = {"count": "1", "number": log.number, "revision": log.revision}
        return Finding("CHAIN-BROKEN", values=values)
    for other in (known[named] for named in after):
        if parse_time(slot.at or "") < parse_time(other.at or ""):
            values = {"at": slot.at or "-", "before": other.at or "-"}
            return Finding("TIME-ORDER", values=values | {"person": slot.person})
    return None
