"""What a rule of a plugin's author is asked about is what could be real."""

import pytest

from qms.api import Chain, ChainStep, Field, FiledText, Policy, Role, Seat, Text, filed, text
from qms.codes import CodeTable
from qms.formats.schema import list_of, read, record
from qms.testing import Staff, StepBuilder, plain_policy

NAME = Field("name", text())
COLOUR = Field("colour", text(), required=False)


def chain(_text: FiledText, _policy: Policy, _days: object) -> Chain:
    two = tuple(Seat(one, "expert") for one in ("gong.yi", "fu.yi", "fu.er"))
    return Chain(
        (ChainStep(1, "draw-up", 1, (Seat("gong.yi", "preparer"),)), ChainStep(2, "pass", 2, two))
    )


def test_a_text_is_filed_with_as_many_signatures_as_its_steps_need() -> None:
    kind = filed("plan", "records/plans/{number}.md", NAME, chain=chain)
    step = StepBuilder(lambda _policy: (), {}, kinds=[kind])

    plan = step.file("plan", {"number": "JH-07", "name": "x"}, "# 计划\n")

    assert [(one.act, one.person) for one in plan.signed] == [
        ("draw-up", "gong.yi"), ("pass", "fu.yi"), ("pass", "fu.er"),
    ]  # fmt: skip


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
