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
    recognised,
    refused,
    shell_word,
    twin_of,
)
from qms_copies.allocation import next_number
from qms_copies.holders import Holder, belongs
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
    effect, with the next one.
    """
    document = entry.document
    scheme = copy_scheme(policy, document.class_id)
    copies = ledger.copies_of(document.number)
    events: list[NewEvent] = []
    given: list[str] = []
    for holder in order.holders:
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
    )


def find_copy(ledger: Ledger, number: str, copy: str, revision: str | None, act: str) -> Copy:
    """The one copy that somebody means: ``1`` is ``001``.

    A holder's number may be out of two revisions while they are exchanged: then what waits for
    this act is meant (issued ones wait for receipt, recalled ones for return), if that is one.
    Raises `Refused` COPY-NOT-OUT, COPY-WHICH, and as `settled`.
    """
    named = copies_out(ledger, number, copy, revision, act)
    if len(named) > 1:
        waiting = [one for one in named if _waits(one, act)]
        named = waiting if len(waiting) == 1 else named
    if len(named) > 1:
        revisions = [one.log.revision for one in named]
        values = {"copy": named[0].log.copy, "revisions": ", ".join(revisions)}
        raise refused("COPY-WHICH", number=number, **values, first=revisions[0])
    return settled(named[0])


def settled(copy: Copy) -> Copy:
    """The copy, where something can be signed about it: else what is to be decided first.

    Raises `Refused` with why an event of it has no effect, such as STALE-POLICY.
    """
    if copy.undecided is not None:
        raise Refused(copy.undecided.fault)
    return copy


def copies_out(
    ledger: Ledger, number: str, copy: str, revision: str | None, act: str
) -> list[Copy]:
    """All copies of that number that are out, older revisions first.

    Raises `Refused` COPY-NOT-OUT, or with why an event has no effect where that is why none is.
    """
    known = _copies(ledger, number, revision)
    out = [one for one in known if one.life.is_out]
    open_ones = [one for one in known if one.life.is_out or one.unsettled is not None]
    meant = recognised(copy, (one.log.copy for one in open_ones))
    named = [one for one in out if one.log.copy == meant]
    if not named:
        for one in open_ones:
            if one.log.copy == meant and one.unsettled is not None:
                raise Refused(one.unsettled.fault)
        listed = ", ".join(f"{one.log.copy} ({one.log.revision})" for one in out)
        raise refused("COPY-NOT-OUT", number=number, copy=meant, act=act, out=listed or "-")
    return named


def copies_to_recall(
    ledger: Ledger,
    number: str,
    revision: str | None,
    today: date,
    effective: Sequence[Released],
) -> tuple[Copy, ...]:
    """All copies that are out and not recalled yet: of a revision, or of all that are over.

    Without a revision the one in force is never meant. `effective` are the revisions that have
    effect. Raises `Refused` RECALL-NOTHING, and as `settled`.
    """
    line = RevisionLine(ledger.register.released(number), effective)
    found = tuple(
        copy
        for copy in _copies(ledger, number, revision)
        if copy.life.is_out
        and copy.life.state is not CopyState.RECALLED
        and (revision is not None or line.is_over(copy.log.revision, copy.content, today))
    )
    if not found:
        raise refused("RECALL-NOTHING", number=number)
    return tuple(map(settled, found))


def _copies(ledger: Ledger, number: str, revision: str | None) -> Sequence[Copy]:
    if revision is None:
        return ledger.copies_of(number)
    return ledger.copies_of_revision(number, revision)


def _waits(copy: Copy, act: str) -> bool:
    if act == "receive":
        return copy.life.state is CopyState.ISSUED
    is_recalled = copy.life.state is CopyState.RECALLED
    return is_recalled if act in ("return", "replace") else not is_recalled
