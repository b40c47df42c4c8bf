"""DC-02, DC-03: what the core asks of a class's numbering and version scheme."""

from collections.abc import Mapping

import pytest

from qms.api import Numbering, Refused
from qms.formats.strict_yaml import Value
from qms.testing import StepBuilder
from qms_numbering import rules
from qms_numbering.classes import ClassVersions

TODAY = {"year": "2026", "yy": "26", "mmdd": "0201"}


def numbering_of(company: StepBuilder, class_id: str) -> Numbering:
    found = rules.numbering(company.policy, class_id)
    assert found is not None
    return found


def versions_of(company: StepBuilder, settings: Mapping[str, Value]) -> ClassVersions:
    company.decree({"some": {"number": "{name}", **settings}})
    found = rules.version_scheme(company.policy, "some")
    assert isinstance(found, ClassVersions)
    return found


@pytest.mark.parametrize(
    ("pattern", "given", "number"),
    [
        ("LX-CX-{year}-{seq:02}", {}, "LX-CX-2026-01"),
        ("LX-CX-{year}-{seq:02}", {"year": "2019"}, "LX-CX-2019-03"),
        ("TS{yy}-{mmdd}-{seq:02}", {}, "TS26-0201-01"),
        ("HT{yy}{mm}-{seq:02}", {}, "HT2602-01"),
        (
            "JD/QMB{clauses}-{seq:02 across clauses}",
            {"clauses": "8.5.2/8.5.3"},
            "JD/QMB8.5.2/8.5.3-01",
        ),
    ],
)
def test_the_next_number_takes_today_and_what_was_typed(
    company: StepBuilder, pattern: str, given: dict[str, str], number: str
) -> None:
    company.decree({"some": {"number": pattern}})
    taken = ["LX-CX-2019-01", "LX-CX-2019-02"]

    assert numbering_of(company, "some").next_free(taken, TODAY | given) == number


def test_a_record_is_numbered_under_the_procedure_that_was_typed(company: StepBuilder) -> None:
    company.decree(
        {
            "procedure": {"number": "XX/QP-{seq:02}"},
            "record": {"number": "XX/QPR-{seq of procedure}-{seq:02}"},
        }
    )
    numbering = numbering_of(company, "record")
    taken = ["XX/QP-04", "XX/QPR-04-01"]

    assert numbering.next_free(taken, TODAY | {"procedure": "xx/qp—04"}) == "XX/QPR-04-02"
    assert numbering.next_free(taken, TODAY | {"seq of procedure": "05"}) == "XX/QPR-05-01"
    with pytest.raises(Refused) as missing:
        numbering.next_free(taken, TODAY)
    assert missing.value.finding.values["needed"] == "procedure"
    with pytest.raises(Refused) as nowhere:
        numbering.next_free(taken, TODAY | {"procedure": "XX/QP-05"})
    assert nowhere.value.finding.code == "NUMBER-PARENT"


def test_a_number_is_printed_as_the_class_says(company: StepBuilder) -> None:
    display: Value = {"text": "{number}-{revision}", "dash": "—"}
    company.decree(
        {"some": {"number": "CEE/QP-{seq:02}", "version": "letter-count", "display": display}}
    )
    numbering = numbering_of(company, "some")

    assert numbering.display("CEE/QP-01", "A/0") == "CEE/QP—01-A/0"
    assert numbering.canonical("CEE/QP—01") == "CEE/QP-01"
    assert numbering.like == "CEE/QP-01"
    assert numbering.twin_key("CEE/QP-01") == numbering.twin_key("cee/qp—O1")


def test_a_revision_of_an_earlier_scheme_is_still_printed(company: StepBuilder) -> None:
    company.decree(
        {"some": {"number": "{name}", "version": "decimal", "display": "{number} 第{version}版"}}
    )

    assert numbering_of(company, "some").display("QP-01", "A/0") == "QP-01 A/0"


@pytest.mark.parametrize(
    ("settings", "revision", "zh", "en"),
    [
        ({"version": "letter-count"}, "A/0", "第A版第0次修改", "Issue A, change 0"),
        ({"version": "decimal"}, "1.0", "第1.0版", "Version 1.0"),
        ({"version": "v-number"}, "V2", "第2版", "Version 2"),
        ({"version": "decimal"}, "A/0", "第A/0版", "Version A/0"),
        ({"version": "letter-count"}, "1.0", "1.0", "1.0"),
        ({"version": "letter-count", "version_display": "{revision}版"}, "A/0", "A/0版", "A/0版"),
        (
            {
                "version": "letter-count",
                "version_display": {"zh": "第{revision}版", "en": "Rev. {revision}"},
            },
            "B/3",
            "第B/3版",
            "Rev. B/3",
        ),
    ],
)
def test_a_revision_is_printed_in_both_languages(
    company: StepBuilder, settings: Mapping[str, Value], revision: str, zh: str, en: str
) -> None:
    versions = versions_of(company, settings)

    assert versions.display(revision, "zh") == zh
    assert versions.display(revision, "en") == en


def test_a_cap_holds_for_what_follows(company: StepBuilder) -> None:
    versions = versions_of(company, {"version": {"scheme": "letter-count", "cap": "9"}})

    assert versions.first == "A/0"
    assert versions.next_count("A/9") == "B/0"
    assert versions.next_version("A/3") == "B/0"
    assert versions.following("A/8") == ("A/9", "B/0")
    assert versions.following("A/9") == ("B/0",)


def test_after_a_change_of_scheme_one_begins_with_its_first(company: StepBuilder) -> None:
    versions = versions_of(company, {"version": "decimal"})

    assert versions.next_count("A/3") == versions.next_version("A/3") == "1.0"
    assert versions.following("A/3") == ("1.0",)


def test_a_class_without_settings_is_left_to_others(company: StepBuilder) -> None:
    company.decree({"some": {}})

    assert rules.numbering(company.policy, "some") is None
    assert rules.version_scheme(company.policy, "some") is None
    assert rules.numbering(company.policy, "nowhere") is None


def test_a_broken_setting_is_refused_at_its_place(company: StepBuilder) -> None:
    company.decree({"form": {"number": "LX-R-{seq:02}"}, "broken": {"number": "LX-{seq}{yy}"}})

    with pytest.raises(Refused) as refusal:
        rules.numbering(company.policy, "broken")

    place = refusal.value.finding.place
    assert (place.path, place.field) == ("qms.yaml", "classes.1.number")


def test_the_settings_belong_to_this_plugin() -> None:
    assert {one.name: one.required for one in rules.settings()} == {
        "number": True,
        "display": False,
        "version": True,
        "version_display": False,
    }
    assert rules.codes().name == "codes.toml"
