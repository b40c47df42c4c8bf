"""DC-04 on a step: chains that make sense, and steps that somebody can sign."""

from typing import Any

import pytest

from qms.api import Department, Person, Role, Text, Value
from qms.domain.kinds.policy import Holding
from qms.testing import Staff, StepBuilder
from qms_approval.rules import chain, rules

STAFF = Staff(
    departments=(
        Department(id="quality", name=Text("品控部", "Quality"), head="li", in_charge="zhao"),
        Department(id="sales", name=Text("销售部", "Sales")),
    ),
    persons=tuple(
        Person(id=one, name=Text(one, one), department="quality")
        for one in ("tang.yue", "li", "zhao", "liu")
    ),
    roles=(
        Role("document-controller", Text("文控员", "Controller"), (Holding("liu"),)),
        Role("auditor", Text("审核员", "Auditor"), ()),
    ),
)
PREPARE: Value = {"act": "prepare", "who": ({"member_of": "owner"},)}
PUBLISH: Value = {"act": "publish", "who": ({"role": "document-controller"},)}
HEAD: dict[str, Value] = {"act": "approve", "need": "any", "who": ({"head_of": "owner"},)}


def company(*steps: Value) -> StepBuilder:
    return StepBuilder(rules, {"procedure": {"chain": (PREPARE, *steps, PUBLISH)}}, STAFF)


def test_a_text_that_everybody_can_sign_is_silent() -> None:
    step = company(HEAD)
    step.draft("procedure", "LX-CX-01")

    assert step.told() == []


def test_the_chain_names_who_holds_its_roles() -> None:
    step = company(HEAD)
    entry = step.release("procedure", "LX-CX-01")

    found = chain(step.policy, entry.document, ())

    assert found is not None
    assert [(one.act, one.persons) for one in found.steps] == [
        ("prepare", ("tang.yue",)), ("approve", ("li",)), ("publish", ("liu",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "head", "codes"),
    [
        ((HEAD,), {"owner": "sales"}, ["CHAIN-PREPARER", "CHAIN-VACANT"]),
        ((HEAD,), {"owner": "nobody"}, ["DEPARTMENT-UNKNOWN"]),
        ((HEAD,), {"prepared_by": "somebody"}, ["PERSON-UNKNOWN"]),
        (({"act": "review", "who": ({"role": "auditor"},)}, HEAD), {}, ["CHAIN-VACANT"]),
        (({"act": "co-sign", "who": ({"heads_of": "listed"},)}, HEAD), {}, ["CO-SIGN-NOBODY"]),
    ],
)
def test_a_step_that_nobody_can_sign_is_told_as_the_text_is_written(
    steps: tuple[Value, ...], head: dict[str, Any], codes: list[str]
) -> None:
    step = company(*steps)
    path = step.draft("procedure", "LX-CX-01", **head)

    assert step.told() == [(code, path) for code in codes]


def test_what_was_released_is_nobodys_any_more_to_find() -> None:
    """Its head has left since; its approval was right then."""
    step = company(HEAD)
    step.release("procedure", "LX-CX-01", owner="sales")
    step.draft("procedure", "LX-CX-01", owner="sales")

    assert step.told() == []


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ((PREPARE, HEAD | {"need": "2"}), "CHAIN-END"),
        ((PREPARE, {"act": "approve", "who": ({"role": "wizard"},)}, PUBLISH), "CHAIN-ROLE"),
    ],
)
def test_a_chain_that_makes_no_sense_is_told_whatever_documents_there_are(
    steps: tuple[Value, ...], code: str
) -> None:
    step = StepBuilder(rules, {"procedure": {"chain": steps}}, STAFF)

    assert {one.code for one in step.findings()} == {code}
