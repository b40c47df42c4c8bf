"""DC-10, DC-11, DC-25, DC-27: what commands on copies plan to write, and for whom."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from qms.api import NewEvent, NoEffect, Refused
from qms_copies.distribution import (
    Order,
    issues,
    receiving_role,
)
from qms_copies.held import held
from qms_copies.holders import Holder, belongs, find_holder, outside
from qms_copies.ledger import Copy
from qms_copies.loss import Loss, lost_with, replacement
from qms_copies.which_copy import copies_to_recall, find_copy

if TYPE_CHECKING:
    from tests.plugins.copies.conftest import Office, Offices

NUMBER = "LX-CX-2019-01"
CONTROLLER = "document-controller"
PRODUCTION = Holder("production", None)
QUALITY = Holder("quality", None)
Fact = str | int | None


def refused_code(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.finding.code


def lose(office: "Office", *lost: Copy, in_force: str = "A/0") -> tuple[NewEvent, ...]:
    current = office.register.revision(NUMBER, in_force)
    loss = Loss(lost, CONTROLLER, "水淹")
    effective = office.register.released(NUMBER)
    return replacement(office.ledger, office.policy, loss, current, effective)


def test_numbers_are_counted_on_and_stay_with_their_holders(office: "Office") -> None:
    assert office.issue(PRODUCTION, QUALITY, PRODUCTION) == ["001", "002", "003"]
    office.superseded()

    assert office.issue(QUALITY, PRODUCTION, Holder(None, "客户"), revision="A/1") == [
        "002",
        "001",
        "004",
    ]
    assert office.codes() == []


def test_a_damaged_copy_goes_out_again_under_its_number(office: "Office") -> None:
    office.issue(PRODUCTION)
    office.event("return", "001", state="damaged")

    assert office.issue(PRODUCTION) == ["001"]
    assert office.codes() == []


def test_a_lost_copy_is_replaced_under_a_new_number_and_its_own_is_void(office: "Office") -> None:
    """DC-11"""
    office.issue(PRODUCTION, QUALITY)
    lost = find_copy(office.ledger, NUMBER, "001", None, "replace")

    office.apply(lose(office, lost))

    copies = {copy.log.copy: copy.life for copy in office.ledger.copies_of(NUMBER)}
    assert copies["001"].replaced_by == "003"
    assert copies["003"].holder == PRODUCTION
    assert office.codes() == []
    assert office.issue(PRODUCTION) == ["004"]


def test_several_papers_for_one_holder_have_several_numbers(offices: "Offices") -> None:
    """DC-27"""
    counted = offices()
    counted.revision("A/0", "2026-11-01")
    assert counted.issue(PRODUCTION, PRODUCTION, QUALITY, PRODUCTION) == [
        "001", "002", "003", "004",
    ]  # fmt: skip
    coded = offices(copies="holder", holder_codes=({"holder": "production", "code": "A03"},))
    coded.revision("A/0", "2026-11-01")
    assert coded.issue(PRODUCTION, PRODUCTION) == ["A03", "A03-2"]
    assert coded.issue(PRODUCTION) == ["A03-3"]
    assert coded.superseded().issue(PRODUCTION, PRODUCTION, revision="A/1") == ["A03", "A03-2"]
    assert counted.findings() == coded.findings() == []


@pytest.mark.parametrize("typed", ["001", "1", "００1"])
def test_a_lost_number_is_refused_with_the_next_one(office: "Office", typed: str) -> None:
    """DC-11: in the revision that was lost, and in every other."""
    office.issue(PRODUCTION, QUALITY)
    office.apply(lose(office, find_copy(office.ledger, NUMBER, "001", None, "replace")))
    office.superseded()

    for revision, free in (("A/0", "004"), ("A/1", "003")):
        entry = office.register.revision(NUMBER, revision)
        assert entry is not None
        order = Order((PRODUCTION,), copy=typed)
        with pytest.raises(Refused) as refusal:
            issues(office.ledger, office.policy, entry, CONTROLLER, order)
        assert refusal.value.finding.code == "COPY-VOID"
        assert refusal.value.finding.values["next"] == free


def test_a_lost_number_of_a_holders_code_is_followed_by_the_next_of_that_code(
    offices: "Offices",
) -> None:
    """DC-27: after a loss a new number by the scheme."""
    office = offices(copies="holder", holder_codes=({"holder": "production", "code": "A03"},))
    office.revision("A/0", "2026-11-01")
    office.issue(PRODUCTION)
    office.apply(lose(office, find_copy(office.ledger, NUMBER, "a03", None, "replace")))
    office.apply(lose(office, find_copy(office.ledger, NUMBER, "a03-2", None, "replace")))

    out = [copy.log.copy for copy in office.ledger.copies_of(NUMBER) if copy.life.is_out]
    assert out == ["A03-3"]
    assert office.superseded().issue(PRODUCTION, revision="A/1") == ["A03-3"]
    assert office.issue(PRODUCTION, revision="A/1") == ["A03-4"]
    assert office.codes() == []


def test_for_a_lost_superseded_copy_its_holder_gets_what_is_in_force(office: "Office") -> None:
    office.issue(PRODUCTION)
    office.superseded()
    lost = find_copy(office.ledger, NUMBER, "001", None, "replace")

    loss, issue = lose(office, lost, in_force="A/1")

    assert (loss.revision, loss.data) == ("A/0", {"by": "002"})
    assert (issue.revision, issue.copy) == ("A/1", "002")


def test_a_holder_who_has_what_is_in_force_gets_no_second_one_for_a_loss(office: "Office") -> None:
    office.issue(QUALITY, PRODUCTION)
    office.superseded().event("issue", "003", "A/1", department="production")
    lost = find_copy(office.ledger, NUMBER, "002", None, "replace")

    events = lose(office, lost, in_force="A/1")

    assert [(event.act, event.data["by"]) for event in events] == [("replace", "003")]


def test_a_number_that_is_with_somebody_is_not_declared_lost_in_another_revision(
    office: "Office",
) -> None:
    office.issue(PRODUCTION)
    office.superseded().issue(PRODUCTION, revision="A/1")
    lost = find_copy(office.ledger, NUMBER, "001", "A/0", "replace")

    with pytest.raises(Refused) as refusal:
        lost_with(office.ledger, lost, everything=False)
    assert refusal.value.finding.code == "COPY-ALSO-OUT"
    assert refusal.value.finding.values["revision"] == "A/1"

    both = lost_with(office.ledger, lost, everything=True)
    office.apply(lose(office, *both, in_force="A/1"))

    lives = {copy.path[-12:]: copy.life for copy in office.ledger.copies_of(NUMBER)}
    assert [path for path, one in lives.items() if one.is_out] == ["A-1/002.yaml"]
    assert office.codes() == []


def test_two_papers_of_one_number_are_lost_together(office: "Office") -> None:
    first = office.event("issue", "001")
    office.event("issue", "001", after=())
    lost = find_copy(office.ledger, NUMBER, "001", None, "replace")
    assert refused_code(lambda: lost_with(office.ledger, lost, everything=False)) == (
        "COPY-ALSO-OUT"
    )

    *losses, issue = lose(office, *lost_with(office.ledger, lost, everything=True))
    named = tuple(slot.id for slot in (first, lost.events[-1].slot))
    for loss in losses:
        office.event("replace", "001", after=named, by=issue.copy, reason=loss.reason)
    assert office.codes() == [("REPLACED-BY", "A-0/001.yaml")] * 2
    office.apply((issue,))

    copy, new = office.ledger.copies_of(NUMBER)
    assert (len(losses), copy.life.papers, new.life.papers) == (2, 0, 1)
    assert office.codes() == []


def test_the_copy_that_waits_for_an_act_is_meant(office: "Office") -> None:
    office.issue(PRODUCTION)
    office.event("receive", "001", person="wu", role=None)
    office.superseded().event("issue", "001", "A/1")

    def meant(act: str) -> str:
        return find_copy(office.ledger, NUMBER, "001", None, act).log.revision

    assert meant("receive") == "A/1"
    assert refused_code(lambda: meant("return")) == "COPY-WHICH"
    office.event("recall", "001", "A/0")
    assert meant("return") == "A/0"
    assert find_copy(office.ledger, NUMBER, "001", "A/1", "return").log.revision == "A/1"


def test_a_copy_that_is_not_out_is_refused_with_those_that_are(office: "Office") -> None:
    office.issue(PRODUCTION)

    with pytest.raises(Refused) as refusal:
        find_copy(office.ledger, NUMBER, "007", None, "return")

    assert refusal.value.finding.code == "COPY-NOT-OUT"
    assert refusal.value.finding.values["out"] == "001 (A/0)"


def test_a_recall_of_all_leaves_the_revision_in_force_alone(office: "Office") -> None:
    office.issue(PRODUCTION, QUALITY)
    office.event("recall", "002")
    office.superseded().event("issue", "001", "A/1")

    def recalled(day: date, revision: str | None = None) -> list[str]:
        effective = office.register.released(NUMBER)
        found = copies_to_recall(office.ledger, NUMBER, revision, day, effective)
        return [f"{copy.log.revision} {copy.log.copy}" for copy in found]

    assert recalled(date(2026, 12, 1)) == ["A/0 001"]
    assert recalled(date(2026, 11, 30), "A/1") == ["A/1 001"]
    assert refused_code(lambda: recalled(date(2026, 11, 30))) == "RECALL-NOTHING"


def test_a_receiver_signs_on_the_holders_side_before_the_issuers(
    offices: "Offices",
) -> None:
    known = offices().policy

    def role(person: str, holder: Holder) -> str | None:
        day = date(2026, 11, 23)
        return receiving_role(known, "procedure", known.persons[person], holder, day)

    assert role("sun", PRODUCTION) == "head-of-production"
    assert role("wu", PRODUCTION) == "member-of-production"
    assert role("qian", PRODUCTION) is None
    assert role("wu", Holder("production", "wu")) is None
    assert role("wang", QUALITY) == "member-of-quality"
    assert role("wang", PRODUCTION) == CONTROLLER
    assert refused_code(lambda: role("li", PRODUCTION)) == "COPY-RIGHT"


@pytest.mark.parametrize(
    ("typed", "holder"),
    [
        ("production", PRODUCTION),
        ("品控部", QUALITY),
        ("wu", Holder("production", "wu")),
        ("wu氏", Holder("production", "wu")),
        ("生产部/夜班", Holder("production", "夜班")),
        ("production/Wu", Holder("production", "wu")),
    ],
)
def test_a_holder_is_a_department_or_a_person(
    typed: str, holder: Holder, offices: "Offices"
) -> None:
    assert find_holder(offices().policy, typed) == holder


@pytest.mark.parametrize(
    "typed", ["producton", "", "nobody", "生产", "品控", "部门", "夜班/生产部", "北京齿轮有限公司"]
)
def test_a_slip_of_the_pen_is_no_holder(typed: str, offices: "Offices") -> None:
    """Nor what a message writes for whoever it is: a copy is somebody's for ever."""
    assert refused_code(lambda: find_holder(offices().policy, typed)) == "HOLDER-UNKNOWN"


