"""What the three files of a policy say of keys."""

from qms.domain.policy_files import read_policy_files
from qms.findings import Finding, Place
from qms.testing import key
from qms.testing.company import SMALL

MANIFEST = b"""version: 2
rulebook: 1
plugins: []
quorum: {role: policy-keeper, need: 2}
floors: {min_signers: 2, self_approval: false}
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


def test_floors_and_classes_ask_for_key_files_where_they_say_nothing() -> None:
    found, _ = read_policy_files(files("li.si"))

    assert found is not None
    assert found.policy.assurance(None) == found.policy.assurance("procedure") == "file"
