"""A merge that keeps one of two released texts: the lost one is named, and how it comes back."""

import pytest

from qms.testing import DocsRepo, Told
from qms.testing.contests import FOLDER, SHEET, release


def twin_of(repo: DocsRepo, *, equal: bool) -> str:
    """Two release A/1 on two branches, and a merge keeps ours; where the other one belongs."""
    repo.branch("twin")
    repo.checkout("main")
    if equal:
        repo.revise(SHEET)
        repo.commit("Revise")
        repo.submit(SHEET)
        repo.sign(SHEET)
        repo.move("twin", repo.tip)
        repo.publish(SHEET)
        repo.checkout("twin")
        repo.tick()
        repo.publish(SHEET)
    else:
        release(repo, "这一份")
        repo.checkout("twin")
        release(repo, "那一份")
    theirs = repo.tip
    lost = repo.read(f"{FOLDER}/A-1.md")
    repo.checkout("main")
    repo.commit("Merge and keep ours", {}, (repo.tip, theirs))
    assert lost != repo.read(f"{FOLDER}/A-1.md")
    return theirs


@pytest.mark.parametrize("equal", [False, True], ids=["two-texts", "filed-twice"])
def test_a_merge_that_keeps_ours_names_what_is_lost(
    repo: DocsRepo,
    equal: bool,  # noqa: FBT001 - a case
) -> None:
    """Law 5: an honest merge has a way out, and nothing is wrong with the one that is there."""
    theirs = twin_of(repo, equal=equal)

    (told,) = [one for one in repo.report().findings if one.code != "INCIDENT"]

    assert told.code == "TWIN-LOST"
    assert told.place.path.startswith(f"{FOLDER}/A-1~")
    assert told.values["place"] == f"{FOLDER}/A-1.md"
    data = repo.history.files(theirs)[told.values["place"]].data
    repo.write(told.place.path, data)
    repo.commit("Lay it beside")
    assert Told("TWIN-LOST", told.place.path) not in repo.verify()
