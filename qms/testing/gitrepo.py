"""A git repository as a test drives it: branches, commits, merges of every kind, a work tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from qms.formats.tree import EXECUTABLE, FILE, SYMLINK
from qms.testing.built_history import BuiltHistory, Changes, File, Files, changes_between
from qms.testing.merging import Resolve, merged

START: Final = datetime.fromisoformat("2026-11-20T09:00:00+08:00")
TICK: Final = timedelta(minutes=7)

Kind = Literal["merge", "squash", "rebase", "octopus"]


@dataclass(slots=True)
class GitRepo:
    """One repository with a clock. `branch_name` is checked out; commits go there.

    A clone is a branch here: what it fetches it merges, what it pushes moves the other branch.
    """

    history: BuiltHistory
    now: datetime = START
    branch_name: str = "main"
    _pending: dict[str, File | None] = field(default_factory=dict[str, File | None])
    _laid: str = ""

    @property
    def path(self) -> Path:
        """The work tree."""
        return self.history.path

    @property
    def tip(self) -> str:
        """The newest commit of the current branch."""
        return self.history.branches[self.branch_name]

    @property
    def files(self) -> Files:
        """The files of the newest commit; valid until the next commit."""
        return self.history.files(self.tip) if self.branch_name in self.history.branches else {}

    @property
    def pending(self) -> Changes:
        """What the next commit changes; None for what it deletes."""
        return dict(self._pending)

    def tick(self, by: timedelta = TICK) -> datetime:
        """Let time pass; gives the new time."""
        self.now += by
        return self.now

    # files and commits

    def read(self, path: str) -> bytes:
        """A file of the newest commit, or as it was written since."""
        file = self._pending.get(path, self.files.get(path))
        if file is None:
            raise AssertionError(f"there is no {path}")
        return file.data

    def has(self, path: str) -> bool:
        """Whether there is a file at `path`, committed or written since."""
        return self._pending.get(path, self.files.get(path)) is not None

    def below(self, folder: str) -> list[str]:
        """The paths of all files in a folder, committed or written since."""
        paths = dict.fromkeys((*self.files, *self._pending))
        return [path for path in paths if path.startswith(f"{folder}/") and self.has(path)]

    def write(self, path: str, data: bytes, mode: int = FILE) -> None:
        """Write a file that the next `commit` takes."""
        self._pending[path] = File(data, mode)

    def delete(self, path: str) -> None:
        """Delete a file, or all below a folder, in the next `commit`."""
        found = [p for p in self.files if p == path or p.startswith(f"{path}/")]
        self._pending.update((one, None) for one in found)

    def rename(self, old: str, new: str) -> None:
        """Move a file in the next `commit`."""
        self._pending[new] = self.files[old]
        self._pending[old] = None

    def replace(self, path: str, old: bytes, new: bytes) -> None:
        """Change bytes of a file (the first place where they stand) in the next `commit`."""
        data = self.read(path)
        if old not in data:
            raise AssertionError(f"{path} does not hold {old!r}")
        self.write(path, data.replace(old, new, 1), self.files[path].mode)

    def commit(
        self,
        message: str = "Change files",
        files: Mapping[str, bytes | File | None] | None = None,
        parents: Sequence[str] | None = None,
    ) -> str:
        """Commit what was written, and `files` (None: deleted); gives the commit.

        `parents` are those of the commit, by default the newest one; changes are against the
        first of them.
        """
        changes: dict[str, File | None] = dict(self._pending)
        self._pending.clear()
        for path, data in (files or {}).items():
            changes[path] = File(data) if isinstance(data, bytes) else data
        if parents is None:
            parents = (self.tip,) if self.branch_name in self.history.branches else ()
        return self.history.commit(self.branch_name, parents, changes, message, self.tick())

    def put_back(self, commit: str, message: str = "Put an older state back") -> str:
        """One commit whose files are those of an older one."""
        older = dict(self.history.files(commit))
        return self.commit_files((self.tip,), older, message)

    def commit_files(self, parents: Sequence[str], files: Files, message: str) -> str:
        """One commit with exactly these files and parents; gives its id."""
        changes: Changes = changes_between(self.history.files(parents[0]), files)
        return self.history.commit(self.branch_name, parents, changes, message, self.tick())

    # branches

    def branch(self, name: str, at: str | None = None) -> None:
        """A new branch at a commit or branch (the newest commit by default), checked out."""
        start = self._commit(at) if at is not None else self.tip
        self.history.move(name, start)
        self.branch_name = name

    def checkout(self, name: str) -> None:
        """Go on with another branch."""
        if name not in self.history.branches:
            raise AssertionError(f"there is no branch {name}")
        self.branch_name = name

    def push(self, name: str = "main") -> None:
        """Let `name` point to the current branch's newest commit; only forward."""
        if not self.history.is_ancestor(self.history.branches[name], self.tip):
            raise AssertionError(f"{name} can't be fast-forwarded")
        self.history.move(name, self.tip)

    def move(self, name: str, commit: str) -> None:
        """Let a branch point to any commit, as a forced push does."""
        self.history.move(name, commit)

    def merge(
        self,
        *branches: str,
        kind: Kind = "merge",
        swap: bool = False,
        resolve: Resolve | None = None,
    ) -> str:
        """Bring branches into the current one; gives the commit.

        ``merge`` and ``octopus`` make one commit with all parents, `swap` puts the current
        branch's last; ``squash`` one commit with one parent; ``rebase`` commits each commit of
        the branch again. `resolve` settles what git would leave as a conflict.
        """
        tips = [self._commit(name) for name in branches]
        if kind == "rebase":
            return [self._replay(tip, resolve) for tip in tips][-1]
        files: Files = dict(self.files)
        for tip in tips:
            base = self.history.merge_base(self.tip, tip)
            files = merged(self._copy(base), files, self._copy(tip), resolve)
        message = f"Merge {', '.join(branches)}"
        parents = (self.tip, *tips) if kind != "squash" else (self.tip,)
        return self.commit_files(parents[::-1] if swap else parents, files, message)

    def _replay(self, tip: str, resolve: Resolve | None) -> str:
        for made in self.history.between(self.tip, tip):
            if len(made.parents) == 1:
                base, theirs = self._copy(made.parents[0]), self._copy(made.id)
                files = merged(base, dict(self.files), theirs, resolve)
                self.commit_files((self.tip,), files, made.message)
        return self.tip

    def _copy(self, commit: str | None) -> Files:
        return {} if commit is None else dict(self.history.files(commit))

    def _commit(self, name: str) -> str:
        return self.history.branches.get(name, name)

    # the work tree

    def lay_out(self) -> Path:
        """Check the current branch out into the work tree; edits there stay until next commit."""
        if self._laid != f"{self.branch_name} {self.tip}":
            self.history.git("symbolic-ref", "HEAD", f"refs/heads/{self.branch_name}")
            self.history.git("reset", "-q", "--hard")
            self.history.git("clean", "-fdxq")
            self._laid = f"{self.branch_name} {self.tip}"
        return self.path

    def edit(self, path: str, data: bytes | None, mode: int = FILE) -> None:
        """Write a file into the work tree (None: delete it) without a commit."""
        target = self.lay_out() / path
        if target.is_symlink() or target.exists():
            target.unlink()
        if data is None:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if mode == SYMLINK:
            target.symlink_to(data.decode())
            return
        target.write_bytes(data)
        target.chmod(0o755 if mode == EXECUTABLE else 0o644)

    def git(self, *arguments: str) -> str:
        """Run git in the work tree, and take over the commits and branches that it made."""
        self.lay_out()
        answer = self.history.git(*arguments).decode("utf-8", "replace")
        self.take_over()
        return answer

    def take_over(self) -> None:
        """Take over what somebody else did to branches and work tree."""
        self.history.adopt()
        self.branch_name = self.history.git("symbolic-ref", "--short", "HEAD").decode().strip()
        self._laid = f"{self.branch_name} {self.tip}"
