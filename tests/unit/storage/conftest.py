"""A real repository in a folder of its own, out of reach of the machine's git settings."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qms.storage.repository import Repository

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_", "SSH_", "QMS_"))]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\nname = A\nemail = a@example.org\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty repository on an unborn branch main."""
    folder = tmp_path / "docs"
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    return folder


@pytest.fixture
def git(root: Path) -> Git:
    """Run git in the repository as its user does; gives what it prints."""

    def run(*arguments: str, stdin: str | None = None) -> str:
        command = ["git", *arguments]
        done = subprocess.run(
            command, cwd=root, input=stdin, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    return run


@pytest.fixture
def state(git: Git) -> Callable[[], tuple[str, str, str]]:
    """Asks for HEAD, the index and what the work tree holds, as git sees them."""
    return lambda: (
        git("rev-parse", "--verify", "-q", "HEAD"),
        git("ls-files", "-s"),
        git("status", "-s"),
    )


@pytest.fixture
def commit(root: Path, git: Git) -> Git:
    """Write files (``path="text"``, None removes) and commit everything; gives the id."""

    def make(files: dict[str, str | None]) -> str:
        for path, text in files.items():
            where = root / path
            where.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                where.unlink()
            else:
                where.write_bytes(text.encode())
        git("add", "-A")
        git("commit", "-q", "--allow-empty", "-m", "change")
        return git("rev-parse", "HEAD")

    return make


@pytest.fixture
def repository(root: Path) -> Iterator[Repository]:
    """What is tested."""
    with Repository.find(root) as found:
        yield found
