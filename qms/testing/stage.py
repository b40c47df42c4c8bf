"""The stage of the demo: a server, people with a clone and a key each, and a clock of its own.

A bare repo is the server; each person has a clone and a key with a passphrase, handed over by
SSH_ASKPASS: nothing is typed. The clock stands still between commands (``QMS_NOW``) and the
user's own git settings can't reach in, so that two runs tell the same story.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import click

PASSPHRASE = "demo passphrase, known to everybody"  # noqa: S105 - it guards nothing
BEGIN = datetime.fromisoformat("2026-11-02T09:00:00+08:00")


class DemoError(Exception):
    """A command of the demo did not do what the story needs."""


@dataclass(slots=True)
class DemoStage:
    """The folder of the demo: server, clones, keys, clock."""

    folder: Path
    now: datetime = BEGIN
    quiet: bool = False
    clones: dict[str, Path] = field(default_factory=dict[str, Path])

    def prepare(self) -> None:
        """Build it: folders, and a bare repo as the server."""
        for name in ("clones", "keys", "home"):
            (self.folder / name).mkdir(parents=True)
        ask = self.folder / "home" / "askpass"
        ask.write_text(f"#!/bin/sh\necho '{PASSPHRASE}'\n", encoding="utf-8")
        ask.chmod(0o700)
        self.run(["git", "init", "-q", "--bare", "-b", "main", "server.git"], self.folder)

    def environment(self) -> dict[str, str]:
        """What a command of the demo sees: nothing of the user's own settings."""
        home = self.folder / "home"
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "TERM", "TMPDIR")}
        return kept | {
            "HOME": str(home),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(home / ".cache")),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_DATE": self.now.isoformat(),
            "GIT_COMMITTER_DATE": self.now.isoformat(),
            "SSH_ASKPASS": str(home / "askpass"),
            "SSH_ASKPASS_REQUIRE": "force",
            "QMS_NOW": self.now.isoformat(),
        }

    def run(self, command: Sequence[str], cwd: Path, *, may_fail: bool = False) -> str:
        """Run a command and give what it printed. Raises `DemoError` where it fails."""
        done = subprocess.run(  # noqa: S603 - the commands of the story
            command,
            cwd=cwd,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode and not may_fail:
            raise DemoError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def person(self, name: str) -> "Player":
        """Somebody with a clone and a key, made at the first call."""
        if name not in self.clones:
            clone = self.folder / "clones" / name
            key = self.key(name, name)
            self.clone(clone)
            for setting, value in (
                ("user.name", name),
                ("user.email", f"{name}@lingxiao.example"),
                ("qms.key", str(key)),
                ("pull.rebase", "false"),
            ):
                self.run(["git", "config", setting, value], clone)
            self.clones[name] = clone
        return Player(self, name, self.clones[name])

    def key(self, owner: str, name: str) -> Path:
        """A new key of `owner`, in a file of that name."""
        key = self.folder / "keys" / name
        self.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-a", "1", "-N", PASSPHRASE,
             "-C", owner, "-f", str(key)],
            self.folder,
        )  # fmt: skip
        return key

    def clone(self, place: Path) -> None:
        """A clone of the server at `place`: there as a whole, or not at all. It only rehearses."""
        half = place.with_name(f"{place.name}.half")
        self.run(["git", "clone", "-q", str(self.folder / "server.git"), str(half)], self.folder)
        self.run(["git", "config", "qms.rehearsal", "true"], half)
        half.rename(place)

    def later(self, **span: int) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def say(self, text: str) -> None:
        """Tell the story."""
        if not self.quiet:
            click.echo(text)  # bold on a terminal, plain in a file


@dataclass(slots=True)
class Player:
    """A person at their own clone."""

    stage: DemoStage
    name: str
    clone: Path

    def qms(self, *arguments: str, may_fail: bool = False) -> str:
        """Run `qms` as this person, and show it."""
        self.stage.later(minutes=7)
        self.stage.say(f"\033[1m{self.name} $\033[0m qms {' '.join(arguments)}")
        qms = Path(sys.executable).with_name("qms")
        out = self.stage.run([str(qms), *arguments], self.clone, may_fail=may_fail)
        told = [line for line in out.splitlines() if "QMS_NOW" not in line]  # said at each call
        self.stage.say("".join(f"    {line}\n" for line in told).rstrip())
        return out

    def git(self, *arguments: str) -> str:
        """Run git as this person."""
        return self.stage.run(["git", *arguments], self.clone)

    def head(self) -> str:
        """The commit that this person's clone is at."""
        return self.git("rev-parse", "HEAD").strip()

    def pull(self) -> "Player":
        """Fetch what others did."""
        self.git("pull", "-q", "--no-edit", "origin", "main")
        return self

    def push(self) -> "Player":
        """Hand over what was done."""
        self.git("push", "-q", "origin", "HEAD:main")
        return self

    def edit(self, path: str, old: str, new: str) -> None:
        """Change words in a file. Raises `DemoError` where they are not there."""
        file = self.clone / path
        text = file.read_text(encoding="utf-8")
        if old not in text:
            raise DemoError(f"{path}: {old}")
        file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
