"""A kill at any moment leaves what was there before, or the whole of what was asked for."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from qms.storage.own_state import state_folder
from qms.testing.bad_input import NUMBER, askpass, scratch, signs_now, told
from qms.testing.killed import Killed
from qms.testing.office import Office

TEXT = f"documents/work-instruction/{NUMBER}.md"
PASSPHRASE = "a passphrase"  # noqa: S105 - of a key made for this test
SIGN = Killed(("sign", NUMBER), "fu.yi")


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes of other tests are none of this one's."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def notes() -> list[Path]:
    return list(state_folder("unfinished").iterdir())


def test_a_kill_while_the_passphrase_is_asked_for(submitted: Office) -> None:
    asked = submitted.folder.parent / "asked"
    waiting = askpass(submitted, f"touch '{asked}'; sleep 30")
    process = submitted.start(
        "sign", NUMBER, "--key", str(submitted.key("fu.yi", PASSPHRASE)), SSH_ASKPASS=waiting
    )
    deadline = time.monotonic() + 20
    while not asked.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    signs_now(submitted)


KILLED_BEFORE = """
import os, signal
from qms.cli import main
from qms.storage import branch, index, unfinished, workrepo
def kill(*_, **__):
    os.killpg(0, signal.SIGKILL)
match os.environ["STEP"]:
    case "lock": workrepo.locked = kill
    case "note": workrepo.Unfinished.noted = kill
    case "files": workrepo.put = kill
    case "index": index.disk.writing = lambda *_: kill() if os.environ["STEP"] else None
    case "branch": branch._said = kill
    case "end": unfinished._remove = kill
