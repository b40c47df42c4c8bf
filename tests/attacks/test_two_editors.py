"""What two people do on two branches, at the gate that takes the merge."""

import pytest

from qms.testing import DocsRepo
from qms.testing.attacks import gate
from qms.testing.gitrepo import Kind
from qms.testing.told_findings import Told

TAKEN = "documents/instruction/LX-WI-07.md"
ALSO = "documents/procedure/LX-WI-07.md"


@pytest.mark.parametrize("kind", ["merge", "squash", "rebase"])
def test_of_two_branches_that_took_one_number_the_second_is_told(
    repo: DocsRepo, kind: Kind
) -> None:
    """Row 35 (RV)"""
    repo.branch("work")
    repo.draft("LX-WI-07")
    repo.commit("Draft")
    text = repo.read(TAKEN).replace(b"class: instruction", b"class: procedure")
    repo.checkout("main")
    repo.write(ALSO, text)
    repo.commit("Draft, in another class")
    first = repo.tip

    repo.merge("work", kind=kind)

    assert gate(repo, first, repo.tip) == [Told("NUMBER-TAKEN", TAKEN)]
    assert [told.code for told in repo.verify()] == ["NUMBER-TAKEN"]


def test_a_gate_takes_an_honest_merge_whichever_parent_is_first(
    repo: DocsRepo,
    swap: bool,  # noqa: FBT001 - a case
) -> None:
    """Row 98 (RV)"""
    repo.branch("work")
    repo.release("LX-WI-01")
    repo.checkout("main")
    repo.release("LX-WI-02")
    first = repo.tip

    repo.merge("work", swap=swap)

    assert gate(repo, first, repo.tip) == []
    assert repo.verify() == []


def test_a_gate_takes_two_revisions_squashed(repo: DocsRepo) -> None:
    """Rows 48 and 98 (RV): of what was signed nothing hangs on the commits that brought it."""
    first = repo.tip
    repo.branch("work")
    for _ in range(2):
        repo.release("LX-WI-01")
    repo.checkout("main")

    repo.merge("work", kind="squash")

    assert gate(repo, first, repo.tip) == []
    assert repo.verify() == []


def test_a_revert_of_a_release_is_told_before_it_is_committed(repo: DocsRepo) -> None:
    """Row 101 (L)"""
    repo.branch("work")
    working, filed = "documents/instruction/LX-WI-02.md", "released/instruction/LX-WI-02/A-0.md"
    before = repo.read(working)
    repo.release("LX-WI-02")
    repo.release("LX-WI-03")

    repo.edit(filed, None)
    repo.edit(working, before)

    assert repo.check() == [Told("DOC-MISSING", filed)]
