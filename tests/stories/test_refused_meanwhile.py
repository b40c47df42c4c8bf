"""Somebody refuses a text on a clone, and it is released meanwhile: by which way that comes in."""

import subprocess
from collections.abc import Callable

import pytest

from qms.testing.clones import sync
from qms.testing.mended import done, told
from qms.testing.office import Office

NUMBER = "LX-BZ-01"
DRAFT = f"documents/standard/{NUMBER}.md"
FILED = f"released/standard/{NUMBER}/A-0.md"
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
    office.qms("new", "standard", "--title", "轴承", by="gong.yi")
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Draft")
    office.qms("submit", NUMBER, by="gong.yi")
    first, second = team(office, "second")
    for command, by in (
        ("sign", "fu.yi"), ("sign", "fu.er"), ("sign", "guan.ning"), ("release", "wen.kong"),
    ):  # fmt: skip
        first.qms(command, NUMBER, by=by)
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
