"""Moving the current branch, the index and the files on to a commit that builds on it.

Files first, the branch last. A kill in between leaves files that are the new ones already: the same
command finds them so, and goes on. What somebody edited and didn't commit is never written over.
"""

import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from qms.findings import Finding, Place, QmsError, Refused, refused, shell_word
from qms.formats.tree import EXECUTABLE, FILE, PathChange, TreeEntry
from qms.storage import disk
from qms.storage.branch import BranchMoved, moving
from qms.storage.index import GitIndex
from qms.storage.large_files import large_file
from qms.storage.line_ends import lies_as
from qms.storage.making_way import make_way, turned
from qms.storage.new_objects import scratch_folder
from qms.storage.repository import Repository
from qms.storage.workfolder import lay, put, refuse_in_the_way, remove_work_file
from qms.storage.workrepo import committing_branch, writing

_TOGETHER = 500
"""So many files are read and laid at a time."""


def advance(  # noqa: PLR0913, PLR0917 - from where to where, and what lies there
    repository: Repository,
    head: str | None,
    commit: str,
    subject: str,
    settled: Collection[str] | None = None,
    kept: Collection[str] = (),
) -> tuple[str, ...]:
    """Move from the commit `head` (None: there is none) to `commit`; gives the paths that changed.

    `settled` are the paths of a merge that git stopped in: whatever lies there is git's own making.
    What somebody edited of `kept` stays as it lies, edited still.

    Raises `Refused` SYNC-UNCOMMITTED, SYNC-TURNED before anything is changed, `BranchMoved` where
    somebody was quicker, and what `qms.storage.workrepo.writing` raises.
    """
    with writing(repository):
        branch = committing_branch(
            repository, merging=settled is not None, allow_unborn=head is None
        )
        before = repository.empty_tree() if head is None else repository.tree(head)
        after = repository.tree(commit)
        changes = tuple(after.changes(before))
        known = {one.path for one in changes}
        more = (one for one in settled or () if one not in known)
        changes = (*changes, *(PathChange(one, after.entry(one), after.entry(one)) for one in more))
        moved = moving(repository, f"refs/heads/{branch}", head, commit, subject, {})
        _lay_all(repository, changes, settled or (), moved, kept)
        return tuple(one.path for one in changes)


def switch(repository: Repository, head: str, branch: str) -> None:
    """Go from the commit `head`, which is checked out, to another branch of this clone.

    Raises as `advance`; nothing is changed then.
    """
    with writing(repository):
        committing_branch(repository)
        name = f"refs/heads/{branch}"
        commit = repository.named(name)
        if commit is None or repository.head() != head:
            raise BranchMoved
        changes = tuple(repository.tree(commit).changes(repository.tree(head)))

        def turn() -> None:
            repository.git.run("symbolic-ref", "-m", f"qms: to {branch}", "HEAD", name)

        _lay_all(repository, changes, (), nullcontext(turn))


def _lay_all(
    repository: Repository,
    changes: Sequence[PathChange],
    settled: Collection[str],
    moved: AbstractContextManager[Callable[[], None]],
    kept: Collection[str] = (),
) -> None:
    """Lay files and index, and last let `moved` say where HEAD is now.

    What was edited of `kept` stays as it lies.
    """
    _refuse_odd(changes)
    root = repository.root
    if root is None:
        raise QmsError(Finding("NO-WORK-TREE"))
    places = turned(repository, root, changes)
    edited = {one.path for one in changes if one.path in kept and _is_edited(repository, one)}
    left = {*edited, *settled}
    _refuse_edited(repository, (one for one in changes if one.path not in left))
    refuse_in_the_way(root, (one.path for one in changes if one.path not in places))
    with (
        scratch_folder(repository) as scratch,
        GitIndex(repository, scratch).changed({one.path: one.after for one in changes}) as changed,
        moved as move,
        disk.writing(root),
    ):
        for some in _steps([one for one in changes if one.path not in edited]):
            _lay(repository, some, root, scratch)
            if some[-1].after is None:
                make_way(root, places.values())
        changed()
        move()


