"""What commands are to write: from what somebody asked for to the events that say so.

Pure: each function gets the ledger of copies and a policy and gives events, or refuses.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from qms.api import (
    HEAD_OF,
    MEMBER_OF,
    NewEvent,
    Person,
    Policy,
    Refused,
    Released,
    Session,
    refused,
    shell_word,
    twin_of,
)
from qms_copies.allocation import next_number
from qms_copies.holders import Holder, belongs, refuse_left
from qms_copies.ledger import Copy, Ledger, RevisionLine, losses, used_up, void_values
from qms_copies.life import CopyState, fact
from qms_copies.schemes import copy_scheme, issuers
from qms_copies.told import digits_of

NEWEST: Final = date.max


class Order(NamedTuple):
    """What is to be issued: one paper for each holder that is named, and where they will lie."""

    holders: tuple[Holder, ...]
    copy: str | None = None
    place: str | None = None


def revision_to_issue(session: Session, number: str, revision: str | None) -> Released:
    """The released revision that is asked for; the newest, in force or to be, where none is.

    Raises `Refused` ISSUE-NOTHING; ISSUE-VOID for one that has no effect.
    """
    if revision is None:
        found = session.library.in_force(number, NEWEST)
    else:
        found = session.library.named(number, revision)
    if found is None:
        raise refused("ISSUE-NOTHING", number=number, revision=revision or "-")
    line = RevisionLine(session.register.released(number), session.library.effective(number))
    if not line.has_effect(found.document.content):
        raise refused("ISSUE-VOID", number=number, revision=found.document.revision)
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


def receiver(ledger: Ledger, policy: Policy, found: Copy, person: Person, day: date) -> str | None:
    """The role in which `person` signs for a copy that is out, as `receiving_role`.

    Raises `Refused` COPY-NOT-YOURS, with the copies of that number which wait for them;
    COPY-RECEIVED where somebody has signed for its paper.
    """
    role = _receiver(ledger, policy, found, person, day)
    taken = found.life.received
    if taken is not None:
        values = {"number": found.log.number, "revision": found.log.revision}
        raise refused(
            "COPY-RECEIVED",
            **values,
            copy=found.log.copy,
            by=fact(taken, "by") or "-",
            day=str(ledger.register.day(taken) or taken.at),
            entry=digits_of(taken),
        )
    return role


def _receiver(ledger: Ledger, policy: Policy, found: Copy, person: Person, day: date) -> str | None:
    holder = found.life.holder or Holder(None, None)
    try:
        return receiving_role(policy, found.log.class_id, person, holder, day)
    except Refused as error:
        number = found.log.number
        mine = [
            one.log.copy
            for one in ledger.copies_of(number)
            if one.life.holder is not None
            and one.life.state is CopyState.ISSUED
            and belongs(policy, person.id, one.life.holder)
        ]
        values = dict(error.finding.values) | {
            "number": number,
            "copy": found.log.copy,
            "holder": holder.name or holder.department or "-",
            "mine": ", ".join(
                f"`qms receive {shell_word(number)} {shell_word(one)}`" for one in mine
            )
            or "-",
        }
        raise refused("COPY-NOT-YOURS", **values) from error


def issues(
    ledger: Ledger, policy: Policy, entry: Released, role: str, order: Order
) -> tuple[NewEvent, ...]:
    """One paper for each holder of the order, each under a number of its own by the class's scheme.

    Raises `Refused` COPY-VOID for a number that was lost, COPY-USED for one of a paper without
    effect, with the next one; HOLDER-LEFT.
    """
    document = entry.document
    scheme = copy_scheme(policy, document.class_id)
    copies = ledger.copies_of(document.number)
    events: list[NewEvent] = []
    given: list[str] = []
    for holder in order.holders:
        refuse_left(policy, holder, document.number)
        number = next_number(scheme, copies, document.revision, holder, given)
        if order.copy is not None:
            asked = scheme.typed(order.copy)
            lost = losses(copies).get(twin_of(asked))
            if lost is not None:
                raise refused("COPY-VOID", **void_values(lost, asked, document.revision, number))
            used = used_up(copies).get(twin_of(asked))
            if used is not None:
                values = {"number": document.number, "revision": used.log.revision}
                raise refused("COPY-USED", **values, copy=asked, next=number)
            number = asked
        given.append(number)
        event = issue_of(entry, role, number, holder, order.place)
        key = document.revision, number
        before = next((one for one in copies if (one.log.revision, one.log.copy) == key), None)
        events.append(event if before is None else replace(event, needs=before.needed))
    return tuple(events)


def issue_of(entry: Released, role: str, copy: str, holder: Holder, place: str | None) -> NewEvent:
    """The issue of one paper."""
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
            "place": place,
            "quantity": 1,
        },
    )


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
        needs=copy.needed,
        alone=copy.alone,
    )


def revision_due(
    ledger: Ledger, copy: Copy, in_force: Released | None, effective: Sequence[Released]
) -> Released:
    """The revision that a holder gets in exchange for a paper.

    That is its own, or the one in force where that has taken its place, or its own has no effect:
    one of the `effective` ones. Raises `Refused` ISSUE-VOID where nothing is in force that could be
    issued in its place.
    """
    number, revision = copy.log.number, copy.log.revision
    entry = ledger.register.revision(number, revision)
    if entry is None:
        raise refused("ISSUE-NOTHING", number=number, revision=revision)
    line = RevisionLine(ledger.register.released(number), effective)
    is_void = not line.has_effect(copy.content)
    if in_force is not None and (is_void or in_force in line.successors(revision)):
        return in_force
    if is_void:
        raise refused("ISSUE-VOID", number=number, revision=revision)
    return entry
