"""DC-02: a sequence that runs across the clauses of a standard gives no place twice."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from qms.formats.strict_yaml import Value
from qms.testing import StepBuilder
from qms_numbering.pattern import NumberPattern

ACROSS = "JD/QMB{clauses}-{seq:02 across clauses}"
FIRST = "JD/QMB4.2.3-05"
SECOND = "JD/QMB8.5.2/8.5.3-05"
Classes = dict[str, Mapping[str, Value]]


def classes(**patterns: str) -> Classes:
    return {name: {"number": text, "version": "letter-count"} for name, text in patterns.items()}


@pytest.fixture
def jd(company: StepBuilder) -> StepBuilder:
    """A company whose procedures are counted over all clauses of the standard."""
    company.decree(classes(procedure=ACROSS, form="QMR{clause}-{seq:02}", loose="{name}"))
    return company


def test_a_place_is_not_taken_again_in_another_clause(jd: StepBuilder) -> None:
    jd.release("procedure", FIRST)
    path = jd.draft("procedure", SECOND)

    (finding,) = jd.findings()

    assert (finding.code, finding.place.path) == ("NUMBER-SEQUENCE", path)
    assert finding.values == {
        "number": SECOND, "other": FIRST, "seq": "5", "across": "clauses",
    }  # fmt: skip
    assert finding.about == f"document {SECOND} A/0"


def test_the_place_of_a_working_text_is_taken_too(jd: StepBuilder) -> None:
    jd.draft("procedure", FIRST, known=True)
    path = jd.draft("procedure", SECOND)

    assert jd.told() == [("NUMBER-SEQUENCE", path)]


def test_the_next_place_is_free_in_every_clause(jd: StepBuilder) -> None:
    jd.release("procedure", FIRST)
    jd.draft("procedure", "JD/QMB4.2.3-06")
    jd.draft("procedure", "JD/QMB8.5.2-07")
    jd.whole()

    assert jd.told() == []


def test_where_each_clause_counts_alone_its_places_are_its_own(jd: StepBuilder) -> None:
    jd.release("form", "QMR4.2.3-05")
    jd.draft("form", "QMR8.5.2-05")

    assert jd.told() == []


def test_of_two_that_come_in_one_step_both_are_told(jd: StepBuilder) -> None:
    first, second = jd.draft("procedure", FIRST), jd.draft("procedure", SECOND)

    assert jd.told() == [("NUMBER-SEQUENCE", first), ("NUMBER-SEQUENCE", second)]


def test_verify_tells_both_of_two_released_ones_whatever_times_they_claim(jd: StepBuilder) -> None:
    """Attack: the later one is dated before the first, so that the first is blamed."""
    released = {jd.release("procedure", one).path for one in (FIRST, SECOND)}
    jd.whole()

    assert {path for code, path in jd.told() if code == "NUMBER-SEQUENCE"} == released
    assert len(jd.told()) == 2


def test_a_released_place_outranks_a_drafted_one(jd: StepBuilder) -> None:
    path = jd.draft("procedure", FIRST)
    jd.release("procedure", SECOND)
    jd.whole()

    assert jd.told() == [("NUMBER-SEQUENCE", path)]


def test_a_place_is_not_free_because_its_working_text_is_gone(jd: StepBuilder) -> None:
    jd.release("procedure", FIRST)
    jd.tree.contents.clear()
    jd.draft("procedure", SECOND)

    assert [code for code, _ in jd.told()] == ["NUMBER-SEQUENCE"]


@pytest.mark.parametrize("other", [SECOND, "JD/QMB4.2.3-O5"])
def test_a_look_at_everything_tells_what_nobody_touched(jd: StepBuilder, other: str) -> None:
    """`check --all` names what `verify` names, on the trunk too."""
    jd.release("procedure", FIRST)
    path = jd.draft("procedure", other)
    changes = [replace(change, before=change.after) for change in jd.changes.values()]

    code = "NUMBER-SEQUENCE" if other == SECOND else "NUMBER-REUSE"
    assert jd.told(changes=changes) == [(code, path)]


def test_later_revisions_take_no_place_anew(jd: StepBuilder) -> None:
    jd.release("procedure", FIRST)
    jd.release("procedure", FIRST, "A/1", after="A/0", known=False)
    jd.draft("procedure", FIRST, "A/2")
    jd.whole()

    assert jd.told() == []


@pytest.mark.parametrize(
    "other", [ACROSS, "JD/QMB{clauses}-{seq:02}", "JD/QMB{clauses}-{seq:03 across all}"]
)
def test_another_class_with_the_same_pattern_is_no_second_sequence(
    company: StepBuilder, other: str
) -> None:
    """Attack: the number in a class of its own, that counts otherwise."""
    company.decree(classes(procedure=ACROSS, special=other))
    company.release("procedure", FIRST)
    number = SECOND if ":02" in other else "JD/QMB8.5.2-005"
    path = company.draft("special", number)

    assert company.told() == [("NUMBER-SEQUENCE", path)]


@pytest.mark.parametrize("twin", ["qmb8.5.2-05", "QMB8.5.2-O5", "qmB8.5.2-005"])
def test_a_free_name_is_no_second_spelling_of_a_place(company: StepBuilder, twin: str) -> None:
    """Attack: case, a look-alike or a zero more, in a class where any name is a number."""
    company.decree(classes(procedure="QMB{clause}-{seq:02 across clause}", loose="{name}"))
    company.release("procedure", "QMB4.2.3-05")
    path = company.draft("loose", twin)

    assert company.told() == [("NUMBER-SEQUENCE", path)]


def test_another_spelling_in_its_own_class_is_told_once(jd: StepBuilder) -> None:
    jd.release("procedure", FIRST)
    jd.draft("procedure", "jd/qmb8.5.2-05")

    assert [code for code, _ in jd.told()] == ["NUMBER-FORM"]


def test_a_look_alike_of_the_same_number_is_a_reuse_and_nothing_else(company: StepBuilder) -> None:
    company.decree(classes(procedure="QMB{clause}-{seq:02 across clause}", loose="{name}"))
    company.release("procedure", "QMB4.2.3-05")
    company.draft("loose", "QMB4.2.3-O5")

    assert [code for code, _ in company.told()] == ["NUMBER-REUSE"]


def test_a_class_whose_numbers_only_happen_to_match_has_places_of_its_own(
    company: StepBuilder,
) -> None:
    """Benign: `{code}` also reads LX, but the two patterns are no one sequence."""
    company.decree(classes(report="{code}-{seq:02 across code}", form="LX-{seq:02}"))
    company.release("report", "PG-05")
    company.release("form", "LX-05")
    company.whole()

    assert company.told() == []


def test_what_was_counted_by_clause_before_stays_right(company: StepBuilder) -> None:
    """Numbers are judged by the policy they were given under; new ones by all that is taken."""
    company.decree(classes(procedure="JD/QMB{clauses}-{seq:02}"))
    company.release("procedure", "JD/QMB4.2.3-01")
    company.release("procedure", "JD/QMB8.5.2-01")
    company.decree(classes(procedure=ACROSS))
    path = company.draft("procedure", "JD/QMB7.1-01")
    company.whole()

    assert company.told() == [("NUMBER-SEQUENCE", path)]


def test_a_place_of_a_class_that_is_gone_stays_taken(company: StepBuilder) -> None:
    company.decree(classes(old=ACROSS))
    company.release("old", FIRST)
    company.decree(classes(procedure=ACROSS))
    path = company.draft("procedure", SECOND)

    assert company.told() == [("NUMBER-SEQUENCE", path)]


@pytest.mark.parametrize(
    "taken",
    [FIRST, "jd/qmb4.2.3-05", "ＪＤ/QMB4.2.3—05", "JD/QMB4.2.3-O5", "JD/QMB4.2.3-005"],
)
def test_the_next_number_is_clear_of_places_in_any_spelling(taken: str) -> None:
    pattern = NumberPattern.parse(ACROSS)

    assert pattern.next_free([taken, "JD/QMB7.1-02"], {"clauses": "8.5.2"}) == "JD/QMB8.5.2-06"


def test_a_place_is_what_counts_under_what() -> None:
    pattern = NumberPattern.parse("{letter}-{code}-{year}-{seq:02 across letter}")

    first, second = pattern.place("A-PG-2026-05"), pattern.place("b–pg–2026–5")

    assert first is not None
    assert first == second
    assert (first.scope, first.turn) == ((("code", "pg"), ("year", "2026")), 5)
    assert pattern.place("A-PG-2027-05") != first
    assert pattern.place("A-PG-2026") is None
    assert NumberPattern.parse("LX-SH-{year}").place("LX-SH-2019") is None
