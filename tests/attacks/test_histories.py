"""Attacks with history: branches, merges, rewritten, put back, dropped and built upon."""

from dataclasses import replace
from pathlib import Path

import pytest

from qms.domain.entries import parsed_document
from qms.formats import cut, slots
from qms.jobs.verify import verify
from qms.storage.repository import Repository
from qms.testing import SMALL, DocsRepo, Told
from qms.testing.attacks import Attack, Attacks, gate, verified
from qms.testing.history import File, changes_between

NUMBER = "LX-CX-2026-01"
FIRST = "released/procedure/LX-CX-2026-01/A-0.md"
NEWEST = "released/procedure/LX-CX-2026-01/A-1.md"
WORKING = "documents/procedure/LX-CX-2026-01.md"
SHEET = "released/instruction/LX-WI-01/A-0.md"
SHEET_WORKING = "documents/instruction/LX-WI-01.md"
SHEET_NEXT = "released/instruction/LX-WI-01/A-1.md"
DRAFT = "documents/instruction/LX-WI-03.md"
IN_REVIEW = "documents/instruction/LX-WI-02.md"
REJECTS = "released/instruction/LX-WI-02/rejects.yaml"
FILED = "released/instruction/LX-WI-02/A-0.md"
COPY = "copies/procedure/LX-CX-2026-01/A-0/001.yaml"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_with_history_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


# an older state


@attack("106", "ROLLBACK", NEWEST, gates="RV")
def the_state_before_the_newest_revision(repo: DocsRepo) -> str:
    filed = [m for m in repo.history.commits.values() if m.message == f"Release {NUMBER} A/1"]
    return repo.put_back(filed[0].parents[0])


@attack("106", "ROLLBACK", COPY, gates="RV")
def a_state_long_ago(repo: DocsRepo) -> str:
    return repo.put_back(repo.root)


def test_an_older_state_in_the_work_tree_is_named_before_the_commit(repo: DocsRepo) -> None:
    """Row 106 (L)"""
    (filed,) = [m for m in repo.history.commits.values() if m.message == f"Release {NUMBER} A/1"]
    repo.lay_out()
    repo.history.git("read-tree", "-u", "--reset", filed.parents[0])

    assert repo.check() == [Told("ROLLBACK", NEWEST)]
    assert repo.check(index=True) == [Told("ROLLBACK", NEWEST)]


@pytest.mark.parametrize("more", [False, True], ids=["back", "and-on"])
def test_a_forced_push_to_an_older_state_is_named_at_the_gate(repo: DocsRepo, more: bool) -> None:  # noqa: FBT001 - a case
    """Row 49 (R): the new tip is silent by itself; what it doesn't descend from tells."""
    clean = repo.tip
    (filed,) = [m for m in repo.history.commits.values() if m.message == f"Release {NUMBER} A/1"]
    repo.move("main", filed.parents[0])
    if more:
        repo.commit("Go on", {"notes/a.txt": b"a\n"})

    assert repo.verify() == []
    assert gate(repo, clean, repo.tip) == [Told("ROLLBACK", NEWEST)]


def test_a_forced_push_beside_the_trunk_is_named_at_the_gate(repo: DocsRepo) -> None:
    """Row 49 (R): a history without the newest release, but with other things"""
    clean = repo.tip
    (filed,) = [m for m in repo.history.commits.values() if m.message == f"Release {NUMBER} A/1"]
    repo.move("main", filed.parents[0])
    repo.commit("Draft", {DRAFT: repo.history.files(clean)[DRAFT]})

    assert Told("DOC-MISSING", NEWEST) in gate(repo, clean, repo.tip)


# merges


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
    beside = parsed_document(other).slots[-1].id.partition(":")[2][:16]
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


# another beginning


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

    assert gate(repo, true, merge) == repo.check() == repo.verify() == []


# dropped and built upon


