"""Which revision stands where two claim one place (trust.md 4b), attacked from both sides.

What a policy voids: tests/attacks/test_void_revisions.py; what nothing tells: test_settled.py.
"""

from datetime import timedelta

from qms.testing import DocsRepo
from qms.testing.contests import (
    FOLDER,
    SHEET,
    effects,
    parted,
    release,
    said,
    standing,
    two_others_work,
)
from qms.testing.uniting import united

# honest: what others had seen first stands


def test_a_twin_from_before_displaces_nothing_that_others_had_seen(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """X2: A/1 in force, people work by it; insiders sign another A/1 on a branch from before."""
    with parted(repo, "twin", swap=swap) as theirs:
        release(repo, "真的")
        two_others_work(repo)
        theirs()
        release(repo, "假的")

    assert standing(repo) == ("A/1", "真的")
    assert said(repo) == ["DISPLACED"]


def test_a_later_policy_tells_which_was_first(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """X2: its filing had seen the one, and not the twin."""
    with parted(repo, "twin", swap=swap) as theirs:
        release(repo, "真的")
        repo.policy()
        theirs()
        release(repo, "假的")

    assert standing(repo) == ("A/1", "真的")
    assert said(repo) == ["DISPLACED"]


def test_who_had_seen_the_other_is_the_later(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """B/0 is signed on A/0 by people who had seen A/1: a fork drops out by itself."""
    before = repo.tip
    release(repo, "真的")
    files = {path: repo.history.files(before).get(path) for path in (
        f"{FOLDER}/A-1.md", "documents/instruction/LX-WI-01.md")}  # fmt: skip
    repo.branch("fork")
    repo.commit("Forget A/1", files)
    release(repo, "另开的", revision="B/0")
    repo.checkout("main")

    united(repo, "fork", swap=swap)

    assert standing(repo) == ("A/1", "真的")
    assert said(repo) == ["DOC-OLD"]  # the fork's text is the working text: one cause


def test_a_child_of_a_twin_goes_down_with_it(repo: DocsRepo) -> None:
    """X4: what builds on the twin is no way round the comparison."""
    with parted(repo, "twin") as theirs:
        release(repo, "真的")
        two_others_work(repo)
        theirs()
        release(repo, "假的")
        release(repo, "更假的", "A/2")

    assert standing(repo) == ("A/1", "真的")
    assert said(repo) == ["DISPLACED"]


# what nobody saw alone: nothing new comes into force


def test_a_backdated_fork_gains_nothing(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """X11: times that signers claim decide nothing, whichever parent is first."""
    repo.branch("fork")
    now = repo.now
    repo.checkout("main")
    release(repo, "真的")
    repo.checkout("fork")
    repo.now = now
    release(repo, "早写日期的", revision="B/0")
    release(repo, "再来一版", revision="B/1")
    repo.checkout("main")

    united(repo, "fork", swap=swap)

    assert standing(repo) is not None
    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert said(repo) == ["REVISION-FORK"]


def test_one_accomplice_is_no_witness(repo: DocsRepo) -> None:
    """One person outside the chain who signs on the fork's branch: it takes two."""
    repo.issue("LX-CX-2026-01", "003")
    with parted(repo, "fork") as theirs:
        release(repo, "真的")
        theirs()
        release(repo, "另开的")
        repo.receive("LX-CX-2026-01", "003", "zhou.jiu", seen=f"sha1:{repo.tip}")

    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert said(repo) == ["CONTESTED"]


def test_accomplices_who_had_seen_both_speak_for_none(repo: DocsRepo) -> None:
    """Those who work on trunk too have signed for either side: neither counts them."""
    repo.issue("LX-CX-2026-01", "004")
    with parted(repo, "fork") as theirs:
        release(repo, "真的")
        two_others_work(repo)
        theirs()
        release(repo, "另开的")
        repo.receive("LX-CX-2026-01", "004", "zhou.jiu", seen=f"sha1:{repo.tip}")
        repo.draft("LX-WI-08", prepared_by="qian.qi")
        repo.commit("Draft LX-WI-08")
        repo.submit("LX-WI-08", seen=f"sha1:{repo.tip}")
        repo.sign("LX-WI-08")
        repo.publish("LX-WI-08")

    assert standing(repo)[0] == "A/0"  # type: ignore[index]
    assert said(repo) == ["CONTESTED"]


def test_a_branch_that_deletes_the_true_one_makes_nobody_blind(repo: DocsRepo) -> None:
    """b6: who signs on a branch that took A/1 away has seen it all the same."""
    before = repo.tip
    release(repo, "真的")
    repo.branch("fork")
    gone = {path: repo.history.files(before).get(path) for path in (
        f"{FOLDER}/A-1.md", "documents/instruction/LX-WI-01.md")}  # fmt: skip
    repo.commit("Take A/1 away", gone)
    release(repo, "冒充的")
    repo.receive("LX-CX-2026-01", "002", "zhou.jiu")
    repo.checkout("main")

    united(repo, "fork")

    assert standing(repo) == ("A/1", "真的")


# one text, filed twice


def filed_by_two(repo: DocsRepo, *, apart: int = 0) -> None:
    """Two publishers release one approved text on two branches, with other effective days."""
    repo.policy(lambda company: company.with_role("document-controller", "wang.wu", "zhou.jiu"))
    repo.revise(SHEET)
    repo.commit("Revise")
    repo.submit(SHEET)
    repo.sign(SHEET)
    repo.branch("other")
    repo.publish(SHEET, "zhou.jiu", effective=repo.today + timedelta(days=apart + 7))
    repo.checkout("main")
    repo.publish(SHEET, "wang.wu", effective=repo.today + timedelta(days=7))


def test_one_text_filed_twice_is_one_revision(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """X10: no number is dead; the earlier day counts, and the next revision goes on."""
    filed_by_two(repo, apart=365)
    united(repo, "other", swap=swap)

    assert said(repo) == ["RELEASED-TWICE"]
    with effects(repo) as known:
        soon = known.in_force(SHEET, repo.today + timedelta(days=10))
    assert soon is not None
    assert soon.document.revision == "A/1"

    repo.release(SHEET)

    assert standing(repo)[0] == "A/2"  # type: ignore[index]
    assert said(repo) == ["RELEASED-TWICE"]
