"""Rulings that are begun and not complete: what they say, whom they wait for, how one joins."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qms.domain.kinds.chain import Chain, ChainStep
from qms.domain.kinds.distinct_persons import lacking
from qms.domain.kinds.log import ACTS
from qms.domain.library.verdicts import Counted, takes_last
from qms.domain.register.behind import Behind
from qms.domain.register.register import Event, Released
from qms.domain.register.rulings import (
    SETTLE,
    Verdicts,
    barred,
    documents_of,
    meant_by,
    proposals,
    ruling_chain,
)
from qms.findings import ShellText, refused
from qms.formats.canonical_json import Json
from qms.jobs.sessions.entry_names import short
from qms.jobs.sessions.work_session import WorkSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a ruling says, or would say, and what of it is signed already.

    `beside` is the digest of the text beside which it lies.
    """

    number: str
    act: str
    data: Mapping[str, Json]
    reason: str
    beside: str
    events: tuple[Event, ...] = ()

    @property
    def named(self) -> Verdicts:
        """The entries that it is about."""
        return meant_by(self.act, self.data)

    def command(self, session: WorkSession, *, reason: bool = False) -> ShellText:
        """What somebody types to sign it; with its `reason` where several say the same."""
        words = ["qms", self.act, self.number]
        meant = self.named
        if self.act == SETTLE and meant.stands is None:
            words.append("--none")
        elif meant.stands is not None:
            words += ["--stands"] if self.act == SETTLE else []
            words.append(short(session, self.number, meant.stands))
        else:
            words.append(short(session, self.number, meant.annulled[0]))
        if reason:
            words += ["--reason", self.reason]
        return ShellText(shlex.join(words))


def open_proposals(session: WorkSession, number: str) -> tuple[Proposal, ...]:
    """The rulings about a number that wait for somebody.

    What was decided without them is no longer open; nor is what holds under no policy any more.
    """
    rulings = session.effects.standing.rulings(number)
    complete = {one for ruling in rulings for one in ruling.ids}
    events = tuple(session.register.of_number(ACTS, number))
    behind = Behind(event.slot for event in events)
    found: list[Proposal] = []
    for group in proposals(events):
        held = tuple(event for event in group if session.effects.void_event(event) is None)
        if not held or complete & {event.slot.id for event in held}:
            continue
        one = _proposal(number, held)
        decided = [ruling for ruling in rulings if ruling.named.ids & one.named.ids]
        seen = 0
        for event in held:
            seen |= behind.before(event.slot)
        if all(behind.of(ruling.ids) & seen for ruling in decided):
            found.append(one)
    return tuple(found)


def _proposal(number: str, events: Sequence[Event]) -> Proposal:
    first = events[0].slot
    if first.base is None:
        raise TypeError("a recorded act builds on a text")
    return Proposal(
        number=number,
        act=first.act,
        data=dict(first.data),
        reason=first.reason or "",
        beside=first.base.content,
        events=tuple(events),
    )


