"""Attacks with signatures out of order: step, time, text, or over a rejection."""

import pytest

from qms.formats.paths import asset_path
from qms.formats.slots import Notice, Statement
from qms.testing import DocsRepo
from qms.testing.attacks import RELEASE, Attack, Attacks
from qms.testing.forging import approve, approved, given, publish, put

IN_REVIEW = "documents/instruction/LX-WI-02.md"
FILED = "released/instruction/LX-WI-02/A-0.md"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_signature_out_of_order_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


@attack("22", "NOT-APPROVED", FILED)
def a_release_that_leaves_out_the_approval(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    slot = given(repo, document, Notice("publish", "3", "document-controller", "wang.wu"),
                 after=[document.statements[0].id])  # fmt: skip
    put(repo, IN_REVIEW, (document.statements[0], slot), "published")
    repo.write(FILED, repo.read(IN_REVIEW))


@attack("22", "CHAIN-ORDER", FILED)
def a_release_signed_before_the_approval(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    first = document.statements[0]
    last = given(
        repo,
        document,
        Notice("publish", "3", "document-controller", "wang.wu"),
        after=[first.id],
    )
    late = given(
        repo, document, Notice("approve", "2", "quality-manager", "li.si"), after=[first.id]
    )
    put(repo, IN_REVIEW, (first, late, last), "published")
    repo.write(FILED, repo.read(IN_REVIEW))


@attack("22", "CHAIN-ORDER", FILED)
def an_approval_that_names_nothing_before_it(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    first = document.statements[0]
    middle = given(repo, document, Notice("approve", "2", "quality-manager", "li.si"), after=[])
    last = given(repo, document, Notice("publish", "3", "document-controller", "wang.wu"),
                 after=[first.id, middle.id])  # fmt: skip
    put(repo, IN_REVIEW, (first, middle, last), "published")
    repo.write(FILED, repo.read(IN_REVIEW))


@attack("22", "TIME-ORDER", FILED, before=approved)
def a_release_with_a_time_before_the_approval(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    slot = Notice("publish", "3", "document-controller", "wang.wu")
    days = {"published": str(repo.today), "effective": str(repo.today)}
    last = repo.sign_slot(
        slot, document.subject, document.content, data=days,
        after=[document.statements[1].id], at=document.statements[0].at,
    )  # fmt: skip
    put(repo, IN_REVIEW, (*document.statements[:2], last), "published")
    repo.write(FILED, repo.read(IN_REVIEW))
    for asset in document.assets:
        repo.write(asset_path(asset.sha256), repo.read(asset.path))


@attack("23", "APPROVAL-MISMATCH", IN_REVIEW, before=approved, signing=RELEASE)
def another_text_between_two_approvals(repo: DocsRepo) -> None:
    repo.replace(IN_REVIEW, "正文".encode(), "另文".encode())


@attack("23", "APPROVAL-MISMATCH", FILED, before=approved)
def another_text_before_the_last_signature(repo: DocsRepo) -> None:
    repo.replace(IN_REVIEW, "正文".encode(), "另文".encode())
    publish(repo)


def rejected(repo: DocsRepo) -> None:
    approved(repo)
    repo.reject("LX-WI-02", "wang.wu")


def rejected_by_one_of_two_publishers(repo: DocsRepo) -> None:
    repo.policy(lambda company: company.with_role("document-controller", "wang.wu", "zhou.jiu"))
    rejected(repo)


@attack("24", "REJECTED", FILED, before=rejected_by_one_of_two_publishers)
def a_release_while_a_rejection_is_open(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    standing = document.statements
    last = given(repo, document, Notice("publish", "3", "document-controller", "zhou.jiu"))
    put(repo, IN_REVIEW, (*standing, last), "published")
    repo.write(FILED, repo.read(IN_REVIEW))


@attack("24", "ROUND", IN_REVIEW, before=rejected)
def an_erased_rejection(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    put(repo, IN_REVIEW, document.statements[:2], "approved")


@attack("24", "REJECTED", FILED, before=rejected)
def a_release_after_erasing_the_rejection(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    put(repo, IN_REVIEW, document.statements[:2], "approved")
    publish(repo)
    for asset in document.assets:
        repo.write(asset_path(asset.sha256), repo.read(asset.path))


def round_of(
    repo: DocsRepo, number: int, after: list[str] | None = None, act: str = "prepare"
) -> Statement:
    """A signature that begins a round, or ends it, of whatever number."""
    document = repo.document("LX-WI-02")
    step, role, person = (
        ("1", "preparer", document.prepared_by) if act == "prepare"
        else ("2", "quality-manager", "li.si")
    )  # fmt: skip
    changed = {} if after is None else {"after": after}
    reason = None if act == "prepare" else "不符合"
    seat = Notice(act, step, role, person)
    return given(repo, document, seat, round_number=number, reason=reason, **changed)


@attack("m10", "ROUND", IN_REVIEW)
def a_round_that_takes_the_last_number(repo: DocsRepo) -> None:
    standing = repo.document("LX-WI-02").statements[:1]
    put(repo, IN_REVIEW, (*standing, round_of(repo, 999)), "in-review")


@attack("m10", "ROUND", IN_REVIEW)
def a_draft_whose_rejected_round_takes_the_last_number(repo: DocsRepo) -> None:
    standing = repo.document("LX-WI-02").statements[:1]
    begun = round_of(repo, 999)
    ended = round_of(repo, 999, [begun.id], "reject")
    put(repo, IN_REVIEW, (*standing, begun, ended), "draft")


@attack("m10", "ROUND", IN_REVIEW)
def a_second_round_without_the_first(repo: DocsRepo) -> None:
    put(repo, IN_REVIEW, (round_of(repo, 2, []),), "in-review")


@attack("m10", "ROUND", IN_REVIEW)
def a_second_round_that_does_not_come_after_the_first(repo: DocsRepo) -> None:
    standing = repo.document("LX-WI-02").statements[:1]
    put(repo, IN_REVIEW, (*standing, round_of(repo, 2, [])), "in-review")


@attack("m10", "ROUND", FILED)
def a_release_whose_only_round_is_a_later_one(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    laid = [round_of(repo, 7, [])]
    for act, step, role, person in (
        ("approve", "2", "quality-manager", "li.si"),
        ("publish", "3", "document-controller", "wang.wu"),
    ):
        seat = Notice(act, step, role, person)
        laid.append(given(repo, document, seat, round_number=7, after=[laid[-1].id]))
    put(repo, IN_REVIEW, laid, "published")
    repo.write(FILED, repo.read(IN_REVIEW))


@attack("30", "POLICY-UNRECORDED", IN_REVIEW)
def an_approval_under_a_policy_that_does_not_exist(repo: DocsRepo) -> None:
    approve(repo, policy="sha256:" + "1" * 64)


@attack("44", "SEEN-MISSING", IN_REVIEW)
def an_approval_that_has_seen_nothing(repo: DocsRepo) -> None:
    approve(repo, seen=None)


@attack("44", "HISTORY-REWRITTEN", IN_REVIEW)
def an_approval_that_has_seen_what_is_not_here(repo: DocsRepo) -> None:
    approve(repo, seen="sha1:" + "2" * 40)


@attack("77", "EFFECTIVE-BEFORE-APPROVAL", FILED, before=approved)
def a_release_that_is_in_force_before_it_is_signed(repo: DocsRepo) -> None:
    publish(repo, data={"published": str(repo.today), "effective": "2026-01-01"})


@attack("22", "CHAIN-BROKEN", FILED, before=approved)
def a_release_that_comes_after_something_unknown(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    publish(repo, after=[document.statements[1].id, "sha256:" + "3" * 64])


@attack("102", "TIME-ORDER", IN_REVIEW)
def an_approval_dated_before_the_policy_that_it_names(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    slot = Notice("approve", "2", "quality-manager", "li.si")
    signed = repo.sign_slot(
        slot, document.subject, document.content,
        after=[document.statements[0].id], at="2026-11-20T09:30:00+08:00",
    )  # fmt: skip
    put(repo, IN_REVIEW, (document.statements[0], signed), "approved")
