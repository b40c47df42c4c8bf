"""Attacks on the chain a revision must run through, and on the revision it is based on."""

from dataclasses import replace

import pytest

from qms.testing import SHORT_CHAIN, DocsRepo
from qms.testing.attacks import Attack, Attacks
from qms.testing.contests import standing

NUMBER = "LX-CX-2026-01"
SHEET_NEXT = "released/instruction/LX-WI-01/A-1.md"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_on_chain_or_base_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


def short(repo: DocsRepo, number: str, **head: str) -> str:
    """Revise a document and take it through the chain of its new class and owner only."""
    repo.branch("short")
    repo.revise(number, **head)
    repo.commit("Revise")
    document = repo.document(number)
    chain = repo.hooks.chain(repo.policy_file.policy, document)
    prepare = repo.statement(document, chain.steps[0], document.prepared_by)
    laid = [prepare]
    for step in chain.steps[1:]:
        at = replace(document, slots=tuple(laid))
        days = {"published": str(repo.today), "effective": str(repo.today)}
        data = days if step.act == "publish" else {}
        laid += [
            repo.statement(at, step, seat.person, data=data) for seat in step.seats[: step.need]
        ]
    return repo.file(number, laid, "published")


@attack("100", "CHAIN-DOWNGRADE", "released/instruction/LX-CX-2026-01/A-2.md", gates="RV")
def a_class_with_a_weaker_chain(repo: DocsRepo) -> str:
    return short(repo, NUMBER, class_="instruction")


def with_owners(repo: DocsRepo) -> None:
    """The owner's head approves instructions."""
    chain = SHORT_CHAIN.replace("role: quality-manager", "head_of: owner")
    repo.policy(lambda company: company.with_chain("instruction", chain))


@attack("100", "CHAIN-DOWNGRADE", SHEET_NEXT, gates="RV", before=with_owners)
def an_owner_with_a_weaker_chain(repo: DocsRepo) -> str:
    return short(repo, "LX-WI-01", owner="quality", prepared_by="zhou.jiu")


def forked(repo: DocsRepo) -> None:
    """Main goes on with LX-WI-01 to A/1; later, a branch that has not seen it, to B/0."""
    repo.branch("work")
    repo.checkout("main")
    repo.release("LX-WI-01")
    repo.checkout("work")
    repo.release("LX-WI-01", body="# 目的\n\n另一种。\n", revision="B/0")
    repo.checkout("main")


@attack("110", "REVISION-FORK", "released/instruction/LX-WI-01/B-0.md", gates="RV", before=forked)
def a_second_child_of_one_base(repo: DocsRepo) -> str:
    theirs = repo.history.branches["work"]
    fork = repo.history.files(theirs)["released/instruction/LX-WI-01/B-0.md"]
    repo.commit("Merge", {"released/instruction/LX-WI-01/B-0.md": fork}, (repo.tip, theirs))
    return theirs


def test_a_fork_that_nobody_saw_coming_brings_nothing_new_into_force(repo: DocsRepo) -> None:
    """Row 110 (V): two branches of which nobody ever saw one alone; no rule may pick one."""
    forked(repo)
    a_second_child_of_one_base(repo)

    found = standing(repo)

    assert found is not None
    assert found[0] == "A/0"
