"""Where a file is to lie in the place of a folder, or a folder in that of a file.

No disk has room for both: what is there goes first. It may, where all of it is as it was committed
and goes anyway; what somebody wrote there and did not commit is theirs to move.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from qms.findings import Place, ShellText, refused, shell_word
from qms.formats.tree import EXECUTABLE, FILE, PathChange
from qms.storage.beside import free_name
from qms.storage.disk import writing
from qms.storage.line_ends import lies_as
from qms.storage.repository import Repository
from qms.storage.workfolder import remove_empty_folder


def turned(repository: Repository, root: Path, changes: Iterable[PathChange]) -> dict[str, str]:
    """By the path of a file that is to come, what lies in its place: a file above it, or a folder.

    Raises `Refused` SYNC-TURNED where there is anything that doesn't go, or isn't as it was,
    SYNC-LINK-HERE where a link that is in no commit lies in the place of what is to come.
    """
    by_path = {one.path: one for one in changes}
    kinds: dict[str, int] = {}
    found: dict[str, str] = {}
    for one in by_path.values():
        if one.after is None:
            continue
        there = _in_the_way(root, one.path, kinds)
        link = next((at for at in _upwards(one.path) if kinds.get(at) == stat.S_IFLNK), None)
        if link is not None and (link != one.path or one.before is None):
            rename = ShellText(f"mv -n -- {shell_word(link)} {shell_word(free_name(root, link))}")
            raise refused("SYNC-LINK-HERE", Place(one.path), top=link, rename=rename)
        if there is not None:
            found[one.path] = there
    for there in dict.fromkeys(found.values()):
        for path in _files(root, there):
            change = by_path.get(path)
            before = None if change is None or change.after is not None else change.before
            lies = repository.work_entry(path)
            is_plain = lies is not None and lies.mode in (FILE, EXECUTABLE)
            if before is None or not is_plain or not lies_as(repository, path, {before.id}):
                aside = shell_word(free_name(root, there))
                rename = ShellText(f"mv -n -- {shell_word(there)} {aside}")
                raise refused("SYNC-TURNED", Place(path), top=there, rename=rename)
    return found


def make_way(root: Path, places: Iterable[str]) -> None:
    """Remove what is left of folders whose files have gone: folders in which nothing lies."""
    for place in dict.fromkeys(places):
        for folder, _, _ in os.walk(root / place, topdown=False):
            with writing(root / place):
                remove_empty_folder(root, os.path.relpath(folder, root))


def _upwards(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:end]) for end in range(1, len(parts) + 1))


def _in_the_way(root: Path, path: str, kinds: dict[str, int]) -> str | None:
    """The plain file above `path`, or itself where a folder lies there. A link is none of them."""
    for where in _upwards(path):
        if where not in kinds:
            kinds[where] = 0
            with suppress(OSError):
                kinds[where] = stat.S_IFMT((root / where).lstat().st_mode)
        if where == path:
            return where if kinds[where] == stat.S_IFDIR else None
        if kinds[where] != stat.S_IFDIR:
            return where if kinds[where] == stat.S_IFREG else None
    return None


def _files(root: Path, place: str) -> Iterator[str]:
    """The file that lies at `place`, or all that are no folders below it."""
    if not (root / place).is_dir():
        yield place
        return
    for folder, inside, names in os.walk(root / place):
        links = [one for one in inside if Path(folder, one).is_symlink()]
        for name in sorted((*names, *links)):
            yield Path(folder, name).relative_to(root).as_posix()
