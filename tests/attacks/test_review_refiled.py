"""A policy that one of its quorum files again, alone: by another time, having seen other things."""

from dataclasses import replace
from typing import Any

import pytest

from qms.domain.policies import FILE, policy_subject
from qms.formats import cut, slots
from qms.formats.slots import Slot
from qms.testing import DocsRepo
from qms.testing.laws import standing, walked

THIRD = "policy/0003"


def refile(
    repo: DocsRepo,
    *,
    smaller: bool,
    by: str = "li.si",
    at: str | None = None,
    **changed: Any,
) -> None:
    """Policy 3 with another last signature, by one person alone, beside the true filing.

    Its id is `smaller` than that of the true one, or larger: who tries often enough chooses.
    """
    data = repo.read(f"{THIRD}/policy.yaml")
    laid = slots.parse_tail(cut.cut_yaml(data).tail).slots
    true = next(slot for slot in laid if slot.act == FILE)
    assert true.signed is not None
    given: dict[str, Any] = {"policy": true.signed.policy, **changed}
    number, new = 0, true
    while new is true or (new.id < true.id) is not smaller:
        number += 1
        new = repo.sign_slot(
            replace(Slot.unsigned(FILE, "2", "policy-keeper", by), at=at),
            policy_subject(3),
            true.signed.content,
            base=true.signed.base,
            after=true.signed.after,
            reason=str(number),
            **given,
        )
    agreed = [slot for slot in laid if slot.act != FILE]
    tail = slots.render_tail(slots.Tail("signed", slots.in_order([*agreed, new])))
    folder = f"{THIRD}~{new.id.partition(':')[2][:16]}"
    repo.write(f"{folder}/policy.yaml", cut.with_tail(data, tail))
    for name in ("people.yaml", "qms.yaml"):
        repo.write(f"{folder}/{name}", repo.read(f"{THIRD}/{name}"))
    repo.commit("File policy 3 again")


def silent(repo: DocsRepo) -> None:
    assert repo.verify() == repo.check(whole=True) == []
    assert walked(repo) == standing(repo)


@pytest.mark.parametrize("smaller", [False, True])
def test_filing_it_again_later_takes_nothing_out_of_force(
    repo: DocsRepo,
    smaller: bool,  # noqa: FBT001 - a case
) -> None:
    """All that was signed under policy 3 was TIME-ORDER, by one signature of one person."""
    repo.policy(by=("zhao.liu", "li.si"))
    repo.release("LX-WI-05", effective=repo.today)
    repo.policy(by=("zhao.liu", "wang.wu"))

    refile(repo, smaller=smaller)

    silent(repo)
    assert repo.qms("list").out.count("LX-WI-05") == 1


@pytest.mark.parametrize("smaller", [False, True])
def test_filing_it_again_as_if_it_had_seen_less_voids_nothing(
    repo: DocsRepo,
    smaller: bool,  # noqa: FBT001 - a case
) -> None:
    """What li.si approved before, with the key that policy 3 replaces, was seen by its filing."""
    before = repo.seen
    repo.release("LX-WI-05", effective=repo.today)
    repo.policy(lambda company: company.with_new_key("li.si"), by=("zhao.liu", "wang.wu"))
    true = slots.parse_tail(cut.cut_yaml(repo.read(f"{THIRD}/policy.yaml")).tail).slots
    repo.issue("LX-CX-2026-01", "003", "zhou.jiu")
    repo.receive("LX-CX-2026-01", "003", "zhou.jiu")
    repo.draft("LX-WI-07", prepared_by="qian.qi")
    repo.commit("Draft")
    repo.release("LX-WI-07")
    repo.receive("LX-CX-2026-01", "002", "li.si", revision="A/0")
    last = max(slot.at or "" for slot in true if slot.act != FILE)

    refile(repo, smaller=smaller, by="wang.wu", at=last, seen=before)

    silent(repo)
    assert repo.qms("list").out.count("LX-WI-05") == 1
