"""What stood before a step refuses nothing that leaves it as it is, at the gate.

Else one wrong entry locks everybody out: the ruling that ends it, and the policy that voids the key
of who made it, travel by the same trunk.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qms.domain.entries import parsed_copy
from qms.testing import DocsRepo
from qms.testing.attacks import gate
from qms.testing.contests import done

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
