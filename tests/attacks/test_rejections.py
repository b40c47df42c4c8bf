"""A rejection is no weapon of one person (trust.md, Rejections): made-up rounds, and releases."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from qms.domain.kinds.log import REJECTS_HEAD, render_head
from qms.domain.kinds.reading import parsed_document
from qms.domain.register.rejects import rejections
from qms.formats import slots
from qms.formats.paths import REJECTS_FORM
from qms.formats.slots import Notice
from qms.jobs.documents.rejecting import list_of_rejects, with_reject
from qms.testing import DocsRepo, Told
from qms.testing.contests import (
    SHEET,
    chain_decides,
    effects,
    next_revision,
    parted,
    release,
    standing,
)
from qms.testing.uniting import united

A_0 = "released/instruction/LX-WI-01/A-0.md"
FILED = "released/instruction/LX-WI-02/A-0.md"
IN_REVIEW = "documents/instruction/LX-WI-02.md"
REJECTS = "released/instruction/LX-WI-02/rejects.yaml"
NOWHERE = "sha256:" + "ab" * 32
"""The digest of a text that nobody wrote."""


def rejected_by_hand(
    repo: DocsRepo, prepares: str = "sun.ba", rejects: str = "li.si", **given: Any
) -> None:
    """A list of rejections with a `prepare` and a `reject` of a text that nobody wrote."""
    document = parsed_document(repo.read(A_0))
    subject = replace(document.subject, revision=given.pop("revision", "A/1"))
    prepare = repo.sign_slot(
        Notice("prepare", "1", "preparer", prepares), subject, NOWHERE, **given
    )
    reject = repo.sign_slot(
        Notice("reject", "2", "quality-manager", rejects), subject, NOWHERE,
        after=(prepare.id,), reason="不行", **given,
    )  # fmt: skip
    path = list_of_rejects(document)
    before = repo.read(path) if repo.has(path) else None
    repo.write(path, with_reject(before, replace(document, slots=(prepare, reject)), reject))
    repo.commit("Reject what nobody wrote")


# a key that a later policy voids


def test_a_void_key_takes_no_release_out_of_force(repo: DocsRepo) -> None:
    """F: a thief branches off before the policy that voids the key, and rejects a release."""
    with parted(repo, "thief") as theirs:
        repo.policy(lambda company: company.with_new_key("li.si"), by=("zhao.liu", "wang.wu"))
        release(repo, "真的")
        theirs()
        rejected_by_hand(repo)

    assert standing(repo) == ("A/1", "真的")
    assert repo.verify() == []


def test_a_void_key_freezes_no_string(repo: DocsRepo) -> None:
    """F2: the same, and the revision is opened only afterwards."""
    with parted(repo, "thief") as theirs:
        repo.policy(lambda company: company.with_new_key("li.si"), by=("zhao.liu", "wang.wu"))
        theirs()
        rejected_by_hand(repo)

    next_revision(repo)

    assert standing(repo)[0] == "A/1"  # type: ignore[index]
    assert repo.verify() == []


# one person alone


def test_one_person_alone_freezes_no_string(repo: DocsRepo) -> None:
    """G: who may prepare and reject signs both, of a text that nobody wrote."""
    rejected_by_hand(repo, "li.si", "li.si")

    next_revision(repo)

    assert standing(repo)[0] == "A/1"  # type: ignore[index]
    assert repo.verify() == []


@pytest.mark.parametrize(
    "prepares", ["li.si", "wu.shi"], ids=["who-rejects-it-too", "of-another-department"]
)
def test_a_preparer_who_asks_nobody_takes_no_fresh_release_out_of_force(
    repo: DocsRepo, prepares: str
) -> None:
    """G2, X: one person alone, or a friend of another department whom the owner has not asked."""
    with parted(repo, "one") as theirs:
        release(repo, "真的")
        theirs()
        rejected_by_hand(repo, prepares, "li.si")

    assert standing(repo) == ("A/1", "真的")
    assert repo.verify() == []


def test_a_preparer_without_a_seat_in_the_class_is_named(repo: DocsRepo) -> None:
    """X: where one department prepares nobody else's `prepare` is one; no rejection follows it."""
    chain = """\
      - {act: prepare, who: [{member_of: technical}]}
      - {act: approve, who: [{role: quality-manager}]}
      - {act: publish, who: [{role: document-controller}]}
"""
    repo.policy(lambda company: company.with_chain("instruction", chain))

    rejected_by_hand(repo, "wu.shi", "li.si")

    assert [told.code for told in repo.verify()] == ["ROLE"]
    with effects(repo) as known:
        assert rejections(known.register, SHEET) == ()


