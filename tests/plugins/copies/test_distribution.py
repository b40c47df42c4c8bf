"""DC-10, DC-11, DC-25, DC-27: what commands on copies plan to write, and for whom."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from qms.api import (
    Refused,
)
from qms_copies.distribution import copies_to_recall, find_copy, receiving_role, replacement
from qms_copies.holders import Holder, belongs, find_holder
from qms_copies.ledger import copies_of
from qms_copies.tools import held_copies

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


def test_numbers_are_counted_on_and_stay_with_their_holders(office: "Office") -> None:
    assert office.issue(PRODUCTION, QUALITY, PRODUCTION) == ["001", "002", "003"]
    office.superseded()

    assert office.issue(QUALITY, PRODUCTION, Holder(None, "客户"), revision="A/1") == [
        "002",
        "001",
        "004",
    ]
    assert office.findings() == []


def test_a_damaged_copy_goes_out_again_under_its_number(office: "Office") -> None:
    office.issue(PRODUCTION)
    office.record("return", "001", state="damaged")

    assert office.issue(PRODUCTION) == ["001"]
    assert office.findings() == []


def test_a_lost_copy_is_replaced_under_a_new_number_and_its_own_is_void(office: "Office") -> None:
    """DC-11"""
    office.issue(PRODUCTION, QUALITY)
    lost = find_copy(office.register, NUMBER, "001", None, "replace")

    office.apply(replacement(office.register, office.policy, lost, CONTROLLER, "水淹"))

    copies = {copy.log.copy: copy.life for copy in copies_of(office.register, NUMBER)}
    assert copies["001"].replaced_by == "003"
    assert copies["003"].holder == PRODUCTION
    assert office.findings() == []
    assert office.issue(PRODUCTION) == ["004"]


def test_the_copy_that_waits_for_an_act_is_meant(office: "Office") -> None:
    office.issue(PRODUCTION)
    office.record("receive", "001", person="wu", role=None)
    office.superseded().record("issue", "001", "A/1")

    def meant(act: str) -> str:
        return find_copy(office.register, NUMBER, "001", None, act).log.revision

    assert meant("receive") == "A/1"
    assert refused_code(lambda: meant("return")) == "COPY-WHICH"
    office.record("recall", "001", "A/0")
    assert meant("return") == "A/0"
    assert find_copy(office.register, NUMBER, "001", "A/1", "return").log.revision == "A/1"


def test_a_copy_that_is_not_out_is_refused_with_those_that_are(office: "Office") -> None:
    office.issue(PRODUCTION)

    with pytest.raises(Refused) as refusal:
        find_copy(office.register, NUMBER, "007", None, "return")

    assert refusal.value.finding.code == "COPY-NOT-OUT"
    assert refusal.value.finding.values["out"] == "001 (A/0)"


def test_a_recall_of_all_leaves_the_revision_in_force_alone(office: "Office") -> None:
    office.issue(PRODUCTION, QUALITY)
    office.record("recall", "002")
    office.superseded().record("issue", "001", "A/1")

    def recalled(day: date, revision: str | None = None) -> list[str]:
        found = copies_to_recall(office.register, NUMBER, revision, day)
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
        ("北京齿轮有限公司", Holder(None, "北京齿轮有限公司")),
        ("Beijing Gear Co.", Holder(None, "Beijing Gear Co.")),
    ],
)
def test_a_holder_is_a_department_a_person_or_somebody_outside(
    typed: str, holder: Holder, offices: "Offices"
) -> None:
    assert find_holder(offices().policy, typed) == holder


@pytest.mark.parametrize("typed", ["producton", "", "nobody"])
def test_an_id_that_nobody_has_is_no_holder(typed: str, offices: "Offices") -> None:
    assert refused_code(lambda: find_holder(offices().policy, typed)) == "HOLDER-UNKNOWN"


def test_who_is_in_charge_of_a_department_answers_for_it(offices: "Offices") -> None:
    assert belongs(offices().policy, "zhao", QUALITY)
    assert not belongs(offices().policy, "zhao", Holder(None, "客户"))


def test_printing_gets_every_copy_that_is_out(office: "Office") -> None:
    office.issue(PRODUCTION, Holder("quality", "li"))
    office.record("return", "001")

    held = list(held_copies(office.register, office.policy))

    assert [(one.copy, one.department, one.holder) for one in held] == [("002", "品控部", "li氏")]
