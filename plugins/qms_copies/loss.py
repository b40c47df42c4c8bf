"""A paper in exchange for one that is lost, or that bears a number with another (DC-11, DC-27).

The number of a lost one is void for ever. Pure, as `distribution`: from what somebody has to the
events that say what they get for it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qms.api import CONDITIONS, NewEvent, Policy, Released, refused, shell_word, twin_of
from qms_copies.allocation import next_number
from qms_copies.distribution import event_on, issue_of, revision_due
from qms_copies.holders import Holder
from qms_copies.ledger import Copy, Ledger
from qms_copies.schemes import copy_scheme
from qms_copies.which_copy import is_doubled, settled


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
        whole = copy.whole
        if len({one.life.holder for one in whole.each()}) > 1:
            raise is_doubled(whole)
        others = (other for other in found if other.path != copy.path)
        also = next(others, copy)
        raise refused("COPY-ALSO-OUT", number=number, copy=log.copy, revision=also.log.revision,
                      holder=shell_word(str(also.life.holder)), lost=log.revision)  # fmt: skip
    return tuple(map(settled, found))


def replacement(
    ledger: Ledger,
    policy: Policy,
    loss: Loss,
    in_force: Released | None,
    effective: Sequence[Released],
) -> tuple[NewEvent, ...]:
    """The loss of each paper, and what its holder gets for it: the revision as `revision_due`.

    Nothing is issued to a holder who has that already. Raises `Refused` as that.
    """
    last = loss.copies[-1]
    number, holder = last.log.number, last.life.holder
    if holder is None:
        raise refused("ISSUE-NOTHING", number=number, revision=last.log.revision)
    copies = ledger.copies_of(number)
    entry = revision_due(ledger, last, in_force, effective)
    if entry.document.content != last.content:
        held = _held(copies, holder, entry.document.revision, loss.copies)
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


def own_number(  # noqa: PLR0913, PLR0917 - which paper, who exchanges it, and for what
    ledger: Ledger,
    policy: Policy,
    paper: Copy,
    role: str,
    in_force: Released | None,
    effective: Sequence[Released],
) -> tuple[NewEvent, NewEvent]:
    """The sheet of a paper comes back, and its holder gets one under a number of its own for it.

    Raises `Refused` COPY-SINGLE where nobody else has a paper with its number, and as
    `revision_due`.
    """
    number, log, holder = paper.log.number, paper.log, paper.life.holder
    copies = ledger.copies_of(number)
    papers = [one for copy in copies for one in copy.each() if one.life.is_out]
    bearing = [one for one in papers if twin_of(one.log.copy) == twin_of(log.copy)]
    if holder is None or len(bearing) == 1:
        raise refused("COPY-SINGLE", number=number, copy=log.copy, holder=str(holder or "-"))
    entry = revision_due(ledger, paper, in_force, effective)
    scheme, revision = copy_scheme(policy, entry.document.class_id), entry.document.revision
    new = next_number(scheme, copies, revision, holder, [log.copy])
    exchanged = event_on(paper, "return", role, {"state": CONDITIONS[0]}, f"{log.copy} → {new}")
    return exchanged, issue_of(entry, role, new, holder, paper.life.place)