def test_a_dropped_log_stays_named_until_the_bytes_are_back(repo: DocsRepo) -> None:
    """Row 99 (RV)"""
    log, clean = repo.files[COPY], repo.tip
    dropped = repo.commit("Attack", {COPY: None})
    repo.write("notes/a.txt", b"a\n")
    repo.commit("Build upon it")
    assert gate(repo, clean, repo.tip) == [Told("LOG-REMOVED", COPY)]
    repo.release("LX-WI-02")

    code, named = verified(repo)

    assert [tuple(one) for one in named] == [("LOG-REMOVED", COPY, dropped)]
    assert code == 1

    repo.commit("Put it back", {COPY: log})

    code, named = verified(repo)

    assert [tuple(one) for one in named] == [("INCIDENT", COPY, dropped)]
    assert code == 0


def test_garbage_never_takes_the_place_of_a_true_entry(repo: DocsRepo) -> None:
    """Row 108 (LV)"""
    repo.branch("work")
    work = repo.release("LX-WI-02")
    true = {p: f for p, f in repo.files.items() if "LX-WI-02" in p or "/assets/" in p}
    repo.checkout("main")
    garbage = repo.commit("Attack", {FILED: repo.read(SHEET)})

    code, named = verified(repo)

    assert [tuple(one) for one in named] == [("MOVED-ENTRY", FILED, garbage)]
    assert code == 1

    repo.commit("Merge", true, (repo.tip, work))

    assert repo.verify() == []
    assert repo.check(whole=True) == []


# rejections


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


# what signers had seen


def replayed(repo: DocsRepo, without: str) -> None:
    """History is written anew without the commit of this message."""
    (left_out,) = [m for m in repo.history.commits.values() if m.message == without]
    later = repo.history.between(left_out.id, repo.tip)
    repo.move("main", left_out.parents[0])
    for made in later:
        repo.commit(made.message, dict(made.changes))


def test_a_history_without_one_statement_is_named_by_those_who_had_seen_it(repo: DocsRepo) -> None:
    """Row 44 (V)"""
    replayed(repo, f"Issue {NUMBER} A/0 002")

    code, named = verified(repo)

    assert [one.code for one in named] == ["SEEN-MISSING"]
    assert code == 1


def test_a_rewritten_history_is_one_finding(repo: DocsRepo, tmp_path: Path) -> None:
    """Row 44 (V)"""
    replayed(repo, f"Issue {NUMBER} A/0 002")
    repo.history.git("clone", "-q", "--no-local", "--single-branch", str(repo.path),
                     str(tmp_path / "clone"))  # fmt: skip
    repo.history.path = tmp_path / "clone"

    code, named = verified(repo)

    assert [one.code for one in named] == ["HISTORY-REWRITTEN"]
    assert named[0].path.startswith("policy/0002/")
    assert code == 1


def test_what_a_signer_has_seen_must_be_on_the_shared_trunk(repo: DocsRepo) -> None:
    """Rule 5: a squash by the forge would break it"""
    clean = repo.tip
    repo.branch("work")
    repo.write("notes/a.txt", b"a\n")
    repo.commit("Note a")

    repo.sign("LX-WI-02", seen=f"sha1:{repo.tip}")

    assert repo.check() == [Told("SEEN-UNPUBLISHED", IN_REVIEW)]
    assert gate(repo, clean, repo.tip) == [Told("SEEN-UNPUBLISHED", IN_REVIEW)]
    assert repo.verify() == []


def test_a_target_that_does_not_descend_from_the_root_is_refused(repo: DocsRepo) -> None:
    """Row 31 (V), and Guix 2022"""
    files = dict(repo.files)
    tip = repo.history.commit("other", (), files, "Born anew", repo.tick())
    repo.checkout("other")

    code, named = verified(repo)

    assert [(one.code, one.commit) for one in named] == [("ROOT-ABSENT", "")]
    assert code != 0
    assert tip != repo.root


def test_an_empty_tail_in_a_draft_is_no_attack(repo: DocsRepo) -> None:
    tail = slots.render_tail(slots.Tail("draft", ()))
    repo.write(IN_REVIEW, cut.with_tail(repo.read(IN_REVIEW), tail))

    repo.commit("Take it back")

    assert repo.check() == []
    assert repo.verify() == []
