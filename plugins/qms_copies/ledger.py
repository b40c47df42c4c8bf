"""All copies of a document, as the register has them: what rules and commands look at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from qms.api import Event, Log, Policy, Register, Released, Slot
from qms_copies.life import Life, in_order, life
from qms_copies.schemes import twin_of


class Copy(NamedTuple):
    """One copy of one revision: where its log lies, its events, and what it is now."""

    path: str
    events: tuple[Event, ...]
    life: Life

    @property
    def log(self) -> Log:
        """Its head: number, revision, copy number."""
        return self.events[-1].log

    def issues(self) -> tuple[Slot, ...]:
        """The events that issued it, the latest last."""
        ordered = in_order(tuple(event.slot for event in self.events))
        return tuple(slot for slot in ordered if slot.act == "issue")


def copies_of_revision(register: Register, number: str, revision: str) -> tuple[Copy, ...]:
    """The copies of a revision, by copy number."""
    found = (
        Copy(path, events, life((event.slot for event in events), register.day))
        for path, events in register.copies(number, revision).items()
        if events
    )
    return tuple(sorted(found, key=lambda copy: (len(copy.log.copy), copy.log.copy)))


def copies_of(register: Register, number: str) -> tuple[Copy, ...]:
    """The copies of all revisions of a number, older revisions first."""
    revisions = dict.fromkeys(e.document.revision for e in register.released(number))
    return tuple(c for r in revisions for c in copies_of_revision(register, number, r))


def losses(copies: Iterable[Copy]) -> Mapping[str, Copy]:
    """The copies that were declared lost, by the form-free key of their number (`twin_of`).

    Their numbers are void for ever, in every revision of the document (DC-11).
    """
    found: dict[str, Copy] = {}
    for copy in copies:
        if copy.life.loss is not None:
            found.setdefault(twin_of(copy.log.copy), copy)
    return found


def void_values(lost: Copy, copy: str, revision: str, free: str) -> dict[str, str]:
    """What is told of a copy that bears the number of a lost one; `free` is the next number."""
    return {
        "number": lost.log.number,
        "revision": revision,
        "copy": copy,
        "lost": lost.log.revision,
        "day": "-" if lost.life.lost_on is None else str(lost.life.lost_on),
        "next": free,
    }


class Line(NamedTuple):
    """The revisions of a number: all that are recorded, and of these what has effect.

    Only what has effect takes another's place; what was displaced, is contested or void, never.
    """

    recorded: Sequence[Released]
    effective: Sequence[Released]

    def successors(self, revision: str) -> Iterator[Released]:
        """Revisions with effect that follow `revision`, directly or through others."""
        names = {revision}
        for entry in self.recorded:
            if entry.base in names:
                names.add(entry.document.revision)
        names.discard(revision)
        return (entry for entry in self.effective if entry.document.revision in names)

    def superseded_by(self, revision: str, day: date) -> Released | None:
        """The first revision after `revision` that was in force on `day`, or None."""
        found = [entry for entry in self.successors(revision) if entry.effective <= day]
        return min(found, key=lambda entry: entry.effective, default=None)


def cited_policy(register: Register, event: Slot) -> Policy | None:
    """The policy that an event was signed under."""
    cited = event.signed.policy if event.signed is not None else None
    entry = register.policy(cited) if cited is not None else None
    return None if entry is None else entry.policy
