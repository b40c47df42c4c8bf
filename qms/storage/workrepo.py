"""Committing in the user's own repository: one commit of only the paths that are named.

What else is staged or edited stays as it is; hooks and git's own signing are not run, since the
rules have already been asked and the statement is signed already. Order: objects, work-tree files,
the index entries of these paths, and last the branch, by compare-and-swap. So a kill leaves either
nothing but unused objects, or whole files and a note by which the next command puts them back.

The trees of the commit are put together from that of HEAD in memory, without an index of any
kind: they can't hold anything that the user staged.
"""

import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from pathlib import Path
from typing import Final

from qms.findings import Finding, Place, QmsError, refused
from qms.formats.tree import FILE, FOLDER, Entry
from qms.storage.files import remove_empty_folders, remove_file, write_file
from qms.storage.objects import ObjectType
from qms.storage.repository import Repository
from qms.storage.trees import CommitTree, OverlayTree
from qms.storage.unfinished import Unfinished, scratch_name
from qms.storage.worktree import WorkFiles

_ATTEMPTS: Final = 5
_DURABLE: Final = ("-c", "core.fsync=added,reference")


@dataclass(frozen=True, slots=True)
class Author:
    """Who is named in the commit, and when; never evidence of anything."""

    name: str
    email: str
    when: datetime

    def environment(self) -> dict[str, str]:
        """As git wants it told."""
        date = f"{int(self.when.timestamp())} {self.when.strftime('%z')}"
        names = ("NAME", "EMAIL", "DATE")
        values = (self.name, self.email, date)
        return {
            f"GIT_{who}_{name}": value
            for who in ("AUTHOR", "COMMITTER")
            for name, value in zip(names, values, strict=True)
        }


def is_dirty(repository: Repository, path: str) -> bool:
    """Whether the file at `path` in the work tree is not that of HEAD, byte for byte."""
    return _found(repository, path) != repository.head_tree().entry(path)


