"""Moving the current branch, the index and the files on to a commit that builds on it.

Files first, the branch last. A kill in between leaves files that are the new ones already: the same
command finds them so, and goes on. What somebody edited and didn't commit is never written over.
"""

from collections.abc import Collection, Iterable

from qms.findings import Finding, Place, QmsError, refused, shell_word
from qms.formats.tree import EXECUTABLE, FILE, PathChange, TreeEntry
from qms.storage import disk
from qms.storage.branch import moving
from qms.storage.index import GitIndex
from qms.storage.new_objects import scratch_folder
from qms.storage.repository import Repository
from qms.storage.workfolder import lay, put, refuse_in_the_way, remove_work_file
from qms.storage.workrepo import committing_branch, writing

_TOGETHER = 500
"""So many files are read and laid at a time."""


def advance(
    repository: Repository,
    head: str | None,
    commit: str,
    subject: str,
    settled: Collection[str] | None = None,
) -> tuple[str, ...]:
    """Move from the commit `head` (None: there is none) to `commit`; gives the paths that changed.

    `settled` are the paths of a merge that git stopped in: whatever lies there is git's own making.

    Raises `Refused` SYNC-UNCOMMITTED before anything is changed, `BranchMoved` where somebody was
    quicker, and what `qms.storage.workrepo.writing` raises.
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
        written = tuple(one for one in changes if _is_plain(one))
        _refuse_edited(repository, (one for one in written if one.path not in (settled or ())))
        root = repository.root
        if root is None:
            raise QmsError(Finding("NO-WORK-TREE"))
        refuse_in_the_way(root, (one.path for one in written))
        entries = {one.path: one.after for one in changes}
        with (
            scratch_folder(repository) as scratch,
            GitIndex(repository, scratch).changed(entries) as change_index,
            moving(repository, f"refs/heads/{branch}", head, commit, subject, {}) as move,
            disk.writing(root),
        ):
            for first in range(0, len(written), _TOGETHER):
                files = dict(_contents(repository, written[first : first + _TOGETHER]))
                for one in lay(files, root, scratch):
                    if one.part is None:
                        remove_work_file(root, one.path)
                    else:
                        put(root, one.path, one.part)
            change_index()
            move()
        return tuple(entries)


def _is_plain(change: PathChange) -> bool:
    """Whether a file is written or removed: links and submodules nobody needs here aren't."""
    return all(
        one is None or one.mode in (FILE, EXECUTABLE) for one in (change.before, change.after)
    )


def _refuse_edited(repository: Repository, changes: Iterable[PathChange]) -> None:
    for one in changes:
        lies = repository.work_entry(one.path)
        if _blob(lies) not in {_blob(one.before), _blob(one.after)}:
            raise refused("SYNC-UNCOMMITTED", Place(one.path), path=shell_word(one.path))


def _blob(entry: TreeEntry | None) -> str | None:
    return None if entry is None else entry.id


def _contents(
    repository: Repository, changes: Iterable[PathChange]
) -> Iterable[tuple[str, bytes | None]]:
    for one in changes:
        lies = repository.work_entry(one.path)
        if _blob(lies) != _blob(one.after):
            entry = one.after
            yield one.path, None if entry is None else repository.objects.blob(entry.id)


def forget_merge(repository: Repository) -> None:
    """Let git know that the merge it stopped in is over."""
    with disk.writing(repository.git_dir):
        for name in ("MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "AUTO_MERGE"):
            (repository.git_dir / name).unlink(missing_ok=True)
