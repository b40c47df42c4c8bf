"""Attacks by what a validly signed policy says: floors, machines' keys, ids, names in paths."""

import pytest

from qms.formats import cut, slots
from qms.testing import DocsRepo, Told, key
from qms.testing.attacks import Attack, Attacks, gate, verified
from qms.testing.laws import standing, walked

THIRD = "policy/0003/policy.yaml"
FOURTH = "policy/0004/policy.yaml"
PRESS = f'[{{key: "{key("press").public_text}", name: press}}]'
TEMPLATE = {"min_signers": "2", "self_approval": "false", "assurance": "file", "legacy": "open"}

ATTACKS = Attacks()
attack = ATTACKS.add


def floors(**changed: str) -> dict[str, str]:
    rows = ", ".join(f"{name}: {value}" for name, value in {**TEMPLATE, **changed}.items())
    return {"floors": f"{{{rows}}}"}


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_what_no_policy_may_say_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


@pytest.mark.parametrize(
    ("floor", "weaker"),
    [
        ("min_signers", "1"),
        ("self_approval", "true"),
        ("paper", "true"),
        ("delegation_days", "1"),
        ("emergency_days", "1"),
        ("temporary_days", "1"),
    ],
)
def test_a_floor_never_sinks(repo: DocsRepo, floor: str, weaker: str) -> None:
    clean = repo.tip
    repo.policy(keys=floors(**{floor: weaker}))

    assert repo.verify() == gate(repo, clean, repo.tip) == [Told("FLOOR-LOWERED", THIRD)]
    assert repo.report().findings[0].values["floor"] == floor


def closed(repo: DocsRepo) -> None:
    repo.policy(keys=floors(legacy="closed"))


@attack("25", "FLOOR-LOWERED", FOURTH, gates="RV", before=closed)
def a_time_before_the_system_that_is_opened_again(repo: DocsRepo) -> str:
    return repo.policy(keys=floors(legacy="open"))


def left_out(repo: DocsRepo) -> None:
    """What a version does not name is at its strictest there, and so in all that come."""
    repo.policy(keys={"floors": "{assurance: file}"})


@attack("25", "FLOOR-LOWERED", FOURTH, gates="RV", before=left_out)
def a_floor_that_was_left_out_and_comes_back_lower(repo: DocsRepo) -> str:
    return repo.policy(keys=floors(legacy="open"))


def a_press(repo: DocsRepo) -> None:
    repo.policy(keys={"publishers": PRESS})


@attack("17", "SIGNER", "released/instruction/LX-WI-02/A-0.md", gates="RV", before=a_press)
def a_machine_that_approves(repo: DocsRepo) -> str:
    repo.sign("LX-WI-02", by=key("press"))
    return repo.publish("LX-WI-02")


@attack("17", "KEY-TAKEN", FOURTH, gates="RV", before=a_press)
def a_machine_that_becomes_a_person(repo: DocsRepo) -> str:
    return repo.policy(
        lambda company: company.with_keys("sun.ba", "sun.ba", "press"), keys={"publishers": "[]"}
    )


@attack("17", "KEY-TAKEN", THIRD, gates="RV")
def a_person_who_becomes_a_machine(repo: DocsRepo) -> str:
    rows = f'[{{key: "{key("zhou.jiu").public_text}", name: press}}]'
    return repo.policy(
        lambda company: company.with_keys("zhou.jiu", "zhou.jiu/2"), keys={"publishers": rows}
    )


@attack("17", "KEY-TAKEN", "policy/0003/policy.yaml", gates="RV")
def a_person_and_a_machine_with_one_key(repo: DocsRepo) -> str:
    rows = f'[{{key: "{key("zhou.jiu").public_text}", name: press}}]'
    return repo.policy(keys={"publishers": rows})


@attack("17", "ID-TAKEN", THIRD, gates="RV")
def an_id_that_somebody_else_gets(repo: DocsRepo) -> str:
    people = repo.company.with_keys("zhou.jiu", "mallory").people_yaml()
    renamed = people.replace("周九".encode(), "马三".encode()).replace(
        b"en: zhou.jiu", b"en: Ma San"
    )
    return repo.policy(files={"people.yaml": renamed})


@pytest.mark.parametrize("role", ["named-in-approval", "signer-of-2", "head-of-quality"])
def test_a_role_with_a_reserved_name_is_no_role(repo: DocsRepo, role: str) -> None:
    repo.policy(lambda company: company.with_role(role, "sun.ba"))

    assert repo.verify() == [Told("ID-RESERVED", "policy/0003/people.yaml")]


def test_a_twins_key_takes_nothing_from_an_honest_version(repo: DocsRepo) -> None:
    """X8: a thief's twin listed the key that honest version 4 gives to its owner."""
    repo.branch("thief")
    twin = repo.policy(lambda company: company.with_keys("wu.shi", "wu.shi", "zhou.jiu/2"))
    files = repo.history.files(twin)
    last = slots.statements_in(repo.policy_file.slots)[-1].id.partition(":")[2][:16]
    repo.checkout("main")
    repo.policy(lambda company: company.with_role("archivist", "sun.ba"))
    repo.policy(lambda company: company.with_new_key("zhou.jiu"))
    for name in ("people.yaml", "policy.yaml", "qms.yaml"):
        repo.write(f"policy/0003~{last}/{name}", files[f"policy/0003/{name}"].data)
    repo.commit("Take over the twin")

    honest = cut.cut_yaml(repo.read(FOURTH)).content
    assert honest in walked(repo).policies
    assert sorted(walked(repo).policies) == sorted(standing(repo).policies)
    assert "KEY-TAKEN" not in {one.code for one in (*repo.verify(), *repo.check(whole=True))}


@pytest.mark.parametrize("id_", ["*", "li.*", "!li.si", "li.si,wang.wu", "li si", "Li.Si", "李四"])
def test_a_person_whose_id_would_stand_for_others_is_none(repo: DocsRepo, id_: str) -> None:
    """Row 74 (LV): where keys are listed for ssh-keygen it would be a pattern, or two names."""
    repo.edit(
        "people.yaml", repo.read("people.yaml").replace(b"id: sun.ba,", f'id: "{id_}",'.encode())
    )
    assert [told.code for told in repo.check()] == ["FIELD-FORM"]

    repo.policy(lambda company: company.with_person(f'"{id_}"', "某", "quality"))

    code, named = verified(repo)
    assert (code, [one[:2] for one in named]) == (3, [("TOOL-OLD", THIRD)])


@attack("74", "SIGNATURE", "documents/instruction/LX-WI-02.md")
def a_pattern_in_the_place_of_who_signed(repo: DocsRepo) -> None:
    repo.replace("documents/instruction/LX-WI-02.md", b'person: "sun.ba"', b'person: "*"')
