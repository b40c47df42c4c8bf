"""What a rule of a plugin's author is asked about is what could be real."""

from collections.abc import Callable

import pytest

from qms.api import (
    Chain,
    ChainStep,
    Field,
    FiledText,
    Policy,
    Refused,
    Role,
    Seat,
    Text,
    filed,
    text,
)
from qms.codes import CodeTable
from qms.formats.schema import list_of, read, record
from qms.testing import Staff, StepBuilder, plain_policy

NAME = Field("name", text())
COLOUR = Field("colour", text(), required=False)


EXPERTS = tuple(Seat(one, "expert") for one in ("gong.yi", "fu.yi", "fu.er", "ji.shu"))
DRAW_UP = ChainStep(1, "draw-up", 1, (Seat("gong.yi", "preparer"),))


def chain(_text: FiledText, _policy: Policy, _days: object) -> Chain:
    return Chain((DRAW_UP, ChainStep(2, "check", 2, EXPERTS), ChainStep(3, "pass", 1, EXPERTS)))


def two_at_once(_text: FiledText, _policy: Policy, _days: object) -> Chain:
    return Chain((DRAW_UP, ChainStep(2, "pass", 2, EXPERTS)))


def two_acts_at_once(_text: FiledText, _policy: Policy, _days: object) -> Chain:
    return Chain((DRAW_UP, ChainStep(2, "check", 1, EXPERTS), ChainStep(2, "pass", 1, EXPERTS)))


def test_a_text_is_filed_with_as_many_signatures_as_its_steps_need() -> None:
    kind = filed("plan", "records/plans/{number}.md", NAME, chain=chain)
    step = StepBuilder(lambda _policy: (), {}, kinds=[kind])

    plan = step.file("plan", {"number": "JH-07", "name": "x"}, "# 计划\n")

    assert [(one.act, one.person) for one in plan.signed] == [
        ("draw-up", "gong.yi"), ("check", "fu.yi"), ("check", "fu.er"), ("pass", "ji.shu"),
    ]  # fmt: skip


@pytest.mark.parametrize("of", [two_at_once, two_acts_at_once])
def test_a_chain_whose_last_step_is_several_signatures_is_told(
    of: Callable[[FiledText, Policy, object], Chain],
) -> None:
    """`sign` refuses it: which of them files the text would follow from where they stand."""
    kind = filed("plan", "records/plans/{number}.md", NAME, chain=of)
    step = StepBuilder(lambda _policy: (), {}, kinds=[kind])
    with pytest.raises(Refused) as caught:
        step.file("plan", {"number": "JH-07", "name": "x"}, "# 计划\n")
    assert (caught.value.finding.code, caught.value.finding.values["need"]) == ("CHAIN-LAST", "2")


def test_a_role_that_follows_from_departments_is_no_role_of_a_staff() -> None:
    role = Role("head-of-quality", Text("负责人", "Head"), ())
    with pytest.raises(ValueError, match="head-of-quality follows from departments"):
        plain_policy({}, Staff(roles=(role,)))


def test_an_unknown_field_is_told_with_all_that_are_known() -> None:
    (told,) = read(record(NAME, COLOUR), {"name": "x", "coluor": "red"}).findings

    assert (told.values["known"], told.values["close"]) == ("name, colour", "colour")


def test_a_length_without_a_bound_names_none() -> None:
    (told,) = read(record(Field("names", list_of(text(), 1))), {"names": ()}).findings

    assert CodeTable().sentence(told, "en") == "names has the length 0; it must be at least 1"
    assert CodeTable().sentence(told, "zh") == "names 的长度为 0，至少应为 1"
