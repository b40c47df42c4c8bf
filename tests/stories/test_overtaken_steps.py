"""A policy takes a key while its owner signs steps that nobody sees: the others' rounds go on.

What nobody has seen stays in its clone, as the guide says; whoever may sign now does.
"""

import subprocess
from collections.abc import Callable

import pytest

from qms.testing.clones import all_is_well, everything_signed, sync
from qms.testing.office import Answer, Office

Team = Callable[..., tuple[Office, ...]]
NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"
KEEPERS = ("gao.feng", "guan.ning")
WAYS = pytest.mark.parametrize("way", ["sync", "git"])


def void(office: Office, person: str, *edits: tuple[str, str]) -> None:
    """A policy that voids somebody's key and gives their place to another; it is shared."""
    line = next(one for one in office.text("people.yaml").split("\n") if f"id: {person}" in one)
    office.edit("people.yaml", line, line.replace("keys: [{", "keys: [{void: true, ", 1))
    for edit in edits:
        office.edit("people.yaml", *edit)
    for keeper in KEEPERS:
        office.qms("policy", "sign", by=keeper)
    assert sync(office).code == 0


def void_fu_yi(office: Office) -> None:
    void(office, "fu.yi", ("in_charge: fu.yi", "in_charge: fu.er"))


def meets(office: Office, way: str) -> Answer:
    if way == "git":
        words = ["git", "pull", "-q", "--no-rebase", "--no-edit", "origin", "main"]
        subprocess.run(words, cwd=office.folder, capture_output=True, check=False)
    return sync(office)


def is_kept(office: Office, before: set[str]) -> bool:
    """Whether all that was signed lies in one of the branches that keep what was left behind."""
    branches = office.git("branch", "--list", "--format=%(refname)", "kept-*").split()
    files = [office.git("show", f"{one}:{TEXT}") for one in branches]
    return all(any(signature in text for text in files) for signature in before)


@WAYS
@pytest.mark.parametrize("signed", [False, True], ids=["nobody signed", "the heir signed"])
def test_an_approval_that_nobody_saw_stays_behind(
    submitted: Office, team: Team, way: str, *, signed: bool
) -> None:
    mine, other = team(submitted, "other")
    other.qms("sign", NUMBER, by="fu.yi")
    before = everything_signed(other) - everything_signed(mine)
    mine.now = other.now
    void_fu_yi(mine)
    if signed:
        mine.qms("sign", NUMBER, by="fu.er")
        assert sync(mine).code == 0
    other.now = mine.now
    answer = meets(other, way)

    assert (answer.code, answer.findings) == (0, ("SYNC-OUTDATED",)), answer
    assert "kept-" in answer.out
    assert is_kept(other, before)
    assert sync(mine).code == 0
    all_is_well(mine, other)
    if not signed:
        mine.qms("sign", NUMBER, by="fu.er")
    mine.qms("release", NUMBER, by="wen.kong")
    assert sync(mine).code == 0


@WAYS
def test_a_submission_that_nobody_saw_is_a_draft_again(
    drafted: Office, team: Team, way: str
) -> None:
    mine, other = team(drafted, "other")
    other.qms("submit", NUMBER, by="gong.yi")
    other.qms("sign", NUMBER, by="fu.yi")
    before = everything_signed(other) - everything_signed(mine)
    mine.now = other.now
    void(mine, "gong.yi")
    other.now = mine.now

    answer = meets(other, way)

    assert (answer.code, answer.findings) == (0, ("SYNC-OUTDATED",)), answer
    assert "status: draft" in other.text(TEXT)
    assert is_kept(other, before)
    assert NUMBER not in other.qms(by="fu.yi"), "it waits for nobody to reject it"
    assert other.call("check", "--all").findings == ("CHAIN-SHORT",), "its author has left"
    other.edit(TEXT, "prepared_by: gong.yi", "prepared_by: ji.shu")
    other.qms("submit", NUMBER, by="ji.shu")
    other.qms("sign", NUMBER, by="fu.yi")
    other.qms("release", NUMBER, by="wen.kong")
    assert sync(other).code == 0
    mine.now = other.now
    assert sync(mine).code == 0
    all_is_well(mine, other)


