"""Attacks with true signatures: what they say of the signer, of the round, of the moment."""

from dataclasses import replace

import pytest

from qms.domain.kinds.document import Document
from qms.formats import cut, slots
from qms.formats.digests import sha256
from qms.formats.slots import Base, Notice, Statement
from qms.testing import SHORT_CHAIN, DocsRepo, Told, key
from qms.testing.attacks import RELEASE, Attack, Attacks, gate, verified

IN_REVIEW = "documents/instruction/LX-WI-02.md"
FILED = "released/instruction/LX-WI-02/A-0.md"
SHEET = "released/instruction/LX-WI-01/A-0.md"
APPROVE = Notice("approve", "2", "quality-manager", "li.si")
PUBLISH = Notice("publish", "3", "document-controller", "wang.wu")
REJECT = Notice("reject", "2", "quality-manager", "li.si")

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_claim_that_is_not_true_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


def put(repo: DocsRepo, *listed: Statement, status: str) -> None:
    tail = slots.render_tail(slots.Tail(status, slots.in_order(listed)))
    repo.write(IN_REVIEW, cut.with_tail(repo.read(IN_REVIEW), tail))


def given(
    repo: DocsRepo, document: Document, seat: Notice, *after: Statement, **changed: object
) -> Statement:
    """A statement on a document, behind others."""
    names = [slot.id for slot in after or document.statements[:1]]
    return repo.sign_slot(seat, document.subject, document.content, after=names, **changed)  # type: ignore[arg-type]


def approve(repo: DocsRepo, seat: Notice = APPROVE, **changed: object) -> None:
    document = repo.document("LX-WI-02")
    put(repo, document.statements[0], given(repo, document, seat, **changed), status="approved")


def reject(repo: DocsRepo, seat: Notice = REJECT, **changed: object) -> None:
    """A reject that stands in a draft, as one does."""
    document = repo.document("LX-WI-02")
    slot = given(repo, document, seat, reason="不符合", **changed)
    put(repo, document.statements[0], slot, status="draft")


# who it is said to be from


@attack("14", "SIGNER-NAME", IN_REVIEW, signing=RELEASE)
def an_approval_printed_under_another_name(repo: DocsRepo) -> None:
    approve(repo, name="赵六")


@attack("95", "DELEGATION", IN_REVIEW, signing=RELEASE)
def an_approval_in_somebody_elses_place(repo: DocsRepo) -> None:
    approve(repo, for_="zhao.liu")


@attack("14", "SIGNER", IN_REVIEW)
def a_rejection_forged_by_an_outsider(repo: DocsRepo) -> None:
    reject(repo, by=key("mallory"))


@attack("14", "SIGNER", IN_REVIEW)
def a_rejection_with_a_colleagues_key(repo: DocsRepo) -> None:
    reject(repo, by=key("sun.ba"))


@attack("15", "ROLE", IN_REVIEW)
def a_rejection_by_the_one_who_prepared(repo: DocsRepo) -> None:
    reject(repo, Notice("reject", "2", "preparer", "sun.ba"))


@attack("15", "ROLE", IN_REVIEW)
def a_rejection_by_somebody_without_a_seat(repo: DocsRepo) -> None:
    reject(repo, Notice("reject", "2", "general-manager", "zhao.liu"))


def test_a_forged_rejection_binds_nobody(repo: DocsRepo) -> None:
    """Row 24 (LV): nobody but the chain's own people can keep a text from being released."""
    honest = repo.read(IN_REVIEW)
    reject(repo, by=key("mallory"))
    repo.commit("Attack")
    repo.commit("Put it back", {IN_REVIEW: honest})

    repo.release("LX-WI-02")

    assert repo.verify() == []
    assert repo.check(whole=True) == []


def test_a_forged_rejection_is_named_in_an_ended_round_too(repo: DocsRepo) -> None:
    """Row 14 (V)"""
    reject(repo, by=key("mallory"))
    repo.commit("Attack")

    repo.release("LX-WI-02")

    assert repo.verify() == [Told("SIGNER", FILED)]


# what it says it has seen, and when


