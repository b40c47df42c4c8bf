"""The rulings that wait for people: to be joined, to be begun, and forks that they may settle."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from qms.domain.kinds.act import core_act
from qms.domain.kinds.kind import COPY
from qms.domain.kinds.log import ACTS
from qms.domain.library.library import Library
from qms.domain.register.rulings import SETTLE
from qms.findings import Refused
from qms.hook_values import Task
from qms.jobs.rulings.proposals import Proposal, Signers, open_proposals, signers, undecided
from qms.jobs.rulings.to_begin import to_begin, undecided_entries
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import EN, ZH, Text

if TYPE_CHECKING:
    from qms.formats.canonical_json import Json

_SETTLE: Final = Text("裁定以哪一个为准", "settle which stands")


def rulings_waiting(session: WorkSession, persons: Sequence[str]) -> Iterator[tuple[str, Task]]:
    """The open rulings that `persons` may sign now, and those that they may begin, each by whom."""
    asked = session.library.told("rulings", _is_ruled_or_should_be)
    for number in [number for number, is_asked in asked if is_asked]:
        for one, task in _of_number(session, number):
            signing = _signers(session, one)
            yield from ((p, task) for p in persons if signing and signing.step(p) is not None)


def to_join(session: WorkSession, number: str) -> tuple[Proposal, ...]:
    """The open rulings about a number that would still decide something: rows ask to sign them."""
    found = open_proposals(session, number)
    return tuple(one for one in found if not _is_overtaken(session, one))


def _of_number(session: WorkSession, number: str) -> Iterator[tuple[Proposal, Task]]:
    """What is open, or may be begun, of a number, whoever signs it."""
    waiting = open_proposals(session, number)
    for one in to_join(session, number):
        several = sum(dict(other.data) == dict(one.data) for other in waiting) > 1
        command = one.command(session, reason=several)
        since = max(event.slot.time for event in one.events)
        yield one, _task(session, one, command, _what(one, f"“{one.reason}”"), since)
    begun = {entry for one in waiting for entry in one.named.ids}
    for one, what, since in to_begin(session, number):
        if not one.named.ids & begun:
            yield one, _task(session, one, f"{one.command(session)} --reason …", what, since)
    if all(one.act != SETTLE or _is_overtaken(session, one) for one in waiting):
        for one, since in _choices(session, number):
            yield one, _task(session, one, f"{one.command(session)} --reason …", _SETTLE, since)


def _is_ruled_or_should_be(library: Library, number: str) -> bool:
    """Whether anybody ruled on a number, or may have to: most have neither."""
    acts, effects = library.register.of_number(ACTS, number), library.effects
    return (
        next(acts, None) is not None
        or bool(effects.line(number).forks)
        or next(undecided_entries(effects, number), None) is not None
    )


def _signers(session: WorkSession, one: Proposal) -> Signers | None:
    try:
        return signers(session, one)
    except Refused:
        return None  # a class without a chain is told where its texts are judged


def _is_overtaken(session: WorkSession, one: Proposal) -> bool:
    """Whether what an open ruling would decide is so by now, without it.

    Then it changes nothing, and nobody is asked to sign it. An open ruling against what is so
    still would: it waits until its entries are ruled on in another way. What has no effect until
    somebody rules on that very entry is not decided by having none.
    """
    waiting = {entry.id for entry in undecided_entries(session.effects, one.number)}
    if one.act != SETTLE and one.named.ids & waiting:
        return False
    standing, released = session.effects.standing, session.register.released(one.number)
    known = {entry.filing.id: entry for entry in released}
    effective = session.library.effective(one.number)
    if any(standing.is_disputed(one.number, entry) for entry in one.named.ids):
        return False
    if one.named.stands in known and known[one.named.stands] not in effective:
        return False
    if any(
        event.slot.id == one.named.stands and session.effects.void_event(event) is not None
        for event in session.register.of_number(COPY, one.number)
    ):
        return False
    binding = {
        reject.slot.id for entry in released for reject, _ in standing.missing_rejects(entry)
    }
    for entry in one.named.annulled:
        if entry in known:
            is_out = not standing.has_effect(known[entry])
        elif one.act == SETTLE:
            is_out = entry not in binding
        else:
            is_out = standing.verdict(one.number, entry) is False
        if not is_out:
            return False
    return True


def _choices(session: WorkSession, number: str) -> Iterator[tuple[Proposal, datetime]]:
    """The settlements that would end what is undecided: one for each entry that may stand.

    Each with since when it is undecided.
    """
    for entries in undecided(session, number):
        since = max(entry.filing.time for entry in entries)
        for entry in entries:
            others = sorted(one.filing.id for one in entries if one is not entry)
            data: dict[str, Json] = {"annulled": list(others), "stands": entry.filing.id}
            yield Proposal(number=number, act=SETTLE, data=data, reason="",
                           beside=entry.document.content), since  # fmt: skip


def _what(one: Proposal, why: str) -> Text:
    act = core_act(one.act)
    what = _SETTLE if one.act == SETTLE else Text(act.called(ZH), act.called(EN))
    return Text(f"{what.of(ZH)}{why}", f"{what.of(EN)} {why}")


def _task(session: WorkSession, one: Proposal, command: str, what: Text, since: datetime) -> Task:
    document = session.register.filings(one.number, one.beside)[0].document
    return Task(one.number, document.revision, document.title, what, since, command)
