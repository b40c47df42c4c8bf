"""What the facts of an act hold: each wrong value has its code, from the statement alone."""

import pytest

from qms.formats.canonical_json import Json
from qms.formats.facts import BLANKS, FACTS, department_of, fact_fault
from qms.formats.slots import DATA_KEYS

CONTENT = "sha256:" + "5" * 64
GOOD: dict[str, dict[str, Json]] = {
    "issue": {"content": CONTENT, "department": "production", "holder": None,
              "place": "一车间", "quantity": 1},
    "receive": {"by": "门卫"},
    "recall": {"due": "2028-02-29"},
    "return": {"state": "damaged"},
    "replace": {"by": "004"},
    "settle": {"annulled": [CONTENT, "sha256:" + "6" * 64], "stands": "sha256:" + "4" * 64},
    "annul": {"entry": CONTENT},
    "ratify": {"entry": CONTENT},
}  # fmt: skip


def judged(act: str, **changed: Json) -> tuple[str, str] | None:
    """Code and field of the fault in the facts of copy 003."""
    fault = fact_fault(act, GOOD[act] | changed, CONTENT, "003")
    return None if fault is None else (fault.code, fault.place.field)


@pytest.mark.parametrize("act", FACTS)
def test_each_fact_of_an_act_is_typed(act: str) -> None:
    assert {key for key, _ in FACTS[act]} == DATA_KEYS[act] == GOOD[act].keys()
    assert judged(act) is None


def test_somebody_outside_or_a_department_may_hold_a_copy() -> None:
    """DC-09"""
    assert judged("issue", department=None, holder="北京齿轮有限公司", place=None) is None
    assert judged("issue", department="quality", holder="li.si") is None


@pytest.mark.parametrize(
    ("act", "key", "value", "code"),
    [
        *(("issue", "quantity", value, "COPY-QUANTITY") for value in (0, 2, 10**9, "1", None)),
        ("issue", "content", "sha256:" + "6" * 64, "COPY-CONTENT"),
        ("issue", "content", None, "COPY-CONTENT"),
        ("issue", "department", "", "FACT-FORM"),
        ("issue", "department", 7, "FACT-FORM"),
        ("issue", "holder", " ", "FACT-FORM"),
        ("issue", "holder", ["li.si"], "FACT-FORM"),
        ("issue", "place", "\u3000", "FACT-FORM"),
        ("issue", "place", {"room": "1"}, "FACT-FORM"),
        *(("receive", "by", value, "FACT-FORM") for value in ("", None, 7, "李四 ", "\u00a0李四")),
        *(("recall", "due", value, "FACT-FORM") for value in ("soon", "2027-02-29", 2026, None)),
        *(("return", "state", value, "FACT-FORM") for value in ("lost", "Good", 1, None)),
        *(("replace", "by", value, "FACT-FORM") for value in (None, "", 4, "003")),
        *(("annul", "entry", value, "FACT-FORM") for value in (None, "A/1", CONTENT[:-1])),
        *(("settle", "stands", value, "FACT-FORM") for value in ("A/1", [CONTENT], 1)),
        *(("settle", "annulled", value, "FACT-FORM") for value in (
            [], None, CONTENT, ["A/1"], [CONTENT, CONTENT], ["sha256:" + "6" * 64, CONTENT],
            ["sha256:" + "4" * 64],
        )),
    ],
)  # fmt: skip
def test_a_fact_of_another_kind_is_named(act: str, key: str, value: Json, code: str) -> None:
    assert judged(act, **{key: value}) == (code, f"data.{key}")


def test_a_copy_has_a_holder() -> None:
    """BX-10"""
    assert judged("issue", department=None) == ("COPY-HOLDER", "data.holder")


@pytest.mark.parametrize("blank", BLANKS)
def test_no_blank_is_a_name(blank: str) -> None:
    assert judged("receive", by=blank) == judged("receive", by=f"李四{blank}") is not None


def test_an_issue_of_what_has_no_base_is_left_to_whoever_knows_the_revision() -> None:
    assert fact_fault("issue", GOOD["issue"], None, "003") is None


def test_facts_of_other_acts_are_not_judged_here() -> None:
    assert fact_fault("publish", {"effective": "soon"}, None, None) is None
    assert department_of("transfer", {"department": "quality"}) is None
    assert department_of("issue", GOOD["issue"]) == "production"