@pytest.mark.parametrize("name", ["北京齿轮有限公司", " Beijing Gear Co. "])
def test_somebody_outside_is_named_as_such(name: str, offices: "Offices") -> None:
    assert outside(offices().policy, name) == Holder(None, name.strip())


@pytest.mark.parametrize(
    "name",
    [
        "生产部",
        "production",
        "wu氏",
        "⽣产部",
        "生\u200a产部",
        "生 产 部",
        "PRODUCTION",
        "pr\u043eduction",
    ],
)
def test_nobody_of_the_company_is_outside_it(name: str, offices: "Offices") -> None:
    """Nor who is written in letters that look so: the paper would read as the department's own."""
    assert refused_code(lambda: outside(offices().policy, name)) == "HOLDER-INSIDE"


def test_who_is_in_charge_of_a_department_answers_for_it(offices: "Offices") -> None:
    assert belongs(offices().policy, "zhao", QUALITY)
    assert not belongs(offices().policy, "zhao", Holder(None, "客户"))


def test_printing_gets_every_copy_that_is_out(office: "Office") -> None:
    office.issue(PRODUCTION, Holder("quality", "li"))
    office.event("return", "001")

    found = list(held(office.ledger, NUMBER, office.policy))

    assert [(one.copy, one.department, one.holder) for one in found] == [("002", "品控部", "li氏")]


def test_nothing_is_printed_for_a_paper_that_was_issued_without_effect(office: "Office") -> None:
    """Two papers of one number, of which one was annulled, are one paper."""
    office.event("issue", "001")
    annulled = office.event("issue", "001", department="quality", after=())
    office.void[annulled.id] = NoEffect(None)
    alone = office.event("issue", "002", department="quality")
    office.void[alone.id] = NoEffect(None)

    found = list(held(office.ledger, NUMBER, office.policy))

    assert [(one.copy, one.department, one.papers) for one in found] == [("001", "生产部", 1)]
    assert office.codes() == []
    assert office.issue(PRODUCTION, QUALITY) == ["003", "004"]
