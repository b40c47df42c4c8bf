"""A docs repo and its people at their terminals: what a story drives by the command line alone.

Real git, real keys, real ssh-keygen. Commands run in the process of the test, since starting
Python for each would cost ten times as much; where the process itself matters, `start` gives one.
"""

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from qms.cli import run
from qms.testing.gitrepo import START, TICK
from qms.testing.keys import key

PROGRAM: Final = "from qms.cli import main; main()"
_CODE: Final = re.compile(r"(?:^|: )(?:error|warning|错误|警告) ([A-Z][A-Z0-9-]+):", re.MULTILINE)
_PLACE: Final = re.compile(
    r"^([^\s:]+):(\d+): (?:error|warning|错误|警告) ([A-Z][A-Z0-9-]+):", re.MULTILINE
)


class Answer(NamedTuple):
    """What a call of `qms` left: its exit code, what it printed, what it complained of."""

    code: int
    out: str
    err: str

    @property
    def findings(self) -> tuple[str, ...]:
        """The codes of all findings, in the order printed."""
        return tuple(_CODE.findall(f"{self.out}\n{self.err}"))

    @property
    def lines(self) -> Mapping[str, str]:
        """``path:line`` by code, for findings that name a line."""
        found = _PLACE.findall(f"{self.out}\n{self.err}")
        return {code: f"{path}:{line}" for path, line, code in found}


