"""How far a working text has come: what its rounds of signatures are worth, whatever it claims.

Anybody can write a slot with a name, a role and a time into a text that goes round. Only slots
whose signatures hold count; the others are named.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from qms.domain.kinds.chain import PUBLISH, REJECT
from qms.domain.kinds.document import APPROVED, DRAFT, IN_REVIEW, PUBLISHED, Document
from qms.domain.register.register import PolicyEntry, Register
from qms.domain.register.revisions import chain_under, signed_by_step, slot_faults
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Reason, Refused
from qms.formats.slots import Notice


def is_over(document: Document) -> bool:
    """Whether a reject ended the last round of a draft: its text may have changed since."""
    return document.status == DRAFT and document.rejected() is not None


def ended_faults(
    judge: Judge, document: Document, register: Register
) -> Iterator[tuple[int, Finding]]:
    """Of a text whose round is over, each signed slot that doesn't hold: as `slot_faults`."""
    for index, slot in enumerate(document.slots):
        if isinstance(slot, Notice):
            continue
        if slot.act == REJECT:
            fault = judge.rejection(slot, register)
        else:
            fault = judge.ended_round(slot, "document", register)
        if fault is not None:
            yield index, fault.at(field=f"approvals.{index}")


def earned_status(judge: Judge, document: Document, register: Register) -> str:
    """The word that a document's slots give it: draft, in-review or approved (format: echo)."""
    slots = document.signed()
    policy = judge.newest_cited(slots, register)
    if policy is None or document.rejected() is not None or not slots:
        return DRAFT
    chain = chain_under(judge, document, policy.policy, register)
    missing = [
        step for step, _ in chain.missing(signed_by_step(slots, chain)) if step.act != "publish"
    ]
    return IN_REVIEW if missing else APPROVED


def says_released(
    judge: Judge, document: Document, register: Register, newest: PolicyEntry | None
) -> bool:
    """Whether a working text says that it is released: `approved` does where approving files it.

    That is asked of the policy it was signed under, as whoever judges the release asks: a chain
    that gets another end afterwards changes nothing about what was released before. And of the
    `newest`, under which nothing is left to be signed.
    """
    if document.status != APPROVED:
        return document.status == PUBLISHED
    for policy in (judge.newest_cited(document.signed(), register), newest):
        if policy is not None:
            with suppress(Refused):  # a class without a chain is told where its chain is
                if chain_under(judge, document, policy.policy, register).last.act != PUBLISH:
                    return True
    return False


def broken_slots(
    judge: Judge, document: Document, register: Register, at: Sequence[str]
) -> Mapping[int, Finding]:
    """The signed slots of a working text that don't hold by themselves, by place, and why.

    `at` are the commits that it stands on.
    """
    if not document.statements:
        return {}
    return dict(
        ended_faults(judge, document, register) if is_over(document)
        else slot_faults(judge, document, register, at, Reason.SIGNED_ANOTHER)
    )  # fmt: skip


def without(document: Document, places: Container[int]) -> Document:
    """The text without the slots at these places."""
    kept = (slot for index, slot in enumerate(document.slots) if index not in places)
    return replace(document, slots=tuple(kept))
