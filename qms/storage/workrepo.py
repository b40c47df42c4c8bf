"""Committing in the user's own repository: one commit of only the paths that are named.

What else is staged or edited stays as it is; hooks and git's own signing are not run, since the
rules have already been asked and the statement is signed already. Order: the contents as objects;
then, one writer at a time, the state is read again, and judged again where it has moved on; new
files and index are whole beside their places before the first of them is moved there; then files,
index, and last the branch, by compare-and-swap. Until the first file is moved whatever goes wrong
leaves all as it was. From there on it only goes forward: a kill leaves whole signed files and a
note by which the next command commits them, and nothing old is ever written back.

The trees of the commit are put together from that of HEAD in memory, without an index of any
kind: they can't hold anything that the user staged.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from qms.findings import Finding, Place, QmsError, Refused, ShellText, refused
from qms.formats.tree import FILE, TreeEntry
from qms.storage import disk
from qms.storage.branch import BranchMoved, moving
from qms.storage.index import GitIndex
from qms.storage.locking import locked
from qms.storage.new_objects import scratch_folder, write_commit, write_objects
from qms.storage.repository import Repository
from qms.storage.scratch import sweep
from qms.storage.trees import CommitTree, OverlayTree
from qms.storage.unfinished import Unfinished, entry_of, forget_done
from qms.storage.workfolder import Laid, lay, put, refuse_in_the_way, remove_work_file

_ATTEMPTS: Final = 5


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


@contextmanager
def writing(repository: Repository) -> Generator[None, None, None]:
    """A span in which nobody else writes here, and what is left of dead commands is swept away.

    Raises as `locked`; `QmsError` NO-WORK-TREE.
    """
    if repository.root is None:
        raise QmsError(Finding("NO-WORK-TREE"))
    with locked(repository):
        sweep(repository.git_dir)
        forget_done(repository)
        yield


def commit_paths(  # noqa: PLR0913 - the facts of one commit
    repository: Repository,
    files: Mapping[str, bytes | None],
    message: str,
    author: Author,
    *,
    head: str | None = None,
    seen: Mapping[str, TreeEntry | None] | None = None,
    allow_unborn: bool = False,
    judge: Callable[[], None] = lambda: None,
) -> str:
    """Commit `files` (None: removed) on the current branch; gives the commit's id.

    `head` is the commit that was current when the content was decided on (by default: now), and
    `seen` what lay in the work tree then. If the branch has moved on since, the commit is made on
    top of where it is now, unless one of these paths changed there; `judge` is asked first, and
    raises what keeps it from that.

    Raises `Refused` before anything is changed: HEAD-DETACHED, HEAD-UNBORN, GIT-IN-PROGRESS,
    CHANGED-WHILE-SIGNING, FILE-IN-THE-WAY; `QmsError` GIT-BUSY, GIT-FAILED, DISK-FULL,
    DISK-READ-ONLY, WRITE-DENIED, STATE-FOLDER and what `locked` raises. COMMIT-UNFINISHED where
    files were moved already: the next command goes on from there.
    """
    committing_branch(repository, allow_unborn=allow_unborn)
    head = head or repository.head()
    commit = PathsCommit(repository, files, message, author)
    commit.write_blobs()
    with writing(repository):
        branch = committing_branch(repository, allow_unborn=allow_unborn)
        refuse_in_the_way(repository.root or repository.git_dir, files)
        for _ in range(_ATTEMPTS):
            now = repository.head()
            if now != head:
                commit.refuse_moved(head, now)
                judge()
            try:
                return commit.carry_out(branch, now, seen or {})
            except BranchMoved:
                continue
    raise refused("CHANGED-WHILE-SIGNING", Place(path=next(iter(files), "")))


def go_on(repository: Repository, left: Unfinished) -> str:
    """Commit what a killed command left; gives the commit's id. Called under the lock.

    The caller has judged it. Raises as `commit_paths`, and `BranchMoved` where it is of here and
    now no more: judging takes a while.
    """
    if left.strange(repository):
        raise BranchMoved
    contents = {
        path: None if blob is None else repository.objects.blob(blob)
        for path, blob in left.new.items()
    }
    commit = PathsCommit(repository, contents, left.subject, None, made=left.commit)
    refuse_in_the_way(repository.root or repository.git_dir, contents)
    commit.write_blobs()
    commit.carry_out(left.ref.removeprefix("refs/heads/"), left.head)
    left.forget()
    return left.commit


def unstage(repository: Repository, left: Unfinished, paths: Iterable[str]) -> None:
    """Let the index have at `paths` what HEAD has, where it has what a note put there.

    Called under the lock. Raises `QmsError` GIT-BUSY.
    """
    staged, head = repository.index_tree(), repository.head_tree()
    entries = {
        path: head.entry(path) for path in paths if staged.entry(path) == entry_of(left.new[path])
    }
    with (
        scratch_folder(repository) as scratch,
        GitIndex(repository, scratch).changed(entries) as change,
    ):
        change()


def committing_branch(
    repository: Repository, *, allow_unborn: bool = False, merging: bool = False
) -> str:
    """The branch that a commit would go to; raises `Refused` where none can be made now.

    While git is in the middle of something none can, but for the end of a merge (`merging`).
    """
    if repository.root is None:
        raise QmsError(Finding("NO-WORK-TREE"))
    operation = repository.operation()
    if operation is not None and not (merging and operation == "merge"):
        raise Refused(_in_progress(repository, operation))
    branch = repository.branch()
    if branch is None:
        raise refused("HEAD-DETACHED", commit=(repository.head() or "")[:10])
    if repository.head() is None and not allow_unborn:
        raise refused("HEAD-UNBORN", branch=branch)
    return branch


def _in_progress(repository: Repository, operation: str) -> Finding:
    """What git is in the middle of, with the command that gives it up and the one that ends it."""
    if operation == "bisect":
        return Finding("GIT-BISECTING", values={"commit": (repository.head() or "")[:10]})
    # git asks for words that it has already, in an editor that nobody may know how to leave.
    ending = "commit --no-edit" if operation == "merge" else f"{operation} --continue"
    values = {
        "operation": operation,
        "undo": ShellText(f"git {operation} --abort"),
        "end": ShellText(f"git add -A && git -c core.editor=true {ending}"),
    }
    return Finding("GIT-IN-PROGRESS", values=values)


class PathsCommit:
    """The steps of one commit, in the order `commit_paths` takes them."""

    def __init__(
        self,
        repository: Repository,
        files: Mapping[str, bytes | None],
        message: str,
        author: Author | None,
        *,
        made: str = "",
    ) -> None:
        """Does nothing yet; `made` is the commit where it was written before a kill."""
        self._repository = repository
        self._root = repository.root or repository.git_dir
        self._files = files
        self._message = message
        self._author = {} if author is None else author.environment()
        self._made = made
        self._entries: dict[str, TreeEntry | None] = {}

    def write_blobs(self) -> None:
        """The contents as objects; nothing refers to them yet."""
        contents = {path: data for path, data in self._files.items() if data is not None}
        ids = write_objects(self._repository, "blob", list(contents.values()))
        self._entries = dict.fromkeys(self._files)
        for path, blob_id in zip(contents, ids, strict=True):
            self._entries[path] = TreeEntry(FILE, blob_id)

    def refuse_moved(self, head: str | None, now: str | None) -> None:
        """Refuse where one of the paths is another at `now` than it was at `head`."""
        before, after = self._base(head), self._base(now)
        for path in self._files:
            if before.entry(path) != after.entry(path):
                raise refused("CHANGED-WHILE-SIGNING", Place(path=path))

    def carry_out(
        self, branch: str, head: str | None, seen: Mapping[str, TreeEntry | None] | None = None
    ) -> str:
        """Files, index and branch, on top of `head`; gives the commit's id.

        Raises `BranchMoved` where the branch is elsewhere, `Refused` CHANGED-WHILE-SIGNING where
        not what was `seen` (by default: now) lies there: nothing was changed then.
        """
        ref, commit = f"refs/heads/{branch}", self._made or self._written(head)
        known = {path: self._repository.work_entry(path) for path in self._files} | dict(seen or {})
        lies = {path: known[path] for path in self._files}
        self._refuse_changed(known)
        with scratch_folder(self._repository) as scratch:
            new = {path: self._files[path] for path in self._files if self._is_new(path, lies)}
            laid = lay(new, self._root, scratch)
            index = GitIndex(self._repository, scratch)
            unfinished = Unfinished.by_this_process(
                self._repository, ref, head, commit, self._subject, lies, self._entries
            )
            with (
                unfinished.noted(self._repository),
                index.changed(self._entries) as change_index,
                moving(self._repository, ref, head, commit, self._subject, self._author) as move,
            ):
                try:
                    with disk.writing(self._root):
                        self._refuse_changed(known)  # again: an editor knows of no lock
                        self._move_files(laid)
                        change_index()
                        move()
                except (QmsError, OSError) as error:
                    if not unfinished.begun(self._repository):
                        raise
                    raise _unfinished(error, commit, new) from error
        return commit

    def _move_files(self, laid: Iterable[Laid]) -> None:
        for one in laid:
            if one.part is None:
                remove_work_file(self._root, one.path)
            else:
                put(self._root, one.path, one.part)

    @property
    def _subject(self) -> str:
        return self._message.split("\n", 1)[0]

    def _refuse_changed(self, seen: Mapping[str, TreeEntry | None]) -> None:
        for path, entry in seen.items():
            if self._repository.work_entry(path) != entry:
                raise refused("CHANGED-WHILE-SIGNING", Place(path=path))

    def _is_new(self, path: str, seen: Mapping[str, TreeEntry | None]) -> bool:
        lies, entry = seen[path], self._entries[path]
        return (None if lies is None else lies.id) != (None if entry is None else entry.id)

    def _base(self, head: str | None) -> CommitTree:
        return self._repository.empty_tree() if head is None else self._repository.tree(head)

    def _written(self, head: str | None) -> str:
        """The trees and the commit as objects."""
        tree = OverlayTree(self._base(head), self._entries, {})
        parents = () if head is None else (head,)
        return write_commit(self._repository, tree, parents, self._message, self._author)


def _unfinished(error: QmsError | OSError, commit: str, paths: Iterable[str]) -> QmsError:
    """Files were moved already, and something failed: the next command goes on from there."""
    why = error.finding.code if isinstance(error, QmsError) else error.strerror or str(error)
    values = {"commit": commit[:12], "why": why, "paths": ", ".join(paths)}
    return QmsError(Finding("COMMIT-UNFINISHED", values=values))
