"""A working text as it may be shown: what stands in it as signed is verified first.

Anybody can write a slot with a name, a role and a time into a text that goes round. Lists, pages
and what waits for whom count only those whose signatures hold; the others are named as failing.
"""

from dataclasses import replace

from qms.domain.document import Document
from qms.domain.revisions import slot_faults
from qms.domain.working import ended_faults, is_over
from qms.jobs.judges import bench
from qms.jobs.session import WorkSession


def proved(session: WorkSession, path: str, document: Document) -> Document:
    """The text without signed slots that don't hold; the session knows its path as failing then."""
    if all(slot.signed is None for slot in document.slots):
        return document
    if session.register.revision(*document.key) is not None:
        return document  # the released one is shown, which was judged
    judge = bench(session.hooks, session.checker.history).judge
    head = session.repository.head()
    at = () if head is None else (head,)
    found = (
        ended_faults(judge, document, session.register) if is_over(document)
        else slot_faults(judge, document, session.register, at, "APPROVAL-MISMATCH")
    )  # fmt: skip
    faults = dict(found)
    if not faults:
        return document
    first = next(iter(faults.values()))
    session.checker.failing.setdefault(path, first.at(path=path))
    kept = (slot for index, slot in enumerate(document.slots) if index not in faults)
    return replace(document, slots=tuple(kept))
