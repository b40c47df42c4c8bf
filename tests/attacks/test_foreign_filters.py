"""Nothing that a folder's own git settings name is run by a command that only reads it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing import DocsRepo

Configure = Callable[[DocsRepo, str, str], None]


def in_the_config(repo: DocsRepo, key: str, command: str) -> None:
    repo.history.git("config", key, command)


def in_an_included_file(repo: DocsRepo, key: str, command: str) -> None:
    repo.history.git("config", "include.path", "more")
    repo.history.git("config", "--file", str(repo.path / ".git/more"), key, command)


def in_the_config_of_the_work_tree(repo: DocsRepo, key: str, command: str) -> None:
    repo.history.git("config", "extensions.worktreeConfig", "true")
    repo.history.git("config", "--worktree", key, command)


@pytest.mark.parametrize("name", ["x", "a.b", "x=y"])
@pytest.mark.parametrize("variable", ["clean", "process"])
@pytest.mark.parametrize(
    "configure", [in_the_config, in_an_included_file, in_the_config_of_the_work_tree]
)
def test_no_filter_runs(
    repo: DocsRepo, tmp_path: Path, configure: Configure, variable: str, name: str
) -> None:
    """`git status` runs it on each file that looks touched: all, in a folder that was copied."""
    ran, script = tmp_path / "ran", tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    script.chmod(0o755)
    repo.lay_out()
    configure(repo, f"filter.{name}.{variable}", str(script))
    configure(repo, f"filter.{name}.required", "true")
    (repo.path / ".git/info").mkdir(exist_ok=True)
    (repo.path / ".git/info/attributes").write_text(f"* filter={name}\n")

    for command in (("list",), ("check",), ("check", "--all"), ("show", "LX-WI-01")):
        for path in repo.path.rglob("*"):
            if ".git" not in path.parts and path.is_file():
                os.utime(path, (1, 1))
        assert repo.qms(*command).code == 0
        assert not ran.exists(), command
