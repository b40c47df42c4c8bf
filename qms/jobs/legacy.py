"""Bringing in a document that was approved before there was this system (BX-08).

What the paper says goes into the head of a first draft; from then on it is a text like any other,
that the class's whole chain signs (`qms.domain.beginning`). The scans themselves are kept where the
firm keeps them: what is signed is the digest of each.
"""

from collections.abc import Sequence
from pathlib import Path

from qms.domain.beginning import closed, number_taken
from qms.domain.register import Register
from qms.findings import Finding, Place, Refused
from qms.formats.digests import sha256
from qms.formats.paths import document_path
from qms.jobs import drafts
from qms.jobs.drafts import NewDocument, Working
from qms.jobs.session import WorkSession


def bring_in(session: WorkSession, asked: NewDocument) -> Working:
    """A draft that begins where the paper stands, in the work tree.

    `asked` names number, revision and what the paper says. Raises `Refused`: what is wrong with
    number or revision, LEGACY-CLOSED where the policy lets nothing in any more,
    LEGACY-NUMBER-TAKEN where something was released under the number, here or on the trunk,
    NUMBER-TAKEN where a draft has it.
    """
    if asked.class_id not in session.policy.classes:
        return drafts.new(session, asked)  # which refuses, and names the classes there are
    number = session.numbering(asked.class_id).canonical(asked.number or "")
    revision = asked.revision or ""
    fault = session.version_scheme(asked.class_id).fault(revision)
    fault = fault or closed(number, revision, session.policy)
    if fault is not None:
        raise Refused(fault)
    for register in _registers(session):
        newest = register.newest(number)
        if newest is not None:
            raise Refused(number_taken(number, revision, newest.document.revision))
    if number in drafts.taken_numbers(session):
        place = Place(document_path(asked.class_id, number))
        raise Refused(Finding("NUMBER-TAKEN", place, {"number": number, "other": number}))
    return drafts.new(session, asked)


def evidence(files: Sequence[Path]) -> tuple[tuple[str, Path], ...]:
    """The digest of each scan, sorted as they are signed; of two equal ones the first."""
    found: dict[str, Path] = {}
    for path in files:
        found.setdefault(sha256(path.read_bytes()), path)
    return tuple(sorted(found.items()))


def _registers(session: WorkSession) -> tuple[Register, ...]:
    """What is recorded at HEAD, and on the trunk as far as this clone knows it."""
    trunk = drafts.other_trunk(session)
    there = () if trunk is None else (session.checker.register_at(trunk),)
    return session.register, *there
