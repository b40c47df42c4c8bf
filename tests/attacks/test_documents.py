"""Attacks on released documents, their working texts and their pictures."""

import pytest

from qms.formats import cut, slots
from qms.formats.tree import EXECUTABLE
from qms.testing import DocsRepo
from qms.testing.attacks import APPROVE, Attack, Attacks

NUMBER = "LX-CX-2026-01"
FIRST = "released/procedure/LX-CX-2026-01/A-0.md"
NEWEST = "released/procedure/LX-CX-2026-01/A-1.md"
WORKING = "documents/procedure/LX-CX-2026-01.md"
SHEET = "released/instruction/LX-WI-01/A-0.md"
SHEET_WORKING = "documents/instruction/LX-WI-01.md"
IN_REVIEW = "documents/instruction/LX-WI-02.md"
DRAFT = "documents/instruction/LX-WI-03.md"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_on_a_document_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


@attack("1", "DOC-CHANGED", FIRST)
def one_byte_of_a_released_body(repo: DocsRepo) -> None:
    repo.replace(FIRST, "正文".encode(), "证文".encode())


@attack("1", "DOC-CHANGED", NEWEST)
def one_byte_of_the_body_in_force(repo: DocsRepo) -> None:
    repo.replace(NEWEST, "正文".encode(), "证文".encode())


@attack("1", "DOC-CHANGED", WORKING)
def one_byte_of_the_working_text_that_says_published(repo: DocsRepo) -> None:
    repo.replace(WORKING, "正文".encode(), "证文".encode())


@attack("1", "DOC-CHANGED", NEWEST)
def one_byte_of_both_alike(repo: DocsRepo) -> None:
    repo.replace(NEWEST, "正文".encode(), "证文".encode())
    repo.replace(WORKING, "正文".encode(), "证文".encode())


@attack("1", "APPROVAL-MISMATCH", IN_REVIEW, signing=APPROVE)
def one_byte_of_a_text_in_review(repo: DocsRepo) -> None:
    repo.replace(IN_REVIEW, "正文".encode(), "证文".encode())


@attack("2", "DOC-CHANGED", NEWEST)
def another_title_after_approval(repo: DocsRepo) -> None:
    repo.replace(NEWEST, "文件控制程序".encode(), "文件管理程序".encode())


@attack("2", "DOC-CHANGED", SHEET_WORKING)
def another_owner_in_the_working_text(repo: DocsRepo) -> None:
    repo.replace(SHEET_WORKING, b"owner: technical", b"owner: quality")


@attack("2", "DOC-CHANGED", SHEET)
def another_spelling_of_the_same_title(repo: DocsRepo) -> None:
    repo.replace(SHEET, "title: 文件控制程序".encode(), 'title: "文件控制程序"'.encode())


@attack("3", "ASSET-EDITED", "assets/sheet.svg")
def the_picture_of_a_text_in_review(repo: DocsRepo) -> None:
    repo.write("assets/sheet.svg", b"<svg>another</svg>\n")


@attack("3", "ASSET-MISSING", "assets/sheet.svg")
def no_picture_for_a_text_in_review(repo: DocsRepo) -> None:
    repo.delete("assets/sheet.svg")


def filed_picture(repo: DocsRepo) -> str:
    (path,) = [path for path in repo.files if path.startswith("released/assets/")]
    return path


def test_another_released_picture_is_named(repo: DocsRepo) -> None:
    """Row 3 (LRV)"""
    path = filed_picture(repo)

    def another_released_picture(repo: DocsRepo) -> None:
        repo.write(path, b"<svg>another</svg>\n")

    Attack("3", "ASSET-CHANGED", path, another_released_picture).prove(repo)


def test_a_missing_released_picture_is_named(repo: DocsRepo) -> None:
    """Row 3 (LRV)"""
    path = filed_picture(repo)

    def no_released_picture(repo: DocsRepo) -> None:
        repo.delete(path)

    Attack("3", "ASSET-MISSING", path, no_released_picture).prove(repo)


def test_a_picture_that_moved_on_after_release_is_silent(repo: DocsRepo) -> None:
    """Row 3 (LV)"""
    repo.write("assets/flow.svg", b"<svg>for the next revision</svg>\n")

    repo.commit("Draw anew")

    assert repo.check(whole=True) == []
    assert repo.verify() == []


@attack("4", "DOC-UNAPPROVED", DRAFT)
def a_draft_set_to_published_by_hand(repo: DocsRepo) -> None:
    repo.replace(DRAFT, b"status: draft", b"status: published")