def test_a_text_that_was_edited_and_submitted_unseen_keeps_the_edit(
    drafted: Office, team: Team
) -> None:
    mine, other = team(drafted, "other")
    other.edit(TEXT, "无", "主轴转速不超过 800 r/min。")
    other.qms("submit", NUMBER, by="gong.yi")
    mine.now = other.now
    void(mine, "gong.yi")
    other.now = mine.now

    answer = sync(other)

    assert (answer.code, answer.findings) == (0, ("SYNC-OUTDATED",)), answer
    assert sync(mine).code == 0
    assert "800 r/min" in mine.text(TEXT)
    assert "status: draft" in mine.text(TEXT)


def test_what_another_signed_beside_it_goes_along(lx: Office, team: Team) -> None:
    """Two co-sign in one clone; the policy takes one of both."""
    lx.qms("new", "procedure", "--title", "审核", by="gong.yi")
    path = next(iter((lx.folder / "documents/procedure").glob("*.md"))).relative_to(lx.folder)
    number = path.stem
    lx.edit(
        path.as_posix(), "owner: technical\n", "owner: technical\nco_sign: [inspection, business]\n"
    )
    lx.git("add", "-A")
    lx.git("commit", "-q", "-m", "Draft")
    lx.qms("submit", number, by="gong.yi")
    mine, other = team(lx, "other")
    for person in ("ye.wu", "zhi.jian"):
        other.qms("sign", number, by=person)
    mine.now = other.now
    void(mine, "zhi.jian", ("head: zhi.jian", "head: fu.er"))
    other.now = mine.now

    answer = sync(other)

    assert (answer.code, answer.findings) == (0, ("SYNC-OUTDATED",)), answer
    assert sync(mine).code == 0
    asked = [number in mine.qms(by=one) for one in ("ye.wu", "fu.er")]
    assert asked == [False, True]
    mine.qms("sign", number, by="fu.er")
    all_is_well(mine)


def test_a_rejection_that_nobody_saw_ends_no_round(submitted: Office, team: Team) -> None:
    mine, other = team(submitted, "other")
    other.qms("reject", NUMBER, "--reason", "不同意", by="fu.yi")
    mine.now = other.now
    void_fu_yi(mine)
    mine.qms("sign", NUMBER, by="fu.er")
    assert sync(mine).code == 0
    other.now = mine.now

    answer = sync(other)

    assert answer.code == 0, answer
    assert set(answer.findings) == {"SYNC-OUTDATED"}, answer
    assert sync(mine).code == 0
    mine.qms("release", NUMBER, by="wen.kong")
    assert sync(mine).code == 0


def test_what_was_shared_before_stays_for_its_chain(submitted: Office, team: Team) -> None:
    """Somebody may have gone on from it: who may now ends the round, as ever."""
    mine, other = team(submitted, "other")
    other.qms("sign", NUMBER, by="fu.yi")
    assert sync(other).code == 0
    mine.now = other.now
    void_fu_yi_apart(mine)
    other.now = mine.now

    answer = sync(other)

    assert "SYNC-OUTDATED" not in answer.findings
    assert "fu.yi" in other.text(TEXT)


def void_fu_yi_apart(office: Office) -> None:
    """By keepers who had not seen what was shared meanwhile."""
    line = next(one for one in office.text("people.yaml").split("\n") if "id: fu.yi" in one)
    office.edit("people.yaml", line, line.replace("keys: [{", "keys: [{void: true, ", 1))
    office.edit("people.yaml", "in_charge: fu.yi", "in_charge: fu.er")
    for keeper in KEEPERS:
        office.qms("policy", "sign", by=keeper)
    assert sync(office).code == 0


def test_the_work_of_others_in_that_clone_goes_along(submitted: Office, team: Team) -> None:
    mine, other = team(submitted, "other")
    other.qms("sign", NUMBER, by="fu.yi")
    other.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    other.qms("submit", "LX-WI-02", by="gong.yi")
    mine.now = other.now
    void_fu_yi(mine)
    other.now = mine.now

    answer = sync(other)

    assert (answer.code, answer.findings) == (0, ("SYNC-OUTDATED",)), answer
    assert sync(mine).code == 0
    assert "LX-WI-02" in mine.qms(by="fu.er")
    all_is_well(mine, other)
