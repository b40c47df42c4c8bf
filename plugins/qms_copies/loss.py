"""A lost copy: its number is void for ever, its holder gets the document under a new one (DC-11).

Pure, as `distribution`: from what is lost to the events that say so.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qms.api import NewEvent, Policy, Released, refused, twin_of
from qms_copies.allocation import next_number
from qms_copies.distribution import event_on, issue_of, settled
from qms_copies.holders import Holder
from qms_copies.ledger import Copy, Ledger, RevisionLine
from qms_copies.schemes import copy_scheme


class Loss(NamedTuple):
    """What is lost, and who says so: all papers that bear one number."""

    copies: tuple[Copy, ...]
    role: str
    reason: str

    def events(self, new: str) -> Iterator[NewEvent]:
        """One statement for each paper, also where two bear one number: equal ones would be one."""
        for copy in self.copies:
            for paper in range(1, copy.life.papers + 1):
                why = self.reason if paper == 1 else f"{self.reason} ({paper})"
                yield event_on(copy, "replace", self.role, {"by": new}, why)


def lost_with(ledger: Ledger, copy: Copy, *, everything: bool) -> tuple[Copy, ...]:
    """All copies that are lost with `copy`: with `everything`, each that bears its number.

    A void number may be with nobody, in no revision. Raises `Refused` COPY-ALSO-OUT where another
    paper bears it and is not said to be lost; else as `settled`.
    """
    number, log = copy.log.number, copy.log
    found = tuple(
        other
        for other in ledger.copies_of(number)
        if other.life.is_out and twin_of(other.log.copy) == twin_of(log.copy)
    )
    papers = sum(other.life.papers for other in found)
    if papers > 1 and not everything:
        others = (other for other in found if other.path != copy.path)
        also = next(others, copy).log.revision
        raise refused("COPY-ALSO-OUT", number=number, copy=log.copy, revision=also)
    return tuple(map(settled, found))


def replacement(
    ledger: Ledger,
    policy: Policy,
    loss: Loss,
    in_force: Released | None,
    effective: Sequence[Released],
) -> tuple[NewEvent, ...]:
    """The loss of each paper, and what its holder gets for it.

    That is the revision itself, or the one in force where that has taken its place, or its own has
    no effect: one of the `effective` ones. Nothing is issued to a holder who has that already.
    Raises `Refused` ISSUE-VOID where nothing is in force that could be issued in its place.
    """
    last = loss.copies[-1]
    number, holder = last.log.number, last.life.holder
    entry = ledger.register.revision(number, last.log.revision)
    if entry is None or holder is None:
        raise refused("ISSUE-NOTHING", number=number, revision=last.log.revision)
    copies = ledger.copies_of(number)
    line = RevisionLine(ledger.register.released(number), effective)
    is_void = not line.has_effect(last.content)
    if is_void and in_force is None:
        raise refused("ISSUE-VOID", number=number, revision=last.log.revision)
    if in_force is not None and (is_void or in_force in line.successors(last.log.revision)):
        entry = in_force
        held = _held(copies, holder, in_force.document.revision, loss.copies)
        if held is not None:
            return tuple(loss.events(held))
    scheme, revision = copy_scheme(policy, entry.document.class_id), entry.document.revision
    new = next_number(scheme, copies, revision, holder, [last.log.copy])
    return (*loss.events(new), issue_of(entry, loss.role, new, holder, last.life.place))


def _held(
    copies: Sequence[Copy], holder: Holder, revision: str, lost: Sequence[Copy]
) -> str | None:
    """The number under which a holder has a revision, besides what is lost."""
    for copy in copies:
        is_theirs = copy.log.revision == revision and copy.life.holder == holder
        if is_theirs and copy.life.is_out and copy not in lost:
            return copy.log.copy
    return None