@attack("4", "DOC-UNAPPROVED", DRAFT)
def a_draft_set_to_approved_by_hand(repo: DocsRepo) -> None:
    repo.replace(DRAFT, b"status: draft", b"status: approved")


@attack("4", "DOC-UNAPPROVED", IN_REVIEW)
def a_text_in_review_set_to_approved_by_hand(repo: DocsRepo) -> None:
    repo.replace(IN_REVIEW, b"status: in-review", b"status: approved")


@attack("4", "DOC-UNAPPROVED", IN_REVIEW)
def a_text_in_review_set_to_published_by_hand(repo: DocsRepo) -> None:
    repo.replace(IN_REVIEW, b"status: in-review", b"status: published")


@attack("4", "DOC-UNAPPROVED", "released/instruction/LX-WI-02/A-0.md")
def a_text_in_review_filed_as_released(repo: DocsRepo) -> None:
    data = repo.read(IN_REVIEW).replace(b"status: in-review", b"status: published", 1)
    repo.write(IN_REVIEW, data)
    repo.write("released/instruction/LX-WI-02/A-0.md", data)


@attack("4", "DOC-UNAPPROVED", "released/instruction/LX-WI-03/A-0.md")
def a_draft_filed_as_released(repo: DocsRepo) -> None:
    data = repo.read(DRAFT).replace(b"status: draft", b"status: published", 1)
    repo.write("released/instruction/LX-WI-03/A-0.md", data)


@attack("4", "DOC-UNAPPROVED", SHEET)
def emptied_slots_in_the_released_file(repo: DocsRepo) -> None:
    empty = slots.render_tail(slots.Tail("published", ()))
    repo.write(SHEET, cut.with_tail(repo.read(SHEET), empty))


@attack("4", "DOC-UNAPPROVED", SHEET_WORKING)
def emptied_slots_in_the_working_text(repo: DocsRepo) -> None:
    empty = slots.render_tail(slots.Tail("published", ()))
    repo.write(SHEET_WORKING, cut.with_tail(repo.read(SHEET_WORKING), empty))


@attack("4", "DOC-UNAPPROVED", SHEET)
def emptied_slots_in_both(repo: DocsRepo) -> None:
    empty = slots.render_tail(slots.Tail("published", ()))
    for path in (SHEET, SHEET_WORKING):
        repo.write(path, cut.with_tail(repo.read(path), empty))


@attack("4", "DOC-UNAPPROVED", "released/procedure/LX-CX-2026-01/A-2.md")
def a_forged_next_revision_without_slots(repo: DocsRepo) -> None:
    empty = slots.render_tail(slots.Tail("published", ()))
    forged = cut.with_tail(repo.read(NEWEST), empty).replace(b"revision: A/1", b"revision: A/2", 1)
    repo.write("released/procedure/LX-CX-2026-01/A-2.md", forged)


@attack("4", "DOC-UNAPPROVED", "released/procedure/LX-CX-2026-01/A-2.md")
def a_forged_next_revision_that_the_working_text_follows(repo: DocsRepo) -> None:
    empty = slots.render_tail(slots.Tail("published", ()))
    forged = cut.with_tail(repo.read(NEWEST), empty).replace(b"revision: A/1", b"revision: A/2", 1)
    repo.write("released/procedure/LX-CX-2026-01/A-2.md", forged)
    repo.write(WORKING, forged)


@attack("4", "DOC-UNAPPROVED", WORKING)
def a_working_text_that_says_a_next_revision_is_published(repo: DocsRepo) -> None:
    empty = slots.render_tail(slots.Tail("published", ()))
    forged = cut.with_tail(repo.read(NEWEST), empty).replace(b"revision: A/1", b"revision: A/2", 1)
    repo.write(WORKING, forged)


@attack("5", "DOC-CHANGED", SHEET_WORKING)
def an_approved_number_on_another_text(repo: DocsRepo) -> None:
    tail = cut.cut_markdown(repo.read(SHEET)).tail
    other = repo.read(DRAFT).replace(b"LX-WI-03", b"LX-WI-01").replace("正文".encode(), b"x")
    repo.write(SHEET_WORKING, cut.with_tail(other, tail))


@attack("6", "DOC-OLD", WORKING)
def superseded_text_as_current(repo: DocsRepo) -> None:
    repo.write(WORKING, repo.read(FIRST))


