import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.findings import QmsError, Refused
from qms.storage.gitprogram import git_path, git_version
from qms.storage.repository import Repository

Git = Callable[..., str]
Commit = Callable[[dict[str, str | None]], str]


def code_of(folder: Path) -> str:
    with pytest.raises(QmsError) as caught, Repository.find(folder):
        pass
    return caught.value.finding.code


def test_a_folder_outside_of_git_is_no_repository(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "NO-REPO"


def test_the_repository_is_found_from_any_folder_in_it(root: Path) -> None:
    inner = root / "documents" / "procedure"
    inner.mkdir(parents=True)

    with Repository.find(inner) as found:
        assert found.root == root
        assert found.git_dir == root / ".git"


def test_a_bare_repository_has_no_work_tree(tmp_path: Path, root: Path, commit: Commit) -> None:
    head = commit({"a": "a\n"})
    bare = tmp_path / "bare"
    subprocess.run(["git", "clone", "-q", "--bare", str(root), str(bare)], check=True)

    with pytest.raises(QmsError) as caught:
        Repository.find(bare)
    assert caught.value.finding.code == "NO-REPO"
    with Repository.find(bare, named=True) as found:
        assert found.root is None
        assert found.resolve("main") == head
        with pytest.raises(QmsError) as caught:
            found.work_tree()
    assert caught.value.finding.code == "NO-WORK-TREE"


def test_a_linked_work_tree_shares_the_objects(tmp_path: Path, git: Git, commit: Commit) -> None:
    head = commit({"a": "a\n"})
    linked = tmp_path / "linked"
    git("worktree", "add", "-q", "-b", "side", str(linked))
    (linked / "documents").mkdir()
    (linked / "documents" / "x.md").write_text("x\n", encoding="utf-8")

    with Repository.find(linked) as found:
        assert (found.head(), found.branch()) == (head, "side")
        assert [change.path for change in found.work_tree().changes(found.tree(head))] == [
            "documents/x.md"
        ]


def test_borrowed_objects_are_refused(tmp_path: Path, root: Path, commit: Commit) -> None:
    commit({"a": "a\n"})
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--shared", str(root), str(clone)], check=True)

    assert code_of(clone) == "ALTERNATES"


def test_a_partial_clone_is_refused(tmp_path: Path, root: Path, git: Git, commit: Commit) -> None:
    commit({"a": "a\n"})
    git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    command = ["git", "clone", "-q", "--filter=blob:none", f"file://{root}", str(clone)]
    subprocess.run(command, check=True)

    assert code_of(clone) == "PARTIAL-CLONE"


def test_a_promisor_that_only_the_settings_name_is_refused(root: Path, git: Git) -> None:
    git("config", "remote.origin.promisor", "true")

    assert code_of(root) == "PARTIAL-CLONE"


def test_reading_what_is_missing_runs_no_command_of_a_promisor(
    tmp_path: Path, root: Path, git: Git, commit: Commit
) -> None:
    head = commit({"a": "a\n"})
    blob = git("rev-parse", "HEAD:a")
    with Repository.find(root) as found:
        tree = found.tree(head)
        tree.entry("a")
        (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        git("config", "extensions.partialClone", "origin")
        git("config", "remote.origin.url", "/nowhere")
        git("config", "remote.origin.promisor", "true")
        git("config", "remote.origin.uploadpack", f"touch {tmp_path}/ran; false")
        with pytest.raises(QmsError):
            tree.read("a")

    assert not (tmp_path / "ran").exists()


def test_commands_in_the_repositorys_settings_are_not_run(
    tmp_path: Path, root: Path, git: Git, commit: Commit
) -> None:
    head = commit({"qms.yaml": "a: b\n"})
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    trap = f"#!/bin/sh\ntouch {tmp_path}/ran\n"
    for name in ("fsmonitor", "reference-transaction", "post-index-change"):
        (hooks / name).write_text(trap, encoding="ascii")
        (hooks / name).chmod(0o755)
    git("config", "core.fsmonitor", str(hooks / "fsmonitor"))
    git("config", "core.hooksPath", str(hooks))

    with Repository.find(root) as found:
        found.commits(head)
        found.work_tree()
        found.index_tree()
        found.merge_base(head, head)

    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_is_read_where_the_user_says_so(
    root: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    head = commit({"qms.yaml": "a: b\n"})
    for path in (root, *root.rglob("*")):
        os.chown(path, 12345, 12345)
    settings = tmp_path / "settings"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))

    with pytest.raises(QmsError) as caught:
        Repository.find(root)
    assert caught.value.finding.code == "NOT-YOURS"
    settings.write_text(f"[safe]\ndirectory = {root}\n", encoding="utf-8")
    for options in ({}, {"anybodys": True}):
        with Repository.find(root, **options) as found:
            assert found.head() == head
            assert found.work_tree().id == found.tree(head).id


def test_revisions_are_resolved_to_commits(
    repository: Repository, git: Git, commit: Commit
) -> None:
    first, second = commit({"a": "1\n"}), commit({"a": "2\n"})
    git("tag", "-a", "v1", "-m", "v1", first)
    git("branch", "体系/质量")

    assert repository.head() == second
    assert repository.resolve("main") == second
    assert repository.resolve("v1") == first
    assert repository.resolve("HEAD~1") == first
    assert repository.resolve("体系/质量") == second
    assert repository.resolve(first[:10]) == first
    assert repository.resolve("nobody") is None
    assert repository.resolve("f" * 40) is None


@pytest.mark.parametrize("text", ["", "-x", "a\nb", "a b", "a..b", ":/text", "HEAD:a", "a\0", "*"])
def test_what_cannot_name_a_commit_is_refused(repository: Repository, text: str) -> None:
    with pytest.raises(Refused) as caught:
        repository.resolve(text)

    assert caught.value.finding.code == "BAD-REVISION"


def test_an_unborn_branch_has_a_name_and_an_empty_tree(repository: Repository) -> None:
    assert repository.head() is None
    assert repository.branch() == "main"
    assert list(repository.head_tree().files()) == []


def test_a_detached_head_is_on_no_branch(repository: Repository, git: Git, commit: Commit) -> None:
    head = commit({"a": "1\n"})
    git("checkout", "-q", "--detach")

    assert repository.branch() is None
    assert repository.head() == head


def test_a_merge_in_progress_names_what_it_brings(
    repository: Repository, git: Git, commit: Commit
) -> None:
    commit({"a": "1\n"})
    git("checkout", "-q", "-b", "side")
    side = commit({"b": "2\n"})
    git("checkout", "-q", "main")
    commit({"c": "2\n"})

    assert (repository.operation(), repository.merge_heads()) == (None, ())
    git("merge", "-q", "--no-commit", "side")
    assert (repository.operation(), repository.merge_heads()) == ("merge", (side,))


def test_a_commit_that_was_only_fetched_is_not_made_the_trunk(
    repository: Repository, root: Path, git: Git, commit: Commit, tmp_path: Path
) -> None:
    """It would be compared with itself, and nothing be wrong in it."""
    commit({"a": "1\n"})
    git("branch", "-M", "main")
    change = commit({"a": "2\n"})
    git("update-ref", "refs/merge-requests/1/head", change)
    git("reset", "-q", "--hard", "HEAD~1")
    fetched = tmp_path / "fetched"
    for command in (
        ["init", "-q", str(fetched)],
        ["-C", str(fetched), "fetch", "-q", str(root), "refs/merge-requests/1/head"],
        ["-C", str(fetched), "checkout", "-q", "--detach", "FETCH_HEAD"],
    ):
        subprocess.run(["git", *command], check=True)

    with Repository.find(fetched) as there:
        with pytest.raises(QmsError) as caught:
            there.trunk("main")
        told = caught.value.finding.values["command"]
        subprocess.run(told.replace("ADDRESS", str(root)).split(), cwd=fetched, check=True)

        assert there.trunk("main") == repository.head()
        assert there.head() == change


def test_the_trunk_is_that_of_the_remote(
    repository: Repository, root: Path, git: Git, commit: Commit, tmp_path: Path
) -> None:
    pushed = commit({"a": "1\n"})
    assert repository.trunk("main") == pushed
    with pytest.raises(QmsError) as caught:
        repository.trunk("none")
    assert caught.value.finding.code == "TRUNK-ABSENT"
    assert caught.value.finding.values["command"] == "git branch -m none"
    shutil.copytree(root, tmp_path / "shared")
    git("remote", "add", "origin", str(tmp_path / "shared"))
    git("fetch", "-q")
    commit({"a": "2\n"})

    with Repository.find(root) as found:
        assert found.remote() == "origin"
        assert found.trunk("main") == pushed


def test_a_remote_without_the_trunk_asks_for_a_push(root: Path, git: Git, commit: Commit) -> None:
    commit({"a": "1\n"})
    git("remote", "add", "upstream", "/nowhere")
    git("config", "qms.remote", "upstream")

    with Repository.find(root) as found, pytest.raises(Refused) as caught:
        found.trunk("main")

    assert caught.value.finding.code == "TRUNK-UNPUBLISHED"
    assert caught.value.finding.values == {
        "remote": "upstream", "branch": "main", "again": "git remote add upstream /nowhere",
    }  # fmt: skip


def test_the_users_settings_are_read_as_git_reads_them(root: Path, git: Git) -> None:
    git("config", "qms.key", "~/.ssh/first")
    git("config", "--add", "qms.key", "~/.ssh/last")
    git("config", "remote.Origin.url", "here")

    with Repository.find(root) as found:
        assert found.config("qms.key") == "~/.ssh/last"
        assert found.config("QMS.Key") == "~/.ssh/last"
        assert found.config("remote.Origin.url") == "here"
        assert found.config("remote.origin.url") is None
        assert found.config("user.email") == "a@example.org"


def test_a_missing_git_is_told() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/nowhere")
        with pytest.raises(QmsError) as caught:
            git_path(("/nowhere",))

    assert caught.value.finding.code == "GIT-MISSING"
    assert git_version()[0].isdigit()


def test_a_git_in_a_stray_path_is_not_used(
    tmp_path: Path, root: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = commit({"a": "1\n"})
    (tmp_path / "git").write_text("#!/bin/sh\nexit 9\n", encoding="ascii")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    with Repository.find(root) as found:
        assert found.head() == head


def test_names_and_trees_of_all_kinds_are_opened(
    repository: Repository, git: Git, commit: Commit
) -> None:
    head = commit({"a": "1\n"})
    tree = repository.objects.commit(head).tree

    assert repository.tree(head) == repository.tree(tree)
    with pytest.raises(QmsError) as caught:
        repository.tree(git("rev-parse", "HEAD:a"))
    assert caught.value.finding.code == "OBJECT-CORRUPT"


def test_the_size_of_packs_tells_how_much_there_is_to_read(
    repository: Repository, git: Git, commit: Commit
) -> None:
    commit({"a.md": "one\n"})
    loose = repository.packed_bytes()

    git("gc", "-q")

    assert loose == 0
    assert repository.packed_bytes() > 0


def test_without_the_trunk_the_one_command_that_fetches_it_is_named(
    root: Path, git: Git, commit: Commit
) -> None:
    """A checkout of a merge request, as forges make it: nobody can tell what is new there."""
    head = commit({"a": "1\n"})
    git("remote", "add", "origin", "/nowhere")
    git("update-ref", "refs/remotes/origin/work", head)

    with Repository.find(root) as found, pytest.raises(QmsError) as caught:
        found.trunk("main")

    assert caught.value.exit_code == 3
    assert caught.value.finding.code == "TRUNK-UNKNOWN"
    asked = "git fetch origin +refs/heads/main:refs/remotes/origin/main"
    assert caught.value.finding.values["command"] == asked


def test_the_only_remote_is_the_shared_one_whatever_it_is_called(
    root: Path, git: Git, commit: Commit
) -> None:
    head = commit({"a": "1\n"})
    git("remote", "add", "firm", "/nowhere")
    git("update-ref", "refs/remotes/firm/main", head)
    with Repository.find(root) as found:
        assert found.trunk("main") == head
    git("remote", "add", "mine", "/elsewhere")
    with Repository.find(root) as found, pytest.raises(QmsError) as caught:
        found.trunk("main")
    assert caught.value.finding.code == "REMOTE-UNKNOWN"
