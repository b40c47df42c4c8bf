"""A folder that somebody handed over, with its `.git`, under every command that reads it (issue 8).

Three canaries: a program that leaves a mark where anybody runs it, a port that counts who comes,
and all files, of the clone and beside it: they have to be as they were, times of folders included.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import qms
from qms.testing import DocsRepo
from qms.testing.office import Office

ROOT = Path(qms.__file__).parents[1]
NUMBER = "LX-CX-2026-01"
READING = (
    ("list",), ("show", NUMBER), ("history", NUMBER), ("copies", NUMBER), ("diff", NUMBER),
    ("todo",), ("asof", "2026-11-19"), ("doctor",), ("plugins",), ("check",), ("check", "--all"),
    ("check", "--index"), ("check", "--step", "HEAD~1", "HEAD"), ("verify",),
    ("verify", "--explain", NUMBER), ("publish", "--dry-run", "--unsigned"),
    ("submit", "--dry-run", NUMBER), ("policy", "sign", "--dry-run"),
)  # fmt: skip
PROGRAMS = (
    "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass",
    "core.gitProxy", "core.alternateRefsCommand", "gpg.program", "gpg.ssh.program",
    "gpg.ssh.defaultKeyCommand", "diff.external", "diff.x.command", "diff.x.textconv",
    "filter.x.clean", "filter.x.smudge",
    "filter.x.process", "merge.x.driver", "credential.helper", "sequence.editor", "pager.status",
    "interactive.diffFilter", "uploadpack.packObjectsHook", "remote.origin.uploadpack",
    "submodule.x.update", "alias.cat-file", "alias.status", "alias.config", "sendemail.smtpserver",
    "receive.procReceiveRefs", "trailer.x.command", "hook.x.command", "man.x.cmd", "web.browser",
)  # fmt: skip
HOOKS = (
    "post-index-change", "reference-transaction", "pre-commit", "post-checkout",
    "fsmonitor-watchman", "pre-auto-gc", "pre-receive", "update", "post-update", "push-to-checkout",
)  # fmt: skip


@dataclass
class Canary:
    """What nobody may touch. `repo` is the clone as it was handed over."""

    repo: DocsRepo
    outside: Path
    port: socket.socket

    @property
    def git_dir(self) -> Path:
        return self.repo.path / ".git"

    @property
    def marks(self) -> list[str]:
        """Names of the programs that ran."""
        return sorted(one.name for one in (self.outside / "ran").iterdir())

    def program(self, name: str) -> Path:
        """A program that leaves a mark of this name, and goes on like `cat`."""
        script = self.outside / "programs" / name
        script.write_text(f"#!/bin/sh\n: > '{self.outside}/ran/{name}'\ncat\n")
        script.chmod(0o755)
        return script

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port.getsockname()[1]}"

    def visitors(self) -> int:
        """How many have come to the port."""
        count = 0
        while True:
            try:
                self.port.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1

    def files(self) -> Mapping[str, tuple[int, int, int, bytes]]:
        """Everything in the clone and beside it, so that a change of anything shows."""
        found: dict[str, tuple[int, int, int, bytes]] = {}
        for top in (self.repo.path, self.outside):
            for path in (top, *top.rglob("*")):
                there = path.lstat()
                data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
                # git itself marks the other half of a split index as still in use by its time.
                at = 0 if path.name.startswith("sharedindex.") else there.st_mtime_ns
                found[str(path)] = (there.st_mode, at, there.st_size, data)
        return found


@pytest.fixture
def canary(repo: DocsRepo, tmp_path: Path) -> Iterator[Canary]:
    outside = tmp_path / "outside"
    for name in ("ran", "programs", "home"):
        (outside / name).mkdir(parents=True)
    (outside / "home" / "authorized_keys").write_text("the owner's\n", encoding="ascii")
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        port.listen()
        port.settimeout(0)
        repo.lay_out()
        yield Canary(repo, outside, port)


Plant = Callable[[Canary], None]
CLONES: dict[str, Plant] = {}


def clone(plant: Plant) -> Plant:
    CLONES[plant.__name__] = plant
    return plant


def attributes(canary: Canary) -> None:
    (canary.git_dir / "info").mkdir(exist_ok=True)
    (canary.git_dir / "info/attributes").write_text("* filter=x diff=x merge=x\n")
    for path in canary.repo.path.rglob("*"):  # what looks touched is what git compares
        if ".git" not in path.parts and path.is_file():
            os.utime(path, (1, 1))


@clone
def settings_that_name_programs(canary: Canary) -> None:
    for name in PROGRAMS:
        canary.repo.history.git("config", name, str(canary.program(name)))
    attributes(canary)


@clone
def settings_in_a_file_that_is_included(canary: Canary) -> None:
    more = canary.git_dir / "more"
    for name in PROGRAMS:
        program = str(canary.program(name))
        canary.repo.history.git("config", "--file", str(more), name, program)
    canary.repo.history.git("config", f"includeIf.gitdir:{canary.repo.path}/.path", "more")
    canary.repo.history.git("config", "include.path", "more")
    attributes(canary)


@clone
def a_filter_without_a_name(canary: Canary) -> None:
    with (canary.git_dir / "config").open("a", encoding="utf-8") as config:
        for key in ("clean", "process"):
            config.write(f'[filter ""]\n\t{key} = {canary.program(f"unnamed-{key}")}\n')
    attributes(canary)
    (canary.git_dir / "info/attributes").write_text("* filter=\n")


@clone
def settings_that_hang_on_who_reads_them(canary: Canary) -> None:
    """What is included is found from where git runs, not from where somebody looked before."""
    for name in PROGRAMS:
        program = str(canary.program(name))
        canary.repo.history.git("config", "--file", str(canary.repo.path / "look"), name, program)
    canary.repo.history.git("config", "include.path", "/proc/self/cwd/look")
    attributes(canary)


@clone
def hooks_of_every_name(canary: Canary) -> None:
    for folder in ("hooks", "more"):
        (canary.git_dir / folder).mkdir(exist_ok=True)
        for name in HOOKS:
            shutil.copy(canary.program(f"{folder}-{name}"), canary.git_dir / folder / name)
    canary.repo.history.git("config", "core.hooksPath", str(canary.git_dir / "more"))
    canary.repo.history.git("config", "core.fsmonitor", "true")


@clone
def remotes_that_are_programs_or_ports(canary: Canary) -> None:
    git = canary.repo.history.git
    git("config", "remote.origin.url", f"ext::{canary.program('ext')}")
    git("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    git("config", "remote.other.url", f"git://{canary.address}/x")
    git("config", f"url.git://{canary.address}/.insteadOf", "https://")
    git("config", "protocol.ext.allow", "always")
    git("config", "branch.main.remote", "other")
    git("config", "branch.main.merge", "refs/heads/main")


@clone
def objects_that_a_remote_promises(canary: Canary) -> None:
    git = canary.repo.history.git
    git("config", "remote.origin.url", f"git://{canary.address}/x")
    git("config", "remote.origin.promisor", "true")
    git("config", "remote.origin.partialCloneFilter", "blob:none")
    git("config", "extensions.partialClone", "origin")


@clone
def objects_of_another_place(canary: Canary) -> None:
    (canary.git_dir / "objects/info").mkdir(exist_ok=True)
    (canary.git_dir / "objects/info/alternates").write_text(f"{canary.outside}/home\n")
    (canary.git_dir / "objects/info/http-alternates").write_text(f"http://{canary.address}/\n")


@clone
def a_repository_inside_with_programs_of_its_own(canary: Canary) -> None:
    inside = canary.repo.path / "notes" / "inside"
    subprocess.run(["git", "init", "-q", str(inside)], check=True)
    subprocess.run(
        ["git", "-C", str(inside), "-c", "user.name=x", "-c", "user.email=x@example.org", "commit",
         "-q", "--allow-empty", "-m", "x"], check=True,
    )  # fmt: skip
    for name in PROGRAMS:
        value = str(canary.program(name))
        subprocess.run(["git", "-C", str(inside), "config", name, value], check=True)
    modules = f'[submodule "x"]\n\tpath = notes/inside\n\turl = ext::{canary.program("module")}\n'
    (canary.repo.path / ".gitmodules").write_text(f"{modules}\tupdate = !{canary.program('up')}\n")
    canary.repo.history.git("add", "notes/inside")
    canary.repo.history.git("config", "submodule.recurse", "true")
    canary.repo.history.git("config", "status.submoduleSummary", "true")
    canary.repo.history.git("config", "diff.ignoreSubmodules", "none")


@clone
def a_work_tree_that_is_elsewhere(canary: Canary) -> None:
    canary.repo.history.git("config", "core.worktree", str(canary.outside / "home"))


@clone
def an_index_that_asks_to_be_kept_up(canary: Canary) -> None:
    git = canary.repo.history.git
    for name, value in (
        ("core.untrackedCache", "true"), ("core.splitIndex", "true"), ("feature.manyFiles", "true"),
        ("gc.auto", "1"), ("gc.autoDetach", "true"), ("maintenance.auto", "true"),
        ("fetch.writeCommitGraph", "true"), ("core.logAllRefUpdates", "always"),
        ("index.version", "4"), ("core.fsync", "all"), ("core.preloadIndex", "true"),
    ):  # fmt: skip
        git("config", name, value)
    git("update-index", "--split-index", "--untracked-cache")
    attributes(canary)


@clone
def notes_of_a_command_that_was_ended(canary: Canary) -> None:
    """As if a writing command of ours had stopped half-way, with a file of the owner's in it."""
    target = canary.outside / "home" / "authorized_keys"
    note = f'{{"files": {{"{target}": "bWFsbG9yeQ=="}}, "head": "{canary.repo.tip}", "pid": 1}}'
    for name in ("qms-unfinished.json", "qms-1-unfinished.json", "qms/unfinished/1.json"):
        (canary.git_dir / name).parent.mkdir(parents=True, exist_ok=True)
        (canary.git_dir / name).write_text(note)
    (canary.git_dir / "index.lock").write_bytes(b"")
    (canary.git_dir / "HEAD.lock").write_bytes(b"")


