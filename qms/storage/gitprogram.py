"""The git program, run so that nothing but the repository's objects can speak.

A repository that came from somewhere else may carry settings that run commands, rewrite history
for the reader (grafts, replace refs, commit-graph) or fetch what is missing. So git is always
called by its absolute path with argument lists, an environment made from nothing, no system or
personal settings, and those switches that the repository's own config could still turn.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from qms.findings import Finding, Place, QmsError
from qms.storage import disk
from qms.storage.files import read_linked
from qms.storage.patience import (
    answered,
    too_much,
    within_memory,
    within_time,
)
from qms.storage.pointers import pointed

OLDEST: Final = (2, 39)
DURABLE: Final = ("-c", "core.fsync=added,reference")
"""Let what is written be on the disk before git says that it is done."""
PLACES: Final = ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")

_SWITCHES: Final = tuple(
    part
    for setting in (
        "core.commitGraph=false",
        "core.fsmonitor=false",
        "core.untrackedCache=false",
        "core.hooksPath=/dev/null",
        "core.useReplaceRefs=false",
        "core.attributesFile=/dev/null",
        "core.excludesFile=/dev/null",
        "core.autocrlf=false",
        "core.quotePath=false",
        "gc.auto=0",
        "maintenance.auto=false",
        "protocol.allow=never",
        "safe.directory=*",
    )
    for part in ("-c", setting)
)

# What a repository's own config may name under any name, and so no switch can turn off.
_PROGRAMS: Final = re.compile(rb"\[(?:filter|hook|include)", re.IGNORECASE)
_MUTED: Final[Mapping[str, Mapping[str, str]]] = {
    "filter": {"clean": "", "smudge": "", "process": "", "required": "false"},
    "hook": {"enabled": "false"},
}

LARGEST_SETTINGS: Final = 4 * 1024 * 1024
"""Bytes of a repository's own settings; those of a person may be more."""
_SETTINGS_TIME: Final = 2
"""Seconds for git to read all settings: a hundred thousand lines take a twentieth of them."""
_SETTINGS_LIST: Final = 16 * 1024 * 1024
"""Bytes of all settings together."""
_MOST_MUTED: Final = 64 * 1024
"""Bytes of what takes settings back: a system bounds what a program may be handed."""

_ENVIRONMENT: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": "/dev/null",
    # Reading a missing object of a partial clone would run the remote's `uploadpack` command;
    # older versions of git don't know the first of these two, so both stand here.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "HOME": os.devnull,  # a setting may name a file by ``~``
    "LC_ALL": "C",
}


@cache
def git_path(places: tuple[str, ...] = PLACES) -> str:
    """Where git is: in the system's own folders first, so that a stray PATH changes nothing.

    Raises `QmsError` GIT-MISSING.
    """
    searched = [*places, *os.get_exec_path()]
    found = program_path("git", searched)
    if found is None:
        raise QmsError(Finding("GIT-MISSING"))
    return found


def program_path(name: str, folders: Iterable[str]) -> str | None:
    """The first executable file `name` in `folders`, or None.

    The folder one happens to be in is none of them, also where PATH names it.
    """
    for folder in filter(os.path.isabs, folders):
        path = os.path.join(folder, name)  # noqa: PTH118 - pathlib costs a check that starts often
        if os.path.isfile(path) and os.access(path, os.X_OK):  # noqa: PTH113
            return path
    return None


@cache
def git_version() -> str:
    """The version of git as git tells it, such as ``2.39.5``."""
    answer = subprocess.run(  # noqa: S603 - absolute path, no shell
        [git_path(), "--version"], env=_ENVIRONMENT, capture_output=True, check=False
    )
    match = re.search(rb"\d+(?:\.\d+)+", answer.stdout)
    return match[0].decode("ascii") if match else "?"


def refuse_old_git() -> None:
    """Raises `QmsError` GIT-OLD if this git lacks what reading safely needs."""
    numbers = tuple(int(part) for part in git_version().split(".")[:2] if part.isdigit())
    if numbers < OLDEST:
        values = {"found": git_version(), "needed": ".".join(map(str, OLDEST))}
        raise QmsError(Finding("GIT-OLD", Place(), values))


