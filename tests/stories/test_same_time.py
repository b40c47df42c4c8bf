"""Issue 11: honest people work at the same time; nobody is stuck, and nothing signed is lost.

Each in a clone of their own, `qms sync` and no other git; the shared repository has the gate.
"""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.clones import all_is_well, everything_signed, sync
from qms.testing.office import Answer, Office

TEXT = "documents/work-instruction/LX-WI-01.md"
Team = Callable[..., tuple[Office, ...]]


def signed(office: Office, path: str = TEXT) -> set[str]:
    """The signatures in a file, by their bytes."""
    return set(re.findall(r'"signature":"([^"]+)"', office.text(path)))


WAYS = pytest.mark.parametrize("way", ["sync", "git"])


def pulled(office: Office) -> Answer:
    """What a plain `git pull` leaves, united by `qms fix`."""
    subprocess.run(
        ["git", "pull", "-q", "--no-rebase", "--no-edit", "origin", "main"], cwd=office.folder,
        capture_output=True, check=False,
    )  # fmt: skip
    answer = office.call("fix", by="gong.yi")
    assert office.push("main")[0] == 0
    return answer


def meet(first: Office, second: Office, way: str = "sync") -> Answer:
    """The first shares, then the second, who is the one that unites; then the first gets it."""
    second.now = first.now = max(first.now, second.now)
    if way == "git":
        assert first.push("main")[0] == 0
        answer = pulled(second)
        first.git("pull", "-q", "--ff-only", "origin", "main")
        return answer
    assert sync(first).code == 0
    answer = sync(second)
    assert answer.code == 0, answer
    assert sync(first).code == 0
    return answer


def test_two_new_texts_of_one_number_of_which_one_is_not_committed(lx: Office, team: Team) -> None:
    """What is said can be typed, and then the later one is renumbered."""
    mine, other = team(lx, "other")
    for office, by in ((mine, "gong.yi"), (other, "ji.shu")):
        office.qms("new", "work-instruction", "--title", "车床", by=by)
    mine.edit(TEXT, "## 1 目的\n\n无", "## 1 目的\n\n车床的操作。")
    mine.git("add", "-A")
    mine.git("commit", "-q", "-m", "Draft")
    assert sync(mine).code == 0

    answer = sync(other)

    assert "not committed" not in answer.out  # it was refused as a whole
    command = re.search(r"`(git add -- \S+ && git commit -m draft -- \S+)`", answer.err)
    assert command is not None, answer
    subprocess.run(["sh", "-c", command[1]], cwd=other.folder, check=True, capture_output=True)
    assert "SYNC-RENUMBERED" in sync(other).out


def test_what_one_shares_the_other_gets(drafted: Office, team: Team) -> None:
    mine, other = team(drafted, "other")
    mine.qms("submit", "LX-WI-01", by="gong.yi")

    assert "shared: 1" in sync(mine).out
    assert TEXT in sync(other).out

    assert signed(other) == signed(mine)
    assert "up to date" in sync(other).out
    all_is_well(mine, other)
    other.qms("new", "work-instruction", "--title", "铣床", by="ji.shu")
    assert "not committed, so not shared: documents/work-instruction/LX-WI-02.md" in sync(other).out


@pytest.fixture
def standard(lx: Office) -> Office:
    """A standard that two of three experts review."""
    lx.qms("new", "standard", "--title", "轴承", by="gong.yi")
    lx.git("add", "-A")
    lx.git("commit", "-q", "-m", "Draft")
    lx.qms("submit", "LX-BZ-01", by="gong.yi")
    return lx


STANDARD = "documents/standard/LX-BZ-01.md"


@WAYS
def test_two_review_at_once(standard: Office, team: Team, way: str) -> None:
    mine, other = team(standard, "other")
    mine.qms("sign", "LX-BZ-01", by="fu.er")
    other.qms("sign", "LX-BZ-01", by="zhi.jian")
    before = everything_signed(mine, other)

    meet(mine, other, way)

    assert signed(mine, STANDARD) == before & signed(mine, STANDARD)
    assert len(signed(mine, STANDARD)) == 3  # prepare and both
    assert "Guan Ning" in mine.qms("show", "LX-BZ-01")
    all_is_well(mine, other)