@dataclass(slots=True)
class Office:
    """One work repo; whoever sits down at it brings their key. `now` only moves when told."""

    folder: Path
    keys: Path
    now: datetime = START
    environment: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def found(cls, folder: Path, files: Mapping[str, bytes], signers: Iterable[str]) -> "Office":
        """A repo with these files and everybody's keys, its policy version 1 signed by `signers`.

        Every person in people.yaml gets a key named as they are.
        """
        office = cls(folder / "docs", folder / "keys")
        office.folder.mkdir(parents=True)
        office.git("init", "-q", "-b", "main", "--template=")
        for name, value in (
            ("user.name", "Somebody"),
            ("user.email", "somebody@qms.invalid"),
            ("qms.allowUnencryptedKey", "true"),
            ("qms.rehearsal", "true"),
        ):
            office.git("config", name, value)
        for path, data in files.items():
            office.write(path, data)
        for person in re.findall(r"- \{id: ([a-z.]+),[^\n]*keys: \[", office.text("people.yaml")):
            office.qms("policy", "key", person, str(office.key(person)) + ".pub")
        first, *others = signers
        office.qms("init", by=first)
        for signer in others:
            office.qms("policy", "sign", by=signer)
        office.git("add", "-A")
        if office.git("status", "--porcelain"):
            office.git("commit", "-q", "-m", "Files of the company")
        return office

    def copy(self, folder: Path) -> "Office":
        """The same office in another folder, with a life of its own from here on."""
        shutil.copytree(self.folder, folder / "docs", symlinks=True)
        return Office(folder / "docs", self.keys, self.now, dict(self.environment))

    def key(self, person: str, passphrase: str = "") -> Path:
        """The private key file of a person."""
        folder = self.keys if not passphrase else self.keys / "encrypted"
        return key(person).file(folder, passphrase)

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    # commands

    def call(self, *arguments: str, by: str | None = None, lang: str = "en") -> Answer:
        """Run `qms` as `by`, whatever comes of it; seven minutes pass."""
        self.now += TICK
        signing = () if by is None else ("--key", str(self.key(by)))
        # Nobody sits at a terminal here: who signs a policy means it. `start` says what is asked.
        is_asked = ("policy", "sign") in pairwise(arguments)
        yes = ("--yes",) if is_asked else ()
        out, err = io.StringIO(), io.StringIO()
        with self._environment(), redirect_stdout(out), redirect_stderr(err):
            code = run(["--lang", lang, "-C", str(self.folder), *signing, *arguments, *yes])
        return Answer(code, out.getvalue(), err.getvalue())

    def qms(self, *arguments: str, by: str | None = None) -> str:
        """What `qms` prints, run as `by`; AssertionError where it does not end with 0."""
        answer = self.call(*arguments, by=by)
        if answer.code:
            raise AssertionError(
                f"qms {' '.join(arguments)}: {answer.code}\n{answer.out}{answer.err}"
            )
        return answer.out

    def start(
        self,
        *arguments: str,
        by: str | None = None,
        lang: str = "en",
        program: str = PROGRAM,
        **more: str,
    ) -> "subprocess.Popen[str]":
        """`qms` as a process of its own, in a process group of its own, in the repo's folder.

        `program` is what Python runs, `more` are variables of its environment.
        """
        self.now += TICK
        signing = () if by is None else ("--key", str(self.key(by)))
        language = ("--lang", lang) if lang else ()
        return subprocess.Popen(  # noqa: S603 - our own tool
            [sys.executable, "-P", "-c", program, *language, *signing,
             *arguments],
            cwd=self.folder,
            env={**os.environ, **self._variables(), **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )  # fmt: skip

    def finish(
        self, *arguments: str, by: str | None = None, lang: str = "en", **more: str
    ) -> Answer:
        """What a process of `qms` leaves; see `start`."""
        with self.start(*arguments, by=by, lang=lang, **more) as process:
            out, err = process.communicate()
        return Answer(process.returncode, out, err)

    def _variables(self) -> dict[str, str]:
        return {"QMS_NOW": self.now.isoformat(timespec="seconds"), **self.environment}

    @contextmanager
    def _environment(self) -> Generator[None, None, None]:
        before = dict(os.environ)
        os.environ.update(self._variables())
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    # git and files

    def git(self, *arguments: str) -> str:
        """What git answers in the repo; raises `CalledProcessError`."""
        done = subprocess.run(  # noqa: S603 - git, with arguments of the test
            ["git", *arguments], cwd=self.folder, check=True, capture_output=True,  # noqa: S607
            stdin=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip
        return done.stdout.strip()

    def shared(self, place: Path) -> Path:
        """A new shared repository with the gate, this one's `origin`; it has the trunk."""
        folder = place / "server.git"
        self.git("init", "-q", "--bare", "-b", "main", str(folder))
        self.git("remote", "add", "origin", str(folder))
        said = self.qms("-C", str(folder), "hook", "install", "--server")
        if str(folder / "hooks" / "pre-receive") not in said or self.push("main") != (0, ""):
            raise AssertionError(said)
        return folder

    def clone(self, server: Path, folder: Path) -> "Office":
        """A colleague's clone of the shared repository `server`, with git set up for them."""
        self.git("clone", "-q", str(server), str(folder))
        other = Office(folder, self.keys, self.now, dict(self.environment))
        for name, value in (
            ("user.name", "Other"), ("user.email", "other@qms.invalid"),
            ("qms.allowUnencryptedKey", "true"), ("qms.rehearsal", "true"),
        ):  # fmt: skip
            other.git("config", name, value)
        return other

    def push(self, *words: str, **more: str) -> tuple[int, str]:
        """Exit code of a push to `origin`, and what the gate there said.

        `more` stands in the pusher's environment.
        """
        done = subprocess.run(  # noqa: S603 - git, with arguments of the test
            ["git", "push", "-q", "origin", *words], cwd=self.folder,  # noqa: S607
            env={**os.environ, **more},
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        lines = (one.strip() for one in done.stderr.splitlines() if one.startswith("remote:"))
        return done.returncode, "\n".join(one.removeprefix("remote:").strip() for one in lines)

    @property
    def status(self) -> str:
        """What git says is staged, edited or untracked; empty where nothing is."""
        return self.git("status", "--porcelain", "--untracked-files=all")

    def write(self, path: str, data: bytes | str) -> None:
        """Write a file of the work tree."""
        where = self.folder / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(data if isinstance(data, bytes) else data.encode())

    def text(self, path: str) -> str:
        """A file of the work tree."""
        return (self.folder / path).read_bytes().decode()

    def edit(self, path: str, old: str, new: str) -> None:
        """Change the first place where `old` stands. AssertionError where it does not."""
        text = self.text(path)
        if old not in text:
            raise AssertionError(f"{path} does not hold {old!r}")
        self.write(path, text.replace(old, new, 1))
