"""Pipes and devices where git has files: whoever opens one may wait for ever.

git opens whatever bears a name that it knows, in its own folder and in the work tree; nothing asks
what it is. An archive or a copied folder may bring one; a clone never does. A socket can't be
opened at all, and git has one of its own there (``core.fsmonitor``).
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISBLK, S_ISCHR, S_ISFIFO, S_ISREG
from typing import Final

from qms.findings import QmsError
from qms.storage.files import folders_below
from qms.storage.pointers import named

_FILES: Final = (
    "HEAD", "commondir", "config", "config.worktree", "index", "packed-refs", "shallow",
    "MERGE_HEAD", "info/attributes", "info/exclude", "info/sparse-checkout", "info/grafts",
    "objects/info/alternates", "objects/info/commit-graph",
)  # fmt: skip
"""What git and qms read in a git folder as files: a folder in their place is as bad."""
_LINKED: Final = ("objects", "refs")
"""What people link into a second work tree."""
_READ: Final = (".gitattributes", ".gitignore")
"""What git reads in every folder of a work tree."""


def in_git_folder(git_dir: Path) -> str | None:
    """The path of something in a git folder that git would wait for, or None; links are followed.

    All of it is looked through: which loose object or branch git opens is told by other files.
    """
    for name in _FILES:
        with suppress(OSError):
            if not S_ISREG((git_dir / name).stat().st_mode):
                return str(git_dir / name)
    return next(_special(git_dir), None)


def in_work_tree(root: Path, *, inside: bool = False) -> Iterator[str]:
    """The files that git reads in a work tree and that are none, by paths from its root.

    With `inside` also those in the git folders of repositories that lie in it: git asks each what
    its HEAD is.
    """
    for folder, folders, names in folders_below(os.fspath(root)):
        found = [Path(folder, name) for name in names if name in _READ]
        if inside and ".git" in (*folders, *names) and Path(folder) != root:
            found += _asked_for_head(Path(folder, ".git"))
        for path in filter(is_special, found):
            yield (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _asked_for_head(place: Path) -> Iterator[Path]:
    """What git may open to learn the HEAD of a repository, whose ``.git`` may be a file.

    Nothing else is looked at: that file may name any folder of the machine.
    """
    if not place.is_dir():
        place = _named(place, "gitdir: ") or place
    for git_dir in (place, _named(place / "commondir")):
        if git_dir is not None:
            yield from (git_dir / name for name in _FILES)
            yield from map(Path, _special(git_dir / "refs"))


def _named(file: Path, word: str = "") -> Path | None:
    with suppress(OSError, QmsError):
        return named(file, word)
    return None


def is_special(path: Path) -> bool:
    """Whether there is something whose content never comes, or never ends: a pipe, a device."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return S_ISFIFO(mode) or S_ISCHR(mode) or S_ISBLK(mode)


def _special(top: Path) -> Iterator[str]:
    """All of it but what a link deeper down leads to: git makes none, and they may go in rings."""
    waiting = [os.fspath(top)]
    waiting += [str(path) for name in _LINKED if (path := top / name).is_symlink()]
    while waiting:
        folder = waiting.pop()
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_symlink():
                    is_folder = entry.is_dir() and Path(entry.path).parent != top
                    if is_folder or is_special(Path(entry.path)):
                        yield entry.path
                elif not entry.is_file() and is_special(Path(entry.path)):
                    yield entry.path
