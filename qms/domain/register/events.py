"""Whether an event of a list holds: who did it, to what, after what (DC-09 for copies)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qms.domain.kinds.kind import COPY, Kind
from qms.domain.kinds.log import ACTS, Log
from qms.domain.kinds.policy import Policy
from qms.domain.register.behind import Behind
from qms.domain.register.filed_rejections import filed_reject_fault
from qms.domain.register.listed_rounds import Rounds
from qms.domain.register.register import Register
from qms.domain.register.rejects import reject_fault
from qms.domain.register.rulings import NONE, ruling_fault
from qms.domain.register.statement_holds import Expected, Judge
from qms.findings import Finding, Reason
from qms.formats.facts import department_of
from qms.formats.slots import EVENT_STEP, Statement, Wording


def event_fault(  # noqa: PLR0913, PLR0917 - what is judged, and against what
    judge: Judge,
    log: Log,
    index: int,
    register: Register,
    at: Sequence[str],
    held: Behind | Rounds,
    known: Mapping[str, Statement] = NONE,
) -> Finding | None:
    """The first thing that keeps the event at `index` from holding, or None.

    `held` are the events of the same list that hold: other lines of the file play no part.
    `known` are events that hold and are not in the register yet, of lists that this one may name,
    by their ids.
    """
    slot = log.events[index]
    if isinstance(held, Rounds):
        kind = judge.answers.kinds.lists[log.kind]
        if kind.of:
            fault = filed_reject_fault(judge, kind, log, slot, register, at, held)
        else:
            fault = reject_fault(judge, log, slot, register, at, held)
    elif log.kind == ACTS:
        fault = ruling_fault(judge, log, slot, register, at, known)
    else:
        fault = _plain_fault(judge, log, slot, register, at, held)
    return None if fault is None else replace(fault.at(field=f"events.{index}"), about=log.about)


def _plain_fault(  # noqa: PLR0913, PLR0917 - as above
    judge: Judge,
    log: Log,
    slot: Statement,
    register: Register,
    at: Sequence[str],
    held: Behind,
) -> Finding | None:
    kind = judge.answers.kinds.lists[log.kind]
    expected = Expected(log.subject, log.content, log.about, Reason.OTHER_LIST)
    return (
        _form_fault(slot)
        or judge.slot(slot, expected, register, at)
        or _base_fault(kind, slot, log, register)
        or _right_fault(judge, kind, slot, log, register)
        or _after_fault(kind, slot, log, register, held)
    )


def department_fault(slot: Wording, policy: Policy) -> Finding | None:
    """COPY-HOLDER where an event names a department that is none under its own policy."""
    department = department_of(slot.act, slot.data)
    if department is None or department in policy.departments:
        return None
    values = {"act": slot.act, "key": "department", "found": department}
    return Finding("COPY-HOLDER", values=values)


def _form_fault(slot: Statement) -> Finding | None:
    """An event is no step of a chain, and has no rounds."""
    if slot.step != EVENT_STEP:
        return Finding("SLOT-FORM", values={"part": "step", "found": slot.step})
    if slot.round != 1:
        return Finding("SLOT-FORM", values={"part": "round", "found": str(slot.round)})
    return None


def _base_fault(kind: Kind, slot: Statement, log: Log, register: Register) -> Finding | None:
    """A list of a revision builds on that revision, any other on nothing."""
    base = slot.base
    if not kind.is_of_revision:
        return None if base is None else _no_base(slot, base.revision)
    filings = () if base is None else register.filings(log.number, base.content)
    if not filings or base is None or base.revision != log.revision:
        if kind.name != COPY:
            return _no_base(slot, log.revision)
        values = {"number": log.number, "revision": log.revision, "copy": log.copy}
        return Finding("ISSUED-UNRELEASED", values=values, reason=Reason.NO_BASE)
    document = filings[0].document
    if document.class_id != log.class_id:
        named = {"signed": document.class_id, "found": log.class_id}
        return Finding("MOVED-ENTRY", values=named | {"person": slot.person, "act": slot.act})
    return None


def _right_fault(
    judge: Judge, kind: Kind, slot: Statement, log: Log, register: Register
) -> Finding | None:
    """Whether the signer may act so, and what else the kind asks of its events."""
    act = judge.answers.act(slot.act)
    cited = judge.cited(slot, register)
    if act is None or cited is None:
        return None
    unknown = department_fault(slot, cited.policy)
    if unknown is not None:
        return unknown
    if act.may is not None and not act.may(cited.policy, log.class_id, slot):
        values = {"act": slot.act, "step": slot.step, "person": slot.person}
        return Finding(
            "ROLE",
            values=values | {"role": slot.role or "-", "policy": str(cited.version), "end": "-"},
        )
    return None if kind.holds is None else kind.holds(log, slot, register, cited.policy)


def _after_fault(
    kind: Kind, slot: Statement, log: Log, register: Register, held: Behind
) -> Finding | None:
    """Every id that `after` names is of an event here that holds, or files the list's revision.

    Where it belongs to none, an event may come after nothing: two branches may both begin a list.
    """
    base = slot.base if kind.is_of_revision else None
    filings = () if base is None else register.filings(log.number, base.content)
    known = {entry.filing.id for entry in filings}
    after = slot.after
    if (not after and filings) or any(one not in held and one not in known for one in after):
        values = {"count": "1", "number": log.number, "revision": log.revision or "-"}
        return Finding("CHAIN-BROKEN", values=values)
    return None


def _no_base(slot: Statement, revision: str) -> Finding:
    values = {
        "act": slot.act, "step": slot.step, "person": slot.person, "role": slot.role or "-",
        "at": slot.at or "-", "base": revision,
    }  # fmt: skip
    return Finding("BASE", values=values, reason=Reason.NO_BASE)
