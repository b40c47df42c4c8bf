"""The life of a copy: what it is after any events, in any order that branches can give them."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from qms.api import Statement, parse_time
from qms.formats.slots import Subject
from qms_copies.life import (
    NEVER_ISSUED,
    CopyState,
    in_turn,
    life,
    life_after,
    moments,
)
from qms_copies.reconciliation import Reconciliation

DIGEST = "sha256:" + "0" * 64
MONDAY = parse_time("2026-11-23T08:00:00+08:00")
FACTS: dict[str, dict[str, str | int | None]] = {
    "issue": {
        "content": DIGEST,
        "department": "production",
        "holder": None,
        "place": "一车间",
        "quantity": 1,
    },
    "receive": {"by": "li.si"},
    "recall": {"due": "2026-12-31"},
    "return": {"state": "good"},
    "replace": {"by": "004"},
}
ACTS = st.sampled_from(sorted(FACTS))


def event(act: str, *after: Statement, hours: int = 0, reason: str | None = None) -> Statement:
    return Statement(
        act=act,
        step="event",
        role="document-controller",
        person="wang.wu",
        at=(MONDAY + timedelta(hours=hours)).isoformat(),
        repo=DIGEST,
        subject=Subject(
            kind="copy", number="LX-01", class_="procedure", revision="A/0", copy="003"
        ),
        content=DIGEST,
        name="王五",
        key="SHA256:x",
        meaning=act,
        policy=DIGEST,
        seen="sha1:" + "0" * 40,
        after=tuple(sorted(slot.id for slot in after)),
        data=FACTS[act],
        reason=reason,
        signature="AAAA",
    )


def line(*acts: str) -> list[Statement]:
    events: list[Statement] = []
    for hours, act in enumerate(acts):
        events.append(event(act, *events[-1:], hours=24 * hours))
    return events


def test_a_copy_is_issued_received_recalled_and_returned() -> None:
    events = line("issue", "receive", "recall", "return")

    states = [life(events[:count]).state for count in range(5)]

    assert states == [
        CopyState.NEVER,
        CopyState.ISSUED,
        CopyState.RECEIVED,
        CopyState.RECALLED,
        CopyState.RETURNED,
    ]
    assert [life(events[:count]).is_out for count in range(5)] == [False, True, True, True, False]


def day_of(event: Statement) -> date:
    """The day of an event in a company at +08:00, where all of them are written."""
    return date.fromisoformat((event.at or "")[:10])


def test_a_state_has_the_day_of_the_event_that_made_it() -> None:
    events = line("issue", "receive", "recall")

    copy = life(events, day_of)

    assert (copy.since, copy.due) == (date(2026, 11, 25), date(2026, 12, 31))
    assert str(copy.holder) == "production"
    assert (copy.issuer, copy.place) == ("document-controller", "一车间")


def test_a_second_recall_moves_only_the_due_day() -> None:
    copy = life(line("issue", "recall", "recall"), day_of)

    assert (copy.state, copy.since) == (CopyState.RECALLED, date(2026, 11, 24))


def test_a_damaged_copy_is_issued_again_under_its_number() -> None:
    """DC-11"""
    events = line("issue", "return", "issue")

    assert life(events).state is CopyState.ISSUED
    assert [moment.misstep for moment in moments(events)] == [None, None, None]


def test_what_was_never_issued_can_not_come_back() -> None:
    for act in ("receive", "recall", "return", "replace"):
        assert moments(line(act))[0].misstep == "RECALL-UNKNOWN"


def test_a_copy_that_is_back_can_not_be_recalled() -> None:
    assert moments(line("issue", "return", "recall"))[2].misstep == "RECALL-UNKNOWN"


def test_a_copy_that_is_out_can_not_be_issued_again() -> None:
    events = line("issue", "issue")

    assert moments(events)[1].misstep == "COPY-TWICE"
    assert life(events).papers == 2


def test_two_people_may_take_one_copy_back_on_two_branches() -> None:
    issue = event("issue")
    mine, theirs = event("return", issue, hours=5), event("return", issue, hours=6)

    events = (issue, theirs, mine)

    assert [moment.misstep for moment in moments(events)] == [None, None, None]
    assert life(events).state is CopyState.RETURNED
    assert life(events).papers == 0


def test_a_recall_that_did_not_know_of_the_return_is_no_misstep() -> None:
    issue = event("issue")
    back, recall = event("return", issue, hours=5), event("recall", issue, hours=6)

    found = {moment.slot.act: moment.misstep for moment in moments((issue, back, recall))}

    assert found == {"issue": None, "return": None, "recall": None}
    assert life((issue, back, recall)).state is CopyState.RETURNED


def test_one_number_issued_on_two_branches_is_out_until_both_papers_are_back() -> None:
    one, two = event("issue", hours=1), event("issue", hours=2)
    back = event("return", one, two, hours=3)
    both = event("return", back, hours=4)

    assert life((one, two)).papers == 2
    assert life((one, two, back)).is_out
    assert not life((one, two, back, both)).is_out


def test_what_another_branch_issued_is_out_whatever_time_a_loss_claims() -> None:
    """A loss takes the paper that its signer knew of, not one that claims to be older."""
    first = event("issue")
    back = event("return", first, hours=1)
    again = event("issue", back, hours=2)
    for hours in (0, 1, 3, 9):
        lost = event("replace", first, hours=hours)

        found = life((first, back, again, lost))

        assert found.out == (again,)
        assert found.loss == lost


def test_a_number_that_was_lost_stays_void_whatever_comes_after() -> None:
    """DC-11"""
    events = line("issue", "replace", "issue", "return", "issue")

    lives = [life(events[:count]) for count in range(6)]

    assert [one.loss is not None for one in lives] == [False, False, True, True, True, True]
    assert lives[-1].replaced_by == "004"


def test_each_of_two_papers_under_one_number_counts() -> None:
    """BX-04"""
    one, two = event("issue", hours=1), event("issue", hours=2)
    recall = event("recall", one, two, hours=3)
    count = Reconciliation()

    count.add("003", life((one, two, recall)))

    assert count.sentence("en") == "2 issued, 0 back, 0 lost, 2 out (2 recalled)"


def test_two_takers_who_knew_both_papers_took_one_each() -> None:
    one, two = event("issue", hours=1), event("issue", hours=2)
    mine, theirs = event("return", one, two, hours=3), event("replace", one, two, hours=4)

    assert not life((one, two, mine, theirs)).is_out
    assert life((one, two, theirs)).holder is not None


@given(st.lists(ACTS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_lines_in_the_file_plays_no_part(acts: list[str], dice: random.Random) -> None:
    events: list[Statement] = []
    for hours, act in enumerate(acts):
        known = dice.sample(events, min(len(events), dice.randint(0, 2)))
        events.append(event(act, *known, hours=hours, reason=str(hours)))
    shuffled = dice.sample(events, len(events))

    assert life(shuffled) == life(events)
    assert not events or life_after(moments(shuffled)) == life(events)
    assert moments(shuffled) == moments(events)


@given(st.lists(ACTS, max_size=8), st.randoms(use_true_random=False))
def test_no_event_stands_before_one_it_comes_after(acts: list[str], dice: random.Random) -> None:
    events: list[Statement] = []
    for act in acts:  # all in one second, as a fixed clock gives them
        known = dice.sample(events, min(len(events), dice.randint(0, 2)))
        events.append(event(act, *known, reason=str(len(events))))

    ordered = in_turn(dice.sample(events, len(events)))

    met: set[str] = set()
    for slot in ordered:
        assert met.issuperset(slot.after)
        met.add(slot.id)
    assert len(ordered) == len(events)


def test_a_revision_is_reconciled() -> None:
    """BX-04"""
    count = Reconciliation()
    lives = {
        "001": life(line("issue", "receive", "recall", "return")),
        "002": life(line("issue", "replace")),
        "003": life(line("issue", "recall")),
        "004": life(line("issue")),
        "005": NEVER_ISSUED,
    }

    for copy, one in lives.items():
        count.add(copy, one)

    assert count.sentence("en") == "4 issued, 1 back, 1 lost, 2 out (1 recalled)"
    assert count.sentence("zh") == (
        "发放 4 份，收回 1 份，遗失 1 份，在外 2 份（其中 1 份已通知回收）"
    )
    assert count.out == ["003", "004"]
    assert not count.is_closed


@dataclass
class Shelf:
    """What a careful clerk keeps in mind of one copy."""

    papers: int = 0
    state: CopyState = CopyState.NEVER
    events: list[Statement] = field(default_factory=list)


class CopyLives(RuleBasedStateMachine):
    """A clerk who does only what is possible never sees a misstep, and is never wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf()

    def do(self, act: str, papers: int, state: CopyState) -> None:
        events = self.shelf.events
        events.append(event(act, *events[-1:], hours=len(events)))
        self.shelf.papers += papers
        self.shelf.state = state

    @precondition(lambda self: self.shelf.papers == 0)
    @rule()
    def issue(self) -> None:
        self.do("issue", 1, CopyState.ISSUED)

    @precondition(lambda self: self.shelf.papers == 1)
    @rule()
    def receive(self) -> None:
        is_recalled = self.shelf.state is CopyState.RECALLED
        self.do("receive", 0, CopyState.RECALLED if is_recalled else CopyState.RECEIVED)

    @precondition(lambda self: self.shelf.papers == 1)
    @rule()
    def recall(self) -> None:
        self.do("recall", 0, CopyState.RECALLED)

    @precondition(lambda self: self.shelf.papers == 1)
    @rule()
    def take_back(self) -> None:
        self.do("return", -1, CopyState.RETURNED)

    @precondition(lambda self: self.shelf.papers == 1)
    @rule()
    def declare_lost(self) -> None:
        self.do("replace", -1, CopyState.REPLACED)

    @invariant()
    def is_as_remembered(self) -> None:
        found = life(self.shelf.events)
        assert (found.papers, found.state) == (self.shelf.papers, self.shelf.state)

    @invariant()
    def has_no_misstep(self) -> None:
        assert all(moment.misstep is None for moment in moments(self.shelf.events))

    @invariant()
    def counts_once(self) -> None:
        count = Reconciliation()
        count.add("001", life(self.shelf.events))
        assert count.issued == count.back + count.lost + len(count.out)


CopyLives.TestCase.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)
TestCopyLives = CopyLives.TestCase
