"""Honest changes of policy: keys, roles and chains that change while reviews are in flight."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from qms.testing import SHORT_CHAIN, SMALL, Company, DocsRepo, key
from qms.testing.benign import Histories, History, assert_silent, under_way

PROCEDURE = "LX-CX-2026-01"
SHEET = "LX-WI-01"
HISTORIES = Histories()
benign = HISTORIES.add


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)
def test_nothing_is_said_of_honest_policies(history: History, tmp_path: Path) -> None:
    assert_silent(history, tmp_path / "repo")


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


# what policy.yaml says


@benign
def floors_that_rise(repo: DocsRepo) -> None:
    repo.policy(keys={"floors": "{min_signers: 3, assurance: file, legacy: closed}"})
    repo.release(SHEET)


@benign
def a_press_that_signs_manifests(repo: DocsRepo) -> None:
    rows = f'[{{key: "{key("press").public_text}", name: press}}]'
    repo.policy(keys={"publishers": rows})
    repo.policy(lambda company: company.with_new_key("zhou.jiu"))
    repo.release(SHEET)


@benign
def a_person_with_another_name_and_then_another_key(repo: DocsRepo) -> None:
    repo.policy(lambda company: company.with_new_key("zhou.jiu"))
    people = repo.company.people_yaml().replace("周九".encode(), "周玖".encode())
    renamed = people.replace(b"en: zhou.jiu", b"en: Zhou Jiu")
    repo.policy(files={"people.yaml": renamed})


@benign
def names_in_three_languages(repo: DocsRepo) -> None:
    """Who signs does so under any of the names that the policy gives."""
    people = repo.read("people.yaml").decode().replace("en: li.si}", "en: li.si, ja: 李シ}")
    repo.policy(files={"people.yaml": people.encode()})
    repo.draft(SHEET)
    repo.submit(SHEET)
    repo.sign(SHEET, "li.si", name="李シ")
    repo.publish(SHEET)
