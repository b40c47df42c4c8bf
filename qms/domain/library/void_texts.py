"""Whether a text of a plugin's own kind has effect: by its time, and under later policies.

As a released revision: what a later policy had not seen must hold under it too, and of what is lost
by that, or by its time, nothing counts towards the chain. Nobody rules on such a text: it is signed
anew under another number or edition.
"""

from dataclasses import replace

from qms.domain.kinds.recorded import Filed, PolicyEntry
from qms.domain.library.later import Later
from qms.domain.register.everything_signed import places
from qms.domain.register.filings import chain_for, signers_fault
from qms.domain.register.register import Register
from qms.domain.register.stale import stale_text
from qms.domain.register.statement_holds import Judge
from qms.domain.register.times import Times
from qms.findings import Finding, Place, Refused
from qms.formats.slots import Statement


def void_text(
    judge: Judge, register: Register, later: Later, times: Times, entry: Filed
) -> Finding | None:
    """Why a filed text has no effect, or None."""
    text, place = entry.text, Place(entry.path, commit=entry.commit)
    newest = judge.newest_cited(entry.signed, register)
    if newest is None:
        return None
    lost: dict[str, Finding] = {}
    untimely: Finding | None = None
    for slot in entry.signed:
        fault = times.fault(slot, entry.signed)
        if fault is not None:
            field = f"approvals.{text.slots.index(slot)}"
            untimely = untimely or replace(fault, place=place._replace(field=field))
        fault = fault or later.fault(slot, places(entry))
        if fault is not None:
            lost[slot.id] = fault
    kept = [slot for slot in entry.signed if slot.id not in lost]
    for policy in (newest, *later.unseen(entry.filing, places(entry), newest)):
        fault = _chain_fault(judge, register, entry, policy, kept)
        if fault is not None:
            cause = next(iter(lost.values()), fault)
            found = untimely or stale_text(entry, policy, cause)
            return replace(found, about=text.about)
    return None


def _chain_fault(
    judge: Judge, register: Register, entry: Filed, policy: PolicyEntry, kept: list[Statement]
) -> Finding | None:
    """What keeps these of its signatures from filing a text under a policy, or None."""
    try:
        kind = judge.answers.kinds.texts[entry.text.kind]
        chain = chain_for(judge, kind, entry.text, policy.policy, register)
    except Refused as refused:
        return refused.finding
    return signers_fault(entry.text, chain, kept, policy.policy)