@WAYS
def test_a_rejection_beside_a_review(standard: Office, team: Team, way: str) -> None:
    """The rejection ends the round; the review stays in it."""
    mine, other = team(standard, "other")
    mine.qms("sign", "LX-BZ-01", by="fu.er")
    other.qms("reject", "LX-BZ-01", "--reason", "公差不对", by="zhi.jian")
    before = everything_signed(mine, other)

    meet(mine, other, way)

    assert before <= everything_signed(mine)
    assert len(signed(mine, STANDARD)) == 3
    assert "status: draft" in mine.text(STANDARD)
    all_is_well(mine, other)
    mine.qms("submit", "LX-BZ-01", by="gong.yi")
    all_is_well(mine)


@WAYS
def test_an_approval_of_the_first_round_meets_the_second(
    standard: Office, team: Team, way: str
) -> None:
    mine, other = team(standard, "other")
    mine.qms("reject", "LX-BZ-01", "--reason", "公差不对", by="zhi.jian")
    mine.edit(STANDARD, "## 1 目的\n\n无", "## 1 目的\n\n规定公差。")
    mine.qms("submit", "LX-BZ-01", by="gong.yi")
    other.qms("sign", "LX-BZ-01", by="fu.er")
    before = everything_signed(mine, other)

    meet(mine, other, way)

    assert before <= everything_signed(mine)
    assert "规定公差" in mine.text(STANDARD)
    assert "Fu Er" in mine.qms("show", "LX-BZ-01")  # still to sign the second round
    all_is_well(mine, other)


@WAYS
def test_a_text_that_two_release_is_one_revision(submitted: Office, team: Team, way: str) -> None:
    submitted.qms("sign", "LX-WI-01", by="fu.yi")
    mine, other = team(submitted, "other")
    mine.qms("release", "LX-WI-01", by="wen.kong")
    other.qms("release", "LX-WI-01", "--effective", "+7", by="wen.kong")
    before = everything_signed(mine, other)

    meet(mine, other, way)

    assert before <= everything_signed(mine)
    told = mine.call("check", "--all")
    assert (told.code, set(told.findings)) == (0, {"RELEASED-TWICE"}), told
    for office in (mine, other):
        assert "Wen Kong acted on it twice, in two places (RELEASED-TWICE)" in office.qms(
            by="wen.kong"
        )
        asked = office.qms(by="fu.yi")  # who alone may begin a ruling, if one is wanted
        begun = re.search(r"Fu Yi may rule on it: qms (settle LX-WI-01 --stands \S+)", asked)
        assert begun is not None, asked
        assert begun[1] in office.qms(by="wen.kong")
        assert "RELEASED-TWICE" not in office.qms(by="gong.yi")
        assert office.call(*begun[1].split(), "--reason", "先", "--dry-run", by="fu.yi").code == 0
    assert "in force" in mine.qms("list")
    mine.qms("revise", "LX-WI-01", "--summary", "修改", by="gong.yi")
    mine.qms("submit", "LX-WI-01", by="gong.yi")
    assert sync(mine).code == 0
    mine.qms("sign", "LX-WI-01", by="fu.yi")
    mine.qms("release", "LX-WI-01", by="wen.kong")
    assert "RELEASED-TWICE" not in mine.qms(by="wen.kong")  # A/1 is in force: it is history


@WAYS
def test_who_may_settle_which_filing_counts_is_who_may_sign_it_now(
    submitted: Office, team: Team, way: str
) -> None:
    """The first signer went on being named, with a reason to give, until all had signed."""
    submitted.qms("sign", "LX-WI-01", by="fu.yi")
    mine, other = team(submitted, "other")
    mine.qms("release", "LX-WI-01", by="wen.kong")
    other.qms("release", "LX-WI-01", "--effective", "+7", by="wen.kong")
    meet(mine, other, way)
    begun = re.search(r"may rule on it: qms (settle .*) --reason …", mine.qms(by="fu.yi"))
    assert begun is not None

    mine.qms(*begun[1].split(), "--reason", "先发布", by="fu.yi")

    assert "RELEASED-TWICE" not in mine.qms(by="fu.yi")
    row, _, met = mine.qms(by="wen.kong").partition("LX-WI-01 A/0: ")
    assert f"qms {begun[1]}\n" in row
    assert f"Wen Kong may rule on it: qms {begun[1]}\n" in met
    mine.qms(*begun[1].split(), by="wen.kong")
    assert "RELEASED-TWICE" not in mine.qms(by="wen.kong")


def two_controllers(office: Office) -> None:
    """A second document controller, beside Wen Kong."""
    office.edit("people.yaml", "[{person: wen.kong}]", "[{person: wen.kong}, {person: bian.zhi}]")
    for keeper in ("gao.feng", "guan.ning"):
        office.qms("policy", "sign", by=keeper)


