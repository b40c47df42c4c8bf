"""What the three files of a policy say of keys."""

import pytest

from qms.domain.policy_files import read_policy_files
from qms.findings import Finding, Place
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
