"""DC-02, DC-03 on a step: new numbers and revisions against their class, the register, the tree."""

from pathlib import Path

import pytest

from qms.api import WORKING
from qms.domain.kinds.document import parse_document
from qms.formats import strict_yaml
from qms.testing import StepBuilder

TEMPLATE = Path(__file__).parents[3] / "docs_repo_template"


def template_classes() -> dict[str, dict[str, strict_yaml.Value]]:
    classes = strict_yaml.load((TEMPLATE / "qms.yaml").read_bytes())["classes"]
    assert isinstance(classes, tuple)
    rows = [row for row in classes if isinstance(row, dict)]
    return {
        str(row["id"]): {key: row[key] for key in ("number", "version") if key in row}
        for row in rows
    }


def test_all_documents_of_the_template_are_numbered_by_its_rules(company: StepBuilder) -> None:
    company.decree(template_classes())
    for path in sorted(TEMPLATE.glob("documents/**/*.md")):
        data = path.read_bytes()
        name = path.relative_to(TEMPLATE).as_posix()
        company.tree.contents[name] = data
        company.change(WORKING, name, parse_document(data))

    assert len(company.changes) >= 6
    assert company.findings() == []


# Form and characters


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("LX-CX-19-01", "NUMBER-FORM", "LX-CX-2019-01"),
        ("lx-cx-2026-01", "NUMBER-FORM", "LX-CX-2026-01"),
        ("LX-CX--2026-01", "NUMBER-FORM", "LX-CX-2026-01"),
        ("LX-CX-2026-O1", "NUMBER-TWIN", "LX-CX-2026-01"),
        ("LX—CX-2026-01", "NUMBER-CHARSET", "LX-CX-2026-01"),
        ("LX\u2011CX-2026-01", "NUMBER-CHARSET", "LX-CX-2026-01"),
        ("LX-CX-2026-0１", "NUMBER-CHARSET", "LX-CX-2026-01"),
        ("LX-\u0421X-2026-01", "NUMBER-CHARSET", "LX-?X-2026-01"),
    ],
)
def test_a_number_that_is_not_its_rules_is_told_with_what_to_write(
    company: StepBuilder, number: str, code: str, shown: str
) -> None:
    path = company.draft("procedure", number)

    (finding,) = company.findings()

    assert finding.code == code
    assert (finding.place.path, finding.place.field) == (path, "number")
    assert finding.about == f"document {number} A/0"
    assert shown in finding.values.values()


def test_a_text_of_an_unknown_class_is_told_which_there_are(company: StepBuilder) -> None:
    company.draft("protocol", "LX-P-01")

    (finding,) = company.findings()

    assert finding.code == "CLASS-UNKNOWN"
    assert finding.place.field == "class"
    assert finding.values == {"class": "protocol", "known": "procedure, form, record, loose"}


def test_what_was_numbered_by_an_older_rule_stays_right(company: StepBuilder) -> None:
    company.release("procedure", "LX-CX-2026-01")
    company.decree({"procedure": {"number": "Q-{seq:04}", "version": "letter-count"}})
    company.release("procedure", "Q-0001")
    company.draft("procedure", "LX-CX-2026-01", "A/1")
    company.whole()

    assert company.told() == []


def test_a_class_that_is_gone_makes_nothing_wrong_that_was_released_in_it(
    company: StepBuilder,
) -> None:
    company.release("form", "LX-R-01")
    company.decree({"procedure": {"number": "LX-CX-{year}-{seq:02}", "version": "letter-count"}})
    company.whole()

    assert company.told() == []


def test_a_released_number_is_judged_by_the_policy_that_its_signers_name(
    company: StepBuilder,
) -> None:
    path = company.release("procedure", "Q-0001", known=False).path
    company.decree({"procedure": {"number": "Q-{seq:04}", "version": "letter-count"}})

    assert company.told() == [("NUMBER-FORM", path)]


# Revisions


def test_a_new_document_begins_with_the_first_revision(company: StepBuilder) -> None:
    path = company.draft("procedure", "LX-CX-2026-01", "B/0")

    (finding,) = company.findings()

    assert (finding.code, finding.place.path) == ("REVISION-ORDER", path)
    assert finding.place.field == "revision"
    assert finding.values["allowed"] == "A/0"


