"""Rulings that nobody began yet and somebody must: of what has no effect until its chain decides.

A release or an event of a copy that a later policy doesn't take, or that its time speaks against; a
release that lacks a rejection which binds; a branch that gave way. Each is an error until then.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from qms.domain.kinds.kind import COPY
from qms.domain.library.effect import Effects
from qms.domain.register.rulings import ANNUL, RATIFY, SETTLE
from qms.findings import Finding, Reason
from qms.jobs.rulings.proposals import Proposal
from qms.jobs.sessions.entry_names import entries_of
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import EN, ZH, Text

if TYPE_CHECKING:
    from qms.formats.canonical_json import Json

_RATIFY: Final = Text("追认或作废：{}", "ratify or annul {}")
_ANNUL: Final = Text("裁定作废：{}", "annul {}")
_REJECTED: Final = Text("裁定退回：{}", "settle the rejection of {}")
_UPHELD: Final = Text("或退回成立：作废{}", "or uphold it: annul {}")


class ToBegin(NamedTuple):
    """A ruling that nobody began, and in words what it is about."""

    ruling: Proposal
    what: Text
    since: datetime


class _Entry(NamedTuple):
    """An entry that has no effect until somebody rules on it, beside which text, and how."""

    id: str
    beside: str
    act: str
    since: datetime
    over: tuple[str, ...] = ()
    """The rejections that are ruled out where it is to stand."""


def to_begin(session: WorkSession, number: str) -> Iterator[ToBegin]:
    """The rulings about a number that nobody began yet."""
    labels = {one.id: one.label for one in entries_of(session, number)}
    for one in undecided_entries(session.effects, number):
        data: dict[str, Json] = {"entry": one.id}
        what = _RATIFY if one.act == RATIFY else _ANNUL
        if one.act == SETTLE:
            data = {"annulled": [*sorted(one.over)], "stands": one.id}
            what = _REJECTED
        ways: list[tuple[str, dict[str, Json], Text]] = [(one.act, data, what)]
        if one.act == SETTLE:
            ways.append((ANNUL, {"entry": one.id}, _UPHELD))
        label = labels.get(one.id, number)
        for act, said, words in ways:
            ruling = Proposal(number=number, act=act, data=said, reason="", beside=one.beside)
            told = Text(words.of(ZH).format(label), words.of(EN).format(label))
            yield ToBegin(ruling, told, one.since)


def undecided_entries(effects: Effects, number: str) -> Iterator[_Entry]:
    """What of a number waits for a ruling, in the order in which it was recorded."""
    standing = effects.standing
    displaced = {
        told.filings[0].filing.id
        for fork in effects.line(number).forks
        if fork.stands is not None
        for one, told in zip(fork.branches, fork.told, strict=True)
        if one is not fork.stands
    }
    for entry in effects.register.released(number):
        beside, key = entry.document.content, entry.filing.id
        if standing.verdict(number, key) is not None:
            continue
        act, since = _act(effects.void(entry)), entry.filing.time
        if act is not None:
            yield _Entry(key, beside, act, since)
            continue
        over = tuple(event.slot.id for event in standing.binding_rejects(entry))
        if over:
            yield _Entry(key, beside, SETTLE, since, over)
        elif key in displaced:
            yield _Entry(key, beside, ANNUL, since)
    for event in effects.register.of_number(COPY, number):
        act, base = _act(effects.void_event(event)), event.slot.base
        if act is not None and base is not None:
            yield _Entry(event.slot.id, base.content, act, event.slot.time)


def _act(why: Finding | None) -> str | None:
    """What decides about an entry without effect: what a later policy doesn't take may stand."""
    if why is None:
        return None
    if why.reason is Reason.LATER_POLICY:
        return RATIFY
    return ANNUL if why.reason is Reason.UNTIMELY else None
