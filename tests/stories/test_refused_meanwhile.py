"""Somebody refuses a text on a clone, and it is released meanwhile: by which way that comes in."""

import subprocess
from collections.abc import Callable

import pytest

from qms.formats.print_manifest import parse_manifest
from qms.testing.clones import sync
from qms.testing.mended import done, told
from qms.testing.office import Office
from qms.testing.published import out

NUMBER = "LX-BZ-01"
DRAFT = f"documents/standard/{NUMBER}.md"
FILED = f"released/standard/{NUMBER}/A-0.md"
PAPER = f"standard/{NUMBER}_A-0_uncontrolled.pdf"
REJECTS = f"released/standard/{NUMBER}/rejects.yaml"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])
Apart = tuple[Office, Office]


Team = Callable[..., tuple[Office, ...]]


@pytest.fixture
def apart(lx: Office, team: Team) -> Apart:
    """Two clones of a company: see `parted`."""
    return parted(lx, team)


def parted(office: Office, team: Team) -> Apart:
    """Two of three experts have passed a standard, which is released and shared; the third one has
    refused it on a clone that lacks that.
    """
    begun(office)
    return met(office, team)


def begun(office: Office) -> None:
    office.qms("new", "standard", "--title", "轴承", by="gong.yi")
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Draft")
    office.qms("submit", NUMBER, by="gong.yi")


def passed(office: Office) -> None:
    for command, by in (
        ("sign", "fu.yi"), ("sign", "fu.er"), ("sign", "guan.ning"), ("release", "wen.kong"),
    ):  # fmt: skip
        office.qms(command, NUMBER, by=by)


def met(office: Office, team: Team) -> Apart:
    """The same, where the standard goes round already."""
    first, second = team(office, "second")
    passed(first)
    assert sync(first).code == 0
    second.now = first.now
    second.qms("reject", NUMBER, "--reason", "硬度未给出", by="zhi.jian")
    return first, second


def git(office: Office, *words: str) -> int:
    answer = subprocess.run(
        ["git", *words], cwd=office.folder, capture_output=True, check=False,
        env={**office.environment, "GIT_EDITOR": "true"},
    )  # fmt: skip
    return answer.returncode


def both_are_kept(office: Office) -> None:
    """What was released lies there, and who refused it has refused it; all of it is shared."""
    assert office.git("rev-parse", "HEAD") == office.git("rev-parse", "origin/main")
    assert office.call("check", "--all").findings == ("REJECTED",)
    assert "硬度未给出" in office.text(REJECTS)
    assert (office.folder / FILED).exists()
    assert not office.status


def test_who_refused_on_a_clone_shares_it_by_sync(apart: Apart) -> None:
    """The gate takes it: nobody knew of the other."""
    _, second = apart

    assert sync(second).code == 0

    both_are_kept(second)
    assert "硬度未给出" in second.qms("show", NUMBER)


def laid_on_top(office: Office, other: Office) -> None:
    """Attack: the refusal is added to a clone that has the release."""
    office.write(REJECTS, other.text(REJECTS))
    office.git("add", "-A")
    office.git("commit", "-qm", "Refuse")


def laid_between(office: Office, other: Office) -> None:
    """Attack: the release is taken away before, and brought back behind it, all in one push."""
    office.git("rm", "-q", FILED)
    office.git("commit", "-qm", "Take it away")
    laid_on_top(office, other)
    office.git("checkout", "-q", "origin/main", "--", FILED)
    office.git("commit", "-qm", "Bring it back")


@LANGUAGES
@pytest.mark.parametrize("attack", [laid_on_top, laid_between])
def test_nobody_refuses_on_top_of_what_is_released(
    apart: Apart, attack: Callable[[Office, Office], None], lang: str
) -> None:
    first, second = apart
    attack(first, second)

    code, said = first.push("main")

    assert code != 0
    assert "REJECTED-FILED" in said
    _, sync_, revise, _ = told(first, "REJECTED-FILED", lang)
    assert (sync_, revise) == ("qms sync", f"qms revise {NUMBER}")


