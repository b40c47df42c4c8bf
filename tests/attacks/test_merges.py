"""Attacks with merges: what one changes, drops or brings in."""

import pytest

from qms.domain.kinds.reading import parsed_document
from qms.testing import DocsRepo, Told
from qms.testing.attacks import Attack, Attacks, gate, verified

SHEET = "released/instruction/LX-WI-01/A-0.md"
DRAFT = "documents/instruction/LX-WI-03.md"
IN_REVIEW = "documents/instruction/LX-WI-02.md"
FILED = "released/instruction/LX-WI-02/A-0.md"
COPY = "copies/procedure/LX-CX-2026-01/A-0/001.yaml"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_with_history_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


def on_two_branches(repo: DocsRepo) -> None:
    """Something happens on a branch and on main."""
    repo.branch("work")
    repo.write("notes/a.txt", b"a\n")
    repo.commit("Note a")
    repo.checkout("main")
    repo.write("notes/b.txt", b"b\n")
    repo.commit("Note b")


def evil(repo: DocsRepo, *branches: str) -> str:
    changed = repo.read(SHEET).replace("正文".encode(), "证文".encode())
    parents = (repo.tip, *(repo.history.branches[name] for name in branches))
    return repo.commit("Merge", {SHEET: changed}, parents)


@attack("47", "DOC-CHANGED", SHEET, gates="RV", before=on_two_branches)
def a_merge_that_changes_a_released_file(repo: DocsRepo) -> str:
    return evil(repo, "work")


@attack("47", "DOC-CHANGED", SHEET, gates="RV", before=on_two_branches)
def an_octopus_that_changes_a_released_file(repo: DocsRepo) -> str:
    start = repo.history.commits[repo.tip].parents[0]
    repo.branch("other", start)
    repo.write("notes/c.txt", b"c\n")
    repo.commit("Note c")
    repo.checkout("main")
    return evil(repo, "work", "other")


@attack("47", "LOG-REMOVED", COPY, gates="RV", before=on_two_branches)
def a_merge_that_drops_a_copys_log(repo: DocsRepo) -> str:
    return repo.commit("Merge", {COPY: None}, (repo.tip, repo.history.branches["work"]))


def released_on_a_branch(repo: DocsRepo) -> None:
    """LX-WI-02 is released on a branch; main goes on without it."""
    repo.branch("work")
    repo.release("LX-WI-02")
    repo.checkout("main")
    repo.write("notes/b.txt", b"b\n")
    repo.commit("Note b")


@attack("101", "DOC-MISSING", FILED, gates="RV", before=released_on_a_branch)
def a_merge_that_keeps_only_the_own_side(repo: DocsRepo) -> str:
    return repo.commit("Merge with ours", {}, (repo.tip, repo.history.branches["work"]))


@attack("101", "DOC-MISSING", FILED, gates="RV")
def a_branch_that_releases_and_reverts(repo: DocsRepo) -> str:
    start = dict(repo.files)
    repo.branch("work")
    repo.release("LX-WI-02")
    picture = next(p for p in repo.files if p.startswith("released/assets/") and p not in start)
    other = start[DRAFT].data.replace("正文".encode(), "另文".encode())
    reverted = repo.commit("Revert", {FILED: None, IN_REVIEW: start[IN_REVIEW], picture: None,
                                      DRAFT: start[DRAFT]._replace(data=other)})  # fmt: skip
    repo.push("main")
    repo.checkout("main")
    return reverted


def released_twice(repo: DocsRepo) -> None:
    """LX-WI-03 A/0 is released on two branches with different texts."""
    repo.branch("work")
    repo.release("LX-WI-03")
    repo.checkout("main")
    repo.draft("LX-WI-03", body="# 另文\n\n另文。\n")
    repo.commit("Draft LX-WI-03 anew")
    repo.release("LX-WI-03")


def test_two_entries_for_one_place_are_contested(repo: DocsRepo) -> None:
    """Row 101 (RV)"""
    filed = "released/instruction/LX-WI-03/A-0.md"
    released_twice(repo)
    clean, theirs = repo.tip, repo.history.branches["work"]
    other = repo.history.files(theirs)[filed].data
    beside = parsed_document(other).statements[-1].id.partition(":")[2][:16]
    twin = f"released/instruction/LX-WI-03/A-0~{beside}.md"

    merge = repo.commit("Merge", {twin: other}, (clean, theirs))

    assert gate(repo, clean, merge) == [Told("CONTESTED", filed)]
    code, named = verified(repo)
    assert [(one.code, one.path) for one in named] == [("CONTESTED", filed)]
    assert code == 1


def test_of_two_entries_for_one_place_none_may_be_dropped(repo: DocsRepo) -> None:
    """Row 101 (RV)"""
    released_twice(repo)
    clean, theirs = repo.tip, repo.history.branches["work"]

    merge = repo.commit("Merge with ours", {}, (clean, theirs))

    assert [told.code for told in gate(repo, clean, merge)] == ["TWIN-LOST"]
    code, named = verified(repo)
    assert [one.commit for one in named] == [merge]
    assert named[0].path.startswith("released/instruction/LX-WI-03/A-0~")
    assert code == 1
