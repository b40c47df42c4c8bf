"""What the three files of a policy say of keys."""

from dataclasses import replace
from datetime import date

import pytest

from qms.domain.kinds.policy_files import PolicyFile, read_policy_files
from qms.findings import Finding, Place
from qms.formats.digests import parse_time
from qms.testing import key
from qms.testing.company import SMALL

MANIFEST = b"""version: 2
rulebook: 1
plugins: []
quorum: {role: policy-keeper, need: 2}
floors: {min_signers: 2, self_approval: false, assurance: file}
files: []
status: draft
approvals: []
"""


def files(*labels: str) -> dict[str, bytes]:
    company = SMALL.with_keys("li.si", *labels)
    return {
        "policy.yaml": MANIFEST,
        "people.yaml": company.people_yaml(),
        "qms.yaml": company.qms_yaml(),
    }


def test_a_key_file_is_no_security_key() -> None:
    found, faults = read_policy_files(files("li.si fido"))

    values = {"key": key("li.si").public.fingerprint, "person": "li.si"}
    place = Place("people.yaml", "persons.0.keys.0.key")
    assert found is None
    assert faults == (Finding("KEY-NO-DEVICE", place, values),)


def test_a_security_key_may_promise_no_more_than_a_file() -> None:
    found, faults = read_policy_files(files("li.si/sk", "li.si/2/sk fido"))

    assert faults == ()
    assert found is not None
    assert [one.assurance for one in found.policy.persons["li.si"].keys] == ["file", "fido"]


def test_classes_ask_for_key_files_where_they_say_nothing() -> None:
    found, _ = read_policy_files(files("li.si"))

    assert found is not None
    assert found.policy.assurance(None) == found.policy.assurance("procedure") == "file"


LIST = (
    '[{from: "2026-10-25T02:00:00+01:00", offset: "+01:00"}, '
    '{from: "2027-03-28T02:00:00+01:00", offset: "+02:00"}]'
)


def zoned(timezone: str) -> tuple[PolicyFile | None, tuple[Finding, ...]]:
    company = replace(SMALL, timezone=timezone)
    return read_policy_files({**files("li.si"), "qms.yaml": company.qms_yaml()})


@pytest.mark.parametrize(
    ("timezone", "day"),
    [('"+08:00"', 2), ('"-12:00"', 1), ('"+14:00"', 2), (LIST, 2)],
)
def test_a_policy_tells_the_day_of_an_instant(timezone: str, day: int) -> None:
    found, faults = zoned(timezone)

    assert faults == ()
    assert found is not None
    assert found.policy.day(parse_time("2027-06-01T22:30:00+00:00")) == date(2027, 6, day)


@pytest.mark.parametrize(
    ("timezone", "field"),
    [
        ('"-23:59"', "organisation.timezone"),
        ('"+14:15"', "organisation.timezone"),
        ('"+99:99"', "organisation.timezone"),
        ('"-00:00"', "organisation.timezone"),
        ('"Asia/Shanghai"', "organisation.timezone"),
        (LIST.replace("2027", "2026"), "organisation.timezone.1.from"),
    ],
)
def test_a_policy_with_another_zone_is_refused(timezone: str, field: str) -> None:
    """format §3: a signed `+99:99` would end every verification that reads it."""
    found, faults = zoned(timezone)

    assert found is None
    assert [(fault.code, fault.place) for fault in faults] == [("ZONE", Place("qms.yaml", field))]


def test_a_list_of_offsets_ends_somewhere() -> None:
    rows = ", ".join(
        f'{{from: "{2100 + at}-01-01T00:00:00+00:00", offset: "+00:00"}}' for at in range(201)
    )

    assert [fault.code for fault in zoned(f"[{rows}]")[1]] == ["FIELD-LENGTH"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("{zh: 李四}", ""), ("{ja: 李シ, vi: Lý Tứ}", ""), ("{}", "FIELD-FORM"),
     ("{zh_cn: 李四}", "FIELD-FORM"), ("{chinese: 李四}", "FIELD-FORM"), ("李四", "YAML-TYPE")],
)  # fmt: skip
def test_a_name_is_given_in_at_least_one_language(name: str, code: str) -> None:
    given = files("li.si")
    given["people.yaml"] = given["people.yaml"].replace(
        "{zh: 李四, en: li.si}".encode(), name.encode()
    )
    found, faults = read_policy_files(given)

    assert [one.code for one in faults] == ([code] if code else [])
    assert (found is None) == bool(code)
