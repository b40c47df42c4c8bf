"""Somebody commits, edits or holds a lock while a commit is made: nothing of theirs is lost."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qms.findings import QmsError, Refused
from qms.storage import workrepo
from qms.storage.repository import Repository
from qms.storage.unfinished import unfinished
from qms.storage.workrepo import Author, commit_paths

Git = Callable[..., str]
Commit = Callable[[dict[str, str | None]], str]
State = Callable[[], tuple[str, str, str]]

WANG = Author("王五", "wang.wu@example.org", datetime(2026, 11, 23, 6, 36, tzinfo=UTC))


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
    repository: Repository, root: Path, state: State, commit: Commit
) -> None:
    """Row 75 (S)"""
    head = commit({"documents/a": "1\n"})
    commit({"documents/a": "other\n"})
    before = state()

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
    assert state() == before
    assert not (root / "released").exists()


def test_a_file_that_was_edited_meanwhile_is_not_overwritten(
    repository: Repository, root: Path, state: State, commit: Commit
) -> None:
    """Row 75 (S)"""
    commit({"documents/a": "1\n"})
    seen = {"documents/a": repository.work_tree().entry("documents/a"), "released/x": None}
    (root / "documents" / "a").write_text("typed just now\n", encoding="utf-8")
    before = state()

    with pytest.raises(Refused) as caught:
        commit_paths(repository, {"documents/a": b"2\n"}, "Sign", WANG, seen=seen)

    assert caught.value.finding.code == "CHANGED-WHILE-SIGNING"
    assert state() == before
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
    repository: Repository, root: Path, git: Git, state: State, commit: Commit
) -> None:
    commit({"documents/a": "1\n", "documents/b": "1\n"})
    (root / "documents" / "a").write_text("typed\n", encoding="utf-8")
    git("add", "-A")
    before = state()
    (root / ".git" / "refs" / "heads" / "main.lock").touch()

    with pytest.raises(QmsError) as caught:
        commit_paths(repository, {"documents/a": b"2\n", "documents/b": None}, "Sign", WANG)

    assert caught.value.finding.code == "GIT-BUSY"
    assert state() == before


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