@clone
def links_that_lead_out(canary: Canary) -> None:
    """Where something of ours might be written: caches, output, the folders of texts."""
    for name in ("published", "notes", ".qms", "acks"):
        (canary.repo.path / name).symlink_to(canary.outside / "home")
    (canary.git_dir / "qms").symlink_to(canary.outside / "home")
    (canary.repo.path / "look.yaml").symlink_to(canary.outside / "home" / "authorized_keys")


@pytest.mark.parametrize("plant", CLONES.values(), ids=CLONES)
def test_no_command_that_reads_runs_writes_or_calls_anything(
    canary: Canary, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows 57, 58 (LRVP); where the clone is refused, each command says so by a code."""
    plant(canary)
    for mark in canary.marks:  # git itself may have run it while it was planted
        (canary.outside / "ran" / mark).unlink()
    canary.visitors()
    monkeypatch.chdir(canary.repo.path)
    office = Office(canary.repo.path, canary.outside / "keys", canary.repo.now)
    before = canary.files()

    for command in READING:
        said = office.call(*command)
        assert said.code in (0, 1, 3), (command, said)
        assert "a fault in qms" not in said.err, (command, said.err)
        assert not canary.marks, command
        assert not canary.visitors(), command
        after = canary.files()
        changed = {path for path in before.keys() | after if before.get(path) != after.get(path)}
        assert not changed, command


SHADOWS = (
    "qms.py", "click.py", "json.py", "tomllib.py", "sitecustomize.py", "usercustomize.py", "git",
    "ssh-keygen", "readlink", "gcc", "cc", "ld", "ldconfig", "ssh", "qms_publish.py",
    "encodings.py", "conftest.py", "python", "python3",
)  # fmt: skip


PLACES = ("", ".", "REPO", "REPO:")
"""Of modules: what PYTHONPATH says, an empty part being the folder one is in."""


@pytest.mark.parametrize("path", PLACES)
def test_what_lies_in_the_folder_takes_nobodys_place(canary: Canary, path: str) -> None:
    """Row 91 (LV): a module or a program of the clone, also with `.` first on PATH."""
    for name in SHADOWS:
        script = canary.repo.path / name
        mark = f"{canary.outside}/ran/{name}"
        text = f"open({mark!r}, 'w')\n" if name.endswith(".py") else f"#!/bin/sh\n: > '{mark}'\n"
        script.write_text(text)
        script.chmod(0o755)
    for name in ("qms", "click"):
        (canary.repo.path / name).mkdir()
        mark = f"{canary.outside}/ran/{name}"
        (canary.repo.path / name / "__init__.py").write_text(f"open({mark!r}, 'w')\n")
    program = Path(sys.executable).parent / "qms"
    link = canary.outside / "qms"
    link.symlink_to(program)
    search = {
        "PATH": f".:{os.environ['PATH']}", "HOME": str(canary.outside / "home"),
        "PYTHONPATH": path.replace("REPO", str(canary.repo.path)),
        "PYTHONSTARTUP": str(canary.repo.path / "conftest.py"),
    }  # fmt: skip

    for command in (("list",), ("check",), ("verify",), ("doctor",)):
        for called in (program, link):
            done = subprocess.run(
                [called, *command], cwd=canary.repo.path, env=search, check=False,
                capture_output=True,
            )  # fmt: skip
            assert not canary.marks, command
            assert done.stdout, "the command itself has run"


@pytest.mark.parametrize("command", ["doctor", "verify"])
def test_modules_that_come_before_ours_are_named(canary: Canary, command: str) -> None:
    """Row 91 (V): PYTHONPATH with the folder one is in; they have run before anybody can look."""
    path = f"{ROOT}{os.pathsep}"
    told: dict[str, str] = {}
    for name, options, value in (
        ("isolated", ["-I"], path), ("nothing set", [], ""), ("set", [], path),
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, *options, "-m", "qms", "--lang", "en", command], cwd=canary.repo.path,
            env={"PYTHONPATH": value, "PATH": os.environ["PATH"]},
            check=False, capture_output=True, encoding="utf-8",
        )  # fmt: skip
        told[name] = done.stdout + done.stderr

    said = f"in {ROOT}, . come before those of qms; to take none of them: "
    assert said + sys.executable in told["set"].replace("modules in", "in")
    assert "come before those of qms" not in told["isolated"]
    assert "come before those of qms" not in told["nothing set"]
