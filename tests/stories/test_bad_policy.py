"""A policy that is broken is told with its line, before anybody signs it."""

import pytest

from qms.testing.bad_input import told
from qms.testing.office import Office


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("qms.yaml", "{role: expert}", "{role: exprt}", "CHAIN-ROLE"),
        ("qms.yaml", "{head_of: owner}", "{head_of: ownr}", "CHAIN-ROLE"),
        ("qms.yaml", "    one_person: true", "    one_persn: true", "FIELD-UNKNOWN"),
        ("qms.yaml", "    one_person: true", "    one_person: maybe", "YAML-TYPE"),
        ("qms.yaml", '    number: "LX-SH-{year}"', '    number: "LX-SH-{yaer}"', "NUMBER-PATTERN"),
        ("qms.yaml", "need: 2, who", "need: many, who", "FIELD-CHOICE"),
        ("qms.yaml", "trunk: main\n", "trunk: main\ntrunk: other\n", "YAML-DUPLICATE"),
        ("people.yaml", "head: ji.shu", "head: nobody.here", "ID-UNKNOWN"),
        ("people.yaml", "- {id: fu.er,", "- {id: fu.yi,", "ID-TWICE"),
        ("people.yaml", "departments:", "departments: [", "YAML-SYNTAX"),
        ("people.yaml", "role", "rolle", "FIELD-UNKNOWN"),
    ],
)
def test_a_broken_policy_is_told_before_anybody_signs_it(
    lx: Office, name: str, old: str, new: str, code: str
) -> None:
    good = lx.text(name)
    lx.edit(name, old, new)
    answer = lx.call("check")
    assert code in answer.findings, answer
    assert answer.lines[code].startswith(f"{name}:")
    assert answer.code == 1
    refused = lx.call("policy", "sign", by="gao.feng")
    assert refused.code == 1
    assert set(refused.findings) <= set(answer.findings)
    assert lx.status == f"M {name}"
    lx.write(name, good)
    lx.qms("check")


def test_a_key_of_a_class_that_is_missing_is_told_at_its_class(lx: Office) -> None:
    lx.edit("qms.yaml", "    version: letter-count\n", "")
    answer = lx.call("check")
    told(answer, 1, "FIELD-MISSING")
    assert answer.lines == {"FIELD-MISSING": "qms.yaml:8"}
    assert "classes.0.version" in answer.out


def test_a_missing_file_of_the_policy_is_told(lx: Office) -> None:
    (lx.folder / "people.yaml").unlink()
    told(lx.call("check"), 1, "POLICY-FILE")
    told(lx.call("policy", "sign", by="gao.feng"), 1, "ROOT-FILE-MISSING")
    key = f"{lx.key('fu.er')}.pub"
    told(lx.call("policy", "key", "fu.er", key), 1, "ROOT-FILE-MISSING")
