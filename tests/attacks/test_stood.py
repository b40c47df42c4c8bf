"""What stood before a step refuses nothing that leaves it as it is, at the gate.

Else one wrong entry locks everybody out: the ruling that ends it, and the policy that voids the key
of who made it, travel by the same trunk.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qms.domain.kinds.reading import parsed_copy
from qms.formats import cut, slots
from qms.testing import DocsRepo
from qms.testing.attacks import gate
from qms.testing.contests import done
from qms.testing.uniting import united

if TYPE_CHECKING:
    from collections.abc import Callable

SHEET = "LX-CX-2026-01"


def codes(repo: DocsRepo, old: str) -> list[str]:
    return [one.code for one in gate(repo, old, repo.tip)]


def back_ahead(repo: DocsRepo, copy: str) -> None:
    """A copy came back in a year to come."""
    now = repo.now
    repo.tick(timedelta(days=1200))
    repo.give_back(SHEET, copy, revision="A/0")
    repo.now = now + timedelta(hours=1)


@pytest.fixture
def ahead(repo: DocsRepo) -> DocsRepo:
    """So somebody signed of copy 002, before there was a gate."""
    back_ahead(repo, "002")
    return repo


def test_an_entry_dated_ahead_is_refused(repo: DocsRepo) -> None:
    """Row 114 (R)"""
    before = repo.tip
    back_ahead(repo, "002")

    assert codes(repo, before) == ["TIME-AHEAD"]


def test_where_one_stands_other_copies_and_texts_go_on(ahead: DocsRepo) -> None:
    """Row 114 (R)"""
    before = ahead.tip
    changes: dict[str, Callable[[], str]] = {
        "copy": lambda: ahead.give_back(SHEET, "001", revision="A/0"),
        "text": lambda: ahead.release("LX-WI-01"),
        "sheet": lambda: ahead.release(SHEET),
    }
    for name, change in changes.items():
        ahead.checkout("main")
        ahead.branch(name)
        change()

        assert codes(ahead, before) == []


def test_where_one_stands_the_ruling_that_ends_it_is_taken(ahead: DocsRepo) -> None:
    """Row 114 (R): by each of its signers, who push one after the other."""
    log = parsed_copy(ahead.read(f"copies/procedure/{SHEET}/A-0/002.yaml"))
    entry = log.events[-1].id.partition(":")[2][:16]
    why: tuple[str, ...] = ("--reason", "dated ahead")
    for person in ("li.si", "qian.qi", "zhao.liu", "wang.wu"):
        before = ahead.tip
        done(ahead, person, "annul", SHEET, entry, *why)
        why = ()

        assert codes(ahead, before) == []
        ahead.push()
    assert ahead.verify() == []


def test_where_one_stands_another_like_it_is_refused(ahead: DocsRepo) -> None:
    """Row 114 (R)"""
    before = ahead.tip
    back_ahead(ahead, "001")

    assert codes(ahead, before) == ["TIME-AHEAD"]


def test_where_one_stands_what_does_not_hold_is_refused_beside_it(ahead: DocsRepo) -> None:
    """Row 114 (R)"""
    before = ahead.tip
    ahead.recall(SHEET, "002", revision="A/0", person="li.si")

    assert "ROLE" in codes(ahead, before)


def test_a_policy_that_voids_a_key_is_taken_though_its_thief_was_quicker(repo: DocsRepo) -> None:
    """Row 115 (R): what it makes void is said, and no reason to keep the key good."""
    before = repo.tip
    repo.branch("keepers")
    repo.policy(lambda company: company.with_new_key("wang.wu"))
    repo.checkout("main")
    repo.give_back(SHEET, "002", revision="A/0")
    assert codes(repo, before) == []
    before = repo.tip
    repo.merge("keepers")

    assert codes(repo, before) == []
    assert "STALE-POLICY" in [one.code for one in repo.verify()]


WORK = "LX-WI-01"
HOLDERS = ("li.si", "sun.ba", "zhou.jiu")


def out_three_times(repo: DocsRepo) -> str:
    """Copy 001 was issued on three branches; gives the tip at which two of them were united."""
    names = [f"of-{holder}" for holder in HOLDERS]
    for name, holder in zip(names, HOLDERS, strict=True):
        repo.checkout("main")
        repo.branch(name)
        repo.tick(timedelta(minutes=1 if holder == "zhou.jiu" else 30))
        repo.issue(WORK, "001", holder)
    repo.checkout("main")
    repo.merge(names[0])
    united(repo, names[1])
    before = repo.tip
    united(repo, names[2])
    return before


def test_a_third_paper_under_a_number_that_is_out_twice_is_refused(repo: DocsRepo) -> None:
    """Row 175 (R: COPY-TWICE): it was taken for what stood there, by whatever time it claims."""
    before = out_three_times(repo)

    assert "COPY-TWICE" in codes(repo, before)


def test_of_three_papers_under_one_number_each_can_come_back(repo: DocsRepo) -> None:
    """Row 175 (RSV): with two of them still out, the command and the gate refused each return."""
    out_three_times(repo)
    assert [one.code for one in repo.verify()] == ["COPY-TWICE", "COPY-TWICE"]
    for holder, left in zip(HOLDERS, (["COPY-TWICE"], [], []), strict=True):
        before = repo.tip
        words = ("return", WORK, "001", "--revision", "A/0", "--holder", holder)
        answer = repo.qms(*words, by="wang.wu")

        assert (answer.code, answer.findings) == (0, ()), answer
        assert codes(repo, before) == []
        assert [one.code for one in repo.verify()] == left
        repo.push()


def another_policy(repo: DocsRepo, role: str) -> str:
    """A policy 3 on a branch of its own that begins here; gives its tip."""
    here = repo.branch_name
    repo.branch(role)
    theirs = repo.policy(lambda company: company.with_role(role, "zhou.jiu"))
    repo.checkout(here)
    return theirs


def bring(repo: DocsRepo, theirs: str) -> None:
    """A merge keeps both policies 3, that of `theirs` in the place beside."""
    files = repo.history.files(theirs)
    tail = cut.cut_yaml(files["policy/0003/policy.yaml"].data).tail
    last = slots.statements_in(slots.parse_tail(tail).slots)[-1].id.partition(":")[2][:16]
    moved = {
        path.replace("0003", f"0003~{last}"): file
        for path, file in files.items()
        if path.startswith("policy/0003/")
    }
    repo.commit("Merge", moved, (repo.tip, theirs))


@pytest.fixture
def forked(repo: DocsRepo) -> DocsRepo:
    """Two policies 3 from before there was a gate, and a third one on the branch ``clerk``."""
    another_policy(repo, "clerk")
    theirs = another_policy(repo, "quality-manager")
    repo.policy(lambda company: company.with_role("archivist", "zhou.jiu"))
    bring(repo, theirs)
    return repo


def test_while_nothing_decides_between_two_policies_the_trunk_goes_on(forked: DocsRepo) -> None:
    """Row 176 (R): copies come back, and the quorum that settles it signs one after the other."""
    before = forked.tip
    forked.give_back(SHEET, "002", revision="A/0")
    assert codes(forked, before) == []
    for person in ("li.si", "wang.wu"):
        before = forked.tip
        answer = forked.qms("policy", "sign", by=person)
        assert (answer.code, codes(forked, before)) == (0, []), answer
    assert forked.verify() == []


def test_a_third_policy_of_one_number_is_refused_beside_two(forked: DocsRepo) -> None:
    """Row 176 (R: POLICY-FORK)"""
    before = forked.tip

    bring(forked, forked.history.branches["clerk"])

    assert codes(forked, before) == ["POLICY-FORK"]


def test_a_policy_dated_ahead_stops_nobody_elses_work(repo: DocsRepo) -> None:
    """Row 176 (R: POLICY-AHEAD): told, and refused only where it comes."""
    now, before = repo.now, repo.tip
    repo.tick(timedelta(days=1200))
    repo.policy(lambda company: company.with_role("archivist", "zhou.jiu"))
    repo.now = now + timedelta(hours=1)
    assert codes(repo, before) == ["POLICY-AHEAD"]
    repo.push()
    before = repo.tip

    answer = repo.qms("return", SHEET, "002", "--revision", "A/0", by="wang.wu")

    assert (answer.code, codes(repo, before)) == (0, []), answer
