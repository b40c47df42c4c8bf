"""Honest lives of documents: drafts, reviews, rejections, another owner."""

from datetime import date
from pathlib import Path

import pytest

from qms.testing import SHORT_CHAIN, DocsRepo
from qms.testing.benign import Histories, History, assert_silent, under_way

PROCEDURE = "LX-CX-2026-01"
OTHER = "LX-CX-2026-02"
SHEET = "LX-WI-01"
HISTORIES = Histories()
benign = HISTORIES.add


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)
def test_nothing_is_said_of_an_honest_history(history: History, tmp_path: Path) -> None:
    assert_silent(history, tmp_path / "repo")


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
