"""Bringing in a document that was approved before there was this system (BX-08).

What the paper says goes into the head of a first draft; from then on it is a text like any other,
that the class's whole chain signs (`register.beginning`). The scans themselves are kept where the
firm keeps them: what is signed is the digest of each.
"""

from collections.abc import Sequence
from pathlib import Path

from qms.domain.kinds.working_texts import working_texts
from qms.domain.register.beginning import closed, days_fault, taken_by
from qms.findings import Finding, Place, QmsError, Refused
from qms.jobs.sessions.new_drafts import class_called, other_trunk
from qms.jobs.sessions.work_session import WorkSession
from qms.session import Drafted, NewDraft
from qms.storage.files import file_digest


def bring_in(session: WorkSession, asked: NewDraft) -> Drafted:
    """A draft that begins where the paper stands, in the work tree.

    `asked` names number, revision and what the paper says. Raises `Refused`: what is wrong with
    number or revision, LEGACY-CLOSED where the policy lets nothing in any more, LEGACY-DAYS or
    LEGACY-AHEAD where no paper can have these days; where the number is in use, here or on the
    trunk: LEGACY-NUMBER-TAKEN by what was released, LEGACY-OPEN by a text that is being taken in,
    LEGACY-DRAFT by any other one, NUMBER-TAKEN by one that can't be read.
    """
    class_id = class_called(session.policy, asked.class_id)
    number = session.numbering(class_id).canonical(asked.number or "")
    revision = asked.revision or ""
    fault = session.version_scheme(class_id).fault(revision)
    fault = fault or closed(number, revision, session.policy)
    if fault is None and asked.legacy is not None:
        fault = days_fault(number, revision, asked.legacy, session.today)
    fault = fault or _released(session, number, revision) or _drafted(session, number)
    if fault is not None:
        raise Refused(fault)
    return session.draft(asked)


def evidence(files: Sequence[Path]) -> tuple[tuple[str, Path], ...]:
    """The digest of each scan, sorted as they are signed; of two equal ones the first.

    Raises `QmsError` FILE-UNREADABLE for what is no plain file.
    """
    found: dict[str, Path] = {}
    for path in files:
        try:
            found.setdefault(file_digest(path), path)
        except OSError as error:
            values = {"why": error.strerror or ""}
            raise QmsError(Finding("FILE-UNREADABLE", Place(str(path)), values)) from None
    return tuple(sorted(found.items()))


def _released(session: WorkSession, number: str, revision: str) -> Finding | None:
    """LEGACY-NUMBER-TAKEN by what is recorded at HEAD, or on the trunk as this clone knows it."""
    trunk = other_trunk(session)
    there = () if trunk is None else (session.checker.register_at(trunk),)
    found = (taken_by(one, number, revision) for one in (session.register, *there))
    return next((fault for fault in found if fault is not None), None)


def _drafted(session: WorkSession, number: str) -> Finding | None:
    """Whose working text has the number: it is mended there, or makes room."""
    trunk = other_trunk(session)
    shared = f"{session.trunk}:"
    there = () if trunk is None else ((session.repository.tree(trunk), shared),)
    for tree, where in ((session.work_tree, ""), *there):
        for one in working_texts(tree):
            if one.number != number:
                continue
            place, found = Place(one.path), one.read()
            if isinstance(found, Finding):
                return Finding("NUMBER-TAKEN", place, {"number": number, "other": where + one.path})
            code = "LEGACY-DRAFT" if found.legacy is None else "LEGACY-OPEN"
            values = {"number": number, "older": found.revision, "place": where + one.path}
            return Finding(code, place, values)
    return None
