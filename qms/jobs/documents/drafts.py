"""Working texts as they lie here, before they go round; `sessions.new_drafts` begins them."""

from dataclasses import dataclass

from qms.domain.kinds.document import Document, parse_document
from qms.domain.kinds.reading import read_document
from qms.findings import Finding, Reason, Refused, refused
from qms.formats.paths import document_path
from qms.formats.slips import slip
from qms.jobs.sessions.refusals import refusal
from qms.jobs.sessions.work_session import WorkSession


@dataclass(frozen=True, slots=True)
class Working:
    """A working text as it lies in the work tree: what is edited, signed and filed."""

    path: str
    data: bytes
    document: Document


def working(session: WorkSession, number: str) -> Working:
    """The working text of a number; raises `Refused` NUMBER-UNKNOWN or what is wrong with it."""
    path = place_of(session, number)
    entry = session.work_tree.entry(path)
    if entry is None:
        raise refused("NUMBER-UNKNOWN", found=number, close="-")
    found = read_document(session.work_tree, path, entry)
    if isinstance(found, Finding):
        raise refusal(session, slip(found, session.work_tree.blob(entry.id)))
    return Working(path, session.work_tree.blob(entry.id), found)


def place_of(session: WorkSession, number: str) -> str:
    """Where the working text of a number lies; raises `Refused` NUMBER-UNKNOWN."""
    class_id = session.library.numbers.get(number)
    if class_id is None:
        raise refused("NUMBER-UNKNOWN", found=number, close="-")
    return document_path(class_id, number)


def read_again(session: WorkSession, path: str, data: bytes) -> Working:
    """The working text at `path` as `data`, which is not written yet; raises as `working`."""
    try:
        return Working(path, data, parse_document(data))
    except Refused as error:
        raise refusal(session, error.finding.at(path=path)) from None


def refuse_contested(session: WorkSession, number: str) -> None:
    """Refuse to go on from a line that nothing has decided. Raises CONTESTED, REVISION-FORK."""
    if session.effects.line(number).is_contested:
        for finding in session.effects.findings(number):
            if finding.reason is Reason.UNDECIDED:
                raise Refused(finding)
