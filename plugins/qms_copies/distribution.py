"""What commands are to write: from what somebody asked for to the events that say so.

Pure: each function gets a register and a policy and gives events, or refuses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qms.api import (
    HEAD_OF,
    MEMBER_OF,
    NewEvent,
    Person,
    Policy,
    Register,
    Released,
    Session,
    refused,
)
from qms_copies.holders import Holder, belongs
from qms_copies.ledger import Copy, copies_of, copies_of_revision, superseded_by
from qms_copies.life import CopyState
from qms_copies.schemes import copy_scheme, issuers, recognised

NEWEST: Final = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be issued: to whom, where it will lie, how many sheets of one number."""

    holders: tuple[Holder, ...]
    copy: str | None = None
    place: str | None = None
    quantity: int = 1


def revision_to_issue(session: Session, number: str, revision: str | None) -> Released:
    """The released revision that is asked for; the newest, in force or to be, where none is.

    Raises `Refused` ISSUE-NOTHING.
    """
    if revision is None:
        found = session.in_force(number, NEWEST)
    else:
        found = session.register.revision(number, revision)
    if found is None:
        raise refused("ISSUE-NOTHING", number=number, revision=revision or "-")
    return found


def issuing_role(policy: Policy, class_id: str, person: Person, day: date, act: str) -> str:
    """The role in which `person` may issue and take back; raises `Refused` COPY-RIGHT."""
    roles = issuers(policy, class_id)
    for role in roles:
        if person.id in policy.holders(role, day):
            return role
    holders = dict.fromkeys(one for role in roles for one in policy.holders(role, day))
    values = {"person": person.id, "act": act, "class": class_id}
    raise refused("COPY-RIGHT", **values, roles=", ".join(roles), holders=", ".join(holders) or "-")


def receiving_role(
    policy: Policy, class_id: str, person: Person, holder: Holder, day: date
) -> str | None:
    """The role in which `person` signs for a copy of `holder`: its own side before the issuer's.

    None for the holder in person, and for a keeper who is in no role of the department. Raises
    `Refused` COPY-RIGHT.
    """
    if person.id == holder.name:
        return None
    if belongs(policy, person.id, holder):
        for prefix in (HEAD_OF, MEMBER_OF):
            role = f"{prefix}{holder.department}"
            if person.id in policy.holders(role, day):
                return role
        return None
    return issuing_role(policy, class_id, person, day, "receive")


def issues(
    register: Register, policy: Policy, entry: Released, role: str, order: Order
) -> tuple[NewEvent, ...]:
    """One issue for each holder, each under the number that the class's scheme gives."""
    document = entry.document
    scheme = copy_scheme(policy, document.class_id)
    copies = copies_of(register, document.number)
    used = {copy.log.copy for copy in copies}
    busy = {
        copy.log.copy
        for copy in copies
        if copy.log.revision == document.revision
        and (copy.life.is_out or copy.life.state is CopyState.REPLACED)
    }
    events: list[NewEvent] = []
    for holder in order.holders:
        kept = numbers_of(holder, copies) - busy
        number = scheme.typed(order.copy) if order.copy else scheme.allocate(holder, kept, used)
        used.add(number)
        busy.add(number)
        events.append(_issue(entry, role, number, holder, order))
    return tuple(events)


def numbers_of(holder: Holder, copies: Iterable[Copy]) -> set[str]:
    """Copy numbers that were last with `holder`, over all revisions; void ones are not."""
    last: dict[str, Copy] = {copy.log.copy: copy for copy in copies}
    return {
        number
        for number, copy in last.items()
        if copy.life.holder == holder and copy.life.state is not CopyState.REPLACED
    }


def _issue(entry: Released, role: str, copy: str, holder: Holder, order: Order) -> NewEvent:
    document = entry.document
    return NewEvent(
        number=document.number,
        revision=document.revision,
        copy=copy,
        act="issue",
        role=role,
        data={
            "content": document.content,
            "department": holder.department,
            "holder": holder.name,
            "place": order.place,
            "quantity": order.quantity,
        },
    )


def replacement(
    register: Register, policy: Policy, lost: Copy, role: str, reason: str
) -> tuple[NewEvent, NewEvent]:
    """DC-11: the lost number is void; its holder gets the revision under a new number."""
    entry = register.revision(lost.log.number, lost.log.revision)
    holder = lost.life.holder
    if entry is None or holder is None:
        raise refused("ISSUE-NOTHING", number=lost.log.number, revision=lost.log.revision)
    used = [copy.log.copy for copy in copies_of(register, lost.log.number)]
    new = copy_scheme(policy, entry.document.class_id).allocate(holder, (), used)
    if new == lost.log.copy:
        raise refused("COPY-CODE", holder=str(holder))
    order = Order(holders=(holder,), place=lost.life.place)
    void = event_on(lost, "replace", role, {"by": new}, reason)
    return void, _issue(entry, role, new, holder, order)


def event_on(
    copy: Copy, act: str, role: str | None, data: dict[str, str], reason: str | None = None
) -> NewEvent:
    """An event in the life of a copy that is out."""
    log = copy.log
    return NewEvent(
        number=log.number,
        revision=log.revision,
        copy=log.copy,
        act=act,
        role=role,
        data=data,
        reason=reason,
    )


def find_copy(register: Register, number: str, copy: str, revision: str | None, act: str) -> Copy:
    """The one copy that somebody means: ``1`` is ``001``.

    A holder's number may be out of two revisions while they are exchanged: then what waits for
    this act is meant (issued ones wait for receipt, recalled ones for return), if that is one.
    Raises `Refused` COPY-NOT-OUT, COPY-WHICH.
    """
    copies = _copies(register, number, revision)
    out = [one for one in copies if one.life.is_out]
    copy = recognised(copy, (one.log.copy for one in out))
    named = [one for one in out if one.log.copy == copy]
    if not named:
        listed = ", ".join(f"{one.log.copy} ({one.log.revision})" for one in out)
        raise refused("COPY-NOT-OUT", number=number, copy=copy, act=act, out=listed or "-")
    waiting = [one for one in named if _waits(one, act)]
    if len(named) > 1 and len(waiting) == 1:
        named = waiting
    if len(named) > 1:
        revisions = [one.log.revision for one in named]
        listed = ", ".join(revisions)
        raise refused("COPY-WHICH", number=number, copy=copy, revisions=listed, first=revisions[0])
    return named[0]


def copies_to_recall(
    register: Register, number: str, revision: str | None, today: date
) -> tuple[Copy, ...]:
    """All copies that are out and not recalled yet: of a revision, or of all superseded ones.

    Without a revision the one in force is never meant. Raises `Refused` RECALL-NOTHING.
    """
    entries = register.released(number)
    found = tuple(
        copy
        for copy in _copies(register, number, revision)
        if copy.life.is_out
        and copy.life.state is not CopyState.RECALLED
        and (revision is not None or superseded_by(entries, copy.log.revision, today))
    )
    if not found:
        raise refused("RECALL-NOTHING", number=number)
    return found


def _copies(register: Register, number: str, revision: str | None) -> Sequence[Copy]:
    if revision is None:
        return copies_of(register, number)
    return copies_of_revision(register, number, revision)


def _waits(copy: Copy, act: str) -> bool:
    if act == "receive":
        return copy.life.state is CopyState.ISSUED
    is_recalled = copy.life.state is CopyState.RECALLED
    return is_recalled if act in ("return", "replace") else not is_recalled
