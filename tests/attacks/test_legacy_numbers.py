"""Two beginnings of one number, one of them on paper (rules f, BX-08): who displaces whom?

An insider would like a second beginning beside the one that people work by, as a document of the
time before the system or as a new one.
"""

import pytest

from qms.testing import DocsRepo, Told
from qms.testing.attacks import Attack, Attacks
from qms.testing.contests import chain_decides, parted, said, worked_by
from qms.testing.paper import OLD, SHEET, WORKING, bring, put
from qms.testing.uniting import united

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_by_a_second_beginning_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


@attack("122", "LEGACY-NUMBER-TAKEN", "released/instruction/LX-WI-01/A-1.md", gates="RV")
def a_next_revision_that_says_it_is_older_than_the_system(repo: DocsRepo) -> str:
    repo.branch("work")
    return repo.release("LX-WI-01", legacy=OLD)


@attack("122", "LEGACY-NUMBER-TAKEN", "documents/instruction/LX-WI-01.md")
def a_draft_of_it(repo: DocsRepo) -> None:
    repo.revise("LX-WI-01", revision="C/3", legacy=OLD)


@attack("122", "NUMBER-FORM", "released/instruction/LX-WI-5/C-3.md", gates="RV", before=bring)
def a_number_spelt_as_the_old_register_had_it(repo: DocsRepo) -> str:
    """Legacy is no way round the numbering: LX-WI-5 is LX-WI-05 to whoever reads it."""
    repo.branch("work")
    return repo.release("LX-WI-5", revision="C/3", legacy=OLD)


def begun_at_a0(repo: DocsRepo) -> None:
    """A/0 is released on main and people work by it; a branch from before knows nothing of it."""
    repo.branch("squat")
    repo.checkout("main")
    repo.release(SHEET, body="# 目的\n\n真的\n")
    repo.issue(SHEET, "001", person="wang.wu")
    repo.receive(SHEET, "001", "zhou.jiu")
    repo.draft("LX-WI-07", prepared_by="qian.qi")
    repo.commit("Draft LX-WI-07")
    repo.submit("LX-WI-07")
    repo.sign("LX-WI-07")
    repo.publish("LX-WI-07")


def test_a_second_beginning_displaces_nothing_that_people_work_by(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """A legacy C/3 of the same number, from a branch that never saw A/0."""
    begun_at_a0(repo)
    repo.policy()
    repo.checkout("squat")
    bring(repo, "假的")
    repo.checkout("main")

    united(repo, "squat", swap=swap)

    assert (worked_by(repo, SHEET), said(repo)) == (("A/0", "真的"), ["DISPLACED"])


def test_a_beginning_at_a0_displaces_no_legacy_that_people_work_by(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """The other side: C/3 was brought in, and insiders begin the number anew beside it."""
    with parted(repo, "anew", swap=swap) as theirs:
        bring(repo, "真的")
        repo.policy()
        theirs()
        repo.release(SHEET, body="# 目的\n\n假的\n")

    assert (worked_by(repo, SHEET), said(repo)) == (("C/3", "真的"), ["DISPLACED"])


def test_who_knew_of_a0_and_dropped_it_is_the_later(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """A/0 is taken out of the tree, and the number squatted as if it were new."""
    before = repo.tip
    repo.release(SHEET, body="# 目的\n\n真的\n")
    repo.branch("squat")
    lost = {path: None for path in repo.files if SHEET in path and path not in
            repo.history.files(before)}  # fmt: skip
    repo.commit("Forget A/0", lost)
    bring(repo, "假的")
    repo.checkout("main")
    kept = repo.read(WORKING)

    united(repo, "squat", swap=swap)
    repo.write(WORKING, kept)
    repo.commit("Put the working text back")

    assert (worked_by(repo, SHEET), said(repo)) == (("A/0", "真的"), ["DISPLACED"])


def test_of_two_beginnings_that_nobody_can_tell_apart_none_comes_into_force(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    with parted(repo, "squat", swap=swap) as theirs:
        repo.release(SHEET, body="# 目的\n\n这一份\n")
        theirs()
        bring(repo, "那一份")
    assert (worked_by(repo, SHEET), said(repo)) == (None, ["REVISION-FORK"])

    chain_decides(repo, "settle", SHEET, "--stands", "C/3", reason="以纸质为准")
    assert worked_by(repo, SHEET) == ("C/3", "那一份")


def test_a_text_in_review_is_told_that_its_number_is_taken_meanwhile(repo: DocsRepo) -> None:
    repo.branch("work")
    put(repo)
    repo.submit(SHEET)
    kept = repo.read(WORKING)
    repo.checkout("main")
    repo.release(SHEET)

    repo.write(WORKING, kept)
    repo.commit("Bring the text in review over")

    assert repo.check(whole=True) == [Told("LEGACY-NUMBER-TAKEN", WORKING)]
    assert repo.verify() == [Told("LEGACY-NUMBER-TAKEN", WORKING)]