main()
"""


@pytest.mark.parametrize("step", ["lock", "note", "branch", "files"])
def test_a_kill_before_any_file_lies_there_leaves_nothing(submitted: Office, step: str) -> None:
    answer = submitted.finish("sign", NUMBER, by="fu.yi", program=KILLED_BEFORE, STEP=step)
    assert answer.code == -signal.SIGKILL, answer
    assert not submitted.status
    assert "killed" not in submitted.call("list").err
    signs_now(submitted)
    assert not notes()


def left_half_done(office: Office, command: Killed = SIGN) -> str:
    """A kill when files and index are there and the branch has not moved; what git says then."""
    program = KILLED_BEFORE.replace(
        'case "branch": branch._said = kill',
        'case "branch":\n'
        "        said = branch._said\n"
        '        branch._said = lambda p, c: kill() if c == "commit" else said(p, c)',
    )
    answer = office.finish(*command.arguments, by=command.by, program=program, STEP="branch")
    assert answer.code == -signal.SIGKILL, answer
    assert len(notes()) == 1
    return office.status


def test_what_a_kill_left_is_named_by_those_that_read_and_finished_by_the_next_that_writes(
    submitted: Office,
) -> None:
    head = submitted.git("rev-parse", "HEAD")
    status = left_half_done(submitted)
    assert status == f"M  {TEXT}"
    for reading in (
        ("list",),
        ("check",),
        ("show", NUMBER),
        ("todo",),
        ("sign", NUMBER, "--dry-run"),
    ):
        answer = submitted.call(*reading, by="fu.yi")
        assert "UNFINISHED: a command was killed" in answer.err, answer
        assert TEXT in answer.err
    assert submitted.status == status
    assert submitted.git("rev-parse", "HEAD") == head

    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, "FINISHED-FIRST")

    assert submitted.git("rev-list", "--count", f"{head}..HEAD") == "1"
    assert not submitted.status
    assert not scratch(submitted)
    assert not notes()
    submitted.qms("check")
    submitted.qms("verify")
    assert submitted.call("sign", NUMBER, by="fu.yi").code == 1


def test_fix_commits_what_a_kill_left(submitted: Office) -> None:
    left_half_done(submitted)
    assert "Committed what a killed command left" in submitted.qms("fix")
    assert not submitted.status
    assert not notes()
    submitted.qms("verify")


def test_what_the_rules_take_no_more_is_told_and_not_committed(submitted: Office) -> None:
    head = submitted.git("rev-parse", "HEAD")
    status = left_half_done(submitted)
    submitted.environment["QMS_NOW"] = "2026-11-20T10:30:00+08:00"  # the signature is ahead of it
    told(submitted.call("fix"), 1, "TIME-AHEAD")
    answer = submitted.call("new", "work-instruction", "--title", "x", by="gong.yi")
    assert (answer.code, "UNFINISHED" in answer.err) == (0, True), answer
    assert submitted.git("rev-parse", "HEAD") == head
    assert status in submitted.status
    submitted.environment.clear()
    submitted.qms("fix")
    submitted.qms("verify")


def test_fix_takes_away_what_a_kill_left_where_one_asks(submitted: Office) -> None:
    left_half_done(submitted)
    said = submitted.qms("fix", "--drop")
    assert f"git restore -- {TEXT}" in said
    assert submitted.status == f"D {TEXT}"
    assert not notes()
    submitted.git("restore", "--", TEXT)
    signs_now(submitted)


def test_what_was_edited_since_is_neither_committed_nor_taken_away(submitted: Office) -> None:
    left_half_done(submitted)
    submitted.write(TEXT, submitted.text(TEXT) + "\nmine\n")
    mine = submitted.text(TEXT)
    submitted.call("sign", NUMBER, by="fu.yi")
    submitted.qms("fix", "--drop")
    assert submitted.text(TEXT) == mine


def test_what_others_committed_meanwhile_is_never_reverted(submitted: Office) -> None:
    left_half_done(submitted)
    submitted.write("notes.txt", "mine\n")
    submitted.git("add", "notes.txt")
    submitted.git("commit", "-q", "-m", "Notes", "--", "notes.txt")
    answer = submitted.call("sign", NUMBER, by="fu.yi")
    told(answer, 1, "WORKTREE-DIFFERS")
    assert "UNFINISHED-STRANGE" in submitted.call("list").err
    assert submitted.status == f"M  {TEXT}"
    submitted.git("commit", "-q", "-m", "What was signed")
    submitted.qms("check")
    submitted.qms("verify")
    assert "UNFINISHED" not in submitted.call("list").err


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"process": ["', '"process": ["other'),
        ('"place": [', '"place": [1'),
        ('"head": "', '"head": "' + "0" * 40 + '", "was": "'),
        ('"ref": "refs/heads/main"', '"ref": "refs/heads/other"'),
        ('"documents/', '"../documents/'),
        ('"documents/', '".git/hooks/'),
        ('{"place"', '{{"place"'),
    ],
)
def test_a_note_that_differs_is_not_used(submitted: Office, old: str, new: str) -> None:
    head = submitted.git("rev-parse", "HEAD")
    status = left_half_done(submitted)
    (note,) = notes()
    text = note.read_text(encoding="utf-8")
    assert old in text
    note.write_text(text.replace(old, new), encoding="utf-8")
    submitted.call("sign", NUMBER, by="fu.yi")
    submitted.qms("fix")
    submitted.call("fix", "--drop")
    assert submitted.git("rev-parse", "HEAD") == head
    assert submitted.status == status


def test_a_copy_of_the_clone_does_not_finish_what_the_clone_left(
    submitted: Office, tmp_path: Path
) -> None:
    status = left_half_done(submitted)
    copied = submitted.copy(tmp_path / "copy")
    head = copied.git("rev-parse", "HEAD")
    assert "UNFINISHED-STRANGE" in copied.call("list").err
    copied.call("sign", NUMBER, by="fu.yi")
    copied.qms("fix")
    assert copied.git("rev-parse", "HEAD") == head
    assert copied.status == status
    assert "Committed what a killed" in submitted.qms("fix")


@pytest.mark.parametrize("token", ["link", "pipe", "words"])
def test_notes_in_the_clone_are_none(submitted: Office, tmp_path: Path, token: str) -> None:
    victim = tmp_path / "victim"
    git = submitted.folder / ".git"
    for name in ("qms-1-unfinished.json", "qms-999999-unfinished.json"):
        (git / name).write_text(
            f'{{"ref": "refs/heads/main", "index": "", "files": {{"../../{victim.name}": '
            '["cGxhbnRlZA==", null], "documents/x": ["cGxhbnRlZA==", null]}}',
            encoding="utf-8",
        )
    (git / "qms.token").unlink(missing_ok=True)
    match token:
        case "link":
            (git / "qms.token").symlink_to("/dev/zero")
        case "pipe":
            os.mkfifo(git / "qms.token")
        case _:
            (git / "qms.token").write_text("../../" * 4, encoding="ascii")
    for reading in (("list",), ("check",), ("verify",), ("todo",)):
        submitted.call(*reading, by="fu.yi")
    signs_later = submitted.call("sign", NUMBER, by="fu.yi")
    assert not victim.exists()
    if token == "words":  # noqa: S105 - the name of a case
        assert signs_later.code == 0, signs_later
    else:
        assert signs_later.findings == ("SPECIAL-FILE",)
    assert not submitted.status


def test_a_kill_while_an_edited_draft_is_submitted_keeps_the_edit(drafted: Office) -> None:
    drafted.edit(TEXT, "## 1 目的\n\n无\n", "## 1 目的\n\n规定车床的操作。\n")
    left_half_done(drafted, Killed(("submit", NUMBER), "gong.yi"))
    assert "规定车床的操作。" in drafted.text(TEXT)
    told(drafted.call("submit", NUMBER, by="gong.yi"), 1, "FINISHED-FIRST")
    assert "规定车床的操作。" in drafted.text(TEXT)
    assert not drafted.status
    drafted.qms("verify")


def test_a_note_of_another_start_of_the_machine_is_shown(submitted: Office) -> None:
    left_half_done(submitted)
    (note,) = notes()
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    note.write_text(note.read_text(encoding="utf-8").replace(boot, "another"), encoding="utf-8")
    assert "UNFINISHED-STRANGE" in submitted.call("list").err
    shutil.rmtree(state_folder("unfinished"))
    assert "UNFINISHED" not in submitted.call("list").err


def test_a_commit_that_git_has_thrown_away_is_shown_and_not_promised(submitted: Office) -> None:
    """It said that `qms fix` commits it, and `qms fix` said that there is nothing to mend."""
    left_half_done(submitted)
    submitted.git("reflog", "expire", "--expire=now", "--all")
    submitted.git("gc", "-q", "--prune=now")

    said = submitted.call("list").err

    assert "UNFINISHED-STRANGE" in said
    assert "(commit)" in said
    submitted.git("commit", "-q", "-m", "What was signed")
    submitted.qms("verify")
    assert "UNFINISHED" not in submitted.call("list").err


def test_a_text_that_is_taken_away_can_be_had_again(drafted: Office) -> None:
    """What was written and never committed was gone with the signature."""
    drafted.edit(TEXT, "## 1 目的\n\n无\n", "## 1 目的\n\n规定车床的操作。\n")
    left_half_done(drafted, Killed(("submit", NUMBER), "gong.yi"))

    said = drafted.qms("fix", "--drop")

    (command,) = [
        line.partition(": ")[2] for line in said.splitlines() if "that was removed" in line
    ]
    program, *arguments = command.split()
    assert program == "git"
    assert "规定车床的操作。" in drafted.git(*arguments)


def test_nothing_is_written_over_a_signature_that_a_kill_left(submitted: Office) -> None:
    """After a restart of the machine it was shown, and gone with the next act on that list."""
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.qms("release", NUMBER, by="wen.kong")
    submitted.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    (copy,) = (submitted.folder / "copies").rglob("*.yaml")
    path = str(copy.relative_to(submitted.folder))
    recall = ("recall", NUMBER, "001", "--due", "2026-12-01", "--reason", "x")
    left_half_done(submitted, Killed(recall, "wen.kong"))
    left = submitted.text(path)
    (note,) = notes()
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    note.write_text(note.read_text(encoding="utf-8").replace(boot, "another"), encoding="utf-8")

    told(submitted.call(*recall, by="wen.kong"), 1, "WORKTREE-DIFFERS")

    assert submitted.text(path) == left
    submitted.git("commit", "-q", "-m", "What was signed")
    submitted.qms("verify")


def test_a_list_that_git_leaves_out_of_the_folder_is_written_all_the_same(
    submitted: Office,
) -> None:
    """In a sparse checkout it had "changed while it was being signed", each time one signed."""
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.qms("release", NUMBER, by="wen.kong")
    submitted.qms("issue", NUMBER, "--to", "technical", by="wen.kong")
    assert not submitted.status
    submitted.git("sparse-checkout", "set", "documents", "released", "policy")
    assert not (submitted.folder / "copies").exists()

    recall = ("recall", NUMBER, "001", "--due", "2026-12-01", "--reason", "x")
    submitted.qms(*recall, by="wen.kong")

    assert not submitted.status
    submitted.qms("verify")


def test_a_dry_run_says_that_nothing_was_mended(submitted: Office) -> None:
    submitted.edit(TEXT, "status: in-review", "status: approved")
    before = submitted.text(TEXT)

    said = submitted.qms("fix", "--dry-run")

    assert "nothing written" in said
    assert "Mended" not in said
    assert submitted.text(TEXT) == before
