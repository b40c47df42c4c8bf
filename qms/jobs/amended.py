"""The amendment record of a revision, from what was signed: which filings it is made of (DC-07)."""

from collections.abc import Iterable

from qms.domain.document import Document
from qms.domain.register import Released
from qms.jobs.session import WorkSession
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
    draft what the next revision follows.
    """
    number = document.number
    last = entry or session.effects.newest(number)
    if last is None:
        return ()
    counted = {one.revision.content: one.filing for one in session.effects.line(number).stages}
    line = [last]
    for filings in session.register.lineage(number).behind(last):
        slots = line[-1].document.signed()
        after = (one for slot in slots for one in slot.after)
        named = first_named(
            filings, after
        )  # what came later doesn't change what was printed before
        line.append(named or counted.get(filings[0].document.content) or filings[0])
    return tuple(
        Amended(
            revision=one.document.revision,
            day=one.published,
            summary=one.document.summary or "",
            prepared_by=_signers(one.document, ("prepare",)),
            approved_by=_signers(one.document, ("approve",)),
            change=one.document.change or "",
        )
        for one in reversed(line)
    )


def _signers(document: Document, acts: Iterable[str]) -> str:
    names = [s.name for s in document.signed() if s.act in acts]
    return "、".join(names)
