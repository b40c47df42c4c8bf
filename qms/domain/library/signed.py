"""Everything signed about a number, in the order of time: revisions, rounds, rulings, copies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from qms.domain.kinds.document import Document
from qms.domain.kinds.log import ACTS, REJECTS
from qms.domain.library.library import Library
from qms.domain.register.register import Event
from qms.formats.slots import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Somebody signed something: a step of a revision, or an event in a copy's life."""

    number: str
    revision: str
    copy: str | None
    slot: Statement
    commit: str = ""
    is_attested: bool = False
    """Whether the revision is legacy: what is signed is what a paper of before says."""
    has_effect: bool = True
    """Whether an event in a copy's life counts: no ruling, time or later policy ended it."""


def signatures(library: Library, number: str) -> tuple[Signed, ...]:
    """Everything signed about a number, in the order of time.

    Rulings and rejections too, whichever text lacks them. Of a revision not yet released what
    stands in its working text. Each signature once, in however many files it stands.
    """
    register = library.register
    found: list[Signed] = []
    for entry in register.released(number):
        found += _slots(entry.document, entry.commit)
        for events in register.copies(*entry.document.key).values():
            found += [
                replace(_event(event), has_effect=library.no_effect(event) is None)
                for event in events
            ]
    found += [_event(event) for event in register.of_number(ACTS, number)]
    text = library.open_text(number)
    if text is not None:
        found += _slots(text, "")
    for events in register.lists(REJECTS, number).values():
        found += [_event(event) for event in events]
    return in_time(found)


def in_time(found: Sequence[Signed]) -> tuple[Signed, ...]:
    """Signatures in the order of time, each once."""
    once = {one.slot.id: one for one in reversed(found)}.values()
    return tuple(
        sorted(once, key=lambda one: (_moment(one.slot)[0], one.copy or "", _moment(one.slot)))
    )


def _moment(slot: Statement) -> tuple[datetime, int]:
    return slot.time, int(slot.step) if slot.step.isdecimal() else 0


def _slots(document: Document, commit: str) -> Iterator[Signed]:
    for slot in document.statements:
        subject = slot.subject
        yield Signed(
            number=subject.number or document.number,
            revision=subject.revision or document.revision,
            copy=None,
            slot=slot,
            commit=commit,
            is_attested=document.legacy is not None,
        )


def _event(event: Event) -> Signed:
    log, named = event.log, event.slot.subject.revision
    return Signed(
        number=log.number,
        revision=log.revision or named or "",
        copy=log.copy or None,
        slot=event.slot,
        commit=event.commit,
    )
