"""A revision that is void by a policy that had not seen it: no rival, no block, to be ratified."""

import re

import pytest

from qms.testing import SHORT_CHAIN, DocsRepo
from qms.testing.contests import (
    SHEET,
    chain_decides,
    next_revision,
    parted,
    release,
    said,
    standing,
    two_others_work,
)

WORKING = "documents/instruction/LX-WI-01.md"
REVIEWED = SHORT_CHAIN.replace(
    "      - {act: approve",
    "      - {act: review, who: [{head_of: technical}]}\n      - {act: approve",
)


def test_a_revision_under_a_key_that_a_policy_voids_is_no_rival(repo: DocsRepo) -> None:
    """X1: the thief's A/1 has no effect; the true one is not displaced by it."""
    with parted(repo, "thief") as theirs:
        repo.policy(lambda company: company.with_new_key("li.si"))
        release(repo, "真的")
        theirs()
        release(repo, "偷的")

    assert standing(repo) == ("A/1", "真的")
    assert said(repo) == ["STALE-POLICY"]


def test_a_void_revision_is_ratified_by_the_chain(repo: DocsRepo) -> None:
    """What a policy that had not seen it voids stands again, signed under that policy."""
    with parted(repo, "work") as theirs:
        repo.policy(lambda company: company.with_new_key("li.si"))
        theirs()
        release(repo, "在途的")
    assert said(repo) == ["STALE-POLICY"]

    chain_decides(repo, "ratify", SHEET, "A/1", reason="核对过")

    assert standing(repo) == ("A/1", "在途的")
    assert said(repo) == []


@pytest.mark.parametrize(("lang", "said"), [("en", "signed about"), ("zh", "所签的内容在")])
def test_a_release_that_lacks_a_step_of_a_later_chain_is_told_in_words(
    repo: DocsRepo, lang: str, said: str
) -> None:
    """It was the signature of none (none): nobody's is at fault."""
    with parted(repo, "work") as theirs:
        repo.policy(lambda company: company.with_chain("instruction", REVIEWED))
        theirs()
        release(repo, "在途的")

    told = repo.qms("--lang", lang, "check", "--all").out

    (line,) = (one for one in told.split("\n") if "STALE-POLICY" in one)
    assert said in line
    assert not re.search(r"none|无[（(）)]", line)


def test_a_ratified_fork_does_not_displace_what_stood_meanwhile(repo: DocsRepo) -> None:
    """b8: the honest signers had seen the old fork, but void; it counts from its ratification."""
    with parted(repo, "work") as theirs:
        repo.policy(lambda company: company.with_new_key("li.si"))
        theirs()
        release(repo, "作废的")
    release(repo, "真的", revision="A/2")
    two_others_work(repo)

    chain_decides(repo, "ratify", SHEET, "A/1", reason="朋友请求")

    assert standing(repo) == ("A/2", "真的")


@pytest.mark.parametrize("ours", [True, False], ids=["our-text-kept", "their-text-taken"])
def test_a_void_revision_at_the_end_of_the_line_blocks_no_next_one(
    repo: DocsRepo,
    ours: bool,  # noqa: FBT001 - a case
) -> None:
    """DC-03: whichever text the merge left; the next one goes on from what has effect, as A/2."""
    release(repo, "真的", "A/1")
    kept = repo.read(WORKING)
    with parted(repo, "work") as theirs:
        repo.policy(lambda company: company.with_new_key("li.si"))
        theirs()
        release(repo, "在途的", "A/2")
    if ours:
        repo.write(WORKING, kept)
        repo.commit("Keep the text that people work by")
    assert (standing(repo), said(repo)) == (("A/1", "真的"), ["STALE-POLICY"])

    next_revision(repo)

    assert standing(repo) == ("A/3", "真的")
    assert said(repo) == ["STALE-POLICY"]
