"""Git histories made fast: commits go to one `git fast-import`, files stay in memory.

Nothing of docs repos is known here: files, commits, branches. Objects reach the repository when
somebody looks (`flush`); ids are told at once, so that a statement can name what it has seen.
"""

import os
import subprocess
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from shutil import copytree
from typing import IO, Final, NamedTuple, cast

from qms.formats.tree import FILE, SUBMODULE

ENVIRONMENT: Final = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
AUTHOR: Final = "Tester <tester@qms.invalid>"


class File(NamedTuple):
    """What lies at a path: bytes and a git mode. A link holds its target, a submodule an id."""

    data: bytes
    mode: int = FILE


Files = Mapping[str, File]
Changes = Mapping[str, File | None]


@dataclass(frozen=True, slots=True)
class Made:
    """A commit: what it changes against its first parent (or against nothing)."""

    id: str
    parents: tuple[str, ...]
    changes: Changes
    message: str
    line: int
    """All that it descends from, itself too, one bit each."""


@dataclass(slots=True)
class BuiltHistory:
    """The commits and branches of one repository."""

    path: Path
    branches: dict[str, str] = field(default_factory=dict[str, str])
    commits: dict[str, Made] = field(default_factory=dict[str, Made])
    _order: list[str] = field(default_factory=list[str])
    _files: dict[str, dict[str, File]] = field(default_factory=dict[str, dict[str, File]])
    _stream: "_FastImport | None" = None

    @classmethod
    def init(cls, path: Path) -> "BuiltHistory":
        """An empty repository with a work tree at `path`."""
        path.mkdir(parents=True, exist_ok=True)
        history = cls(path)
        history.git("init", "-q", "-b", "main", "--template=")
        for name, value in (
            ("user.name", "Tester"),
            ("user.email", "tester@qms.invalid"),
            ("gc.auto", "0"),
            ("fastimport.unpackLimit", "0"),
            ("qms.rehearsal", "true"),
        ):
            history.git("config", name, value)
        return history

    def copy(self, path: Path) -> "BuiltHistory":
        """An independent copy of the repository, in the place `path`."""
        self.flush()
        copytree(self.path, path, symlinks=True)
        return BuiltHistory(path, dict(self.branches), dict(self.commits), list(self._order))

    # commits

    def commit(
        self, branch: str, parents: Iterable[str], changes: Changes, message: str, when: datetime
    ) -> str:
        """A commit on top of `branch`, whose `changes` are against its first parent."""
        known = tuple(parents)
        changed = dict(changes)
        if self._stream is None:
            self._stream = _FastImport(self.path)
        commit_id = self._stream.commit(branch, known, changed, message, when)
        self._add(commit_id, known, changed, message)
        self.branches[branch] = commit_id
        return commit_id

    def _add(self, commit: str, parents: tuple[str, ...], changes: Changes, message: str) -> None:
        if commit in self.commits:
            return
        line = 1 << len(self._order)
        for parent in parents:
            line |= self.commits[parent].line
        self.commits[commit] = Made(commit, parents, changes, message, line)
        self._order.append(commit)

    def files(self, commit: str) -> Files:
        """All files of a commit. Not to be changed, and gone when the next commit is asked for."""
        if commit in self._files:
            return self._files[commit]
        todo: list[Made] = []
        at: str | None = commit
        while at is not None and at not in self._files:
            made = self.commits[at]
            todo.append(made)
            at = made.parents[0] if made.parents else None
        files = {} if at is None else self._files.pop(at)
        if at is not None and at in self.branches.values():
            self._files[at] = dict(files)
        for made in reversed(todo):
            apply(files, made.changes)
        self._files[commit] = files
        return files

    # relations

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether `newer` is or descends from `older`."""
        return bool(self.commits[newer].line >> self._order.index(older) & 1)

    def merge_base(self, one: str, other: str) -> str | None:
        """A best common ancestor of two commits."""
        common = self.commits[one].line & self.commits[other].line
        return self._order[common.bit_length() - 1] if common else None

    def between(self, older: str, newer: str) -> tuple[Made, ...]:
        """What `newer` has and `older` has not, oldest first."""
        left = self.commits[newer].line & ~self.commits[older].line
        found: list[Made] = []
        while left:
            place = left.bit_length() - 1
            found.append(self.commits[self._order[place]])
            left ^= 1 << place
        return tuple(reversed(found))

    # the repository on disk

    def flush(self) -> None:
        """Bring all commits and branches to the repository."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def git(self, *arguments: str, stdin: bytes | None = None) -> bytes:
        """What a git command prints; raises `CalledProcessError` where it fails."""
        self.flush()
        return subprocess.run(  # noqa: S603 - a test's own arguments
            ["git", "-C", str(self.path), *arguments],  # noqa: S607 - as a user finds it
            check=True,
            capture_output=True,
            input=stdin,
            env=os.environ | ENVIRONMENT,
        ).stdout

    def move(self, branch: str, commit: str) -> None:
        """Let a branch point somewhere else, as a push or a forced push does."""
        self.git("update-ref", f"refs/heads/{branch}", commit)
        self.branches[branch] = commit

    def adopt(self) -> None:
        """Take over what others did to the repository: commits and branches that are new."""
        listed = (
            self.git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads")
            .decode()
            .splitlines()
        )
        self.branches = dict(cast("tuple[str, str]", tuple(line.split(" "))) for line in listed)
        for line in (
            self.git("rev-list", "--parents", "--topo-order", "--reverse", "--branches")
            .decode()
            .splitlines()
        ):
            commit, *parents = line.split(" ")
            if commit not in self.commits:
                files = self._listed(commit)
                before: Files = self.files(parents[0]) if parents else {}
                message = self.git("log", "-1", "--format=%s", commit).decode().strip()
                self._add(commit, tuple(parents), changes_between(before, files), message)

    def _listed(self, commit: str) -> Files:
        rows = self.git("ls-tree", "-r", "-z", commit).split(b"\0")[:-1]
        found: dict[str, File] = {}
        for row in rows:
            entry, _, path = row.partition(b"\t")
            mode, kind, blob = entry.decode().split(" ")
            data = blob.encode() if kind == "commit" else self.git("cat-file", "blob", blob)
            found[path.decode("utf-8", "surrogateescape")] = File(data, int(mode, 8))
        return found