@dataclass(frozen=True, slots=True)
class Signers:
    """Who may sign a proposal, and who has."""

    chain: Chain
    signed: Mapping[str, frozenset[str]]
    barred: frozenset[str]
    last: tuple[str, ...]
    """The last that each of them signed of it at each step: what the next one comes after."""

    @property
    def waiting(self) -> tuple[str, ...]:
        """Everybody who may sign now: those to whom `todo` shows it."""
        seated = (person for step in self.chain.open(self.signed) for person in step.persons)
        return tuple(one for one in dict.fromkeys(seated) if self.step(one) is not None)

    def is_free(self, person: str, step: ChainStep) -> bool:
        """Whether somebody has a part left in a step: nobody has two, or judges the own text."""
        return person not in self.barred and not self.steps(person, step)

    def steps(self, person: str, besides: ChainStep) -> tuple[str, ...]:
        """The steps that count as this person's, so that `besides` can't."""
        mine = {at for at, persons in self.signed.items() if person in persons}
        both = {*map(int, mine), besides.number}
        return () if len(both) > 1 and takes_last(self.chain, both) else tuple(sorted(mine))

    def step(self, person: str) -> ChainStep | None:
        """The step that is open for somebody, or None; nobody is asked who is needed later."""
        opened = (step for step in self.chain.open(self.signed) if step.seat(person) is not None)
        return next((step for step in opened if person in self._asked(step)), None)

    def _asked(self, step: ChainStep) -> tuple[str, ...]:
        free = tuple(one for one in step.persons if self.is_free(one, step))
        return tuple(one for one in free if self._leads_on(one, step)) or free

    def _leads_on(self, person: str, step: ChainStep) -> bool:
        """Whether the chain can still be filled by others once somebody has signed a step."""
        number = str(step.number)
        added = {**self.signed, number: self.signed.get(number, frozenset()) | {person}}
        able = self.chain._replace(
            steps=tuple(
                one._replace(seats=tuple(s for s in one.seats if s.person not in self.barred))
                for one in self.chain.steps
            )
        )
        return lacking(able, added, lambda numbers: takes_last(able, numbers)) is None


def signers(session: WorkSession, one: Proposal) -> Signers:
    """Who may sign a proposal under the policy in force. Raises `Refused` without a chain."""
    judge, policy, register = session.effects.judge, session.policy, session.register
    documents = documents_of(judge, register, one.number, one.named, one.beside)
    behind = Behind(event.slot for event in register.of_number(ACTS, one.number))
    laid = sorted((event.slot for event in one.events), key=lambda slot: behind.count(slot.id))
    kept_out = barred(register, one.number, one.named, policy)
    laid = [slot for slot in laid if slot.person not in kept_out]
    chain = ruling_chain(judge, register, documents, policy, one.act, laid)
    counted = Counted(laid, chain, behind)
    signed = counted.signed(behind.of(slot.id for slot in laid))
    gone = {one for step in chain.steps for one in step.persons if not policy.may_sign(one)}
    return Signers(chain, _counted(chain, signed), kept_out | gone, counted.last)


def _counted(chain: Chain, signed: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """Who signed each step, everybody in the first of theirs alone."""
    counted: dict[str, set[str]] = {}
    for step, persons in sorted(signed.items(), key=lambda one: int(one[0])):
        for person in persons:
            mine = {int(at) for at, others in counted.items() if person in others} | {int(step)}
            if len(mine) == 1 or takes_last(chain, mine):
                counted.setdefault(step, set()).add(person)
    return {step: frozenset(persons) for step, persons in counted.items()}


def my_step(session: WorkSession, one: Proposal) -> tuple[ChainStep, Signers]:
    """The step of a proposal that I may sign.

    Raises `Refused` SELF-APPROVAL, SAME-PERSON, RULING-NOT-YOURS, with who is waited for.
    """
    found, me = signers(session, one), session.me.id
    mine = found.step(me)
    if mine is not None:
        return mine, found
    opened = [step for step in found.chain.open(found.signed) if step.seat(me) is not None]
    if opened and me in found.barred:
        raise refused("SELF-APPROVAL", person=me)
    for step in opened:
        if str(step.number) not in found.steps(me, step):
            raise refused("SAME-PERSON", person=me,
                          steps=", ".join((*found.steps(me, step), str(step.number))))  # fmt: skip
    names = (session.policy.printed_name(one, session.language) for one in found.waiting)
    raise refused("RULING-NOT-YOURS", number=one.number, act=one.act,
                  waiting=", ".join(names) or "-",
                  person=session.policy.printed_name(me, session.language),
                  command=one.command(session, reason=True))  # fmt: skip


def undecided(session: WorkSession, number: str) -> Iterator[tuple[Released, ...]]:
    """What claims one place and nothing tells apart: at each fork, and where rulings disagree."""
    for fork in session.effects.line(number).forks:
        if fork.stands is None:
            yield tuple(entry for one in fork.branches for entry in one.filings)
    disputed = session.effects.standing.disputed(number)
    if disputed:
        yield disputed
