"""A kill at any moment leaves what was there before, or the whole of what was asked for."""

import os
import signal
import time

import pytest

from qms.testing.bad_input import NUMBER, askpass, scratch, signs_now, told
from qms.testing.office import Office

TEXT = f"documents/work-instruction/{NUMBER}.md"
PASSPHRASE = "a passphrase"  # noqa: S105 - of a key made for this test


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


STEPS = ("write_objects", "unfinished", "write_files", "stage", "move_branch")
KILLED_AFTER = """
import os, signal
from qms.cli import main
from qms.storage.workrepo import PathsCommit
step = getattr(PathsCommit, os.environ["STEP"])
def killed(self):
    step(self)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(PathsCommit, os.environ["STEP"], killed)
main()
"""


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_after_any_step_of_the_commit(submitted: Office, step: str) -> None:
    head = submitted.git("rev-parse", "HEAD")
    submitted.write("notes.txt", "mine\n")
    answer = submitted.finish("sign", NUMBER, by="fu.yi", program=KILLED_AFTER, STEP=step)
    assert answer.code == -signal.SIGKILL
    answer = submitted.call("sign", NUMBER, by="fu.yi")
    if step == "move_branch":
        told(answer, 1, "USE-RELEASE" if "USE-RELEASE" in answer.findings else "NOT-YOUR-TURN")
    else:
        assert answer.code == 0, answer
    assert submitted.git("rev-list", "--count", f"{head}..HEAD") == "1"
    assert submitted.status == "?? notes.txt"
    assert not scratch(submitted)
    submitted.qms("check")
    submitted.qms("verify")


def test_a_kill_while_an_edited_draft_is_submitted_keeps_the_edit(drafted: Office) -> None:
    drafted.edit(TEXT, "## 1 目的\n\n无\n", "## 1 目的\n\n规定车床的操作。\n")
    edited = drafted.text(TEXT)
    answer = drafted.finish("submit", NUMBER, by="gong.yi", program=KILLED_AFTER, STEP="stage")
    assert answer.code == -signal.SIGKILL
    assert drafted.text(TEXT) != edited
    drafted.qms("todo", by="gong.yi")
    assert drafted.text(TEXT) == edited
    assert drafted.status == f"M {TEXT}"
    drafted.qms("submit", NUMBER, by="gong.yi")
    assert not drafted.status
