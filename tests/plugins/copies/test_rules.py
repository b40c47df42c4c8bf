"""DC-09, DC-10, DC-11, DC-25, DC-27, BX-04: rules on copies."""

from typing import TYPE_CHECKING

import pytest

from qms.api import (
    Change,
    Value,
)
from qms_copies.acts import ACTS
from qms_copies.holders import Holder
from qms_copies.schemes import issuers

if TYPE_CHECKING:
    from tests.plugins.copies.conftest import Office, Offices

NUMBER = "LX-CX-2019-01"
CONTROLLER = "document-controller"
PRODUCTION = Holder("production", None)
QUALITY = Holder("quality", None)
Fact = str | int | None


def test_an_honest_life_is_silent(office: "Office") -> None:
    office.issue(PRODUCTION, QUALITY)
    office.event("receive", "001", person="wu", role="member-of-production")
    office.event("recall", "001")
    office.event("return", "001", state="damaged")

    assert office.codes(today="2026-11-30") == []


def test_a_second_issue_of_a_copy_that_is_out_is_found_until_one_is_back(office: "Office") -> None:
    office.event("issue", "001")
    office.event("issue", "001", department="quality")

    assert office.codes() == [("COPY-TWICE", "A-0/001.yaml")]

    office.event("return", "001")

    assert office.codes() == []


def test_two_issues_of_one_number_on_two_branches_are_found(office: "Office") -> None:
    office.event("issue", "001")
    office.event("issue", "001", department="quality", after=())

    assert office.codes() == [("COPY-TWICE", "A-0/001.yaml")]


@pytest.mark.parametrize("act", ["receive", "recall", "return", "replace"])
def test_a_copy_that_was_never_issued_has_no_life(office: "Office", act: str) -> None:
    office.event(act, "001")

    assert office.codes() == [("RECALL-UNKNOWN", "A-0/001.yaml")]


def test_a_copy_that_is_back_is_not_recalled(office: "Office") -> None:
    office.event("issue", "001")
    office.event("return", "001")
    office.event("recall", "001")

    assert office.codes() == [("RECALL-UNKNOWN", "A-0/001.yaml")]


@pytest.mark.parametrize(
    ("person", "role", "by"),
    [
        ("li", "head-of-quality", "li"),
        ("li", None, "li"),
        ("wu", "member-of-production", "li"),
        ("wang", CONTROLLER, "li"),
    ],
)
def test_who_received_a_copy_must_be_its_holder(
    office: "Office", person: str, role: str | None, by: str
) -> None:
    office.event("issue", "001")
    office.event("receive", "001", person=person, role=role, by=by)

    assert office.codes() == [("WRONG-HOLDER", "A-0/001.yaml")]


@pytest.mark.parametrize(
    ("person", "role", "by"),
    [
        ("sun", "head-of-production", "sun"),
        ("qian", None, "qian"),
        ("wu", "member-of-production", "夜班工人"),
        ("wang", CONTROLLER, "wu"),
        ("wang", CONTROLLER, "门卫"),
    ],
)
def test_a_department_receives_by_its_people_and_keeper(
    office: "Office", person: str, role: str | None, by: str
) -> None:
    office.event("issue", "001")
    office.event("receive", "001", person=person, role=role, by=by)

    assert office.codes() == []


def test_somebody_outside_may_hold_a_copy(office: "Office") -> None:
    office.event("issue", "001", department=None, holder="北京齿轮有限公司")

    assert office.codes() == []


def test_an_uncontrolled_document_has_no_controlled_copies(offices: "Offices") -> None:
    office = offices()
    office.revision("A/0", "2026-11-01", controlled="false")
    office.event("issue", "001")

    assert office.codes() == [("ISSUED-UNCONTROLLED", "A-0/001.yaml")]


def test_only_the_unit_that_issued_recalls(offices: "Offices") -> None:
    """DC-25"""
    office = offices(issuer=(CONTROLLER, "workshop-office"))
    office.revision("A/0", "2026-11-01")
    office.event("issue", "001")
    office.event("recall", "001", person="wu", role="workshop-office")

    assert office.codes() == [("RECALL-ISSUER", "A-0/001.yaml")]


