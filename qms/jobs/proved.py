"""A working text as it may be shown: what stands in it as signed is verified first.

Anybody can write a slot with a name, a role and a time into a text that goes round. Lists, pages
and what waits for whom count only those whose signatures hold; the others are named as failing.
"""

from collections.abc import Container, Mapping
from dataclasses import replace

from qms.domain.kinds.document import Document
from qms.domain.register.revisions import slot_faults
from qms.domain.verdict.working import ended_faults, is_over
from qms.findings import Finding
from qms.jobs.repository_history import judgement_of
from qms.jobs.session import WorkSession


def proved(session: WorkSession, path: str, document: Document) -> Document:
    """The text without signed slots that don't hold; the session knows its path as failing then."""
    if session.register.revision(*document.key) is not None:
        return document  # the released one is shown, which was judged
    faults = broken_slots(session, document)
    if not faults:
        return document
    first = next(iter(faults.values()))
    session.checker.failing.setdefault(path, first.at(path=path))
    return without(document, faults)


def broken_slots(session: WorkSession, document: Document) -> Mapping[int, Finding]:
    """The signed slots of a working text that don't hold by themselves, by place, and why."""
    if not document.statements:
        return {}
    judge = judgement_of(session.hooks, session.checker.history).judge
    head = session.repository.head()
    at = () if head is None else (head,)
    return dict(
        ended_faults(judge, document, session.register) if is_over(document)
        else slot_faults(judge, document, session.register, at, "APPROVAL-MISMATCH")
    )  # fmt: skip


def without(document: Document, places: Container[int]) -> Document:
    """The text without the slots at these places."""
    kept = (slot for index, slot in enumerate(document.slots) if index not in places)
    return replace(document, slots=tuple(kept))