@LANGUAGES
def test_a_rebase_that_stops_is_given_up_and_synced(apart: Apart, lang: str) -> None:
    _, second = apart
    assert git(second, "pull", "-q", "--rebase", "origin", "main") != 0

    undo, _ = told(second, "GIT-IN-PROGRESS", lang, "sync")
    done(second, undo, "qms sync", by="zhi.jian")

    both_are_kept(second)


@LANGUAGES
@pytest.mark.parametrize("command", ["check", "push"])
def test_a_rebase_that_was_ended_by_hand_is_set_right_by_sync(
    apart: Apart, command: str, lang: str
) -> None:
    """The refusal lies on top of the release then; the gate refuses it, and says what to do."""
    _, second = apart
    assert git(second, "pull", "-q", "--rebase", "origin", "main") != 0
    second.git("checkout", "-q", "origin/main", "--", DRAFT)
    assert git(second, "rebase", "--continue") == 0
    if command == "push":
        code, said = second.push("main", QMS_LANG=lang)
        assert code != 0
        assert "REJECTED-FILED" in said
        assert "`qms sync`" in said
    else:
        assert "qms sync" in told(second, "REJECTED-FILED", lang)

    done(second, "qms sync", by="zhi.jian")

    both_are_kept(second)


def test_what_was_done_besides_stays_where_a_refusal_is_laid_beside(apart: Apart) -> None:
    _, second = apart
    second.qms("new", "work-instruction", "--title", "铣床", by="gong.yi")
    second.git("add", "-A")
    second.git("commit", "-q", "-m", "Draft")
    assert git(second, "pull", "-q", "--rebase", "origin", "main") != 0
    second.git("checkout", "-q", "origin/main", "--", DRAFT)
    assert git(second, "rebase", "--continue") == 0

    assert sync(second).code == 0

    both_are_kept(second)
    assert (second.folder / "documents/work-instruction/LX-WI-01.md").exists()


def test_a_refusal_comes_in_beside_where_other_work_is_left_behind(
    released: Office, team: Team
) -> None:
    """Both gave out copy 001, so what comes of both goes on from what is shared alone."""
    first, second = parted(released, team)
    for office, place in ((first, "technical"), (second, "inspection")):
        office.qms("issue", "LX-WI-01", "--to", place, by="wen.kong")
    assert sync(first).code == 0

    answer = sync(second)

    assert "COPY-TAKEN" in answer.out, answer
    both_are_kept(second)


def test_what_is_contested_keeps_nobody_elses_paper_back(released: Office, team: Team) -> None:
    """It stopped everybody's `publish` until its chain had ruled."""
    first, second = parted(released, team)
    first.qms("publish", "--unsigned")
    assert (out(first) / PAPER).exists()
    assert sync(second).code == sync(first).code == 0

    answer = first.call("publish", "--unsigned")

    assert (answer.code, answer.findings) == (1, ("REJECTED",)), answer
    assert "settle" in answer.out
    assert "1 could not be printed" in answer.out
    assert not (out(first) / PAPER).exists()
    rows = parse_manifest((out(first) / "manifest.json").read_bytes()).files
    assert [row.file for row in rows] == ["work-instruction/LX-WI-01_A-0_uncontrolled.pdf"]
    assert first.call("publish", "--unsigned", "LX-WI-01").findings == ()
    for by in ("fu.yi", "fu.er", "guan.ning", "wen.kong"):
        first.qms("settle", NUMBER, "--stands", "A/0", "--reason", "硬度见图样", by=by)
    assert sync(first).code == 0
    first.qms("publish", "--unsigned")
    assert (out(first) / PAPER).exists()


def test_of_what_is_contested_the_revision_before_is_not_printed_either(
    released: Office, team: Team
) -> None:
    """Whether that is in force again is what the two differ about."""
    begun(released)
    passed(released)
    released.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    released.git("commit", "-q", "-a", "-m", "Next")
    released.qms("submit", NUMBER, by="gong.yi")
    _, second = met(released, team)
    assert sync(second).code == 0

    answer = second.call("publish", "--unsigned", "--drafts", "--obsolete")

    assert (answer.code, answer.findings) == (1, ("REJECTED",)), answer
    assert "in force" in second.qms("show", NUMBER)
    assert [one.name for one in out(second).rglob("*.pdf")] == ["LX-WI-01_A-0_uncontrolled.pdf"]
