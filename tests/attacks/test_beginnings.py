"""Attacks with another beginning: a history of one's own, merged in or put in place."""

from dataclasses import replace
from pathlib import Path

import pytest

from qms.jobs.judging.verification import verify
from qms.storage.repository import Repository
from qms.testing import SMALL, DocsRepo, Told
from qms.testing.attacks import gate, verified
from qms.testing.built_history import File, changes_between


@pytest.mark.parametrize("first", [True, False], ids=["first", "second"])
def test_a_history_with_two_beginnings_is_not_verified_without_a_root(
    repo: DocsRepo,
    tmp_path: Path,
    first: bool,  # noqa: FBT001 - a case
) -> None:
    """Row 31 (V): a history of one's own is merged in, and its files are kept."""
    other = DocsRepo.make(tmp_path / "other", replace(SMALL, quorum=1))
    other.history.flush()
    repo.history.git("fetch", "-q", str(other.path), "main:other")
    repo.history.adopt()
    true, theirs = repo.tip, repo.history.branches["other"]
    parents = (theirs, true) if first else (true, theirs)
    start = dict(repo.history.files(parents[0]))
    kept = changes_between(start, dict(repo.history.files(theirs)))
    merge = repo.history.commit("main", parents, kept, "Merge", repo.tick())
    repo.history.flush()

    with Repository.find(repo.path) as repository:
        unpinned = verify(repository, tip=merge)

    assert "ROOT-SEVERAL" in [finding.code for finding in unpinned.findings]
    assert "ROOT" in [told.code for told in repo.verify()]


@pytest.mark.parametrize("first", [True, False], ids=["first", "second"])
@pytest.mark.parametrize("kept", [True, False], ids=["their-files", "our-tree"])
def test_another_beginning_is_named_when_it_comes_in(
    repo: DocsRepo,
    tmp_path: Path,
    first: bool,  # noqa: FBT001 - a case
    kept: bool,  # noqa: FBT001 - as above
) -> None:
    """Row 31 (LRV): merged with an unchanged tree, it made the gate crash; so in each later check.

    What descends from it alone is no register, as `verify` has it.
    """
    other = DocsRepo.make(tmp_path / "other", replace(SMALL, quorum=1))
    other.release("LX-WI-09")
    other.history.flush()
    repo.history.git("fetch", "-q", str(other.path), "main:other")
    repo.history.adopt()
    true, theirs = repo.tip, repo.history.branches["other"]
    repo.branch("work")
    parents = (theirs, true) if first else (true, theirs)
    start, wanted = dict(repo.history.files(parents[0])), dict(repo.history.files(true))
    if kept:
        path = "released/instruction/LX-WI-09/A-0.md"
        wanted[path] = repo.history.files(theirs)[path]
    merge = repo.history.commit(
        "work", parents, changes_between(start, wanted), "Merge", repo.tick()
    )
    found = [Told("ROOT-SEVERAL", "policy/0001/policy.yaml")]
    found += [Told("WRONG-REPO", "released/instruction/LX-WI-09/A-0.md")] if kept else []

    assert sorted(gate(repo, true, merge)) == sorted(found)
    assert sorted(repo.check()) == sorted(repo.check(whole=True)) == sorted(found)
    assert repo.verify() == found[1:]
    repo.commit("Build upon it", {"README.md": File(b"a\n")})
    assert sorted(gate(repo, true, repo.tip)) == sorted(found)
    assert gate(repo, merge, repo.tip) == []


def test_a_commit_without_parents_that_holds_our_policy_is_no_other_beginning(
    repo: DocsRepo,
) -> None:
    """The same version 1: nothing was founded there."""
    true = repo.tip
    files = dict(repo.history.files(true))
    repo.branch("work")
    orphan = repo.history.commit("orphan", (), files, "Orphan", repo.tick())
    merge = repo.history.commit("work", (true, orphan), {}, "Merge", repo.tick())

    assert gate(repo, true, merge) == repo.check(whole=True) == repo.verify() == []


def test_a_target_that_does_not_descend_from_the_root_is_refused(repo: DocsRepo) -> None:
    """Row 31 (V), and Guix 2022"""
    files = dict(repo.files)
    tip = repo.history.commit("other", (), files, "Born anew", repo.tick())
    repo.checkout("other")

    code, named = verified(repo)

    assert [(one.code, one.commit) for one in named] == [("ROOT-ABSENT", "")]
    assert code != 0
    assert tip != repo.root
