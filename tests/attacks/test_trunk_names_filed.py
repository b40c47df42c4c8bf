"""A policy version that calls the trunk what no branch can be called, signed by its quorum."""

import subprocess
from pathlib import Path

import pytest

from qms.testing import DocsRepo
from qms.testing.attacks import gate
from qms.testing.office import Office


def named_badly(repo: DocsRepo, name: str) -> None:
    """A policy version that its quorum signed with an older tool, and that holds."""
    text = repo.read("qms.yaml")
    assert b"trunk: main\n" in text
    repo.policy(files={"qms.yaml": text.replace(b"trunk: main\n", f"trunk: {name}\n".encode())})


@pytest.mark.parametrize("name", ["main.lock", "HEAD", "x//y"])
def test_who_lives_with_a_name_that_no_branch_has_stays_on_the_trunk(
    repo: DocsRepo, tmp_path: Path, name: str
) -> None:
    """Row 207 (LR: TRUNK-FORCED): nothing can come there, and the quorum files the next version."""
    before = repo.tip
    named_badly(repo, name)
    office = Office(repo.lay_out(), tmp_path / "keys", repo.now)
    office.qms("check", "--all")
    server = tmp_path / "server.git"
    office.git("init", "-q", "--bare", "-b", "main", str(server))
    office.git("remote", "add", "origin", str(server))
    office.git("push", "-q", "origin", "main")  # from before there was a gate
    office.qms("-C", str(server), "hook", "install", "--server")

    office.qms("check")
    office.edit("qms.yaml", f"trunk: {name}\n", "trunk: release\n")
    for one in repo.company.roles["policy-keeper"][: repo.company.quorum]:
        office.qms("--key", str(repo.key_of(one).file(office.keys)), "policy", "sign", "--yes")

    assert office.push("main") == (0, "")
    office.qms("verify")
    code, said = office.push("-f", f"{before}:main")
    assert (code != 0, "TRUNK-FORCED" in said) == (True, True), said


@pytest.mark.parametrize("name", ["main.lock", "HEAD", "a b", "-x", "", "a..b", "@{u}", ".x"])
def test_a_gate_is_put_in_for_no_name_that_no_branch_has(tmp_path: Path, name: str) -> None:
    """Row 207 (R: TRUNK-NO-BRANCH): it would guard nothing."""
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path)], check=True)

    answer = Office(tmp_path, tmp_path).call("hook", "install", "--server", f"--trunk={name}")

    assert (answer.code, answer.findings) == (1, ("TRUNK-NO-BRANCH",)), answer
    assert not (tmp_path / "hooks" / "pre-receive").exists()


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