@attack("44", "HISTORY-REWRITTEN", IN_REVIEW)
def an_approval_that_has_seen_a_commit_of_another_hash(repo: DocsRepo) -> None:
    approve(repo, seen="sha256:" + "1" * 64)


@attack("44", "HISTORY-REWRITTEN", IN_REVIEW)
def an_approval_that_has_seen_a_file(repo: DocsRepo) -> None:
    blob = repo.git("rev-parse", f"HEAD:{SHEET}").strip()
    approve(repo, seen=f"sha1:{blob}")


@attack("102", "TIME-AHEAD", IN_REVIEW)
def an_approval_of_a_day_that_has_not_come(repo: DocsRepo) -> None:
    approve(repo, at="2099-01-01T00:00:00+08:00")


# what else is said of the same text


def test_no_error_is_folded_under_a_warning(repo: DocsRepo) -> None:
    """Row 4 (RV): a status set back by hand doesn't hide what is wrong with the number."""
    clean = repo.tip
    repo.branch("work")
    path = repo.draft("LX-WI-77x")
    repo.commit("Draft")
    repo.submit("LX-WI-77x")
    repo.replace(path, b"status: in-review", b"status: draft")
    repo.commit("Attack")

    wanted = [Told("NUMBER-FORM", path), Told("STATUS-STALE", path)]
    assert gate(repo, clean, repo.tip) == wanted
    assert repo.verify() == wanted


@attack("4", "STATUS", FILED, gates="RV")
def a_released_file_that_says_it_is_in_review(repo: DocsRepo) -> str:
    repo.branch("late")
    repo.sign("LX-WI-02")
    document = repo.document("LX-WI-02")
    days = {"published": str(repo.today), "effective": str(repo.today)}
    last = given(repo, document, PUBLISH, document.statements[1], data=days)
    listed = (*document.statements[:2], last)
    repo.put_slots("LX-WI-02", listed)
    tail = slots.render_tail(slots.Tail("in-review", listed))
    repo.write(FILED, cut.with_tail(repo.read(IN_REVIEW), tail))
    repo.write("released/assets/" + sha256(repo.read("assets/sheet.svg")).partition(":")[2],
               repo.read("assets/sheet.svg"))  # fmt: skip
    return repo.commit("Attack")


# a policy that was not seen


def release_under(repo: DocsRepo, old: str, *seats: Notice, newest: int = 0) -> str:
    """File LX-WI-02 signed in these seats under an old policy, the last `newest` under this one."""
    repo.branch("late")
    document = repo.document("LX-WI-02")
    laid = [document.statements[0]]
    days = {"published": str(repo.today), "effective": str(repo.today)}
    for place, seat in enumerate(seats):
        changed: dict[str, object] = {"data": days} if seat.act == "publish" else {}
        if place < len(seats) - newest:
            changed["policy"] = old
        laid.append(given(repo, document, seat, laid[-1], **changed))
    return repo.file("LX-WI-02", laid, "published")


def one_person_for_a_while(repo: DocsRepo) -> None:
    """Policy 3 lets one person approve and publish; policy 4 does not any more."""
    lax = f"{SHORT_CHAIN}    one_person: true\n"
    repo.policy(
        lambda company: company.with_chain("instruction", lax).with_role(
            "quality-manager", "li.si", "wang.wu"
        )
    )
    repo.policy(lambda company: company.with_chain("instruction", SHORT_CHAIN))


@attack("30", "STALE-POLICY", FILED, gates="RV", before=one_person_for_a_while)
def one_person_under_an_old_policy_that_let_them(repo: DocsRepo) -> str:
    old = cut.cut_yaml(repo.read("policy/0003/policy.yaml")).content
    alone = replace(APPROVE, person="wang.wu")
    return release_under(repo, old, alone, PUBLISH)


def a_review_became_an_approval(repo: DocsRepo) -> None:
    """Under policy 3 step 2 is a review, under policy 4 an approval, by the same person."""
    review = SHORT_CHAIN.replace("approve", "review")
    repo.policy(lambda company: company.with_chain("instruction", review))
    repo.policy(lambda company: company.with_chain("instruction", SHORT_CHAIN))


