"""Who speaks for one of several that claim a place: nobody by a key that proves nothing now.

Two people outside a chain decide which of two stands. So keys that a policy voided, and keys that
a side of a fork gives out itself, would be enough for thieves to take over, or to silence people.
"""

import pytest

from qms.domain.library.effect import Effects
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.storage.repository import Repository
from qms.testing import DocsRepo
from qms.testing.uniting import united

SHEET = "LX-WI-01"


def told(repo: DocsRepo) -> tuple[str, bool]:
    """The last line of the text that stands; whether the policy in force knows mallory."""
    repo.history.flush()
    with Repository.find(repo.path) as repository:
        judge = judgement_of(repo.hooks, RepositoryHistory(repository)).judge
        known = Effects(judge, Register((TreeSource(judge, repository.tree(repo.tip)),)))
        policy, released = known.policy, known.effective(SHEET)[-1]
    assert policy is not None
    return released.document.body.strip().splitlines()[-1], "mallory" in policy.policy.persons


def two_others_work(repo: DocsRepo) -> None:
    """Two people who have no part in the release sign something else, having seen it."""
    repo.issue("LX-CX-2026-01", "003", "zhou.jiu")
    repo.receive("LX-CX-2026-01", "003", "zhou.jiu")
    repo.draft("LX-WI-07", prepared_by="qian.qi")
    repo.commit("Draft LX-WI-07")
    repo.release("LX-WI-07")


def receive_two(repo: DocsRepo) -> None:
    """In the names of these two, on the current branch, having seen what lies there."""
    for copy, person in (("004", "zhou.jiu"), ("005", "qian.qi")):
        repo.receive("LX-CX-2026-01", copy, person, seen=f"sha1:{repo.tip}")


@pytest.fixture
def issued(repo: DocsRepo) -> DocsRepo:
    repo.issue("LX-CX-2026-01", "004", "zhou.jiu")
    repo.issue("LX-CX-2026-01", "005", "qian.qi")
    return repo


def test_void_keys_speak_for_no_twin_and_silence_nobody(
    issued: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """A/1 had gone out of force: each of the two had signed "for both"."""
    issued.branch("twin")
    issued.checkout("main")
    issued.policy(lambda company: company.with_new_key("zhou.jiu").with_new_key("qian.qi"))
    issued.release(SHEET, body="# 目的\n\n真的\n")
    two_others_work(issued)
    issued.checkout("twin")
    issued.release(SHEET, body="# 目的\n\n假的\n")
    receive_two(issued)
    issued.checkout("main")

    united(issued, "twin", swap=swap)

    assert told(issued) == ("真的", False)
    assert [one.code for one in issued.verify()] == ["STALE-POLICY", "STALE-POLICY", "DISPLACED"]


def test_a_side_of_a_policy_fork_gives_no_witness_a_key(
    issued: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """The thieves' policy came into force: by it zhou.jiu and qian.qi had keys of the thieves."""
    issued.branch("thief")
    issued.checkout("main")
    issued.policy(lambda company: company.with_new_key("li.si"), by=("zhao.liu", "wang.wu"))
    issued.checkout("thief")
    issued.policy(
        lambda company: (
            company.with_new_key("zhou.jiu")
            .with_new_key("qian.qi")
            .with_person("mallory", "马某", "quality")
        ),
        by=("li.si", "wang.wu"),
    )
    receive_two(issued)
    issued.checkout("main")

    united(issued, "thief", swap=swap)

    assert told(issued)[1] is False
    assert "POLICY-FORK" in [one.code for one in issued.verify()]

    two_others_work(issued)

    assert "POLICY-DISPLACED" in [one.code for one in issued.verify()]
    assert told(issued)[1] is False