def test_whoever_issues_now_recalls_for_a_unit_that_is_gone(offices: "Offices") -> None:
    office = offices(issuer="workshop-office")
    office.revision("A/0", "2026-11-01")
    office.event("issue", "001")
    office.event("recall", "001", person="wu", role="workshop-office")

    assert office.codes() == []


def test_a_superseded_revision_is_not_issued(office: "Office") -> None:
    office.superseded().event("issue", "001", day="2026-12-01")

    assert office.codes() == [("ISSUED-SUPERSEDED", "A-0/001.yaml")]
    assert office.codes(today="2026-12-02") == [("ISSUED-SUPERSEDED", "A-0/001.yaml")]


def test_a_revision_is_issued_until_its_successor_is_in_force(office: "Office") -> None:
    office.superseded().event("issue", "001", day="2026-11-30")

    assert office.codes() == []


def test_a_revision_is_issued_before_it_is_in_force(office: "Office") -> None:
    """DC-38"""
    office.superseded().event("issue", "001", "A/1", day="2026-11-20")

    assert office.codes() == []


def test_an_issue_of_a_superseded_revision_is_mended_by_taking_it_back(office: "Office") -> None:
    office.superseded().event("issue", "001", day="2026-12-05")
    office.event("return", "001", day="2026-12-06")

    assert office.codes() == []


def test_a_revision_on_another_line_supersedes_nothing(office: "Office") -> None:
    office.revision("A/1", "2026-11-10", base="A/0")
    office.revision("B/0", "2026-11-10", base="A/0")
    office.event("issue", "001", "A/1")

    assert office.codes() == []


def test_copies_of_a_superseded_revision_are_out_from_the_day_of_the_next(office: "Office") -> None:
    """DC-10"""
    office.issue(PRODUCTION, QUALITY)
    office.event("return", "002")
    office.superseded()

    assert office.codes(today="2026-11-30") == []
    assert office.codes(today="2026-12-01") == [("COPY-OUT", "A-0/001.yaml")]
    assert office.codes() == []


def test_a_copy_that_is_out_is_told_with_its_own_change_only(office: "Office") -> None:
    office.issue(PRODUCTION, QUALITY)
    office.superseded()

    assert office.codes(today="2026-12-01", only="002.yaml") == [("COPY-OUT", "A-0/002.yaml")]


def test_a_step_that_recalls_a_copy_is_not_told_that_it_is_out(office: "Office") -> None:
    office.issue(PRODUCTION)
    path, before = next((path, one.after) for path, one in office.changes.items() if one.log)
    office.superseded().event("recall", "001", day="2026-12-02")
    change = Change(kind="copy", path=path, before=before, after=office.changes[path].after)

    assert office.told("2026-12-02", [change]) == []


def test_counted_numbers_have_no_gap(office: "Office") -> None:
    for copy in ("001", "004", "005"):
        office.event("issue", copy)

    assert office.codes() == [("COPY-GAP", "A-0/004.yaml")]
    assert office.codes(only="005.yaml") == []


def test_the_first_copy_is_number_one(office: "Office") -> None:
    office.event("issue", "002")

    assert office.codes() == [("COPY-GAP", "A-0/002.yaml")]


def test_a_revision_may_have_only_some_of_a_documents_numbers(office: "Office") -> None:
    office.issue(PRODUCTION, QUALITY)
    office.superseded().event("issue", "002", "A/1", department="quality")

    assert office.codes() == []


def test_a_number_is_not_given_to_another_while_it_is_out(office: "Office") -> None:
    office.event("issue", "001")
    office.superseded().event("issue", "001", "A/1", department="quality")

    assert office.codes() == [("COPY-TWICE", "A-1/001.yaml")]

    office.event("return", "001", "A/0")

    assert office.codes() == []


def test_a_void_number_is_never_issued_again_in_no_revision(office: "Office") -> None:
    """DC-11"""
    for copy in ("001", "002"):
        office.event("issue", copy)
    office.event("replace", "001", by="002")
    office.superseded()
    assert office.codes() == []

    office.event("issue", "001", "A/1")
    assert office.codes() == [("COPY-VOID", "A-1/001.yaml")]
    assert office.codes(only="A-0/001.yaml") == [("COPY-VOID", "A-0/001.yaml")], "by the loss"

    office.event("return", "001", "A/1")
    assert office.codes() == []