@pytest.mark.parametrize("revision", ["A/2", "B/0"])
def test_a_change_or_a_new_version_follows_the_newest(company: StepBuilder, revision: str) -> None:
    company.release("procedure", "LX-CX-2026-01")
    company.release("procedure", "LX-CX-2026-01", "A/1", after="A/0")
    company.draft("procedure", "LX-CX-2026-01", revision)

    assert company.told() == []


@pytest.mark.parametrize("revision", ["A/3", "B/1", "C/0"])
def test_a_revision_that_skips_one_is_told_what_may_follow(
    company: StepBuilder, revision: str
) -> None:
    company.release("procedure", "LX-CX-2026-01")
    company.release("procedure", "LX-CX-2026-01", "A/1", after="A/0")
    company.draft("procedure", "LX-CX-2026-01", revision)

    (finding,) = company.findings()

    assert finding.code == "REVISION-ORDER"
    assert (finding.values["older"], finding.values["allowed"]) == ("A/1", "A/2, B/0")


def test_a_cap_sends_the_tenth_change_to_the_next_version(company: StepBuilder) -> None:
    company.release("form", "LX-R-01", "A/9")
    company.draft("form", "LX-R-01", "A/10")

    (finding,) = company.findings()

    assert finding.values["allowed"] == "B/0"


@pytest.mark.parametrize(
    ("revision", "code"),
    [("a/0", "REVISION-FORM"), ("A0", "REVISION-FORM"), ("Ａ/0", "NUMBER-CHARSET")],
)
def test_a_revision_of_no_form_is_told_just_that(
    company: StepBuilder, revision: str, code: str
) -> None:
    company.draft("procedure", "LX-CX-2026-01", revision)

    (finding,) = company.findings()

    assert finding.code == code
    assert finding.place.field == "revision"


def test_a_released_revision_follows_its_base(company: StepBuilder) -> None:
    company.release("procedure", "LX-CX-2026-01")
    path = company.release("procedure", "LX-CX-2026-01", "A/2", after="A/0", known=False).path

    assert company.told() == [("REVISION-ORDER", path)]


def test_a_text_that_carries_a_released_revision_is_left_to_the_core(company: StepBuilder) -> None:
    company.release("procedure", "LX-CX-2026-01")
    company.release("procedure", "LX-CX-2026-01", "A/1", after="A/0")
    company.draft("procedure", "LX-CX-2026-01", "A/0")

    assert company.told() == []


def test_a_class_may_change_its_scheme(company: StepBuilder) -> None:
    company.release("procedure", "LX-CX-2026-01", "A/0")
    company.decree({"procedure": {"number": "LX-CX-{year}-{seq:02}", "version": "decimal"}})
    company.draft("procedure", "LX-CX-2026-01", "1.0")
    company.whole()

    assert company.told() == []


def test_after_a_fork_the_next_revision_follows_either(company: StepBuilder) -> None:
    company.release("procedure", "LX-CX-2026-01")
    company.release("procedure", "LX-CX-2026-01", "A/1", after="A/0")
    company.release("procedure", "LX-CX-2026-01", "B/0", after="A/0")
    company.draft("procedure", "LX-CX-2026-01", "B/1")

    assert company.told() == []


# Unique for ever


@pytest.mark.parametrize("twin", ["lx-r-01", "LX-R-O1", "LX-R-0I", "LX--R-01"])
def test_a_look_alike_of_a_released_number_is_a_reuse(company: StepBuilder, twin: str) -> None:
    company.release("form", "LX-R-01")
    path = company.draft("loose" if "--" not in twin else "form", twin, "1.0")

    found = {f.code: f for f in company.findings() if f.code.startswith("NUMBER")}

    assert list(found) == ["NUMBER-REUSE"]
    assert found["NUMBER-REUSE"].place.path == path
    assert found["NUMBER-REUSE"].values == {"number": twin, "other": "LX-R-01"}


def test_a_foreign_character_is_told_beside_the_number_it_looks_like(company: StepBuilder) -> None:
    company.release("form", "LX-R-01")
    company.draft("form", "LX\u2011R-01")

    assert {code for code, _ in company.told()} == {"NUMBER-CHARSET", "NUMBER-REUSE"}


def test_a_number_is_not_free_because_its_working_text_is_gone(company: StepBuilder) -> None:
    company.release("form", "LX-R-01")
    company.tree.contents.clear()
    company.draft("loose", "LX-R-O1", "1.0")

    assert [code for code, _ in company.told()] == ["NUMBER-REUSE"]


