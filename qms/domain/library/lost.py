"""Whose signatures under a text that goes round a later policy doesn't take, and who signs then."""

from collections.abc import Callable

from qms.domain.kinds.chain import PUBLISH
from qms.domain.kinds.document import APPROVED, Document
from qms.domain.kinds.filed import SignedText
from qms.domain.kinds.policy import Policy
from qms.domain.library.later import Later
from qms.domain.register.revisions import chain_under, signed_by_step
from qms.findings import Finding, Place, Reason
from qms.formats.slots import Statement


def lost_signers(later: Later, document: SignedText, path: str) -> tuple[str, ...]:
    """Whose signatures a policy doesn't take that had not seen them.

    They can't sign again in this round: it is to be ended, and begun anew.
    """
    return _lost(document, lambda slot: later.fault(slot, (path,)))


def lost_under(
    later: Later, document: SignedText, path: str, policy: Policy, seen: str
) -> tuple[str, ...]:
    """Who would be among `lost_signers` if somebody who had `seen` a commit filed a version."""
    before = lost_signers(later, document, path)
    found = _lost(document, lambda slot: later.fault_under(slot, (path,), policy, seen))
    return tuple(one for one in found if one not in before)


def _lost(document: SignedText, fault: Callable[[Statement], Finding | None]) -> tuple[str, ...]:
    slots = document.signed()
    kept = {one.person for one in slots if fault(one) is None}
    return tuple(sorted({one.person for one in slots} - kept))


def outdated(later: Later, document: Document, path: str) -> Finding | None:
    """APPROVAL-OUTDATED: policies that had not seen a text's signatures don't take all of them.

    It names those (`lost`), and who must sign on top. Raises `Refused` where a class has no chain.
    """
    judge, register = later.judge, later.register
    slots = document.signed()
    cited = judge.newest_cited(slots, register)
    if cited is None or document.rejected() is not None:
        return None
    lost, persons = lost_signers(later, document, path), set[str]()
    kept = [slot for slot in slots if slot.person not in lost]
    if document.status == APPROVED:
        last = max(slots, key=lambda slot: int(slot.step))
        for policy in later.unseen(last, (path,), cited):
            chain = chain_under(judge, document, policy.policy, register)
            for step, _ in chain.missing(signed_by_step(kept, chain)):
                persons.update(step.persons if step.act != PUBLISH else ())
            persons = {one for one in persons if policy.policy.may_sign(one)}
    if not persons and not lost:
        return None
    values = {"number": document.number, "revision": document.revision}
    values |= {"lost": ", ".join(lost) or "-", "persons": ", ".join(sorted(persons)) or "-"}
    return Finding("APPROVAL-OUTDATED", Place(path), values, document.about, Reason.MET)
