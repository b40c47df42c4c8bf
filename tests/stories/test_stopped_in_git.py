"""git stopped half-way, or went back behind a release: each message names what ends it."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.mended import done, told
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = "documents/work-instruction/LX-WI-01.md"
RELEASED = "released/work-instruction/LX-WI-01/A-0.md"
ISSUE = ("issue", NUMBER, "--to", "technical")


@pytest.fixture
def shared(submitted: Office, tmp_path: Path) -> Office:
    """A/0 in force, and on the shared trunk."""
    submitted.environment["XDG_STATE_HOME"] = str(tmp_path / "state")
    submitted.shared(tmp_path)
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.qms("release", NUMBER, by="wen.kong")
    submitted.qms("sync", by="wen.kong")
    return submitted


def is_well(office: Office) -> None:
    """All is there, it can be signed, and shared."""
    assert office.call("check", "--all").findings == ()
    verified = office.call("verify")
    assert (verified.code, set(verified.findings) - {"INCIDENT"}) == (0, set())
    office.qms(*ISSUE, by="wen.kong")
    office.qms("sync", by="wen.kong")


def reverted(office: Office) -> None:
    office.git("revert", "--no-edit", "HEAD")


def reverted_and_gone_on(office: Office) -> None:
    office.git("revert", "--no-edit", "HEAD")
    office.write("notes.txt", "a\n")
    office.git("add", "notes.txt")
    office.git("commit", "-q", "-m", "Notes")


def lost_in_a_merge(office: Office) -> None:
    """Somebody took their own side whole: `git merge -s ours`."""
    office.git("switch", "-q", "-c", "side", "HEAD~1")
    office.git("commit", "-q", "--allow-empty", "-m", "Nothing")
    office.git("merge", "-q", "-s", "ours", "--no-edit", "main")
    office.git("branch", "-f", "main", "HEAD")
    office.git("switch", "-q", "main")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("command", [("check",), ("verify",), ("sync",), ("todo",)], ids="-".join)
@pytest.mark.parametrize("lose", [reverted, reverted_and_gone_on])
def test_a_release_that_was_reverted_comes_back_by_one_command(
    shared: Office, lose: Callable[[Office], None], command: tuple[str, ...], lang: str
) -> None:
    """ROLLBACK: somebody thought that `git revert` withdraws a document."""
    lose(shared)

    (way,) = told(shared, "ROLLBACK", lang, *command, by="wen.kong")
    done(shared, way)

    assert RELEASED in shared.git("ls-files")
    is_well(shared)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("command", [("check",), ("verify",), ("sync",), ("todo",)], ids="-".join)
def test_a_release_that_a_merge_lost_comes_back_by_two_commands(
    shared: Office, command: tuple[str, ...], lang: str
) -> None:
    """DOC-MISSING"""
    lost_in_a_merge(shared)

    done(shared, *told(shared, "DOC-MISSING", lang, *command, by="wen.kong"))

    is_well(shared)


@pytest.mark.parametrize("lose", [reverted, lost_in_a_merge])
def test_bare_qms_asks_nobody_to_release_again_what_is_lost(
    shared: Office, lose: Callable[[Office], None]
) -> None:
    lose(shared)

    assert f"qms release {NUMBER}" not in shared.qms(by="wen.kong")


def test_restore_lays_the_shared_one_beside_what_was_released_again(shared: Office) -> None:
    """Whoever released again what a revert took: neither of both is lost by `restore`."""
    reverted(shared)
    again = ("release", NUMBER, "--effective", "+7")
    shared.qms(*again, by="wen.kong")
    assert "TWIN-LOST" in shared.call("sync", by="wen.kong").findings

    for _ in range(2):
        shared.qms("restore", NUMBER, by="wen.kong")
        assert shared.call("check", "--all").findings == ("RELEASED-TWICE",)

    assert shared.call("sync", by="wen.kong").code == 0
    assert shared.call("verify").code == 0


def staged(office: Office) -> None:
    office.git("revert", "--no-commit", "HEAD")


def laid_out(office: Office) -> None:
    office.git("checkout", "-q", "HEAD~1", "--", "documents")
    office.git("rm", "-q", "-r", "released")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("lose", [staged, laid_out])
def test_a_release_that_is_not_reverted_yet_stays_by_one_command(
    shared: Office, lose: Callable[[Office], None], lang: str
) -> None:
    """ROLLBACK, GIT-IN-PROGRESS: what somebody had begun is kept, and nothing waits for its end."""
    lose(shared)

    (way,) = told(shared, "ROLLBACK", lang)
    done(shared, way)

    assert shared.git("stash", "list")
    is_well(shared)


def edited(office: Office, branch: str, words: str) -> None:
    office.git("switch", "-q", *(() if branch == "main" else ("-c",)), branch)
    office.edit(TEXT, "\n## ", f"\n{words}。\n\n## ")
    office.git("commit", "-q", "-a", "-m", words)


def two_drafts(office: Office) -> None:
    """The next revision is edited here and on another branch."""
    office.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    office.git("commit", "-q", "-a", "-m", "Begin")
    edited(office, "side", "甲")
    edited(office, "main", "乙")


def stopped(office: Office, *command: str) -> None:
    """A git command that stops at a conflict."""
    ended = subprocess.run(
        ["git", *command], cwd=office.folder, capture_output=True, check=False,
        env={**os.environ, "GIT_EDITOR": "true"},
    )  # fmt: skip
    assert ended.returncode, ended


def merging(office: Office) -> None:
    two_drafts(office)
    stopped(office, "merge", "side")


def rebasing(office: Office) -> None:
    two_drafts(office)
    stopped(office, "rebase", "side")


def rebasing_by_patches(office: Office) -> None:
    two_drafts(office)
    stopped(office, "rebase", "--apply", "side")


def picking(office: Office) -> None:
    two_drafts(office)
    stopped(office, "cherry-pick", "side")


def reverting(office: Office) -> None:
    two_drafts(office)
    office.edit(TEXT, "乙。", "丙。")
    office.git("commit", "-q", "-a", "-m", "Again")
    stopped(office, "revert", "--no-edit", "HEAD~1")


def applying(office: Office) -> None:
    two_drafts(office)
    office.git("format-patch", "-q", "-1", "side", "-o", "../patches")
    stopped(office, "am", "--3way", "../patches/0001-.patch")


IN_PROGRESS = [merging, rebasing, rebasing_by_patches, picking, reverting, applying]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("stop", IN_PROGRESS)
def test_what_git_stopped_in_is_given_up_by_one_command(
    shared: Office, stop: Callable[[Office], None], lang: str
) -> None:
    """GIT-IN-PROGRESS: of a patch it was said that it is a rebase, which can't be given up."""
    stop(shared)

    undo, _ = told(shared, "GIT-IN-PROGRESS", lang, *ISSUE, by="wen.kong")
    done(shared, undo)

    assert "乙" in shared.text(TEXT) or "丙" in shared.text(TEXT)
    is_well(shared)


@pytest.mark.parametrize("stop", IN_PROGRESS)
def test_what_git_stopped_in_is_ended_once_its_conflict_is_decided(
    shared: Office, stop: Callable[[Office], None]
) -> None:
    """GIT-IN-PROGRESS: with no editor opened."""
    stop(shared)
    shared.write(TEXT, shared.git("show", f"side:{TEXT}").replace("甲", "甲、乙") + "\n")

    _, end = told(shared, "GIT-IN-PROGRESS", "en", *ISSUE, by="wen.kong")
    done(shared, end)

    assert "甲、乙" in shared.text(TEXT)
    is_well(shared)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nobody_signs_into_an_old_commit_that_bisect_laid_out(shared: Office, lang: str) -> None:
    """GIT-BISECTING: `git switch`, which a detached HEAD asks for, refuses there."""
    shared.git("bisect", "start", "HEAD", "HEAD~2")

    for command in (("sync",), ("release", NUMBER)):
        (way,) = told(shared, "GIT-BISECTING", lang, *command, by="wen.kong")
    done(shared, way)

    is_well(shared)
