"""A commit holds what it names; what else is staged, edited or set stays as it is."""

import os
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qms.findings import QmsError, Refused
from qms.storage.repository import Repository
from qms.storage.workrepo import Author, commit_paths

Git = Callable[..., str]
Commit = Callable[[dict[str, str | None]], str]
State = Callable[[], tuple[str, str, str]]

WANG = Author("王五", "wang.wu@example.org", datetime(2026, 11, 23, 6, 36, tzinfo=UTC))


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


def test_a_detached_head_is_refused(
    repository: Repository, git: Git, state: State, commit: Commit
) -> None:
    commit({"documents/a": "1\n"})
    git("checkout", "-q", "--detach")
    before = state()

    with pytest.raises(Refused) as caught:
        commit_paths(repository, {"documents/a": b"2\n"}, "Sign", WANG)

    assert caught.value.finding.code == "HEAD-DETACHED"
    assert state() == before


def test_a_merge_in_progress_is_refused(
    repository: Repository, git: Git, state: State, commit: Commit
) -> None:
    commit({"documents/a": "1\n"})
    git("checkout", "-q", "-b", "side")
    commit({"b": "2\n"})
    git("checkout", "-q", "main")
    commit({"c": "2\n"})
    git("merge", "-q", "--no-commit", "side")
    before = state()

    with pytest.raises(Refused) as caught:
        commit_paths(repository, {"documents/a": b"2\n"}, "Sign", WANG)

    assert caught.value.finding.code == "GIT-IN-PROGRESS"
    assert caught.value.finding.values["operation"] == "merge"
    assert state() == before


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
