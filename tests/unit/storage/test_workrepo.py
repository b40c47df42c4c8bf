import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qms.findings import QmsError, Refused
from qms.storage import workrepo
from qms.storage.branch import BranchMoved, moving
from qms.storage.index import Index
from qms.storage.repository import Repository
from qms.storage.state import state_folder
from qms.storage.unfinished import Unfinished, unfinished
from qms.storage.workrepo import (
    Author,
    commit_paths,
    go_on,
    writing,
)


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the notes of another one."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


Git = Callable[..., str]
Commit = Callable[[dict[str, str | None]], str]

WANG = Author("王五", "wang.wu@example.org", datetime(2026, 11, 23, 6, 36, tzinfo=UTC))


def state(git: Git) -> tuple[str, str, str]:
    """HEAD, the index and what the work tree holds, as git sees them."""
    return git("rev-parse", "--verify", "-q", "HEAD"), git("ls-files", "-s"), git("status", "-s")


def test_a_commit_holds_only_the_named_paths(
    repository: Repository, git: Git, commit: Commit
) -> None:
    before = commit({"documents/a": "1\n", "documents/b": "2\n", "documents/c": "3\n"})

    made = commit_paths(
        repository,
        {"documents/a": b"signed\n", "released/p/A-0.md": b"new\n", "documents/c": None},
        "Sign LX-1\n\nbecause",
        WANG,
    )

    assert git("rev-parse", "HEAD", "HEAD~1").split() == [made, before]
    assert git("diff", "--name-status", "HEAD~1", "HEAD").split() == [
        *("M", "documents/a"),
        *("D", "documents/c"),
        *("A", "released/p/A-0.md"),
    ]
    assert git("status", "--porcelain") == ""
    assert git("log", "-1", "--date=raw", "--format=%an|%ae|%ad|%cn|%B") == (
        "王五|wang.wu@example.org|1795415760 +0000|王五|Sign LX-1\n\nbecause"
    )
    assert git("reflog", "-1", "--format=%gs") == "qms: Sign LX-1"
    assert git("symbolic-ref", "HEAD") == "refs/heads/main"
    git("fsck", "--strict")


def test_what_else_is_staged_or_edited_stays_as_it_is(
    repository: Repository, root: Path, git: Git, commit: Commit
) -> None:
    commit({"documents/a": "1\n", "documents/b": "2\n", "documents/c": "3\n", "d": "4\n"})
    (root / "documents" / "b").write_text("staged\n", encoding="utf-8")
    (root / "d").unlink()
    (root / "documents" / "new").write_text("staged too\n", encoding="utf-8")
    git("add", "-A")
    (root / "documents" / "b").write_text("edited after\n", encoding="utf-8")
    (root / "documents" / "c").write_text("edited\n", encoding="utf-8")
    status = git("status", "--porcelain")

    commit_paths(repository, {"documents/a": b"signed\n"}, "Sign", WANG)

    assert git("diff", "--name-only", "HEAD~1", "HEAD") == "documents/a"
    assert git("status", "--porcelain") == status
    assert git("show", ":documents/b") == "staged"
    assert (root / "documents" / "b").read_text(encoding="utf-8") == "edited after\n"


def test_the_users_hooks_and_signing_are_left_alone(
    repository: Repository, root: Path, git: Git, commit: Commit, tmp_path: Path
) -> None:
    commit({"documents/a": "1\n"})
    for name in ("pre-commit", "commit-msg", "post-commit", "reference-transaction"):
        hook = root / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n", encoding="ascii")
        hook.chmod(0o755)
    git("config", "commit.gpgSign", "true")

    commit_paths(repository, {"documents/a": b"signed\n"}, "Sign", WANG)

    assert not (tmp_path / "ran").exists()
    assert "gpgsig" not in git("cat-file", "-p", "HEAD")


def test_bytes_are_committed_without_conversion(
    repository: Repository, git: Git, commit: Commit
) -> None:
    commit({".gitattributes": "* text=auto\n", "documents/a": "1\n"})

    commit_paths(repository, {"documents/a": b"a\r\nb\n"}, "Sign", WANG)

    assert git("cat-file", "-s", "HEAD:documents/a") == "5"


def test_the_first_commit_is_made_only_where_it_is_meant(repository: Repository, git: Git) -> None:
    with pytest.raises(Refused) as caught:
        commit_paths(repository, {"qms.yaml": b"a\n"}, "Begin", WANG)
    assert caught.value.finding.code == "HEAD-UNBORN"

    made = commit_paths(repository, {"qms.yaml": b"a\n"}, "Begin", WANG, allow_unborn=True)

    assert git("rev-list", "HEAD") == made
    assert git("status", "--porcelain") == ""