def test_a_seat_in_another_class_rejects_nothing(repo: DocsRepo) -> None:
    """R: heads of department review procedures; nobody asks them about instructions."""
    with parted(repo, "one") as theirs:
        release(repo, "真的")
        theirs()
        document = parsed_document(repo.read(A_0))
        subject = replace(document.subject, revision="A/1", class_="procedure")
        prepare = repo.sign_slot(Notice("prepare", "1", "preparer", "sun.ba"), subject, NOWHERE)
        reject = repo.sign_slot(
            Notice("reject", "2", "head-of-technical", "qian.qi"), subject, NOWHERE,
            after=(prepare.id,), reason="不行",
        )  # fmt: skip
        head = render_head(REJECTS_HEAD, {"number": SHEET, "class": "procedure"})
        tail = slots.render_tail(slots.Tail("log", (prepare, reject), log=True))
        path = REJECTS_FORM.path("procedure", SHEET)
        repo.write(path, head + tail)
        repo.commit("Reject in another class")

    assert standing(repo) == ("A/1", "真的")
    assert [(told.code, told.path) for told in repo.verify()] == [("MOVED-ENTRY", path)]


def test_a_round_without_the_one_before_rejects_nothing(repo: DocsRepo) -> None:
    """m10: a round of the highest number would leave no other one behind it."""
    rejected_by_hand(repo, round_number=999)

    assert [told.code for told in repo.verify()] == ["ROUND"]
    with effects(repo) as known:
        assert rejections(known.register, SHEET) == ()


# honest


def approved_by_another(repo: DocsRepo) -> None:
    """A/1 is released on main, approved by zhou.jiu; the branch `other` knows nothing of it."""
    repo.branch("other")
    repo.checkout("main")
    repo.revise(SHEET, body="# 目的\n\n发布的\n")
    repo.commit("Revise")
    repo.submit(SHEET)
    repo.sign(SHEET, "zhou.jiu")
    repo.publish(SHEET)
    repo.checkout("other")


def test_a_rejection_by_two_who_have_a_say_binds(repo: DocsRepo) -> None:
    """The text went round, and who may approve it refused: a release elsewhere has no effect."""
    repo.policy(lambda company: company.with_role("quality-manager", "li.si", "zhou.jiu"))
    approved_by_another(repo)
    repo.revise(SHEET, body="# 目的\n\n退回的\n")
    repo.commit("Revise")
    repo.submit(SHEET)
    repo.reject(SHEET, "li.si")
    repo.checkout("main")

    united(repo, "other")

    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert [told.code for told in repo.verify()] == ["REJECTED"]


def test_a_co_signer_takes_nothing_out_of_force_by_a_rejection_of_an_older_day(
    repo: DocsRepo,
) -> None:
    """They signed that very text; years later they reject it, as if before the release."""
    with parted(repo, "older") as theirs:
        release(repo, "真的")
        theirs()
        rejected_by_hand(repo)

    assert standing(repo) == ("A/1", "真的")
    assert [told.code for told in repo.verify()] == ["SIGNED-REJECT"]
    for language, words in (("en", "had signed that very text"), ("zh", "签署过这一文本")):
        assert words in repo.qms("--lang", language, "verify").out
    for person in ("li.si", "wang.wu"):  # who rejected, and who published
        assert "apart (SIGNED-REJECT)" in repo.qms(by=person).out
    assert "SIGNED-REJECT" not in repo.qms(by="zhao.liu").out


def test_a_rejection_dated_ahead_is_no_silent_bomb(repo: DocsRepo) -> None:
    """The honest text goes round, and its approver rejects it as of a day to come."""
    repo.revise(SHEET, body="# 目的\n\n真的\n")
    repo.commit("Revise")
    repo.submit(SHEET)
    document = repo.document(SHEET)
    step, now = repo.chain(document).steps[1], repo.now
    repo.now = now + timedelta(days=30)
    ahead = repo.statement(document, step, "li.si", act="reject", reason="不行")
    repo.now = now
    path = list_of_rejects(document)
    repo.write(path, with_reject(None, document, ahead))
    repo.commit("Reject ahead")

    assert repo.check(whole=True) == [Told("TIME-AHEAD", path)]
    assert repo.verify() == [Told("TIME-AHEAD", path)]


def test_a_rejection_dated_before_what_it_rejects_has_no_effect(repo: DocsRepo) -> None:
    repo.revise(SHEET, body="# 目的\n\n真的\n")
    repo.commit("Revise")
    repo.submit(SHEET)
    document = repo.document(SHEET)
    step, now = repo.chain(document).steps[1], repo.now
    repo.now = now.replace(year=1990)
    early = repo.statement(document, step, "li.si", act="reject", reason="不行")
    repo.now = now
    path = list_of_rejects(document)
    repo.write(path, with_reject(None, document, early))
    repo.commit("Reject in 1970")
    repo.sign(SHEET, "li.si")
    repo.publish(SHEET)

    assert standing(repo) == ("A/1", "真的")
    assert repo.verify() == [Told("TIME-ORDER", path)]


