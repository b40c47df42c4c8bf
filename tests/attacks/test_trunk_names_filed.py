"""A policy version that calls the trunk what no branch can be called, signed by its quorum."""

import pytest

from qms.testing import DocsRepo
from qms.testing.attacks import gate


def named_badly(repo: DocsRepo, name: str) -> None:
    """A policy version that its quorum signed with an older tool, and that holds."""
    text = repo.read("qms.yaml")
    assert b"trunk: main\n" in text
    repo.policy(files={"qms.yaml": text.replace(b"trunk: main\n", f"trunk: {name}\n".encode())})


@pytest.mark.parametrize("name", ["origin/main", "main.lock"])
def test_the_gate_refuses_a_version_that_another_tool_signed(repo: DocsRepo, name: str) -> None:
    """Row 184 (R: TRUNK-NAME): from where it comes; where it stands nothing is said of it."""
    before = repo.tip
    named_badly(repo, name)

    (found,) = gate(repo, before, repo.tip)

    assert (found.code, found.path) == ("TRUNK-NAME", "policy/0003/qms.yaml")
    assert repo.verify() == []
    before = repo.tip
    repo.policy(lambda company: company.with_role("archivist", "zhou.jiu"))
    assert gate(repo, before, repo.tip) == []
