"""A repository without a work tree, committed as files: nobody is told of it by standing in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qms.testing import DocsRepo
from qms.testing.office import Answer, Office

READING = (
    ("list",), ("show", "LX-WI-01"), ("history", "LX-WI-01"), ("copies", "LX-WI-01"),
    ("asof", "today"), ("check",), ("check", "--all"), ("verify",), ("todo",), ("doctor",),
    ("diff", "LX-WI-01"),
)  # fmt: skip


@pytest.fixture
def canary(repo: DocsRepo, tmp_path: Path) -> Iterator[tuple[Office, Path]]:
    """A clone that has one in `assets/`, whose settings run a program; and what that leaves."""
    canary = tmp_path / "canary"
    office = Office(repo.lay_out(), tmp_path / "keys", repo.now)
    run = f"touch {canary}"
    settings = (
        f"[core]\n\tbare = true\n\tfsmonitor = {run}\n\tpager = {run}\n\tsshCommand = {run}\n"
    )
    bare = {
        "HEAD": "ref: refs/heads/main\n",
        "config": settings + f"[qms]\n\tkey = /dev/null\n[diff]\n\texternal = {run}\n",
        "objects/info/x": "",
        "refs/heads/x": "",
        "hooks/post-checkout": f"#!/bin/sh\n{run}\n",
    }
    for name, text in bare.items():
        office.write(f"assets/bare/{name}", text)
    (office.folder / "assets/bare/hooks/post-checkout").chmod(0o755)
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "A folder")
    found = office.git("-c", "safe.bareRepository=all", "-C", "assets/bare", "rev-parse",
                       "--absolute-git-dir")  # fmt: skip
    assert found == str(office.folder / "assets/bare"), "git itself takes it for one"
    yield office, canary
    assert not canary.exists()


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("inside", ["assets/bare", "assets/bare/refs/heads"])
def test_nobody_who_stands_in_it_is_told_of_it(
    canary: tuple[Office, Path], inside: str, command: tuple[str, ...]
) -> None:
    """Row 212 (LV): each answer is that of the repository which holds the folder as files."""
    office, _ = canary

    def told(folder: Path) -> Answer:
        return Office(folder, office.keys, office.now).finish(*command)

    here, there = told(office.folder), told(office.folder / inside)

    assert (there.code, there.out) == (here.code, here.out), there
