"""A policy that this tool can't read: signed by its quorum it stops everybody, unsigned nobody.

An older tool that took a newer policy for none would go on under the one before it, with the very
keys that the new one voids. And if garbage could stop it, anybody could stop everybody.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.domain.kinds.pins import PluginPin
from qms.formats import cut
from qms.formats.head_edit import set_key
from qms.jobs.policies.policy_rounds import first_manifest
from qms.testing import SHORT_CHAIN, SMALL, DocsRepo, Told, key
from qms.testing.attacks import gate, verified
from qms.testing.built_history import BuiltHistory
from qms.testing.merging import ATTRIBUTES

THIRD = "policy/0003/policy.yaml"
FOURTH = "policy/0004/policy.yaml"
OLD = [Told("TOOL-OLD", THIRD)]
NEW_TYPE = "ssh-falcon512 AAAADXNzaC1mYWxjb241MTI="

File = Callable[..., object]


def another_rulebook(repo: DocsRepo, **how: object) -> None:
    repo.policy(keys={"rulebook": "2"}, **how)  # type: ignore[arg-type]


def a_new_key_in_qms_yaml(repo: DocsRepo, **how: object) -> None:
    data = repo.read("qms.yaml") + b"colour: red\n"
    repo.policy(files={"qms.yaml": data}, **how)  # type: ignore[arg-type]


def a_new_key_of_a_class(repo: DocsRepo, **how: object) -> None:
    chain = SHORT_CHAIN + "    colour: red\n"
    repo.policy(lambda company: company.with_chain("instruction", chain), **how)  # type: ignore[arg-type]


def a_new_key_in_people_yaml(repo: DocsRepo, **how: object) -> None:
    data = repo.read("people.yaml").replace(b"keys: [", b"colour: red, keys: [", 1)
    repo.policy(files={"people.yaml": data}, **how)  # type: ignore[arg-type]


def another_way_to_write_people_yaml(repo: DocsRepo, **how: object) -> None:
    repo.policy(files={"people.yaml": b"persons = []\n"}, **how)  # type: ignore[arg-type]


def a_new_type_of_key(repo: DocsRepo, **how: object) -> None:
    text = repo.read("people.yaml").decode()
    data = text.replace(key("sun.ba").public_text, NEW_TYPE).encode()
    repo.policy(files={"people.yaml": data}, **how)  # type: ignore[arg-type]


def a_new_type_of_key_of_a_machine(repo: DocsRepo, **how: object) -> None:
    rows = f'[{{key: "{NEW_TYPE}", name: press}}]'
    repo.policy(keys={"publishers": rows}, **how)  # type: ignore[arg-type]


BEYOND = pytest.mark.parametrize(
    "file",
    [
        another_rulebook,
        a_new_key_in_qms_yaml,
        a_new_key_of_a_class,
        a_new_key_in_people_yaml,
        another_way_to_write_people_yaml,
        a_new_type_of_key,
        a_new_type_of_key_of_a_machine,
    ],
)


@BEYOND
def test_a_signed_policy_that_cannot_be_read_is_told_at_every_gate(
    repo: DocsRepo, file: File
) -> None:
    """X15, X16"""
    clean = repo.tip
    file(repo)

    assert gate(repo, clean, repo.tip) == OLD
    assert repo.check() == repo.check(whole=True) == OLD
    code, named = verified(repo)
    assert (code, [Told(one.code, one.path) for one in named]) == (3, OLD)
    assert not repo.report().complete


@BEYOND
def test_nothing_is_shown_or_signed_under_a_policy_that_cannot_be_read(
    repo: DocsRepo, file: File
) -> None:
    """X16: `list` showed what was in force under the version before, exit code 0."""
    file(repo)

    for command in (
        ("list",), ("show", "LX-WI-01"), ("history", "LX-WI-01"), ("asof", "2026-12-31"),
        ("todo",), ("new", "instruction", "--title", "x"), ("sign", "LX-WI-02"),
        ("reject", "LX-WI-02", "--reason", "x"), ("release", "LX-WI-02"),
        ("issue", "LX-WI-01", "--to", "quality"), ("publish", "--out", "out"), ("policy", "sign"),
    ):  # fmt: skip
        answer = repo.qms(*command, by="li.si")
        assert (command, answer.code, answer.findings) == (command, 3, ("TOOL-OLD",))


@pytest.mark.parametrize("file", [another_rulebook, a_new_key_in_qms_yaml])
def test_a_release_with_a_key_that_an_unreadable_policy_voids_is_no_verdict(
    repo: DocsRepo, file: File
) -> None:
    """X16b: merged from a branch from before, it was in force."""
    repo.branch("thief")
    repo.sign("LX-WI-02", by=key("li.si"))
    repo.publish("LX-WI-02")
    repo.checkout("main")
    people = repo.company.with_new_key("li.si").people_yaml()
    if file is another_rulebook:
        repo.policy(lambda company: company.with_new_key("li.si"), keys={"rulebook": "2"})
    else:
        data = repo.read("qms.yaml") + b"colour: red\n"
        repo.policy(files={"people.yaml": people, "qms.yaml": data})
    repo.merge("thief")

    assert repo.verify() == OLD
    assert repo.check(whole=True) == OLD
    assert repo.qms("list").code == 3


def test_the_version_after_one_that_cannot_be_read_is_not_called_invalid(repo: DocsRepo) -> None:
    """Whose signatures it needs stands in files that nobody here can read."""
    another_rulebook(repo)
    repo.policy(keys={"rulebook": "2"})

    assert repo.verify() == OLD
    assert repo.check(whole=True) == OLD


def test_what_is_gone_is_told_also_where_a_policy_cannot_be_read(repo: DocsRepo) -> None:
    another_rulebook(repo)
    repo.delete("released/instruction/LX-WI-01/A-0.md")
    repo.commit("Drop")

    told = [Told("DOC-MISSING", "released/instruction/LX-WI-01/A-0.md"), *OLD]
    assert sorted(repo.verify()) == sorted(told)


@BEYOND
def test_a_policy_that_too_few_signed_stops_nobody_whatever_it_says(
    repo: DocsRepo, file: File
) -> None:
    """Anybody could stop everybody with garbage."""
    file(repo, by=["li.si"])
    for name in ("people.yaml", "policy.yaml", "qms.yaml"):
        repo.write(name, repo.read(f"policy/0002/{name}"))
    repo.commit("Put the files in force back")

    assert repo.verify() == [Told("POLICY-UNAUTHORISED", THIRD)]
    assert repo.qms("list").code == 0
    assert "LX-WI-01" in repo.qms("list").out


@BEYOND
def test_a_policy_signed_under_other_names_stops_nobody(repo: DocsRepo, file: File) -> None:
    file(repo, name="Mallory")

    assert [one.code for one in repo.verify()] == ["SIGNER-NAME"]
    assert repo.report().policies == 2


def test_a_new_key_in_the_head_of_policy_yaml_is_none_for_ever(repo: DocsRepo) -> None:
    """Its schema never grows, so that no tool ever takes a valid version for another."""
    repo.policy(keys={"colour": "red"})

    assert repo.verify() == [Told("FIELD-UNKNOWN", THIRD)]


def test_free_values_below_more_are_nobodys_fault(repo: DocsRepo) -> None:
    repo.policy(keys={"more": "{colour: red, limits: {pages: 12}, list: [a, b]}"})
    repo.release("LX-WI-04")

    assert repo.verify() == []
    assert repo.check(whole=True) == []


def test_a_founding_policy_that_cannot_be_read_is_no_verdict(tmp_path: Path) -> None:
    """Whose keys signed it nobody here can tell; its root is known from elsewhere anyway."""
    repo = DocsRepo(BuiltHistory.init(tmp_path / "repo"))
    manifest = first_manifest((PluginPin("numbering"),), "policy-keeper", 2)
    repo.write(".gitattributes", ATTRIBUTES)
    head = set_key(cut.cut_yaml(manifest).head, "rulebook", "2")
    repo.root = repo.file_policy(SMALL, head)

    first = [Told("TOOL-OLD", "policy/0001/policy.yaml")]
    assert repo.verify() == repo.check(whole=True) == first
    assert repo.qms("list").findings == ("TOOL-OLD",)
