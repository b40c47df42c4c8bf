"""Whoever signs, rejects or submits again, slots stay in order and the status is their echo."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from qms.domain.kinds.chain import Chain, ChainStep, Seat
from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import Document, parse_document
from qms.domain.kinds.policy import Floors
from qms.domain.register import next_slots as laying
from qms.domain.register.behind import Behind
from qms.findings import Refused
from qms.formats import slots
from qms.formats.digests import sha256
from qms.formats.slots import Notice, Slot, Statement, Tail, Wording
from qms.testing import key

CHAIN = Chain(
    (
        ChainStep(1, "prepare", 1, (Seat("sun.ba", "preparer"),)),
        ChainStep(2, "review", 2, (Seat("li.si", "head-of-quality"), Seat("qian.qi", "head"))),
        ChainStep(3, "approve", 1, (Seat("zhao.liu", "manager"), Seat("zhou.jiu", "manager"))),
        ChainStep(4, "publish", 1, (Seat("wang.wu", "document-controller"),)),
    )
)
DRAFT = parse_document(
    b"---\nnumber: LX-CX-2026-01\ntitle: a\nclass: procedure\nrevision: A/0\ncontrolled: true\n"
    b"owner: technical\nprepared_by: sun.ba\nstatus: draft\napprovals: []\n---\n"
)
PERSONS = sorted({seat.person for step in CHAIN.steps for seat in step.seats})
MINUTES = 60
RULE = Persons(CHAIN, Floors())


def signed(
    document: Document, step: ChainStep, person: str, act: str = "", *, turn: int
) -> Statement:
    seat = step.seat(person)
    count = len(document.statements)
    wording = Wording(
        act=act or step.act,
        step=str(step.number),
        role=None if seat is None else seat.role,
        person=person,
        at=f"2026-11-{20 + count // MINUTES:02}T09:{count % MINUTES:02}:00+08:00",
        repo=sha256(b"repo"),
        subject=document.subject,
        content=document.content,
        round=turn,
        name=person,
        key=key(person).public.fingerprint,
        meaning="signed",
        reason="no" if act else None,
        policy=sha256(b"policy"),
        seen="sha1:" + "0" * 40,
        after=laying.heads(document.slots),
    )
    return key(person).signed(wording)


class Review(RuleBasedStateMachine):
    """Submit, sign and reject in any order that the chain allows."""

    def __init__(self) -> None:
        super().__init__()
        self.document = DRAFT

    def keep(self, laid: Iterable[Slot]) -> None:
        listed = slots.in_order(laid)
        self.document = replace(self.document, slots=listed, status=laying.echo(CHAIN, listed))

    @precondition(lambda self: self.document.status != "published")
    @rule()
    def submit(self) -> None:
        kept = laying.kept_by_submit(self.document)
        bare = replace(self.document, slots=kept)
        one = signed(bare, CHAIN.steps[0], "sun.ba", turn=self.document.round + 1)
        self.keep([*kept, one, *laying.notices(RULE, [one])])

    @rule(person=st.sampled_from(PERSONS), rejects=st.booleans())
    def sign(self, person: str, rejects: bool) -> None:  # noqa: FBT001 - drawn, not passed
        document = self.document
        task = laying.task(RULE, document, person)
        if task is None or document.round == 0 or document.rejected() is not None:
            assert isinstance(laying.why_not(RULE, document, person, str), Refused)
            return
        act = "reject" if rejects else ""
        one = signed(document, task.step, person, act, turn=document.round)
        if rejects:
            self.keep(laying.with_signed(document.slots, one))
            return
        kept = document.statements
        notices = laying.notices(RULE, [*document.signed(), one])
        self.keep([*kept, one, *notices])

    @invariant()
    def slots_are_as_a_tail_has_them(self) -> None:
        listed = self.document.slots

        data = slots.render_tail(Tail(self.document.status, listed))

        assert slots.parse_tail(data).slots == listed

    @invariant()
    def the_status_echoes_the_last_round(self) -> None:
        done = {slot.person for slot in self.document.signed()}
        expected = "in-review"
        if self.document.round == 0 or self.document.rejected() is not None:
            expected = "draft"
        elif "wang.wu" in done:
            expected = "published"
        elif {"li.si", "qian.qi"} <= done and {"zhao.liu", "zhou.jiu"} & done:
            expected = "approved"

        assert self.document.status == expected

    @invariant()
    def nobody_is_asked_twice_and_none_in_vain(self) -> None:
        if self.document.rejected() is not None or self.document.round == 0:
            return
        waiting = {slot.person for slot in self.document.slots if isinstance(slot, Notice)}
        done = {slot.person for slot in self.document.signed()}
        now = {p for _, persons in laying.waiting_for(RULE, self.document) for p in persons}

        assert not waiting & done
        assert now <= waiting

    @invariant()
    def each_statement_comes_after_all_that_were_there(self) -> None:
        listed = sorted(self.document.statements, key=lambda one: one.at)
        if listed:
            before = {slot.id for slot in listed[:-1]}

            behind = Behind(listed)
            assert {slot.id for slot in behind.slots(behind.before(listed[-1]))} == before


Review.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestReview = Review.TestCase


def test_a_step_is_open_to_those_who_have_not_signed_it() -> None:
    prepared = signed(DRAFT, CHAIN.steps[0], "sun.ba", turn=1)
    document = replace(DRAFT, slots=(prepared,))
    document = replace(
        document, slots=(prepared, signed(document, CHAIN.steps[1], "li.si", turn=1))
    )

    assert laying.task(RULE, document, "li.si") is None
    assert laying.task(RULE, document, "wang.wu") is None
    assert laying.task(RULE, document, "qian.qi") == laying.OpenStep(
        CHAIN.steps[1], Seat("qian.qi", "head")
    )


@pytest.mark.parametrize(
    ("person", "code"), [("wang.wu", "NOT-YOUR-TURN"), ("sun.ba", "SIGNED-ALREADY")]
)
def test_who_is_not_asked_is_told_whom_it_waits_for(person: str, code: str) -> None:
    document = replace(DRAFT, slots=(signed(DRAFT, CHAIN.steps[0], "sun.ba", turn=1),))

    finding = laying.why_not(RULE, document, person, str).finding

    assert (finding.code, finding.values["waiting"]) == (code, "li.si, qian.qi")


def test_a_submit_drops_notices_and_what_was_signed_for_another_revision() -> None:
    other = parse_document(
        b"---\nnumber: LX-CX-2026-01\ntitle: a\nclass: procedure\nrevision: A/1\ncontrolled: true\n"
        b"owner: technical\nprepared_by: sun.ba\nstatus: draft\napprovals: []\n---\n"
    )
    mine = signed(DRAFT, CHAIN.steps[0], "sun.ba", turn=1)
    theirs = signed(other, CHAIN.steps[0], "sun.ba", turn=1)
    notice = Notice("review", "2", "head", "qian.qi")

    kept = laying.kept_by_submit(replace(DRAFT, slots=(mine, theirs, notice)))

    assert kept == (mine,)