def test_a_detached_head_is_refused(repository: Repository, git: Git, commit: Commit) -> None:
    commit({"documents/a": "1\n"})
    git("checkout", "-q", "--detach")
    before = state(git)

    with pytest.raises(Refused) as caught:
        commit_paths(repository, {"documents/a": b"2\n"}, "Sign", WANG)

    assert caught.value.finding.code == "HEAD-DETACHED"
    assert state(git) == before


def test_a_merge_in_progress_is_refused(repository: Repository, git: Git, commit: Commit) -> None:
    commit({"documents/a": "1\n"})
    git("checkout", "-q", "-b", "side")
    commit({"b": "2\n"})
    git("checkout", "-q", "main")
    commit({"c": "2\n"})
    git("merge", "-q", "--no-commit", "side")
    before = state(git)

    with pytest.raises(Refused) as caught:
        commit_paths(repository, {"documents/a": b"2\n"}, "Sign", WANG)

    assert caught.value.finding.code == "GIT-IN-PROGRESS"
    assert caught.value.finding.values == {"operation": "merge"}
    assert state(git) == before


def test_a_lost_race_is_made_good_on_the_new_tip(
    repository: Repository, git: Git, commit: Commit
) -> None:
    head = commit({"documents/a": "1\n", "documents/b": "2\n"})
    other = commit({"documents/b": "other\n"})

    made = commit_paths(repository, {"documents/a": b"signed\n"}, "Sign", WANG, head=head)

    assert git("rev-parse", f"{made}~1") == other
    assert git("diff", "--name-only", other, made) == "documents/a"
    assert git("status", "--porcelain") == ""


def test_a_race_for_the_same_path_is_refused_and_leaves_no_trace(
    repository: Repository, root: Path, git: Git, commit: Commit
) -> None:
    """Row 75 (S)"""
    head = commit({"documents/a": "1\n"})
    commit({"documents/a": "other\n"})
    before = state(git)

    with pytest.raises(Refused) as caught:
        commit_paths(
            repository,
            {"documents/a": b"signed\n", "released/p/A-0.md": b"new\n"},
            "Sign",
            WANG,
            head=head,
        )

    assert caught.value.finding.code == "CHANGED-WHILE-SIGNING"
    assert caught.value.finding.place.path == "documents/a"
    assert state(git) == before
    assert not (root / "released").exists()


def test_a_file_that_was_edited_meanwhile_is_not_overwritten(
    repository: Repository, root: Path, git: Git, commit: Commit
) -> None:
    """Row 75 (S)"""
    commit({"documents/a": "1\n"})
    seen = {"documents/a": repository.work_tree().entry("documents/a"), "released/x": None}
    (root / "documents" / "a").write_text("typed just now\n", encoding="utf-8")
    before = state(git)

    with pytest.raises(Refused) as caught:
        commit_paths(repository, {"documents/a": b"2\n"}, "Sign", WANG, seen=seen)

    assert caught.value.finding.code == "CHANGED-WHILE-SIGNING"
    assert state(git) == before
    assert (root / "documents" / "a").read_text(encoding="utf-8") == "typed just now\n"


def test_a_locked_index_is_told_and_everything_put_back(
    repository: Repository, root: Path, git: Git, commit: Commit
) -> None:
    commit({"documents/a": "1\n"})
    (root / ".git" / "index.lock").touch()

    with pytest.raises(QmsError) as caught:
        commit_paths(repository, {"documents/a": b"2\n", "copies/x": b"3\n"}, "Sign", WANG)

    assert caught.value.finding.code == "GIT-BUSY"
    (root / ".git" / "index.lock").unlink()
    assert git("status", "--porcelain") == ""
    assert not (root / "copies").exists()


def test_a_locked_branch_is_told_and_everything_put_back(
    repository: Repository, root: Path, git: Git, commit: Commit
) -> None:
    commit({"documents/a": "1\n", "documents/b": "1\n"})
    (root / "documents" / "a").write_text("typed\n", encoding="utf-8")
    git("add", "-A")
    before = state(git)
    (root / ".git" / "refs" / "heads" / "main.lock").touch()

    with pytest.raises(QmsError) as caught:
        commit_paths(repository, {"documents/a": b"2\n", "documents/b": None}, "Sign", WANG)

    assert caught.value.finding.code == "GIT-BUSY"
    assert state(git) == before


