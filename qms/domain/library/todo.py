"""Which texts wait for somebody: a step of theirs is open, or it is their draft."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from qms.domain.kinds.chain import PREPARE
from qms.domain.kinds.document import DRAFT, PUBLISHED, Document
from qms.domain.library.library import Library
from qms.domain.register.next_slots import task
from qms.findings import Refused

DRAFTED: Final = "draft"
SENT_BACK: Final = "rejected"


class Due(NamedTuple):
    """A text that waits for somebody: `what` is an act of its chain, or one of the words above."""

    document: Document
    what: str


def due(library: Library, person: str) -> Iterator[Due]:
    """The texts that wait for `person`, by path."""
    for _, document in library.open_texts():
        if document.status == PUBLISHED:
            continue  # it says more than is signed, and `check` tells so
        if document.status == DRAFT:
            if document.prepared_by == person:
                yield Due(document, DRAFTED if document.rejected() is None else SENT_BACK)
            continue
        try:
            mine = task(library.persons(document), document, person)
        except Refused:
            continue  # a class without a chain is told by `check`
        if mine is not None and mine.step.act != PREPARE:
            yield Due(document, mine.step.act)