@attack("7", "DOC-MISSING", FIRST)
def a_dropped_released_revision(repo: DocsRepo) -> None:
    repo.delete(FIRST)


@attack("7", "DOC-MISSING", NEWEST)
def a_dropped_revision_in_force(repo: DocsRepo) -> None:
    repo.delete(NEWEST)


@attack("7", "DOC-MISSING", WORKING)
def a_dropped_working_text_of_what_is_in_force(repo: DocsRepo) -> None:
    repo.delete(WORKING)


@attack("7", "DOC-MISSING", SHEET)
def a_document_dropped_as_a_whole(repo: DocsRepo) -> None:
    repo.delete(SHEET)
    repo.delete(SHEET_WORKING)


@attack("7", "DOC-MISSING", NEWEST)
def a_renamed_released_revision(repo: DocsRepo) -> None:
    repo.rename(NEWEST, "released/procedure/LX-CX-2026-01/A-2.md")


@attack("7", "DOC-MISSING", FIRST)
def a_released_revision_renamed_to_nonsense(repo: DocsRepo) -> None:
    repo.rename(FIRST, "assets/A-0.md")


@attack("6", "DOC-CHANGED", NEWEST)
def the_earlier_revision_in_the_place_of_the_newest(repo: DocsRepo) -> None:
    repo.write(NEWEST, repo.read(FIRST))


@attack("109", "MOVED-ENTRY", "released/procedure/LX-CX-2026-01/A-2.md")
def a_released_file_copied_to_another_revision(repo: DocsRepo) -> None:
    repo.write("released/procedure/LX-CX-2026-01/A-2.md", repo.read(NEWEST))


@attack("109", "MOVED-ENTRY", "released/instruction/LX-CX-2026-01/A-1.md")
def a_released_file_copied_to_another_class(repo: DocsRepo) -> None:
    repo.write("released/instruction/LX-CX-2026-01/A-1.md", repo.read(NEWEST))


@attack("109", "MOVED-ENTRY", "released/procedure/LX-CX-2026-09/A-1.md")
def a_released_file_copied_to_another_number(repo: DocsRepo) -> None:
    repo.write("released/procedure/LX-CX-2026-09/A-1.md", repo.read(NEWEST))


@attack("109", "MOVED-ENTRY", "documents/procedure/LX-CX-2026-09.md")
def a_working_text_copied_to_another_number(repo: DocsRepo) -> None:
    repo.write("documents/procedure/LX-CX-2026-09.md", repo.read(WORKING))


@attack("61", "BAD-MODE", NEWEST)
def a_released_file_that_can_be_run(repo: DocsRepo) -> None:
    repo.write(NEWEST, repo.read(NEWEST), EXECUTABLE)


@attack("34", "REVISION-REUSE", SHEET_WORKING)
def a_released_revision_opened_again_as_a_draft(repo: DocsRepo) -> None:
    empty = slots.render_tail(slots.Tail("draft", ()))
    repo.write(SHEET_WORKING, cut.with_tail(repo.read(SHEET_WORKING), empty))


@attack("34", "REVISION-ORDER", SHEET_WORKING)
def a_next_revision_that_leaves_one_out(repo: DocsRepo) -> None:
    repo.revise("LX-WI-01", revision="A/2")


@attack("112", "CHAIN-BROKEN", NEWEST)
def one_of_several_signatures_dropped(repo: DocsRepo) -> None:
    listed = list(repo.released(NUMBER)[-1].slots)
    tail = slots.render_tail(slots.Tail("published", (listed[0], *listed[2:])))
    repo.write(NEWEST, cut.with_tail(repo.read(NEWEST), tail))


@attack("112", "CHAIN-BROKEN", WORKING)
def one_of_several_signatures_dropped_in_the_working_text(repo: DocsRepo) -> None:
    listed = list(repo.released(NUMBER)[-1].slots)
    tail = slots.render_tail(slots.Tail("published", (listed[0], *listed[2:])))
    repo.write(WORKING, cut.with_tail(repo.read(WORKING), tail))


@attack("112", "TAIL", NEWEST)
def slots_in_another_order(repo: DocsRepo) -> None:
    parts = cut.cut_markdown(repo.read(NEWEST))
    first, second, third, *rest = parts.tail.split(b"  - act: ")[0:]
    tail = b"  - act: ".join((first, third, second, *rest))
    repo.write(NEWEST, cut.with_tail(repo.read(NEWEST), tail))