def test_a_void_number_is_void_in_its_own_revision_until_the_paper_is_back(
    office: "Office",
) -> None:
    for copy in ("001", "002"):
        office.event("issue", copy)
    office.event("replace", "001", by="002")
    office.event("issue", "001")
    assert office.codes() == [("COPY-VOID", "A-0/001.yaml")]

    office.event("return", "001")
    assert office.codes() == []


@pytest.mark.parametrize("day", ["2026-11-20", "2026-11-23", "2026-12-24"])
def test_a_loss_on_one_branch_and_an_issue_on_another_are_both_kept_and_told(
    office: "Office", day: str
) -> None:
    """Whatever time the loss claims: both papers exist, and no claimed time says which is void."""
    issue = office.event("issue", "001")
    back = office.event("return", "001", state="damaged")
    office.event("issue", "001", after=(back.id,))
    office.event("issue", "002")
    office.event("replace", "001", by="002", day=day, after=(issue.id,))

    assert office.codes() == [("COPY-VOID", "A-0/001.yaml")]


@pytest.mark.parametrize("twin", ["a03", "Ａ０３"])
def test_a_void_number_is_not_issued_in_another_spelling(offices: "Offices", twin: str) -> None:
    """Attack: the policy gives another holder a code that only looks otherwise."""
    codes: Value = ({"holder": "production", "code": "A03"}, {"holder": "quality", "code": twin})
    office = offices(copies="holder", holder_codes=codes)
    office.revision("A/0", "2026-11-01")
    office.event("issue", "A03")
    office.event("replace", "A03", by="A03-2")
    office.event("issue", twin, department="quality")

    assert ("COPY-VOID", f"A-0/{twin}.yaml") in [
        (code, path.replace("%EF%BC%A1%EF%BC%90%EF%BC%93", "Ａ０３"))
        for code, path in office.codes()
    ]


@pytest.mark.parametrize("copy", ["1", "A02", "0001"])
def test_a_counted_number_has_three_digits(office: "Office", copy: str) -> None:
    office.event("issue", copy)

    assert office.codes() == [("COPY-NUMBER", f"A-0/{copy}.yaml")]


def test_a_holders_code_is_its_number_over_all_documents(offices: "Offices") -> None:
    codes: Value = ({"holder": "production", "code": "A03"}, {"holder": "quality", "code": "A02"})
    office = offices(copies="holder", holder_codes=codes)
    office.revision("A/0", "2026-11-01")

    assert office.issue(PRODUCTION) == ["A03"]
    assert office.codes() == []

    office.event("issue", "A04", department="quality")

    assert office.codes() == [("COPY-NUMBER", "A-0/A04.yaml")]


def may(
    offices: "Offices", act: str, person: str, role: str | None, day: str = "2026-11-23"
) -> bool:
    office = offices()
    office.revision("A/0", "2026-11-01")
    slot = office.event(act, "001", day=day, person=person, role=role)
    found = next(one for one in ACTS if one.name == act)
    assert found.may is not None
    return found.may(office.policy, "procedure", slot)


@pytest.mark.parametrize("act", ["issue", "recall", "return", "replace"])
def test_only_the_issuing_role_hands_out_and_takes_back(offices: "Offices", act: str) -> None:
    assert may(offices, act, "wang", CONTROLLER)
    assert not may(offices, act, "wang", CONTROLLER, day="2028-01-01")
    assert not may(offices, act, "li", CONTROLLER)
    assert not may(offices, act, "li", "head-of-quality")
    assert not may(offices, act, "wang", None)


def test_a_holder_signs_for_themselves_or_for_their_department(offices: "Offices") -> None:
    assert may(offices, "receive", "wu", None)
    assert may(offices, "receive", "wu", "member-of-production")
    assert may(offices, "receive", "wang", CONTROLLER)
    assert not may(offices, "receive", "li", "head-of-production")
    assert not may(offices, "receive", "nobody", None)
    assert not may(offices, "receive", "li", CONTROLLER)


def test_the_issuer_is_the_document_controller_unless_the_class_says_otherwise(
    offices: "Offices",
) -> None:
    assert issuers(offices().policy, "procedure") == (CONTROLLER,)
    assert issuers(offices().policy, "unknown") == (CONTROLLER,)
    assert issuers(offices(issuer=("a", "b")).policy, "procedure") == ("a", "b")