@pytest.mark.parametrize("ruling", ["settle", "annul"])
@pytest.mark.parametrize("first", ["release", "reject"])
@WAYS
def test_one_releases_what_another_rejects(
    lx: Office, team: Team, first: str, ruling: str, way: str
) -> None:
    """Whoever shares second does; nothing is in force, and who may rule on it is asked to."""
    two_controllers(lx)
    lx.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    lx.git("add", "-A")
    lx.git("commit", "-q", "-m", "Draft")
    lx.qms("submit", "LX-WI-01", by="gong.yi")
    lx.qms("sign", "LX-WI-01", by="fu.yi")
    mine, other = team(lx, "other")
    mine.qms("release", "LX-WI-01", by="wen.kong")
    other.qms("reject", "LX-WI-01", "--reason", "职责不清", by="bian.zhi")
    before = everything_signed(mine, other)

    meet(*((mine, other) if first == "release" else (other, mine)), way)

    assert before <= everything_signed(mine)
    assert mine.git("rev-parse", "HEAD") == other.git("rev-parse", "HEAD")
    assert mine.call("check", "--all").findings == ("REJECTED",)
    assert "in force" not in mine.qms("list")
    asked = {one: other.qms(by=one) for one in ("fu.yi", "wen.kong", "bian.zhi")}
    for one in ("wen.kong", "bian.zhi"):
        assert "nothing waits for you" in asked[one]
        assert "Fu Yi may rule on it: qms settle LX-WI-01" in asked[one]
    typed = re.search(rf"qms ({ruling} LX-WI-01 .*A/0) --reason …", asked["fu.yi"])
    assert typed is not None, asked
    other.qms(*typed[1].split(), "--reason", "已核实", by="fu.yi")
    for opposite in {"annul A/0", "settle --stands A/0"} - {typed[1].replace(" LX-WI-01", "")}:
        act, *rest = opposite.split()
        words = (act, "LX-WI-01", *rest, "--reason", "不成立")
        assert other.call(*words, by="fu.yi").findings == ("RULING-OPPOSITE",)
        assert other.call(*words, "--otherwise", "--dry-run", by="fu.yi").code == 0
    row, _, met = other.qms(by="wen.kong").partition("LX-WI-01 A/0: ")
    assert f"qms {typed[1]}\n" in row
    assert f"may rule on it: qms {typed[1]}\n" in met
    other.qms(*typed[1].split(), by="wen.kong")
    mine.now = other.now
    assert sync(other).code == sync(mine).code == 0
    all_is_well(mine, other)
    assert ("in force" in mine.qms("list")) is (ruling == "settle")


@WAYS
def test_a_round_that_two_begin(drafted: Office, team: Team, way: str) -> None:
    """The text shared first stays; the other author's is kept, and they are told."""
    mine, other = team(drafted, "other")
    mine.qms("submit", "LX-WI-01", by="gong.yi")
    other.edit(TEXT, "prepared_by: gong.yi", "prepared_by: ji.shu")
    other.edit(TEXT, "## 1 目的\n\n无", "## 1 目的\n\n车床的操作。")
    other.qms("submit", "LX-WI-01", by="ji.shu")

    answer = meet(mine, other, way)

    assert "SUBMITTED-TWICE" in answer.out or way == "git"
    assert "车床的操作" in other.text("LX-WI-01.mine.md")
    assert "车床的操作" not in other.text(TEXT)
    (other.folder / "LX-WI-01.mine.md").unlink()
    all_is_well(mine, other)


@WAYS
def test_a_number_that_two_begin(lx: Office, team: Team, way: str) -> None:
    """The later one gets the next number, and its text is kept."""
    mine, other = team(lx, "other")
    for office, title, by in ((mine, "车床", "gong.yi"), (other, "铣床", "ji.shu")):
        office.qms("new", "work-instruction", "--title", title, by=by)
        office.git("add", "-A")
        office.git("commit", "-q", "-m", "Draft")
        office.qms("submit", "LX-WI-01", by=by)

    answer = meet(mine, other, way)

    assert "SYNC-RENUMBERED" in answer.out or way == "git"
    assert "车床" in other.text(TEXT)
    assert "铣床" in other.text(TEXT.replace("01", "02"))
    all_is_well(mine, other)
    other.qms("submit", "LX-WI-02", by="ji.shu")
    assert sync(other).code == 0