def apply(files: dict[str, File], changes: Changes) -> None:
    """Make `changes` in `files`."""
    for path, file in changes.items():
        if file is None:
            files.pop(path, None)
        else:
            files[path] = file


def changes_between(older: Files, newer: Files) -> dict[str, File | None]:
    """What makes `newer` of `older`."""
    changed: dict[str, File | None] = {
        path: file for path, file in newer.items() if older.get(path) != file
    }
    changed.update((path, None) for path in older if path not in newer)
    return changed


class _FastImport:
    """One running `git fast-import`."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - fixed arguments
            ["git", "-C", str(path), "fast-import", "--quiet", "--force", "--done",  # noqa: S607
             "--date-format=raw"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | ENVIRONMENT,
        )  # fmt: skip
        self._in = cast("IO[bytes]", self._process.stdin)
        self._out = cast("IO[bytes]", self._process.stdout)
        self._marks: dict[str, int] = {}
        weakref.finalize(self, _reap, self._process)
        self._tips: dict[str, str] = {}

    def commit(
        self, branch: str, parents: tuple[str, ...], changes: Changes, message: str, when: datetime
    ) -> str:
        """Write a commit; gives its id."""
        mark = len(self._marks) + 1
        out = bytearray()
        if not parents and branch in self._tips:
            out += f"reset refs/heads/{branch}\n\n".encode()
        stamp = f"{AUTHOR} {int(when.timestamp())} {when:%z}"
        text = message.encode()
        out += f"commit refs/heads/{branch}\nmark :{mark}\n".encode()
        out += f"author {stamp}\ncommitter {stamp}\ndata {len(text)}\n".encode() + text + b"\n"
        for number, parent in enumerate(parents):
            if number:
                out += f"merge {self._name(parent)}\n".encode()
            elif self._tips.get(branch) != parent:
                out += f"from {self._name(parent)}\n".encode()
        for path, file in changes.items():
            out += _change(path, file)
        out += f"\nget-mark :{mark}\n".encode()
        self._in.write(out)
        self._in.flush()
        commit_id = self._out.readline().decode("ascii").strip()
        if not commit_id:
            self.close()
            raise AssertionError("git fast-import refused a commit")
        self._marks[commit_id] = mark
        self._tips[branch] = commit_id
        return commit_id

    def _name(self, commit: str) -> str:
        return f":{self._marks[commit]}" if commit in self._marks else commit

    def close(self) -> None:
        """End the process; what was written is in the repository then."""
        with self._in, self._out:
            self._in.write(b"done\n")
            self._in.flush()
            code = self._process.wait()
        if code:
            raise AssertionError(f"git fast-import ended with {code}")


def _reap(process: "subprocess.Popen[bytes]") -> None:
    """End a process whose history nobody looked at."""
    if process.returncode is None:
        process.communicate(b"done\n")


def _change(path: str, file: File | None) -> bytes:
    name = path.encode("utf-8", "surrogateescape")
    if not path.isprintable() or path.startswith('"'):
        quoted = "".join(f"\\{byte:03o}" for byte in name)
        name = f'"{quoted}"'.encode()
    if file is None:
        return b"D " + name + b"\n"
    if file.mode == SUBMODULE:
        return b"M 160000 %s %s\n" % (file.data, name)
    return b"M %o inline %s\ndata %d\n%s\n" % (file.mode, name, len(file.data), file.data)