@dataclass(frozen=True, slots=True)
class Git:
    """git for one repository, for what writes; what only reads is asked by `qms.storage.aside`.

    `root` is None where there is no work tree.
    """

    git_dir: Path
    root: Path | None

    @property
    def common_dir(self) -> Path:
        """Where objects, branches and settings are: another folder in a linked work tree."""
        try:
            return pointed(self.git_dir / "commondir") or self.git_dir
        except FileNotFoundError:
            return self.git_dir

    def environment(self, **more: str) -> dict[str, str]:
        """The whole environment of a git process for this repository."""
        return self.plain_environment() | self._muted() | more

    def plain_environment(self) -> dict[str, str]:
        """The same without a look at the repository's settings."""
        known = {**_ENVIRONMENT, "GIT_DIR": str(self.git_dir), **_quarantine(os.environ)}
        if self.root is not None:
            known["GIT_WORK_TREE"] = str(self.root)
        return known

    def _muted(self) -> dict[str, str]:
        """Settings that take back the filters and hooks which the repository's own config names."""
        files = (self.common_dir / "config", self.git_dir / "config.worktree")
        if not any(_PROGRAMS.search(own_settings(file)) for file in files):
            return {}
        listed = self._own_list("--name-only")
        if listed is None:
            raise self._settings_too_large()
        muted: dict[str, str] = {}
        for key in listed.decode("utf-8", "surrogateescape").split("\0"):
            section, dot, name = key.rpartition(".")[0].partition(".")
            for variable, value in _MUTED.get(section, {}).items() if dot else ():
                muted[f"{section}.{name}.{variable}"] = value  # a name may be empty
        found = {"GIT_CONFIG_COUNT": str(len(muted))}
        for number, (key, value) in enumerate(muted.items()):
            found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        if sum(len(name) + len(value) for name, value in found.items()) > _MOST_MUTED:
            raise self._settings_too_large()
        return found

    def _own_list(self, *more: str) -> bytes | None:
        """All settings that the repository has itself; None where they are too much to read."""
        process = self._config([*_SWITCHES, "config", "--list", "-z", *more], _ENVIRONMENT)
        listed, _, is_too_much = answered(process, b"", None, _SETTINGS_LIST)
        return None if is_too_much else listed

    def _settings_too_large(self) -> QmsError:
        return QmsError(Finding("SETTINGS-UNREADABLE", Place(str(self.common_dir / "config"))))

    def _config(
        self, arguments: list[str], environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """A git that lists settings, and reads whatever they include: within bounds of its own."""
        process = within_memory(
            lambda: subprocess.Popen(  # noqa: S603 - absolute path, no shell
                [git_path(), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**environment, "GIT_DIR": str(self.git_dir)},
                cwd=self.root or self.git_dir,  # as git will run: what is included may hang on it
            )
        )
        return within_time(process, _SETTINGS_TIME)

    def start(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        is_apart: bool = False,
    ) -> subprocess.Popen[bytes]:
        """A running git, all three streams piped; whoever starts it reaps it.

        It ends when it takes too much memory. One that `is_apart` isn't reached by what ends us: it
        sees that we are gone, and tidies up.
        """
        known = self.environment() if environment is None else dict(environment)
        return within_memory(
            lambda: subprocess.Popen(  # noqa: S603 - absolute path, no shell
                [git_path(), *_SWITCHES, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=known,
                cwd=self.root or self.git_dir,
                start_new_session=is_apart,
            )
        )

    def finish(
        self,
        process: subprocess.Popen[bytes],
        allowed: Iterable[int] = (0,),
        stdin: bytes = b"",
        over: Finding | None = None,
    ) -> bytes:
        """What a started git wrote; raises `QmsError` GIT-FAILED on any other exit code.

        `over`, or GIT-LIMIT, where it took more than it may; SPECIAL-FILE where it waits for a
        pipe.
        """
        output, errors, is_too_much = answered(process, stdin, self.root)
        command = " ".join(map(str, list(process.args)[1 + len(_SWITCHES) :]))  # type: ignore[arg-type]
        if is_too_much:
            raise QmsError(over or too_much(command))  # also where it may fail: not so
        if process.returncode not in allowed:
            raise self._failed(command, process, errors)
        return output

    def _failed(self, command: str, process: subprocess.Popen[bytes], errors: bytes) -> QmsError:
        """Why a git that was not stopped has failed."""
        refuse_old_git()
        said = errors.decode("utf-8", "replace").strip()
        fault = disk.fault_said(said, self.git_dir, process.returncode)
        values = {"command": command, "said": said}
        return QmsError(fault or Finding("GIT-FAILED", Place(), values))

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        allowed: Iterable[int] = (0,),
        environment: Mapping[str, str] | None = None,
    ) -> bytes:
        """What git answers to `arguments`; raises `QmsError` GIT-FAILED, GIT-LIMIT."""
        process = within_time(self.start(*arguments, environment=environment))
        return self.finish(process, allowed, stdin)

    def ask_user_config(self) -> subprocess.Popen[bytes]:
        """``git config --list -z`` as the user sees it: the only call with their own settings."""
        return self._config(["config", "--list", "-z"], _of_person())

    def user_config(self, process: subprocess.Popen[bytes]) -> bytes:
        """What `ask_user_config` began to tell.

        Raises `QmsError` SETTINGS-UNREADABLE where they are far more than anybody has.
        """
        listed, errors, is_too_much = answered(process, b"", None, _SETTINGS_LIST)
        if is_too_much:
            if self._own_list() is None:
                raise self._settings_too_large()
            named = os.environ.get("GIT_CONFIG_GLOBAL") or "~/.gitconfig"
            raise QmsError(Finding("SETTINGS-UNREADABLE", Place(named)))
        if process.returncode:
            raise self._failed("config --list", process, errors)
        return listed


def personal_values(key: str) -> list[str]:
    """All values of a setting in the user's and the system's git settings, in order.

    Never the repository's; an empty one takes back those before it where git says so.
    """
    answer = subprocess.run(  # noqa: S603 - absolute path, no shell
        [git_path(), "config", "--get-all", "-z", key],
        env=_of_person() | {"GIT_DIR": os.devnull},
        cwd="/",
        capture_output=True,
        check=False,
    )
    return answer.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _of_person() -> dict[str, str]:
    """What tells git where the settings of the user and the system are, and nothing else of it."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG")
    }


def own_settings(file: Path) -> bytes:
    """What a repository's own file of settings holds; nothing where there is none.

    Raises `QmsError` SETTINGS-UNREADABLE.
    """
    try:
        return read_linked(file, LARGEST_SETTINGS)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError:
        raise QmsError(Finding("SETTINGS-UNREADABLE", Place(str(file)))) from None


def _quarantine(environment: Mapping[str, str]) -> dict[str, str]:
    """In a server's pre-receive hook, where git keeps the objects that were just pushed."""
    if "GIT_QUARANTINE_PATH" not in environment:
        return {}
    names = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH")
    return {name: environment[name] for name in names if name in environment}