def staged_differently(repository: Repository, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of `paths` whose staged content is neither HEAD's nor the work tree's.

    A commit of these paths would lose what is staged there.
    """
    staged, head = repository.index_tree(), repository.head_tree()
    return tuple(
        path
        for path in paths
        if staged.entry(path) not in (head.entry(path), _found(repository, path))
    )


def commit_paths(  # noqa: PLR0913 - the facts of one commit
    repository: Repository,
    files: Mapping[str, bytes | None],
    message: str,
    author: Author,
    *,
    head: str | None = None,
    seen: Mapping[str, Entry | None] | None = None,
    allow_unborn: bool = False,
) -> str:
    """Commit `files` (None: removed) on the current branch; gives the commit's id.

    `head` is the commit that was current when the content was decided on (by default: now), and
    `seen` what lay in the work tree then. If the branch has moved on since, the commit is made on
    top of where it is now, unless one of these paths changed there.

    Raises `Refused` before anything is written: HEAD-DETACHED, HEAD-UNBORN, GIT-IN-PROGRESS,
    CHANGED-WHILE-SIGNING, FILE-IN-THE-WAY; `QmsError` GIT-BUSY, GIT-FAILED, after which the work
    tree and the index are as they were.
    """
    branch = committing_branch(repository, allow_unborn=allow_unborn)
    commit = PathsCommit(repository, files, message, author, branch, head or repository.head())
    commit.check(seen or {})
    commit.write_objects()
    with commit.unfinished().noted(repository):
        try:
            commit.write_files()
            commit.stage()
            return commit.move_branch()
        except BaseException:
            commit.undo()
            raise


def committing_branch(repository: Repository, *, allow_unborn: bool = False) -> str:
    """The branch that a commit would go to; raises `Refused` where none can be made now."""
    if repository.root is None:
        raise QmsError(Finding("NO-WORK-TREE"))
    operation = repository.operation()
    if operation is not None:
        raise refused("GIT-IN-PROGRESS", operation=operation)
    branch = repository.branch()
    if branch is None:
        raise refused("HEAD-DETACHED")
    if repository.head() is None and not allow_unborn:
        raise refused("HEAD-UNBORN", branch=branch)
    return branch


class PathsCommit:
    """The steps of one commit, in the order `commit_paths` takes them."""

    def __init__(  # noqa: PLR0913, PLR0917 - the facts of one commit
        self,
        repository: Repository,
        files: Mapping[str, bytes | None],
        message: str,
        author: Author,
        branch: str,
        head: str | None,
    ) -> None:
        """Does nothing yet; `head` is None on an unborn branch."""
        self._repository = repository
        self._root = repository.root or repository.git_dir
        self._files = files
        self._message = message
        self._author = author
        self._ref = f"refs/heads/{branch}"
        self._head = head
        self._entries: dict[str, Entry | None] = {}
        self._commit = ""
        self._old_files: dict[str, bytes | None] = {}
        self._old_index: str | None = None

    def check(self, seen: Mapping[str, Entry | None]) -> None:
        """Refuse what can't be written without harm."""
        for path in self._files:
            where = self._root
            for part in path.split("/")[:-1]:
                where /= part
                if where.is_symlink() or (where.exists() and not where.is_dir()):
                    raise refused("FILE-IN-THE-WAY", Place(path=path), found=where.name)
            where /= path.rpartition("/")[2]
            if where.is_symlink() or (where.exists() and not where.is_file()):
                raise refused("FILE-IN-THE-WAY", Place(path=path), found=where.name)
        for path, entry in seen.items():
            if _found(self._repository, path) != entry:
                raise refused("CHANGED-WHILE-SIGNING", Place(path=path))

    def write_objects(self) -> None:
        """Blobs, trees and the commit; nothing refers to them yet."""
        contents = {path: data for path, data in self._files.items() if data is not None}
        ids = self._store("blob", list(contents.values()))
        self._entries = dict.fromkeys(self._files)
        for path, blob_id in zip(contents, ids, strict=True):
            self._entries[path] = Entry(FILE, blob_id)
        self._write_commit()

    def unfinished(self) -> Unfinished:
        """What lies at these paths now, for whoever must put it back."""
        found = {path: self._root / path for path in self._files}
        return Unfinished(
            ref=self._ref,
            old={p: where.read_bytes() if where.is_file() else None for p, where in found.items()},
            new=self._entries,
            index=self._listed(),
        )

    def write_files(self) -> None:
        """Put the files into the work tree."""
        for path, data in self._files.items():
            where = self._root / path
            self._old_files[path] = where.read_bytes() if where.is_file() else None
            if data is None:
                remove_file(where, self._root)
            elif data != self._old_files[path]:
                write_file(where, data, self._repository.git_dir)

    def stage(self) -> None:
        """Set the index entries of these paths, and no others."""
        self._old_index = self._listed()
        self._set_index("".join(starmap(self._index_line, self._entries.items())))

    def _listed(self) -> str:
        environment = self._repository.git.environment(GIT_LITERAL_PATHSPECS="1")
        paths = list(self._files)
        listed = self._repository.git.run(
            "ls-files", "-s", "-z", "--", *paths, environment=environment
        )
        return listed.decode("utf-8", "surrogateescape")

    def move_branch(self) -> str:
        """Let the branch point to the commit, on top of whatever it points to by now."""
        for _ in range(_ATTEMPTS):
            if self._swap():
                return self._commit
            self._rebuild()
        raise refused("CHANGED-WHILE-SIGNING", Place(path=next(iter(self._files), "")))

    def undo(self) -> None:
        """Put work tree and index back as they were."""
        for path, data in self._old_files.items():
            where = self._root / path
            if data is not None:
                write_file(where, data, self._repository.git_dir)
            else:
                remove_file(where, self._root)
        for path in self._files:
            remove_empty_folders((self._root / path).parent, self._root)
        if self._old_index is not None:
            cleared = "".join(self._index_line(path, None) for path in self._files)
            with suppress(QmsError):  # what went wrong first is what must be told
                self._set_index(cleared + self._old_index)

    def _swap(self) -> bool:
        """Move the branch if it still is where the commit's parent is."""
        old = self._head or "0" * len(self._commit)
        subject = self._message.split("\n", 1)[0]
        repository = self._repository
        process = repository.git.start(
            *(*_DURABLE, "update-ref", "-m", f"qms: {subject}", self._ref, self._commit, old),
            environment=repository.git.environment(**self._author.environment()),
        )
        _, said = process.communicate()
        if process.returncode == 0:
            return True
        if repository.objects.resolve(self._ref) != self._head:
            return False
        raise _git_failure(repository, "update-ref", said)

    def _rebuild(self) -> None:
        """Make the commit anew on the branch's new tip, if these paths are the same there."""
        head = self._repository.objects.resolve(self._ref)
        before, now = self._base(self._head), self._base(head)
        for path in self._files:
            if before.entry(path) != now.entry(path):
                raise refused("CHANGED-WHILE-SIGNING", Place(path=path))
        self._head = head
        self._write_commit()

    def _base(self, head: str | None) -> CommitTree:
        return self._repository.empty_tree() if head is None else self._repository.tree(head)

    def _write_commit(self) -> None:
        tree = OverlayTree(self._base(self._head), self._entries, {})
        self._store("tree", list(tree.new_trees()))
        parents = ("-p", self._head) if self._head else ()
        answer = self._repository.git.run(
            *(*_DURABLE, "-c", "i18n.commitEncoding=UTF-8"),
            *("commit-tree", "--no-gpg-sign", tree.id, *parents),
            stdin=self._message.rstrip("\n").encode("utf-8", "replace") + b"\n",
            environment=self._repository.git.environment(**self._author.environment()),
        )
        self._commit = answer.decode("ascii").strip()

    def _store(self, kind: ObjectType, contents: list[bytes]) -> list[str]:
        """Write many objects in one call; gives their ids."""
        if not contents:
            return []
        arguments = (*_DURABLE, "hash-object", "-w", "-t", kind, "--no-filters", "--stdin-paths")
        folder = self._repository.git_dir
        with tempfile.TemporaryDirectory(prefix=scratch_name(), dir=folder) as name:
            for number, data in enumerate(contents):
                (Path(name) / str(number)).write_bytes(data)
            paths = "".join(f"{name}/{number}\n" for number in range(len(contents)))
            answer = self._repository.git.run(*arguments, stdin=os.fsencode(paths))
        ids = answer.decode("ascii").split()
        expected = [self._repository.objects.id_of(kind, data) for data in contents]
        if ids != expected:
            values = {"command": "hash-object", "said": " ".join(ids)}
            raise QmsError(Finding("GIT-FAILED", Place(), values))
        return ids

    def _index_line(self, path: str, entry: Entry | None) -> str:
        if entry is None:  # mode 0 takes a path out, whatever stages it has
            return f"0 {'0' * len(self._commit)} 0\t{path}\0"
        return f"{entry.mode:o} {entry.id} 0\t{path}\0"

    def _set_index(self, lines: str) -> None:
        repository = self._repository
        process = repository.git.start(*_DURABLE, "update-index", "-z", "--index-info")
        _, said = process.communicate(lines.encode("utf-8", "surrogateescape"))
        if process.returncode != 0:
            raise _git_failure(repository, "update-index", said)


def _git_failure(repository: Repository, command: str, said: bytes) -> QmsError:
    text = said.decode("utf-8", "replace").strip()
    if ".lock" in text and "exists" in text:
        return QmsError(Finding("GIT-BUSY", Place(), {"folder": str(repository.git_dir)}))
    return QmsError(Finding("GIT-FAILED", Place(), {"command": command, "said": text}))


def _found(repository: Repository, path: str) -> Entry | None:
    if repository.root is None:
        return None
    modes = repository.config("core.filemode") != "false"
    entry = WorkFiles(repository.root, repository.objects).entry(path, modes=modes)
    return None if entry is not None and entry.mode == FOLDER else entry
