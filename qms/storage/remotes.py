"""Fetching from and pushing to the shared repository: the only talk with another machine.

One branch by its full name, never a tag, a submodule or a default of the clone's. The user's own
settings count, since keys and passwords are theirs; what a clone's own settings could make git run
is refused by its name (rules.md c).
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

from qms.findings import Finding, Place, QmsError, refused, shell_word
from qms.storage.gitprogram import DURABLE, git_path
from qms.storage.repository import Repository

_HARMLESS: Final = re.compile(
    r"core\.(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode"
    r"|symlinks|autocrlf|eol|safecrlf|quotepath|untrackedcache|commitgraph|splitindex|abbrev"
    r"|sharedrepository|longpaths|protecthfs|protectntfs|hidedotfiles|hookspath|excludesfile"
    r"|attributesfile|compression|fsync|editor|pager|whitespace|checkstat|trustctime|preloadindex)"
    r"|extensions\.(?:objectformat|compatobjectformat|worktreeconfig|refstorage|noop)"
    r"|remote\..*\.(?:url|fetch|tagopt|prune|skipdefaultupdate|skipfetchall|followremotehead)"
    r"|branch\..*\.(?:remote|merge|rebase|description|vscode-merge-base)|branch\.[a-z]+"
    r"|fetch\.prune|push\.(?:default|autosetupremote)|pull\..*|safe\..*|user\..*|qms\..*"
    r"|(?:add|advice|alias|am|apply|blame|color|column|commit|diff|difftool|feature|filter|format|gc"
    r"|gpg|grep|gui|help|i18n|index|init|lfs|log|mailinfo|maintenance|merge|mergetool|notes|pack"
    r"|pager|pretty|rebase|rerere|revert|sequence|showbranch|stash|status|submodule|tag|versionsort"
    r"|web)\..*",
    re.IGNORECASE,
)
"""Settings of a clone that neither a fetch nor a push asks for anything that runs or talks."""
_OWN: Final = frozenset(("local", "worktree"))
_PROTOCOLS: Final = "https:ssh:git:file:http"
_SWITCHES: Final = tuple(
    part
    for setting in (
        "core.hooksPath=/dev/null",
        "core.fsmonitor=false",
        "gc.auto=0",
        "maintenance.auto=false",
        "fetch.recurseSubmodules=false",
        "push.recurseSubmodules=no",
        "push.followTags=false",
        "push.gpgSign=false",
        "fetch.writeCommitGraph=false",
        "protocol.ext.allow=never",
    )
    for part in ("-c", setting)
)
_SAID: Final = 4000


class Pushed(NamedTuple):
    """What came of a push: whether it is there, or somebody was quicker; else what was said."""

    is_there: bool
    is_behind: bool
    said: str


def fetch(repository: Repository, remote: str, branch: str) -> str | None:
    """The newest commit of a branch of the shared repository, fetched; None where it has none.

    Raises `Refused` SYNC-SETTINGS, `QmsError` SYNC-FETCH.
    """
    refuse_programs(repository, remote)
    there = f"refs/heads/{branch}"
    asked = _run(repository, "ls-remote", "--heads", "--", remote, there)
    if asked.returncode:
        raise _failed("SYNC-FETCH", remote, asked.stderr)
    if not any(line.split(b"\t")[-1].decode("utf-8", "replace") == there
               for line in asked.stdout.splitlines()):  # fmt: skip
        return None
    here = f"refs/remotes/{remote}/{branch}"
    done = _run(
        repository, *DURABLE, "fetch", "--no-tags", "--no-recurse-submodules",
        "--no-write-fetch-head", "--no-auto-maintenance", *_progress(), "--", remote,
        f"+{there}:{here}",
    )  # fmt: skip
    if done.returncode:
        raise _failed("SYNC-FETCH", remote, done.stderr)
    return repository.named(here)


def push(repository: Repository, remote: str, commit: str, branch: str) -> Pushed:
    """Give a commit to a branch of the shared repository, which only goes forward by it."""
    refuse_programs(repository, remote)
    there = f"refs/heads/{branch}"
    done = _run(
        repository, "push", "--porcelain", "--no-verify", "--no-follow-tags", *_progress(), "--",
        remote, f"{commit}:{there}",
    )  # fmt: skip
    if done.returncode == 0:
        _note(repository, remote, commit, branch)
        return Pushed(is_there=True, is_behind=False, said="")
    told = done.stdout.decode("utf-8", "replace")
    said = _plain(done.stderr)
    behind = "[rejected]" in told and ("fetch first" in told or "non-fast-forward" in told)
    others = ("cannot lock ref", "failed to update ref", "PUSH-STALE")
    is_busy = any(one in told or one in said for one in others)
    return Pushed(is_there=False, is_behind=behind or is_busy, said=said or told)


def refuse_programs(repository: Repository, remote: str) -> None:
    """Refuse to talk to anybody by a clone's own settings that run programs or lead elsewhere.

    Raises `Refused` SYNC-SETTINGS with the first of them, SYNC-ADDRESS where the shared repository
    lies in the clone itself, or beside it by a path that came with it: its hooks would be run.
    """
    listed = repository.git.run(
        "config", "--list", "--includes", "--show-scope", "--name-only", "-z"
    ).decode("utf-8", "replace")  # fmt: skip
    parts = listed.split("\0")
    for scope, key in zip(parts[::2], parts[1::2], strict=False):
        if scope in _OWN and _HARMLESS.fullmatch(key) is None:
            raise refused("SYNC-SETTINGS", key=shell_word(key))
    address = address_of(repository, remote)
    if _is_path(address):
        place = Path(address.removeprefix("file://"))
        own = (repository.root or repository.git_dir).resolve()
        if not place.is_absolute() or place.resolve().is_relative_to(own):
            raise refused("SYNC-ADDRESS", address=shell_word(address))


def address_of(repository: Repository, remote: str) -> str:
    """Where the shared repository is, as the clone has it; of several addresses the first."""
    found = repository.git.run("config", "--get-all", f"remote.{remote}.url", allowed=(0, 1))
    return found.decode("utf-8", "replace").split("\n")[0]


def _is_path(address: str) -> bool:
    """Whether an address is a place on this machine, as git takes it."""
    if address.startswith("file://"):
        return True
    host, colon, _ = address.partition(":")
    return "://" not in address and (not colon or "/" in host)


def _run(repository: Repository, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(  # noqa: S603 - absolute path, no shell
        [git_path(), *_SWITCHES, *arguments],
        env=_environment(repository),
        cwd=repository.root or repository.git_dir,
        stdin=None if sys.stdin is not None and sys.stdin.isatty() else subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def _environment(repository: Repository) -> dict[str, str]:
    """The user's own, without what would send git to another repository or program."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_")
        or name.startswith(("GIT_CONFIG", "GIT_SSH", "GIT_ASKPASS", "GIT_TERMINAL_PROMPT"))
    }
    own = {"GIT_DIR": str(repository.git_dir), "GIT_ALLOW_PROTOCOL": _PROTOCOLS, "LC_ALL": "C"}
    if repository.root is not None:
        own["GIT_WORK_TREE"] = str(repository.root)
    return kept | own


def _progress() -> tuple[str, ...]:
    return ("--no-progress",)


def _note(repository: Repository, remote: str, commit: str, branch: str) -> None:
    """What is there now is what this clone knows of it."""
    repository.git.run("update-ref", f"refs/remotes/{remote}/{branch}", commit)


def _plain(said: bytes) -> str:
    lines = said.decode("utf-8", "replace")[-_SAID:].splitlines()
    plain = (line.removeprefix("remote:").strip() for line in lines)
    return "; ".join(line for line in plain if line)


def _failed(code: str, remote: str, said: bytes) -> QmsError:
    return QmsError(Finding(code, Place(), {"remote": remote, "said": _plain(said)}))
