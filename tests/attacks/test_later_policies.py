"""Attacks with what a later policy had not seen: stolen keys, roles taken away, old ones named."""

from dataclasses import replace

import pytest

from qms.formats import cut
from qms.testing import DocsRepo, Told, key
from qms.testing.attacks import Attack, Attacks, verified

IN_REVIEW = "documents/instruction/LX-WI-02.md"
FILED = "released/instruction/LX-WI-02/A-0.md"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_under_an_older_policy_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


def approved_with_a_stolen_key(repo: DocsRepo) -> None:
    """A thief of li.si's key branches off; policy 3 makes the key void on main."""
    repo.branch("thief")
    repo.checkout("main")
    repo.policy(lambda company: company.with_new_key("li.si"))


@attack("97", "STALE-POLICY", FILED, gates="RV", before=approved_with_a_stolen_key)
def a_thief_who_branches_before_the_policy_that_voids_the_key(repo: DocsRepo) -> str:
    repo.checkout("thief")
    repo.sign("LX-WI-02", by=key("li.si"))
    released = repo.publish("LX-WI-02")
    repo.merge("main")
    repo.push("main")
    repo.checkout("main")
    return released


def role_taken_away(repo: DocsRepo) -> None:
    """A branch goes on under policy 2; on main policy 3 gives the role to somebody else."""
    repo.branch("work")
    repo.checkout("main")
    repo.policy(lambda company: company.with_role("quality-manager", "zhou.jiu"))


def test_a_text_in_review_says_who_must_sign_again_under_a_later_policy(repo: DocsRepo) -> None:
    """Row 97 (LV), rule 4"""
    approved_with_a_stolen_key(repo)
    repo.checkout("thief")
    repo.sign("LX-WI-02", by=key("li.si"))

    repo.merge("main")

    assert repo.check() == [Told("APPROVAL-OUTDATED", IN_REVIEW)]
    assert repo.verify() == [Told("APPROVAL-OUTDATED", IN_REVIEW)]


def test_a_signature_that_the_later_policy_had_seen_stands(repo: DocsRepo) -> None:
    """Rule 4: honest reviews in flight survive a key change"""
    repo.sign("LX-WI-02")

    repo.policy(lambda company: company.with_new_key("li.si"))

    assert repo.check(whole=True) == []
    assert repo.verify() == []


@attack("16", "STALE-POLICY", FILED, gates="RV", before=role_taken_away)
def an_approval_in_a_role_that_a_later_policy_took(repo: DocsRepo) -> str:
    repo.checkout("work")
    released = repo.release("LX-WI-02")
    repo.merge("main")
    repo.push("main")
    repo.checkout("main")
    return released


@attack("30", "NOT-APPROVED", FILED, gates="RV", before=role_taken_away)
def an_old_policy_named_by_who_could_have_known(repo: DocsRepo) -> str:
    old = cut.cut_yaml(repo.read("policy/0002/policy.yaml")).content
    repo.branch("late")
    document = repo.document("LX-WI-02")
    step = repo.chain(replace(document, slots=())).steps[1]
    seat = step._replace(seats=(step.seats[0]._replace(person="li.si"),))
    signed = repo.statement(document, seat, "li.si", policy=old)
    repo.put_slots("LX-WI-02", (document.statements[0], signed), "approved")
    repo.commit("Approve")
    approved = repo.document("LX-WI-02")
    last = repo.chain(approved).steps[2]
    days = {"published": str(repo.today), "effective": str(repo.today)}
    filing = repo.statement(approved, last, "wang.wu", data=days)
    return repo.file("LX-WI-02", (*approved.statements, filing), "published")


@attack("107", "POLICY-ROLLBACK", "policy/0003", gates="RV", before=role_taken_away,
        also=(Told("STALE-POLICY", FILED),))  # fmt: skip
def a_policy_dropped_with_what_it_forbids(repo: DocsRepo) -> str:
    third = [path for path in repo.files if path.startswith("policy/0003/")]
    repo.checkout("work")
    repo.release("LX-WI-02")
    work = repo.tip
    repo.checkout("main")
    files = repo.history.files(work)
    changes = {path: files[path] for path in (IN_REVIEW, FILED)}
    changes |= {p: f for p, f in files.items() if p.startswith("released/assets/")}
    roots = {path: files[path] for path in ("people.yaml", "policy.yaml", "qms.yaml")}
    return repo.commit("Attack", {**changes, **roots, **dict.fromkeys(third)})


def test_a_policy_that_is_put_back_judges_what_was_filed_without_it(repo: DocsRepo) -> None:
    """Row 107 (V)"""
    role_taken_away(repo)
    kept = {p: f for p, f in repo.files.items() if p.startswith("policy/0003/")}
    roots = {p: repo.files[p] for p in ("people.yaml", "policy.yaml", "qms.yaml")}
    dropped = a_policy_dropped_with_what_it_forbids(repo)
    repo.commit("Put the policy back", {**kept, **roots})

    code, named = verified(repo)

    assert [(one.code, one.path, one.commit) for one in named] == [
        ("STALE-POLICY", FILED, dropped),
        ("INCIDENT", "policy/0003/people.yaml", dropped),
    ]
    assert code == 1
