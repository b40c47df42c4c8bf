"""Attacks with history: rewritten, put back, dropped and built upon."""

from pathlib import Path

import pytest

from qms.formats import cut, slots
from qms.testing import DocsRepo, Told
from qms.testing.attacks import Attack, Attacks, gate, verified

NUMBER = "LX-CX-2026-01"
NEWEST = "released/procedure/LX-CX-2026-01/A-1.md"
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


def test_an_empty_tail_in_a_draft_is_no_attack(repo: DocsRepo) -> None:
    tail = slots.render_tail(slots.Tail("draft", ()))
    repo.write(IN_REVIEW, cut.with_tail(repo.read(IN_REVIEW), tail))

    repo.commit("Take it back")

    assert repo.check(whole=True) == []
    assert repo.verify() == []