@WAYS
def test_two_edit_different_paragraphs(drafted: Office, team: Team, way: str) -> None:
    mine, other = team(drafted, "other")
    mine.edit(TEXT, "## 1 目的\n\n无", "## 1 目的\n\n车床的操作。")
    other.edit(TEXT, "## 4 工作程序\n\n无", "## 4 工作程序\n\n先断电。")
    for office in (mine, other):
        office.git("commit", "-q", "-a", "-m", "Edit")

    meet(mine, other, way)

    assert {"车床的操作。", "先断电。"} <= set(mine.text(TEXT).split("\n"))
    all_is_well(mine, other)


def test_two_edit_one_paragraph(drafted: Office, team: Team) -> None:
    """A real conflict is said with its line, and never passed; one command ends it."""
    mine, other = team(drafted, "other")
    mine.edit(TEXT, "## 1 目的\n\n无", "## 1 目的\n\n车床的操作。")
    other.edit(TEXT, "## 1 目的\n\n无", "## 1 目的\n\n先断电。")
    for office in (mine, other):
        office.git("commit", "-q", "-a", "-m", "Edit")
    assert sync(mine).code == 0
    before = other.git("rev-parse", "HEAD")

    answer = sync(other)

    line = other.text(TEXT).split("\n").index("先断电。") + 1
    assert answer.code == 1
    assert f"{TEXT}:{line}" in answer.err
    assert "SYNC-SAME-LINES" in answer.err
    assert (other.git("rev-parse", "HEAD"), other.status) == (before, "")
    assert sync(other, "--theirs").code == 0
    assert "先断电" in other.text("LX-WI-01.mine.md")
    assert "车床的操作" in other.text(TEXT)


def test_what_is_not_committed_is_never_written_over(drafted: Office, team: Team) -> None:
    mine, other = team(drafted, "other")
    mine.edit(TEXT, "## 1 目的\n\n无", "## 1 目的\n\n车床的操作。")
    mine.git("commit", "-q", "-a", "-m", "Edit")
    assert sync(mine).code == 0
    other.edit(TEXT, "## 4 工作程序\n\n无", "## 4 工作程序\n\n先断电。")

    answer = sync(other)

    assert (answer.code, "SYNC-UNCOMMITTED" in answer.err) == (1, True), answer
    assert "先断电" in other.text(TEXT)
    other.git("commit", "-q", "-m", "draft", "--", TEXT)
    assert sync(other).code == 0
    assert {"车床的操作。", "先断电。"} <= set(other.text(TEXT).split("\n"))


@WAYS
def test_two_keepers_agree_at_once(lx: Office, team: Team, way: str) -> None:
    """Neither has seen the other's signature: the third file of the policy holds both."""
    lx.edit("people.yaml", "经营副总经理", "营销副总经理")
    lx.qms("policy", "sign", by="gao.feng")
    mine, other, third = team(lx, "other", "third")
    assert sync(mine).code == 0
    assert sync(other).code == 0
    assert sync(third).code == 0

    signatures = [
        office.call("policy", "sign", by=by)
        for office, by in ((other, "guan.ning"), (third, "ye.wu"))
    ]

    assert [one.code for one in signatures] == [0, 0], signatures
    meet(other, third, way)
    told = other.call("check", "--all")
    assert told.code == 0, told


def test_a_clone_that_was_made_before_anything_begins_by_sync(lx: Office, tmp_path: Path) -> None:
    server = tmp_path / "shared" / "server.git"
    server.parent.mkdir()
    lx.git("init", "-q", "--bare", "-b", "main", str(server))
    lx.git("clone", "-q", str(server), str(tmp_path / "early" / "docs"))
    early = Office(tmp_path / "early" / "docs", lx.keys, lx.now)
    assert early.call("sync").code == 1  # there is nothing yet
    lx.git("remote", "add", "origin", str(server))
    lx.git("push", "-q", "origin", "main")

    early.qms("sync")

    assert early.status == ""
    assert early.git("rev-parse", "HEAD") == lx.git("rev-parse", "HEAD")
    assert early.call("check", "--all").code == 0


def test_a_move_on_the_trunk_takes_no_signature_along(submitted: Office, team: Team) -> None:
    """git's own merge puts a signature into a file that was renamed meanwhile."""
    mine, other = team(submitted, "other")
    mine.git("mv", TEXT, "documents/work-instruction/LX-WI-09.md")
    mine.git("commit", "-q", "-m", "Move")
    other.qms("sign", "LX-WI-01", by="fu.yi")

    assert sync(mine).code == 1  # the gate's rule, asked before anything is sent

    assert sync(other).code == 0
    assert len(signed(other)) == 2
