"""Whether a text of a plugin's own kind is filed: its whole chain, signed by the right people.

What holds of documents holds here too: persons count and not keys, nobody signs two steps, each
step comes after what the steps before it ask for, and the last signature reaches all others. Such
a text has one round and builds on nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from qms.domain.kinds.chain import Chain
from qms.domain.kinds.filed import APPROVED, FiledText
from qms.domain.kinds.kind import Kind
from qms.domain.kinds.policy import Policy
from qms.domain.register.behind import Behind
from qms.domain.register.register import PolicyEntry, Register
from qms.domain.register.revisions import is_seated, order_fault, persons_fault, signed_by_step
from qms.domain.register.statement_holds import Expected, Judge
from qms.findings import Finding, Place, Refused
from qms.formats.slots import Notice, Statement


def filing_fault(
    judge: Judge, kind: Kind, text: FiledText, register: Register, at: Sequence[str]
) -> Finding | None:
    """The first thing that keeps a text of a plugin's kind from being filed, or None."""
    fault = (
        _unsigned(text)
        or _statements(judge, text, register, at)
        or _chain(judge, kind, text, register)
        or _after(text)
        or _status(text)
    )
    return None if fault is None else replace(fault, about=text.about)


def _unsigned(text: FiledText) -> Finding | None:
    steps = [slot.step for slot in text.slots if isinstance(slot, Notice)]
    if text.slots and not steps:
        return None
    return Finding("DOC-UNAPPROVED", values=_which(text) | {"steps": ", ".join(steps) or "-"})


def _statements(
    judge: Judge, text: FiledText, register: Register, at: Sequence[str]
) -> Finding | None:
    expected = Expected(text.subject, text.content, text.about)
    for index, slot in enumerate(text.statements):
        fault = judge.slot(slot, expected, register, at)
        if fault is None and slot.base is not None:
            fault = Finding("BASE", values={"base": slot.base.revision})
        if fault is None and slot.round != 1:
            fault = Finding("SLOT-FORM", values={"part": "round", "found": str(slot.round)})
        if fault is not None:
            return fault.at(field=f"approvals.{index}")
    return None


def chain_for(kind: Kind, text: FiledText, policy: PolicyEntry, register: Register) -> Chain:
    """The chain of a text under a policy. Raises `Refused` where nobody may sign it."""
    if kind.chain is None:
        raise TypeError(f"{kind.name} has no chain")
    days = tuple(map(register.day, text.statements)) if policy.policy.has_terms else ()
    return kind.chain(text, policy.policy, days)


def _chain(judge: Judge, kind: Kind, text: FiledText, register: Register) -> Finding | None:
    slots = text.statements
    newest = judge.newest_cited(slots, register)
    if newest is None:
        return Finding("DOC-UNAPPROVED", values=_which(text) | {"steps": "-"})
    try:
        chains = {
            one.content: chain_for(kind, text, one, register)
            for one in _cited(judge, slots, register)
        }
    except Refused as refused:
        return refused.finding
    for slot in slots:
        cited = judge.newest_cited([slot], register)
        if cited is not None and not is_seated(slot, chains[cited.content]):
            values = {"act": slot.act, "step": slot.step, "person": slot.person}
            values |= {"role": slot.role or "-", "policy": str(cited.version), "end": "-"}
            return Finding("ROLE", values=values)
    chain = chains[newest.content]
    return signers_fault(text, chain, slots, newest.policy) or order_fault(chain, slots)


def signers_fault(
    text: FiledText, chain: Chain, slots: Sequence[Statement], policy: Policy
) -> Finding | None:
    """What keeps these signatures of a text from being its whole chain, by enough persons."""
    missing = chain.missing(signed_by_step(slots, chain))
    if missing:
        steps = ", ".join(f"{step.number} ({step.act})" for step, _ in missing)
        return Finding("NOT-APPROVED", values=_which(text) | {"steps": steps})
    return persons_fault(chain, slots, policy, prepare=chain.steps[0].act)


def _cited(judge: Judge, slots: Sequence[Statement], register: Register) -> list[PolicyEntry]:
    found = (judge.newest_cited([slot], register) for slot in slots)
    return [one for one in found if one is not None]


def _after(text: FiledText) -> Finding | None:
    """Every id that `after` names is here, and the last act reaches every signature."""
    slots = text.statements
    ids = {slot.id for slot in slots}
    lost = {one for slot in slots for one in slot.after} - ids
    last = max(slots, key=lambda slot: int(slot.step))
    behind = Behind(slots)
    unreached = len(ids) - (behind.before(last) | behind.bit(last.id)).bit_count()
    if lost or unreached:
        return Finding("CHAIN-BROKEN", values=_which(text) | {"count": str(len(lost) + unreached)})
    return None


def _status(text: FiledText) -> Finding | None:
    if text.status == APPROVED:
        return None
    return Finding("STATUS", Place(field="status"), _which(text) | {"found": text.status})


def _which(text: FiledText) -> dict[str, str]:
    return {"number": text.number, "revision": text.revision or "-"}
