"""Honest work on branches: merges of all kinds, squashes, rebases, copies on two of them."""

from pathlib import Path

import pytest

from qms.testing import DocsRepo
from qms.testing.benign import Histories, History, assert_silent, under_way

PROCEDURE = "LX-CX-2026-01"
OTHER = "LX-CX-2026-02"
SHEET = "LX-WI-01"
SECOND_SHEET = "LX-WI-02"
HISTORIES = Histories()
benign = HISTORIES.add


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)
def test_nothing_is_said_of_honest_branches(history: History, tmp_path: Path) -> None:
    assert_silent(history, tmp_path / "repo")


# branches


@benign
def a_merge(repo: DocsRepo) -> None:
    repo.release(PROCEDURE)
    repo.branch("work")
    repo.release(PROCEDURE)
    under_way(repo)
    repo.checkout("main")
    repo.merge("work")


@benign
def a_merge_that_makes_main_the_second_parent(repo: DocsRepo) -> None:
    """Row 98 (LV)"""
    repo.release(PROCEDURE)
    repo.branch("work")
    repo.release(PROCEDURE)
    under_way(repo)
    repo.checkout("main")
    repo.merge("work", swap=True)


@benign
def pulled_and_pushed(repo: DocsRepo) -> None:
    """Row 98 (LV)"""
    repo.branch("clone")
    for number in (PROCEDURE, OTHER):
        repo.release(number)
        under_way(repo)
        repo.merge("main")
        repo.push("main")
    repo.checkout("main")
    repo.release(PROCEDURE)


@benign
def a_squash(repo: DocsRepo) -> None:
    """Row 48 (LV)"""
    repo.release(PROCEDURE)
    repo.branch("work")
    repo.release(PROCEDURE)
    under_way(repo)
    repo.checkout("main")
    repo.merge("work", kind="squash")
    repo.release(PROCEDURE)


@benign
def two_revisions_squashed(repo: DocsRepo) -> None:
    """Rows 48 and 98 (LV)"""
    repo.branch("work")
    repo.release(PROCEDURE)
    repo.release(PROCEDURE)
    under_way(repo)
    repo.checkout("main")
    repo.merge("work", kind="squash")


@benign
def two_revisions_on_a_branch(repo: DocsRepo) -> None:
    repo.branch("work")
    repo.release(PROCEDURE)
    repo.release(PROCEDURE)
    under_way(repo)
    repo.checkout("main")
    repo.merge("work")


@benign
def a_rebase(repo: DocsRepo) -> None:
    """Row 48 (LV)"""
    repo.release(PROCEDURE)
    repo.branch("work")
    repo.release(PROCEDURE)
    under_way(repo)
    repo.checkout("main")
    repo.merge("work", kind="rebase")
    repo.release(PROCEDURE)


@benign
def a_branch_rebased_while_its_review_goes_on(repo: DocsRepo) -> None:
    """Row 48 (LV)"""
    repo.branch("work")
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    repo.sign(PROCEDURE, "qian.qi")
    under_way(repo)
    repo.branch("again", at="main")
    repo.merge("work", kind="rebase")
    repo.release(PROCEDURE)
    repo.checkout("main")
    repo.merge("again")


@benign
def an_octopus(repo: DocsRepo) -> None:
    for name, number in (("one", PROCEDURE), ("two", OTHER), ("three", SECOND_SHEET)):
        repo.branch(name, at="main")
        repo.release(number)
    under_way(repo)
    repo.checkout("main")
    repo.merge("one", "two", "three", kind="octopus")


@benign
def a_criss_cross(repo: DocsRepo) -> None:
    repo.release(PROCEDURE)
    repo.branch("one")
    repo.release(PROCEDURE)
    repo.branch("two", at="main")
    repo.release(OTHER)
    repo.branch("one-old", at="one")
    repo.checkout("one")
    repo.merge("two")
    repo.checkout("two")
    repo.merge("one-old")
    repo.release(SECOND_SHEET)
    repo.checkout("one")
    repo.release(SHEET)
    repo.merge("two")
    repo.checkout("main")
    repo.merge("one")
    repo.release(PROCEDURE)


@benign
def a_branch_that_took_main_in_twice(repo: DocsRepo) -> None:
    repo.branch("work")
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    under_way(repo)
    repo.merge("main")
    repo.sign(PROCEDURE)
    under_way(repo)
    repo.merge("main")
    repo.release(PROCEDURE)
    repo.checkout("main")
    repo.merge("work")


@benign
def parallel_reviewers_on_two_branches(repo: DocsRepo) -> None:
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    repo.branch("quality")
    repo.sign(PROCEDURE, "li.si")
    repo.branch("technical", at="main")
    repo.sign(PROCEDURE, "qian.qi")
    repo.checkout("main")
    repo.merge("quality")
    repo.merge("technical")
    assert repo.waiting(PROCEDURE) == ("zhao.liu",)
    repo.release(PROCEDURE)


@benign
def parallel_reviewers_merged_at_once(repo: DocsRepo) -> None:
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    repo.branch("quality")
    repo.sign(PROCEDURE, "li.si")
    repo.branch("technical", at="main")
    repo.sign(PROCEDURE, "qian.qi")
    repo.checkout("main")
    repo.merge("quality", "technical", kind="octopus")
    repo.release(PROCEDURE)


@benign
def a_review_on_main_and_a_draft_on_a_branch(repo: DocsRepo) -> None:
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    repo.branch("work")
    repo.draft(OTHER)
    repo.commit("Draft")
    repo.checkout("main")
    repo.release(PROCEDURE)
    repo.checkout("work")


# copies


@benign
def a_copy_through_its_life(repo: DocsRepo) -> None:
    repo.release(PROCEDURE)
    repo.issue(PROCEDURE, "001")
    repo.receive(PROCEDURE, "001")
    repo.release(PROCEDURE)
    repo.recall(PROCEDURE, "001", revision="A/0")
    repo.give_back(PROCEDURE, "001", revision="A/0")
    repo.issue(PROCEDURE, "001")


def received_and_recalled(repo: DocsRepo) -> None:
    """One list grows on two branches: the holder receives the copy, the office recalls it."""
    repo.release(PROCEDURE)
    repo.issue(PROCEDURE, "001")
    repo.branch("holder")
    repo.receive(PROCEDURE, "001")
    repo.branch("office", at="main")
    repo.recall(PROCEDURE, "001")
    repo.checkout("main")


@benign
def two_appends_to_one_list(repo: DocsRepo) -> None:
    received_and_recalled(repo)
    repo.merge("holder")
    repo.merge("office")
    repo.give_back(PROCEDURE, "001")


@benign
def two_appends_merged_the_other_way_round(repo: DocsRepo) -> None:
    received_and_recalled(repo)
    repo.merge("office")
    repo.merge("holder", swap=True)


@benign
def two_copies_issued_on_two_branches(repo: DocsRepo) -> None:
    repo.release(PROCEDURE)
    repo.issue(PROCEDURE, "001")
    repo.branch("one")
    repo.issue(PROCEDURE, "002", "li.si")
    repo.branch("two", at="main")
    repo.issue(PROCEDURE, "003", "qian.qi")
    repo.checkout("main")
    repo.merge("one", "two", kind="octopus")


@benign
def released_and_issued_on_a_branch(repo: DocsRepo) -> None:
    repo.branch("work")
    repo.release(PROCEDURE)
    repo.issue(PROCEDURE, "001")
    under_way(repo)
    repo.receive(PROCEDURE, "001")
    repo.checkout("main")
    repo.merge("work", kind="squash")
