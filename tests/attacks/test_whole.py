"""``qms check --all`` says what verify says of what stands in the newest commit, however old."""

import pytest

from qms.testing import DocsRepo
from qms.testing.attacks import Make


def an_event_alone(repo: DocsRepo) -> str:
    repo.event("recall", "LX-CX-2026-01", "007", "sun.ba", data={"due": "2026-12-01"})
    return "copies/procedure/LX-CX-2026-01/A-1/007.yaml"


def an_event_behind_others(repo: DocsRepo) -> str:
    """X5"""
    given = {"due": "2026-12-01"}
    repo.event("recall", "LX-CX-2026-01", "002", "sun.ba", revision="A/0", data=given)
    return "copies/procedure/LX-CX-2026-01/A-0/002.yaml"


def a_release_without_its_signatures(repo: DocsRepo) -> str:
    repo.file("LX-WI-02", repo.document("LX-WI-02").signed())
    return "released/instruction/LX-WI-02/A-0.md"


def a_policy_that_too_few_signed(repo: DocsRepo) -> str:
    repo.policy(by=["li.si"])
    for name in ("people.yaml", "policy.yaml", "qms.yaml"):
        repo.write(name, repo.read(f"policy/0002/{name}"))
    repo.commit("Put the files in force back")
    return "policy/0003/policy.yaml"


@pytest.mark.parametrize(
    "make",
    [
        an_event_alone,
        an_event_behind_others,
        a_release_without_its_signatures,
        a_policy_that_too_few_signed,
    ],
)
def test_what_does_not_hold_is_told_as_long_as_it_stands(repo: DocsRepo, make: Make) -> None:
    """Of what lay in HEAD already nothing was told: "no findings", exit code 0."""
    path = make(repo)

    assert path in [told.path for told in repo.verify()]
    assert repo.check(whole=True) == repo.verify()
    with pytest.raises(AssertionError, match="check looked at no file"):
        repo.check()

    repo.release("LX-WI-05")

    assert repo.check(whole=True) == repo.verify()
