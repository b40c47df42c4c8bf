"""A commit that ended half-way, by a full disk or a kill: gone on with, or put back."""

import errno
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qms.findings import QmsError
from qms.storage.branch import BranchMoved, moving
from qms.storage.index import GitIndex
from qms.storage.own_state import state_folder
from qms.storage.repository import Repository
from qms.storage.unfinished import Unfinished, unfinished
from qms.storage.workrepo import Author, commit_paths, go_on, writing

Git = Callable[..., str]
Commit = Callable[[dict[str, str | None]], str]

WANG = Author("王五", "wang.wu@example.org", datetime(2026, 11, 23, 6, 36, tzinfo=UTC))


@pytest.mark.parametrize("step", ["put", "GitIndex.changed", "moving"])
def test_what_fails_once_files_are_moved_is_gone_on_with(
    repository: Repository, git: Git, commit: Commit, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    head = commit({"documents/a": "1\n"})
    files = {"documents/a": b"signed\n", "released/A-0.md": b"signed\n"}
    with monkeypatch.context() as patch:
        _break(patch, step)
        with pytest.raises(QmsError) as caught:
            commit_paths(repository, files, "Sign", WANG)
    assert git("rev-parse", "HEAD") == head
    if step == "put":
        assert caught.value.finding.code == "DISK-FULL"
        assert git("status", "--porcelain") == ""
        assert unfinished(repository) == ()
        return
    assert caught.value.finding.code == "COMMIT-UNFINISHED"
    (left,) = [Unfinished.read(path) for path in state_folder("unfinished").iterdir()]
    assert left is not None
    assert left.strange(repository) == ""
    with writing(repository):
        made = go_on(repository, left)
    assert git("rev-parse", "HEAD", "HEAD~1").split() == [made, head]
    assert git("status", "--porcelain") == ""
    assert not any(state_folder("unfinished").iterdir())
    git("fsck", "--strict")


def _break(patch: pytest.MonkeyPatch, step: str) -> None:
    """Let one step of a commit find no room on the disk."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "put":
        patch.setattr("qms.storage.workrepo.put", full)
        return
    span: Callable[..., Any] = moving if step == "moving" else GitIndex.changed

    @contextmanager
    def broken(*facts: Any) -> Generator[Callable[[], None], None, None]:
        with span(*facts):
            yield full

    patch.setattr(f"qms.storage.workrepo.{step}", broken)


def test_what_was_edited_while_it_was_judged_is_not_gone_on_with(
    repository: Repository, root: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit({"documents/a": "1\n"})
    with monkeypatch.context() as patch:
        _break(patch, "moving")
        with pytest.raises(QmsError):
            commit_paths(repository, {"documents/a": b"signed\n"}, "Sign", WANG)
    (left,) = [Unfinished.read(path) for path in state_folder("unfinished").iterdir()]
    assert left is not None
    (root / "documents" / "a").write_text("typed just now\n", encoding="utf-8")

    with writing(repository), pytest.raises(BranchMoved):
        go_on(repository, left)

    assert (root / "documents" / "a").read_text(encoding="utf-8") == "typed just now\n"


def test_a_process_killed_while_writing_leaves_nothing_beside_the_documents(
    root: Path, git: Git, commit: Commit
) -> None:
    commit({"documents/a": "1\n"})
    script = """
import os, signal, sys
from pathlib import Path
from qms.storage import files, workfolder
files.os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
workfolder.write_work_file(Path(sys.argv[1]), "documents/a", b"half", Path(sys.argv[1], ".git"))
"""
    done = subprocess.run([sys.executable, "-c", script, str(root)], check=False)

    assert done.returncode == -9
    assert git("status", "--porcelain", "--ignored") == ""