def test_who_rejected_while_holding_the_role_has_rejected(repo: DocsRepo) -> None:
    """A term that ends later takes no rejection back."""
    term = ("li.si 2026-01-01 2027-01-31", "zhou.jiu")
    repo.policy(lambda company: company.with_role("quality-manager", *term))
    approved_by_another(repo)
    repo.revise(SHEET, body="# 目的\n\n退回的\n")
    repo.commit("Revise")
    repo.submit(SHEET)
    repo.reject(SHEET, "li.si")
    repo.checkout("main")

    united(repo, "other")

    assert [told.code for told in repo.verify()] == ["REJECTED"]


@pytest.mark.parametrize("released", [True, False])
def test_a_rejection_is_annulled_by_the_chain(repo: DocsRepo, released: bool) -> None:  # noqa: FBT001
    """M: of a revision that is released, or of a string that no entry has."""
    if released:
        repo.branch("other")
        repo.checkout("main")
        release(repo, "发布的")
        repo.checkout("other")
    rejected_by_hand(repo)
    if released:
        repo.checkout("main")
        united(repo, "other")
    with effects(repo) as known:
        (reject,) = rejections(known.register, SHEET)
    digits = reject.slot.id.partition(":")[2][:4]

    chain_decides(repo, "annul", SHEET, digits, reason="无此送审")

    assert repo.verify() == []
    if not released:
        next_revision(repo)
    assert standing(repo)[0] == "A/1"  # type: ignore[index]
    assert repo.verify() == []


# beside a release


def rejected_and_released(repo: DocsRepo) -> None:
    """LX-WI-02 is rejected on a branch, and released on main by who had not seen that."""
    repo.policy(lambda company: company.with_role("quality-manager", "li.si", "wu.shi"))
    repo.branch("work")
    repo.reject("LX-WI-02", "wu.shi")
    repo.checkout("main")
    repo.release("LX-WI-02")


def with_the_rejection(repo: DocsRepo) -> None:
    """Both are merged: the text is the released one, the rejection is kept."""
    released = repo.files[IN_REVIEW]
    work = repo.history.branches["work"]
    rejects = repo.history.files(work)[REJECTS]
    repo.commit("Merge", {IN_REVIEW: released, REJECTS: rejects}, (repo.tip, work))


def test_a_rejection_beside_a_release_takes_its_effect_until_somebody_tells(repo: DocsRepo) -> None:
    """Row 24 (LV), X6: nothing tells which was first; check and verify say the same."""
    rejected_and_released(repo)
    with_the_rejection(repo)

    assert repo.verify() == [Told("REJECTED", FILED)]
    assert repo.check(whole=True) == [Told("REJECTED", FILED)]


def test_who_may_settle_a_rejection_is_asked_to(repo: DocsRepo) -> None:
    """Law 5: `check` said so to everybody, `todo` to nobody."""
    rejected_and_released(repo)
    with_the_rejection(repo)
    asked = {one: repo.qms("todo", by=one).out for one in ("li.si", "wang.wu", "zhou.jiu")}
    told = re.search(r"qms (settle LX-\S+ --stands \S+) --reason …", asked["li.si"])
    assert told is not None, asked
    assert "settle the rejection of revision" in asked["li.si"]
    assert "裁定退回：版本" in repo.qms("--lang", "zh", "todo", by="li.si").out
    assert "settle" not in asked["zhou.jiu"]

    for by in ("li.si", "wang.wu"):
        assert repo.qms(*told[1].split(), "--reason", "已处理", by=by).code == 0
        assert "--reason …" not in repo.qms("todo", by=by).out

    assert repo.verify() == []


def test_a_rejection_that_comes_after_others_had_seen_the_release_is_a_warning(
    repo: DocsRepo,
) -> None:
    """Row 24 (LV)"""
    rejected_and_released(repo)
    repo.issue("LX-WI-02", "001")
    repo.receive("LX-WI-02", "001", "zhou.jiu")
    repo.issue("LX-WI-01", "001", person="wang.wu")
    repo.receive("LX-WI-01", "001", "wu.shi")
    with_the_rejection(repo)

    assert repo.verify() == [Told("LATE-REJECT", FILED)]
    assert repo.check(whole=True) == [Told("LATE-REJECT", FILED)]