def test_the_number_of_a_draft_in_another_class_is_taken(company: StepBuilder) -> None:
    first = company.draft("form", "LX-R-01", known=True)
    path = company.draft("loose", "LX-R-01", "1.0")

    (finding,) = company.findings()

    assert (finding.code, finding.place.path) == ("NUMBER-TAKEN", path)
    assert finding.values["other"] == first


def test_of_two_editors_who_take_one_number_at_once_one_is_told_to_go(
    company: StepBuilder,
) -> None:
    first = company.draft("form", "LX-R-01")
    path = company.draft("loose", "LX-R-01", "1.0")

    (finding,) = company.findings()

    assert (finding.code, finding.place.path) == ("NUMBER-TAKEN", path)
    assert finding.values["other"] == first


def test_a_released_number_is_not_given_in_another_class(company: StepBuilder) -> None:
    company.release("form", "LX-R-01")
    path = company.draft("loose", "LX-R-01", "1.1")
    company.whole()

    assert ("NUMBER-REUSE", path) in company.told()
    assert [code for code, _ in company.told()].count("NUMBER-REUSE") == 1


def test_of_two_released_twins_the_later_is_told(company: StepBuilder) -> None:
    company.release("form", "LX-R-01")
    path = company.release("loose", "LX-R-O1", "1.0").path
    company.whole()

    assert company.told() == [("NUMBER-REUSE", path)]


def test_a_released_number_outranks_a_drafted_twin(company: StepBuilder) -> None:
    path = company.draft("form", "LX-R-01")
    company.release("loose", "LX-R-O1", "1.0")
    company.whole()

    assert company.told() == [("NUMBER-REUSE", path)]


def test_a_document_is_no_twin_of_itself(company: StepBuilder) -> None:
    company.release("form", "LX-R-01", known=False)
    company.release("form", "LX-R-02")
    company.release("form", "LX-R-02", "A/1", after="A/0", known=False)
    company.whole()

    assert company.told() == []


# Derived numbers


def test_a_derived_number_belongs_to_a_document_that_is_there(company: StepBuilder) -> None:
    company.release("form", "LX-R-05")
    company.draft("record", "LX-R-05-2026-001", "V1")
    path = company.draft("record", "LX-R-06-2026-001", "V1")

    (finding,) = company.findings()

    assert (finding.code, finding.place.path) == ("NUMBER-PARENT", path)
    assert finding.values["class"] == "form"
    assert "LX-R-06" in finding.values["parts"]


def test_a_draft_may_be_the_document_that_a_number_derives_from(company: StepBuilder) -> None:
    company.draft("form", "LX-R-06")
    company.draft("record", "LX-R-06-2026-001", "V1")

    assert company.told() == []


# Settings


@pytest.mark.parametrize(
    ("settings", "code", "key"),
    [
        ({"number": "LX-{seq}{yy}"}, "NUMBER-PATTERN", "number"),
        ({"number": "LX-{seq of nothing}-{letter}"}, "CLASS-UNKNOWN", "number"),
        ({"number": "LX-{clause of form}-{letter}"}, "NUMBER-PATTERN", "number"),
        ({"number": ("LX",)}, "YAML-TYPE", "number"),
        ({"number": "LX-{seq}", "display": "{nr}"}, "NUMBER-DISPLAY", "display"),
        ({"number": "LX-{seq}", "version": "roman"}, "VERSION-SCHEME", "version"),
        (
            {"number": "LX-{seq}", "version": {"scheme": "v-number", "cap": "9"}},
            "VERSION-SCHEME",
            "version",
        ),
        (
            {"number": "LX-{seq}", "version_display": "{number}版"},
            "NUMBER-DISPLAY",
            "version_display",
        ),
    ],
)
def test_a_broken_setting_is_told_where_it_stands_and_nowhere_else(
    company: StepBuilder, settings: dict[str, strict_yaml.Value], code: str, key: str
) -> None:
    company.decree({"form": {"number": "LX-R-{seq:02}"}, "broken": settings})
    company.draft("broken", "LX-1")

    findings = [f for f in company.findings() if f.place.path == "qms.yaml"]

    assert [(f.code, f.place.field) for f in findings] == [(code, f"classes.1.{key}")]
