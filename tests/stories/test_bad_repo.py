"""A repo that isn't ready for what is asked of it: told, with the way on, and left as it is."""

from pathlib import Path

from qms.testing.bad_input import NUMBER, signs_now, told
from qms.testing.office import Office


def test_no_git_repo(lx: Office, tmp_path: Path) -> None:
    nowhere = Office(tmp_path / "empty", lx.keys)
    nowhere.folder.mkdir()
    for arguments in (("check",), ("verify",), ("sign", NUMBER), ("list",), ("publish",)):
        told(nowhere.call(*arguments, by="fu.yi"), 3, "NO-REPO")
    assert nowhere.call("plugins").code == 0
    assert nowhere.call("--help").code == 0


def test_an_unborn_branch(lx: Office, tmp_path: Path) -> None:
    fresh = Office(tmp_path / "fresh", lx.keys)
    fresh.folder.mkdir()
    fresh.git("init", "-q", "-b", "main")
    told(fresh.call("check"), 1, "NO-POLICY")
    told(fresh.call("sign", NUMBER, by="fu.yi"), 1, "NO-POLICY")
    told(fresh.call("new", "manual", "--title", "x", by="fu.yi"), 1, "NO-POLICY")
    told(fresh.call("list"), 1, "NO-POLICY")
    assert fresh.call("verify").findings == ("HEAD-UNBORN",)
    assert not fresh.status
    assert "Copied the template" in fresh.qms("init", "--dry-run", by="fu.yi")
    assert not fresh.status


def test_a_repo_that_has_commits_and_no_policy(lx: Office, tmp_path: Path) -> None:
    other = Office(tmp_path / "other", lx.keys)
    other.folder.mkdir()
    other.git("init", "-q", "-b", "main")
    other.git("config", "user.name", "x")
    other.git("config", "user.email", "x@x.invalid")
    other.write("readme", "hello\n")
    other.git("add", "-A")
    other.git("commit", "-q", "-m", "x")
    told(other.call("check"), 1, "NO-POLICY")
    told(other.call("verify"), 3, "NO-POLICY")
    told(other.call("todo", by="fu.yi"), 1, "NO-POLICY")


def test_a_detached_head(submitted: Office) -> None:
    submitted.git("checkout", "-q", "--detach")
    submitted.qms("check")
    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, "HEAD-DETACHED")
    submitted.git("checkout", "-q", "main")
    signs_now(submitted)


def test_a_merge_in_progress(submitted: Office) -> None:
    submitted.git("checkout", "-q", "-b", "side")
    submitted.write("a.txt", "a\n")
    submitted.git("add", "-A")
    submitted.git("commit", "-q", "-m", "a")
    submitted.git("checkout", "-q", "main")
    submitted.git("merge", "-q", "--no-commit", "--no-ff", "side")
    submitted.qms("check")
    submitted.qms("check", "--index")
    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, "GIT-IN-PROGRESS")
    assert submitted.status == "A  a.txt"
    submitted.git("commit", "-q", "--no-edit")
    signs_now(submitted)


def test_an_index_that_another_git_holds(submitted: Office) -> None:
    lock = submitted.folder / ".git" / "index.lock"
    lock.touch()
    told(submitted.call("sign", NUMBER, by="fu.yi"), 3, "GIT-BUSY")
    lock.unlink()
    signs_now(submitted)


def test_a_remote_that_has_no_trunk_yet(submitted: Office, tmp_path: Path) -> None:
    submitted.git("init", "-q", "--bare", "-b", "main", str(tmp_path / "server.git"))
    submitted.git("remote", "add", "origin", str(tmp_path / "server.git"))
    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, "TRUNK-UNPUBLISHED")
    submitted.git("push", "-q", "origin", "main")
    signs_now(submitted)
