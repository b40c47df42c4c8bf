"""Doing what a message says, as it is printed: somebody who knows nothing else types it."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from qms.testing.office import Answer, Office

_COMMAND: Final = re.compile("`([^`]+)`")
_MEND: Final = re.compile(r"^    (?:mend: |处理：)(.*)$")
_CUT_ID: Final = re.compile(r"(?<![\w~-])[0-9a-f]{7,39}(?![\w-])")
_TYPED: Final = ("git ", "qms ", "chmod ", "echo ", "rm ", "iconv ", "mv ", "mkdir ")


def named(said: str, code: str) -> list[str]:
    """The commands in the mend that follows `code` in what was printed, as they stand there."""
    lines = iter(said.splitlines())
    for line in lines:
        if re.search(rf"(?:^|[: ]){code}: ", line):
            match = _MEND.match(next(lines))
            if match is not None:
                found = _COMMAND.findall(match[1])
                return [one for one in found if one.startswith(_TYPED)]
    raise AssertionError(f"{code} is not told:\n{said}")


def by_git(commands: list[str]) -> list[str]:
    """Those of a mend's commands that are git's own."""
    return [one for one in commands if one.startswith("git ")]


def told(office: Office, code: str, lang: str, *command: str, by: str | None = None) -> list[str]:
    """The commands that the mend of `code` names when a command is run."""
    answer = office.call(*(command or ("check",)), by=by, lang=lang)
    return named(answer.out + answer.err, code)


def typed(office: Office, command: str, by: str | None = None) -> Answer:
    """A printed command, typed: by a shell, or by `by` at their own terminal.

    AssertionError where a word of it has to be thought of, or names a commit by a part of its id.
    """
    if re.search(r"<[a-z]|…|(?<!\S)(?!HEAD )[A-Z]{3,}(?!\S)|[\u4e00-\u9fff]+(?= --)", command):
        raise AssertionError(f"not as it is typed: {command}")
    if command.startswith("git ") and _CUT_ID.search(command):
        raise AssertionError(f"a tag may be called like this id: {command}")
    if command.startswith("qms "):
        return office.call(*command.split()[1:], by=by)
    done = subprocess.run(  # noqa: S602 - what our own message prints
        command, shell=True, cwd=office.folder, stdin=subprocess.DEVNULL, capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout, done.stderr)


def done(office: Office, *commands: str, by: str | None = None) -> None:
    """Commands typed one after the other; AssertionError where one fails."""
    for command in commands:
        answer = typed(office, command, by)
        if answer.code:
            raise AssertionError(f"{command}: {answer}")


def shared(office: Office) -> None:
    """The shared trunk is as this clone is now."""
    if "origin" not in office.git("remote"):
        office.git("remote", "add", "origin", str(office.folder.parent / "server.git"))
    office.git("update-ref", "refs/remotes/origin/main", "HEAD")


def committed(office: Office) -> None:
    """All that lies there is committed by git alone, as no command of ours would."""
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "By hand")


def fine(office: Office) -> None:
    """Nothing is wrong, and nothing waits to be committed; else AssertionError."""
    office.qms("check", "--all")
    if office.status:
        raise AssertionError(office.status)


def gate(office: Office, folder: Path) -> Callable[[], str]:
    """A shared repository with the gate; gives what a push is told, empty where it is taken."""
    server = folder / "server.git"
    office.git("init", "-q", "--bare", "-b", "main", str(server))
    shared(office)
    office.qms("-C", str(server), "hook", "install", "--server")

    def push() -> str:
        answer = subprocess.run(
            ["git", "push", "-q", "origin", "main"],  # noqa: S607 - git, as a user finds it
            cwd=office.folder, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        lines = answer.stderr.splitlines()
        said = "\n".join(one.removeprefix("remote: ").rstrip() for one in lines)
        return said if answer.returncode else ""

    refused = push()
    if refused:
        raise AssertionError(refused)
    return push
