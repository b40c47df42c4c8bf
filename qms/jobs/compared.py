"""A text as `qms diff` compares it: one that is still written is of a size that people read."""

from typing import Final

from qms.domain.kinds.document import Document
from qms.findings import Finding, Place, Refused
from qms.formats.paths import document_path
from qms.installed import TOOLS
from qms.jobs.work_session import WorkSession
from qms.plugins import Hooks

_LARGE: Final = 100_000
"""Characters of a text from which on printers are asked: nobody waits for them at a usual one."""
_TOO_LARGE: Final = "RENDER-LIMIT"


def compared(session: WorkSession, number: str, revision: str) -> Document:
    """The text of a revision, released or open.

    Raises `Refused` REVISION-UNKNOWN, and of an open text RENDER-LIMIT as `check` does: what was
    signed is shown, however large it is.
    """
    document = session.library.revision(number, revision)
    if len(document.body) > _LARGE and session.library.named(number, revision) is None:
        for fault in _faults(session, document):
            if fault.code == _TOO_LARGE:
                raise Refused(fault)
    return document


def _faults(session: WorkSession, document: Document) -> tuple[Finding, ...]:
    """What printers find in a text without its pictures: how large these are says nothing here."""
    place = Place(document_path(document.class_id, document.number))
    return Hooks(session.policy.plugins, (TOOLS,)).printable(document, {}, place, {})
