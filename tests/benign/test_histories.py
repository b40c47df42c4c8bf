"""Histories that honest people make: nothing may be said of any of them, not even a warning."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from qms.testing import SHORT_CHAIN, SMALL, Company, DocsRepo
from qms.testing.laws import standing, walked

PROCEDURE = "LX-CX-2026-01"
OTHER = "LX-CX-2026-02"
SHEET = "LX-WI-01"
SECOND_SHEET = "LX-WI-02"

History = Callable[[DocsRepo], None]
HISTORIES: list[History] = []


def benign(history: History) -> History:
    HISTORIES.append(history)
    return history


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)
def test_nothing_is_said_of_an_honest_history(history: History, tmp_path: Path) -> None:
    repo = DocsRepo.make(tmp_path / "repo")

    history(repo)

    assert repo.verify() == []
    assert repo.check(whole=True) == []
    assert repo.check() == []
    assert repo.check(index=True) == []
    assert walked(repo) == standing(repo)


def under_way(repo: DocsRepo, number: str = SHEET) -> None:
    """Something else happens on main."""
    back = repo.branch_name
    repo.checkout("main")
    repo.release(number)
    repo.checkout(back)


# one line


@benign
def nothing_but_a_policy(repo: DocsRepo) -> None:
    assert repo.has("policy/0001/policy.yaml")


@benign
def linear(repo: DocsRepo) -> None:
    for _ in range(3):
        repo.release(PROCEDURE)
        repo.release(SHEET)
    repo.release(SHEET, revision="B/0")
    repo.issue(PROCEDURE, "001")
    repo.receive(PROCEDURE, "001")


@benign
def a_draft_is_written_edited_and_thrown_away(repo: DocsRepo) -> None:
    path = repo.draft(SHEET)
    repo.commit("Draft")
    repo.replace(path, "正文".encode(), "另一段正文".encode())
    repo.commit("Edit")
    repo.delete(path)
    repo.commit("Throw away")


@benign
def a_draft_stays_open(repo: DocsRepo) -> None:
    repo.release(SHEET)
    repo.revise(SHEET)
    repo.draft(PROCEDURE)
    repo.commit("Two drafts")


@benign
def each_stage_of_a_review(repo: DocsRepo) -> None:
    repo.draft(SHEET)
    repo.submit(SHEET)
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    repo.sign(PROCEDURE, "qian.qi")
    repo.draft(OTHER)
    repo.submit(OTHER)
    repo.sign(OTHER)
    repo.sign(OTHER)


@benign
def effective_in_the_future(repo: DocsRepo) -> None:
    repo.release(SHEET)
    repo.release(SHEET, effective=date(2027, 3, 1))


@benign
def effective_at_once(repo: DocsRepo) -> None:
    repo.release(SHEET, effective=repo.today)
    repo.release(SHEET, effective=repo.today)


@benign
def a_text_with_a_picture(repo: DocsRepo) -> None:
    repo.write("assets/flow.svg", b"<svg/>\n")
    repo.release(
        SHEET, assets=repo.asset_rows("assets/flow.svg"), body="![流程](assets/flow.svg)\n"
    )
    repo.write("assets/flow.svg", b"<svg>new</svg>\n")
    repo.release(
        SHEET, assets=repo.asset_rows("assets/flow.svg"), body="# 新\n\n![流程](assets/flow.svg)\n"
    )
    repo.write("assets/flow.svg", b"<svg>later</svg>\n")
    repo.commit("Draw the picture anew")


@benign
def a_file_of_no_concern(repo: DocsRepo) -> None:
    repo.write("README.md", b"# Docs\r\n")
    repo.write("notes/a.txt", b"\xff\xfe")
    repo.commit("Notes")


# rejections


@benign
def rejected_and_submitted_again(repo: DocsRepo) -> None:
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    repo.sign(PROCEDURE, "li.si")
    repo.reject(PROCEDURE, "qian.qi")
    repo.replace(repo.working_path(PROCEDURE), "正文".encode(), "改过的正文".encode())
    repo.release(PROCEDURE)


@benign
def rejected_by_two_in_turn(repo: DocsRepo) -> None:
    repo.draft(PROCEDURE)
    for person in ("qian.qi", "li.si"):
        repo.submit(PROCEDURE)
        repo.reject(PROCEDURE, person)
        repo.replace(repo.working_path(PROCEDURE), "正文".encode(), "又改的正文".encode())
        repo.commit("Edit")
    repo.submit(PROCEDURE)


@benign
def rejected_and_left(repo: DocsRepo) -> None:
    repo.release(SHEET)
    repo.revise(SHEET)
    repo.submit(SHEET)
    repo.reject(SHEET, "li.si")


@benign
def rejected_at_the_last_step(repo: DocsRepo) -> None:
    repo.draft(SHEET)
    repo.submit(SHEET)
    repo.sign(SHEET)
    repo.reject(SHEET, "wang.wu")
    repo.release(SHEET)


@benign
def rejected_on_a_branch_and_merged(repo: DocsRepo) -> None:
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    repo.branch("review")
    repo.reject(PROCEDURE, "qian.qi")
    under_way(repo)
    repo.release(PROCEDURE)
    repo.checkout("main")
    repo.merge("review")


@benign
def submitted_again_after_an_edit_without_a_reject(repo: DocsRepo) -> None:
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    repo.sign(PROCEDURE, "qian.qi")
    repo.replace(repo.working_path(PROCEDURE), "正文".encode(), "改过的正文".encode())
    repo.submit(PROCEDURE)
    repo.release(PROCEDURE)


@benign
def rejected_revision_of_a_released_text(repo: DocsRepo) -> None:
    repo.release(SHEET)
    repo.revise(SHEET)
    repo.submit(SHEET)
    repo.reject(SHEET, "li.si")
    repo.release(SHEET)
    repo.release(SHEET)


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
    repo.release(PROCEDURE)
    repo.branch("work")
    repo.release(PROCEDURE)
    under_way(repo)
    repo.checkout("main")
    repo.merge("work", swap=True)


@benign
def pulled_and_pushed(repo: DocsRepo) -> None:
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
    repo.release(PROCEDURE)
    repo.branch("work")
    repo.release(PROCEDURE)
    under_way(repo)
    repo.checkout("main")
    repo.merge("work", kind="squash")
    repo.release(PROCEDURE)


@benign
def two_revisions_squashed(repo: DocsRepo) -> None:
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
    repo.release(PROCEDURE)
    repo.branch("work")
    repo.release(PROCEDURE)
    under_way(repo)
    repo.checkout("main")
    repo.merge("work", kind="rebase")
    repo.release(PROCEDURE)


@benign
def a_branch_rebased_while_its_review_goes_on(repo: DocsRepo) -> None:
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


@benign
def two_appends_to_one_list(repo: DocsRepo) -> None:
    repo.release(PROCEDURE)
    repo.issue(PROCEDURE, "001")
    repo.branch("holder")
    repo.receive(PROCEDURE, "001")
    repo.branch("office", at="main")
    repo.recall(PROCEDURE, "001")
    repo.checkout("main")
    repo.merge("holder")
    repo.merge("office")
    repo.give_back(PROCEDURE, "001")


@benign
def two_appends_merged_the_other_way_round(repo: DocsRepo) -> None:
    repo.release(PROCEDURE)
    repo.issue(PROCEDURE, "001")
    repo.branch("holder")
    repo.receive(PROCEDURE, "001")
    repo.branch("office", at="main")
    repo.recall(PROCEDURE, "001")
    repo.checkout("main")
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


# policies


@benign
def three_policies_in_a_row(repo: DocsRepo) -> None:
    repo.policy()
    repo.policy(lambda company: company.with_person("wu.shi", "吴十", "technical"))
    repo.policy(lambda company: company.with_role("document-controller", "zhou.jiu"))
    repo.release(SHEET)


@benign
def a_policy_on_a_branch(repo: DocsRepo) -> None:
    repo.branch("settings")
    repo.policy(lambda company: company.with_new_key("zhou.jiu"))
    under_way(repo)
    repo.checkout("main")
    repo.merge("settings")
    repo.release(PROCEDURE)


@benign
def a_policy_squashed(repo: DocsRepo) -> None:
    repo.branch("settings")
    repo.policy(lambda company: company.with_new_key("zhou.jiu"))
    under_way(repo, PROCEDURE)
    repo.checkout("main")
    repo.merge("settings", kind="squash")
    repo.release(SHEET)


@benign
def another_persons_key_changes_while_a_review_is_in_flight(repo: DocsRepo) -> None:
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    repo.sign(PROCEDURE, "qian.qi")
    repo.policy(lambda company: company.with_new_key("zhou.jiu"))
    repo.release(PROCEDURE)


@benign
def a_key_changes_after_its_signature_was_seen(repo: DocsRepo) -> None:
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    repo.sign(PROCEDURE, "qian.qi")
    repo.policy(lambda company: company.with_new_key("qian.qi"))
    repo.release(PROCEDURE)
    repo.release(PROCEDURE)


@benign
def everybody_gets_a_new_key(repo: DocsRepo) -> None:
    repo.release(PROCEDURE)
    repo.issue(PROCEDURE, "001")
    for person in ("sun.ba", "li.si", "qian.qi", "zhao.liu", "wang.wu", "zhou.jiu"):
        repo.policy(partial(Company.with_new_key, person_id=person))
    repo.release(PROCEDURE)
    repo.receive(PROCEDURE, "001", revision="A/0")


@benign
def a_head_of_department_leaves_after_a_release(repo: DocsRepo) -> None:
    repo.release(PROCEDURE)
    repo.policy(lambda company: company.with_head("technical", "zhou.jiu"))
    repo.release(PROCEDURE)


@benign
def a_chain_grows_after_a_release(repo: DocsRepo) -> None:
    repo.release(SHEET)
    longer = SMALL.chains["procedure"]
    repo.policy(lambda company: company.with_chain("instruction", longer))
    repo.release(SHEET)


@benign
def a_chain_shrinks_after_a_release(repo: DocsRepo) -> None:
    repo.release(PROCEDURE)
    repo.policy(lambda company: company.with_chain("procedure", SHORT_CHAIN))
    repo.release(PROCEDURE)


@benign
def a_review_ends_on_a_branch_under_the_policy_it_began_under(repo: DocsRepo) -> None:
    repo.draft(PROCEDURE)
    repo.submit(PROCEDURE)
    repo.sign(PROCEDURE)
    repo.branch("work")
    repo.checkout("main")
    repo.policy(lambda company: company.with_new_key("qian.qi"))
    repo.checkout("work")
    repo.release(PROCEDURE)
    repo.checkout("main")
    repo.merge("work")
    repo.release(PROCEDURE)


@benign
def a_revision_that_a_policy_had_not_seen_but_still_allows(repo: DocsRepo) -> None:
    repo.branch("work")
    repo.release(PROCEDURE)
    repo.checkout("main")
    repo.policy(lambda company: company.with_new_key("zhou.jiu"))
    repo.policy(lambda company: company.with_person("wu.shi", "吴十", "technical"))
    repo.merge("work")
    repo.release(PROCEDURE)


@benign
def a_merged_revision_before_a_policy_that_voids_its_key(repo: DocsRepo) -> None:
    repo.branch("work")
    repo.release(PROCEDURE)
    repo.checkout("main")
    repo.policy()
    repo.merge("work")
    repo.policy(lambda company: company.with_new_key("qian.qi"))
    repo.release(SHEET)


@benign
def somebody_new_signs(repo: DocsRepo) -> None:
    repo.release(SHEET)
    repo.policy(
        lambda company: company.with_person("wu.shi", "吴十", "quality").with_role(
            "quality-manager", "wu.shi"
        )
    )
    repo.release(SHEET)


@benign
def a_role_that_ends_on_a_day(repo: DocsRepo) -> None:
    last = repo.today + timedelta(days=1)
    repo.policy(
        lambda company: company.with_role(
            "quality-manager", f"li.si 2020-01-01 {last}", f"zhou.jiu {last + timedelta(days=1)}"
        )
    )
    repo.release(SHEET)
    repo.tick(timedelta(days=3))
    repo.release(SHEET)


def until_tomorrow(repo: DocsRepo) -> None:
    """Li Si is quality manager until tomorrow, Zhou Jiu from the day after."""
    last = repo.today + timedelta(days=1)
    held = f"li.si 2020-01-01 {last}", f"zhou.jiu {last + timedelta(days=1)}"
    repo.policy(lambda company: company.with_role("quality-manager", *held))


@benign
def a_role_that_ends_after_its_signature(repo: DocsRepo) -> None:
    until_tomorrow(repo)
    repo.draft(SHEET)
    repo.submit(SHEET)
    repo.sign(SHEET, "li.si")
    repo.tick(timedelta(days=3))
    repo.publish(SHEET)


@benign
def a_role_that_ends_before_its_signature(repo: DocsRepo) -> None:
    until_tomorrow(repo)
    repo.draft(SHEET)
    repo.submit(SHEET)
    repo.tick(timedelta(days=3))
    repo.sign(SHEET, "zhou.jiu")
    repo.publish(SHEET)


@benign
def a_role_that_ends_in_some_years(repo: DocsRepo) -> None:
    held = "li.si 2020-01-01 2030-12-31"
    repo.policy(lambda company: company.with_role("quality-manager", held))
    repo.draft(SHEET)
    repo.commit("Draft")
    repo.release(SHEET)


@benign
def one_of_two_reviewers_changes_between_the_signatures(repo: DocsRepo) -> None:
    chain = SHORT_CHAIN.replace("approve,", "approve, need: all,")
    last = repo.today + timedelta(days=1)
    held = f"li.si 2020-01-01 {last}", f"qian.qi {last + timedelta(days=1)}", "zhou.jiu"
    repo.policy(
        lambda company: company.with_role("quality-manager", *held).with_chain("instruction", chain)
    )
    repo.draft(SHEET)
    repo.submit(SHEET)
    repo.sign(SHEET, "li.si")
    repo.tick(timedelta(days=3))
    repo.sign(SHEET, "zhou.jiu")
    repo.publish(SHEET)


@benign
def rejected_under_an_older_policy_and_by_a_key_that_is_void_now(repo: DocsRepo) -> None:
    repo.draft(SHEET)
    repo.submit(SHEET)
    repo.reject(SHEET, "li.si")
    repo.policy(lambda company: company.with_new_key("li.si"))
    repo.policy(lambda company: company.with_role("quality-manager", "zhou.jiu"))
    repo.replace(repo.working_path(SHEET), "正文".encode(), "改过".encode())
    repo.commit("Edit")
    repo.release(SHEET)


# owner


@benign
def another_owner_with_the_same_chain(repo: DocsRepo) -> None:
    repo.release(SHEET)
    repo.release(SHEET, owner="quality", prepared_by="zhou.jiu")


BY_OWNER = """\
      - {act: prepare, who: [{member_of: owner}]}
      - {act: review, need: all, who: [{head_of: owner}]}
      - {act: approve, who: [{role: general-manager}]}
      - {act: publish, who: [{role: document-controller}]}
"""


@benign
def another_owner_and_both_heads_sign(repo: DocsRepo) -> None:
    repo.policy(lambda company: company.with_chain("procedure", BY_OWNER))
    repo.release(PROCEDURE)
    repo.revise(PROCEDURE, owner="quality", prepared_by="zhou.jiu")
    repo.submit(PROCEDURE)
    repo.sign(PROCEDURE, "qian.qi", "li.si", "zhao.liu")
    repo.publish(PROCEDURE)
    repo.release(PROCEDURE)


@benign
def another_class_with_a_chain_alike(repo: DocsRepo) -> None:
    repo.policy(lambda company: company.with_chain("guide", SHORT_CHAIN))
    repo.release(SHEET)
    repo.release(SHEET, class_="guide")
    repo.release(SHEET)
