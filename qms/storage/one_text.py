"""The work tree of who asks about one text: its own file is looked at, and no other.

To look through a work tree takes git as long as there are files. Where a text lies on the disk as a
file, and HEAD has it there too, all that is asked about it is told by these few. Anything else (a
file that is gone, that HEAD doesn't have, a link, a pipe) is for who looks at everything.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from qms.findings import QmsError
from qms.formats.tree import EXECUTABLE, FILE, FOLDER, TreeEntry
from qms.storage.repository import Repository
from qms.storage.trees import OverlayTree
from qms.storage.worktree import WorkFiles


def text_on_disk(repository: Repository, folder: str, inside: str) -> OverlayTree | None:
    """HEAD's files, with those that lie at the path `inside` of each folder of `folder` on disk.

    None where more is to be looked at.
    """
    if repository.root is None:
        return None
    base = repository.head_tree()
    reader = WorkFiles(repository.root, repository.objects)
    modes = repository.config("core.filemode") != "false"
    files: dict[str, TreeEntry | None] = {}
    try:
        names = {*_folders(repository.root / folder), *base.folder(folder)}
        for name in names:
            path = f"{folder}/{name}/{inside}"
            known, lying = base.entry(path), reader.entry(path, modes=modes)
            if known is None and lying is None and _is_free(reader, path):
                continue
            if known is None or lying is None or not _is_free(reader, path):
                return None
            if not {known.mode, lying.mode} <= {FILE, EXECUTABLE}:
                return None
            files[path] = lying if modes else TreeEntry(known.mode, lying.id)
    except (OSError, QmsError):
        return None
    return OverlayTree(base, files, reader) if files else None


def _folders(place: Path) -> Iterator[str]:
    """The folders in a folder; raises OSError where anything but them and files lies there."""
    if place.is_symlink():
        raise NotADirectoryError(str(place))
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield entry.name
            elif not entry.is_file(follow_symlinks=False):
                raise NotADirectoryError(entry.path)


def _is_free(reader: WorkFiles, path: str) -> bool:
    """Whether no link leads to a path: all that it lies in, as far as it is there, are folders."""
    above = path.rpartition("/")[0]
    while above:
        entry = reader.entry(above)
        if entry is not None and entry.mode != FOLDER:
            return False
        above = above.rpartition("/")[0]
    return True
