"""A merge that keeps one of two released texts: the lost one is named, and how it comes back."""

import json
from datetime import timedelta

import pytest

from qms.testing import DocsRepo, Told
from qms.testing.contests import FOLDER, SHEET, contested, release


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


def test_what_lies_beside_and_stands_is_shown_from_where_it_lies(repo: DocsRepo) -> None:
    """Law 2: the text in force is the one beside; `show` and `asof` name its file, DOC-OLD too."""
    contested(repo, SHEET)
    beside = next(one for one in repo.below(FOLDER) if "A-1~" in one)
    mine = beside.rpartition("~")[2].removesuffix(".md")
    for person, more in (("li.si", ("--reason", "先发布")), ("wang.wu", ())):
        assert repo.qms("settle", SHEET, "--stands", mine, *more, by=person).code == 0
    day = str(repo.today + timedelta(days=9))

    shown = json.loads(repo.qms("show", SHEET, "A/1", "--json").out)
    on_day = json.loads(repo.qms("asof", day, SHEET, "--json").out)

    (one,) = shown["revisions"]
    assert one["path"] == on_day["documents"][0]["path"] == beside
    (told,) = [one for one in repo.report().findings if one.code == "DOC-OLD"]
    assert told.values["place"] == beside
    repo.write(repo.working_path(SHEET), repo.read(beside))
    repo.commit("As it says")
    assert repo.verify() == []