def refuse_edited(
    repository: Repository, head: str, commit: str, kept: Collection[str] = ()
) -> None:
    """Refuse to go from one commit to another over what somebody edited and did not commit.

    But for `kept`, as `advance` does.

    Raises `Refused` SYNC-UNCOMMITTED, SYNC-TURNED, SYNC-LINK, FILE-IN-THE-WAY.
    """
    changes = tuple(repository.tree(commit).changes(repository.tree(head)))
    root = repository.root or repository.git_dir
    _refuse_odd(changes)
    places = turned(repository, root, changes)
    _refuse_edited(repository, (one for one in changes if one.path not in kept))
    refuse_in_the_way(root, (one.path for one in changes if one.path not in places))


def _steps(changes: Iterable[PathChange]) -> Iterator[Sequence[PathChange]]:
    """So many at a time as are read together; what goes first: something may come in its place."""
    by_kind: tuple[list[PathChange], list[PathChange]] = [], []
    for one in changes:
        by_kind[one.after is not None].append(one)
    for some in by_kind:
        yield from (some[at : at + _TOGETHER] for at in range(0, len(some), _TOGETHER))


def _lay(repository: Repository, changes: Sequence[PathChange], root: Path, scratch: Path) -> None:
    """Let lie at some paths what is to lie there."""
    files = dict(_contents(repository, changes, scratch))
    by_path = {one.path: one for one in changes}
    small = {path: data for path, data in files.items() if not isinstance(data, Path)}
    for one in lay(small, root, scratch):
        if one.part is None:
            remove_work_file(root, one.path)
        else:
            _put(root, by_path[one.path], one.part)
    for path, part in files.items():
        if isinstance(part, Path):
            _put(root, by_path[path], part)


def _refuse_odd(changes: Iterable[PathChange]) -> None:
    """Refuse links and submodules: half of one laid down is a deletion to whoever commits next."""
    for one in changes:
        for entry in (one.before, one.after):
            if entry is not None and entry.mode not in (FILE, EXECUTABLE):
                raise refused("SYNC-LINK", Place(one.path))


def _refuse_edited(repository: Repository, changes: Iterable[PathChange]) -> None:
    for one in changes:
        if _is_edited(repository, one):
            raise refused("SYNC-UNCOMMITTED", Place(one.path), path=shell_word(one.path))


def _is_edited(repository: Repository, one: PathChange) -> bool:
    return not lies_as(repository, one.path, {_blob(one.before), _blob(one.after)})


def _blob(entry: TreeEntry | None) -> str | None:
    return None if entry is None else entry.id


def _put(root: Path, change: PathChange, part: Path) -> None:
    """Move a file to its place; one that is to be run gets that right, or loses it."""
    before, after = change.before, change.after
    if after is not None and (before is None or before.mode != after.mode):
        own = stat.S_IMODE(part.stat().st_mode)
        part.chmod(own | 0o111 if after.mode == EXECUTABLE else own & ~0o111)
    put(root, change.path, part)


def _contents(
    repository: Repository, changes: Iterable[PathChange], scratch: Path
) -> Iterator[tuple[str, bytes | Path | None]]:
    """What is to lie at paths where something else lies: its bytes, or of much a file of them."""
    for number, one in enumerate(changes):
        lies = repository.work_entry(one.path)
        if _blob(lies) == _blob(one.after) and (lies is None or lies == one.after):
            continue
        entry = one.after
        if entry is None:
            yield one.path, None
            continue
        try:
            yield one.path, repository.objects.blob(entry.id)
        except Refused:  # in free ground anything may be larger than what is governed
            yield one.path, large_file(repository, entry.id, scratch / f"large-{number}")


def forget_merge(repository: Repository) -> None:
    """Let git know that the merge it stopped in is over."""
    with disk.writing(repository.git_dir):
        for name in ("MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "AUTO_MERGE"):
            (repository.git_dir / name).unlink(missing_ok=True)