@attack("30", "NOT-APPROVED", FILED, gates="RV", before=a_review_became_an_approval)
def a_review_that_passes_for_an_approval(repo: DocsRepo) -> str:
    old = cut.cut_yaml(repo.read("policy/0003/policy.yaml")).content
    return release_under(repo, old, replace(APPROVE, act="review"), PUBLISH, newest=1)


def test_the_gate_tells_what_a_merged_policy_takes_the_effect_from(repo: DocsRepo) -> None:
    """Row 16 (RV): the policy comes after what it had not seen, in a step of its own."""
    repo.branch("settings")
    repo.policy(lambda company: company.with_new_key("li.si"))
    repo.checkout("main")
    released = repo.release("LX-WI-02")

    repo.merge("settings")

    assert gate(repo, released, repo.tip) == [Told("STALE-POLICY", FILED)]
    assert verified(repo)[0] == 1


ALL = """\
      - {act: prepare, who: [{member_of: owner}]}
      - {act: approve, need: all, who: [{role: quality-manager}]}
      - {act: publish, who: [{role: document-controller}]}
"""


def all_and_any(repo: DocsRepo) -> None:
    """Both quality managers approve an instruction, any of them a guide."""
    repo.policy(
        lambda company: (
            company.with_role("quality-manager", "li.si", "zhou.jiu")
            .with_chain("instruction", ALL)
            .with_chain("guide", ALL.replace("need: all", "need: any"))
        )
    )
    repo.release("LX-WI-01")


@attack("100", "CHAIN-DOWNGRADE", "released/guide/LX-WI-01/A-2.md", gates="RV", before=all_and_any)
def a_class_where_any_is_enough(repo: DocsRepo) -> str:
    base = repo.released("LX-WI-01")[-1]
    repo.branch("late")
    repo.revise("LX-WI-01", class_="guide")
    repo.commit("Revise")
    document = repo.document("LX-WI-01")
    laid: list[Statement] = []
    days = {"published": str(repo.today), "effective": str(repo.today)}
    prepare = Notice("prepare", "1", "preparer", "sun.ba")
    for seat in (prepare, APPROVE, PUBLISH):
        changed: dict[str, object] = {"data": days} if seat.act == "publish" else {}
        after = (laid or [base.statements[-1]])[-1]
        named = Base(base.revision, base.content)
        laid.append(given(repo, document, seat, after, base=named, **changed))
    return repo.file("LX-WI-01", laid, "published")


# what it comes after


def two_publishers(repo: DocsRepo) -> None:
    repo.policy(lambda company: company.with_role("document-controller", "wang.wu", "zhou.jiu"))


@attack("77", "FILED-TWICE", FILED, gates="RV", before=two_publishers)
def two_last_acts_with_different_days(repo: DocsRepo) -> str:
    repo.branch("late")
    repo.sign("LX-WI-02")
    document = repo.document("LX-WI-02")
    laid = list(document.statements)
    for person, day in (("zhou.jiu", "2030-01-01"), ("wang.wu", str(repo.today))):
        days = {"published": str(repo.today), "effective": day}
        laid.append(given(repo, document, replace(PUBLISH, person=person), laid[-1], data=days))
    return repo.file("LX-WI-02", laid, "published")


@attack("44", "CHAIN-BROKEN", "released/instruction/LX-WI-01/A-1.md", gates="RV")
def a_revision_that_does_not_come_after_its_base(repo: DocsRepo) -> str:
    base = repo.released("LX-WI-01")[-1]
    repo.branch("late")
    repo.revise("LX-WI-01")
    repo.commit("Revise")
    document = repo.document("LX-WI-01")
    laid: list[Statement] = []
    days = {"published": str(repo.today), "effective": str(repo.today)}
    for seat in (Notice("prepare", "1", "preparer", "sun.ba"), APPROVE, PUBLISH):
        signed = repo.sign_slot(
            seat,
            document.subject,
            document.content,
            base=Base(base.revision, base.content),
            after=[one.id for one in laid[-1:]],
            data=days if seat.act == "publish" else {},
        )
        laid.append(signed)
    return repo.file("LX-WI-01", laid, "published")