def test_a_link_in_the_way_is_never_written_through(
    repository: Repository, root: Path, commit: Commit, tmp_path: Path
) -> None:
    commit({"documents/a": "1\n"})
    (tmp_path / "outside").mkdir()
    (root / "released").symlink_to(tmp_path / "outside")

    with pytest.raises(Refused) as caught:
        commit_paths(repository, {"released/p/A-0.md": b"2\n"}, "Sign", WANG)

    assert caught.value.finding.code == "FILE-IN-THE-WAY"
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize("step", ["put", "Index.changed", "moving"])
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
    span: Callable[..., Any] = moving if step == "moving" else Index.changed

    @contextmanager
    def broken(*facts: Any) -> Generator[Callable[[], None], None, None]:
        with span(*facts):
            yield full

    patch.setattr(f"qms.storage.workrepo.{step}", broken)


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


@pytest.mark.parametrize("when", ["judge", "lay", "prepare"])
def test_a_file_that_is_saved_while_we_judge_or_write_is_not_overwritten(  # noqa: PLR0913, PLR0917 - what a commit works with
    repository: Repository,
    root: Path,
    git: Git,
    commit: Commit,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
) -> None:
    """An editor knows of no lock: its user saved while the new tip was judged, and lost that."""
    head = commit({"documents/a": "1\n", "documents/b": "2\n"})
    commit({"documents/b": "other\n"})
    seen = {"documents/a": repository.work_tree().entry("documents/a"), "released/x": None}
    before = git("rev-parse", "HEAD"), git("ls-files", "-s")

    def save() -> None:
        (root / "documents" / "a").write_text("typed just now\n", encoding="utf-8")

    def saved(name: str) -> None:
        honest = getattr(workrepo, name)

        def called(*given: Any) -> Any:
            save()
            return honest(*given)

        monkeypatch.setattr(workrepo, name, called)

    match when:
        case "lay":
            saved("lay")
        case "prepare":
            saved("moving")
        case _:
            pass
    files = {"documents/a": b"signed\n", "released/x": b"new\n"}
    with pytest.raises(Refused) as caught:
        commit_paths(
            repository, files, "Sign", WANG,
            head=head, seen=seen, judge=save if when == "judge" else lambda: None,
        )  # fmt: skip

    assert caught.value.finding.code == "CHANGED-WHILE-SIGNING"
    assert (root / "documents" / "a").read_text(encoding="utf-8") == "typed just now\n"
    assert not (root / "released").exists()
    assert (git("rev-parse", "HEAD"), git("ls-files", "-s")) == before
    assert unfinished(repository) == ()


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


def test_the_clones_token_is_for_all_who_write_there(
    repository: Repository, root: Path, commit: Commit
) -> None:
    """Whoever couldn't read it made another one: what a kill had left was told to nobody."""
    commit({"documents/a": "1\n"})
    old = os.umask(0o077)
    try:
        commit_paths(repository, {"documents/a": b"2\n"}, "Sign", WANG)
    finally:
        os.umask(old)

    assert stat.S_IMODE((root / ".git" / "qms.token").stat().st_mode) == 0o644


def test_a_folder_where_the_token_should_be_is_told(
    repository: Repository, root: Path, git: Git, commit: Commit
) -> None:
    commit({"documents/a": "1\n"})
    (root / ".git" / "qms.token").mkdir()

    with pytest.raises(QmsError) as caught:
        commit_paths(repository, {"documents/a": b"2\n"}, "Sign", WANG)

    assert caught.value.finding.code == "SPECIAL-FILE"
    assert git("status", "--porcelain") == ""


def test_a_commit_in_a_repository_of_sha256(tmp_path: Path) -> None:
    folder = tmp_path / "wide"
    command = ["git", "init", "-q", "-b", "main", "--object-format=sha256", str(folder)]
    subprocess.run(command, check=True)

    with Repository.find(folder) as repository:
        commit_paths(repository, {"a/b": b"1\n"}, "Begin", WANG, allow_unborn=True)
        made = commit_paths(repository, {"a/b": None, "c": b"1\n"}, "Go on", WANG)
        assert len(made) == 64
        assert repository.head() == made
        assert repository.work_tree() == repository.head_tree()


def test_a_commit_in_a_folder_whose_name_has_a_line_break(tmp_path: Path) -> None:
    """git reads the names of files line by line."""
    folder = tmp_path / "a\nb"
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    with Repository.find(folder) as repository:
        made = commit_paths(repository, {"documents/a": b"1\n"}, "Sign", WANG, allow_unborn=True)

        assert repository.tree(made).read("documents/a") == b"1\n"


def test_a_commit_in_a_linked_work_tree(tmp_path: Path, git: Git, commit: Commit) -> None:
    commit({"documents/a": "1\n"})
    git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))

    with Repository.find(tmp_path / "linked") as repository:
        made = commit_paths(repository, {"documents/a": b"2\n"}, "Sign", WANG)

    assert git("rev-parse", "side") == made
    assert git("-C", str(tmp_path / "linked"), "status", "--porcelain") == ""
