"""The amendment record of a revision, from what was signed: which filings it is made of (DC-07)."""

from collections.abc import Iterable
from datetime import date

from qms.domain.kinds.document import Document
from qms.domain.register.register import Released
from qms.jobs.sessions.work_session import WorkSession
from qms.printing import Amended


def first_named(filings: Iterable[Released], ids: Iterable[str]) -> Released | None:
    """That one of the filings of a text which is named first."""
    known = {one.filing.id: one for one in filings}
    return next((known[one] for one in ids if one in known), None)


def amendments(
    session: WorkSession, document: Document, entry: Released | None
) -> tuple[Amended, ...]:
    """The amendment record up to a revision, from what was signed (DC-07).

    Of a released `entry` what it builds on and itself, never a text that gave way to it; of a
    draft what it follows, and the row that it will get itself, which has no day.
    """
    number = document.number
    last = entry or session.effects.newest(number)
    planned = () if entry is not None else (_row(document, None),)
    if last is None:
        return planned
    counted = {one.revision.content: one.filing for one in session.effects.line(number).stages}
    line = [last]
    for filings in session.register.lineage(number).behind(last):
        slots = line[-1].document.signed()
        after = (one for slot in slots for one in slot.after)
        named = first_named(
            filings, after
        )  # what came later doesn't change what was printed before
        line.append(named or counted.get(filings[0].document.content) or filings[0])
    return (*(_row(one.document, one.published) for one in reversed(line)), *planned)


def _row(document: Document, day: date | None) -> Amended:
    return Amended(
        revision=document.revision,
        day=day,
        summary=document.summary or "",
        prepared_by=_signers(document, ("prepare",)),
        approved_by=_signers(document, ("approve",)),
        change=document.change or "",
    )


def _signers(document: Document, acts: Iterable[str]) -> str:
    names = [s.name for s in document.signed() if s.act in acts]
    return "、".join(names)
