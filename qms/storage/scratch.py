"""Scratch files, most of them in git's folder: their names tell whose they are.

So those of a killed command are known, and go.
"""

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from qms.findings import Finding, QmsError
from qms.storage import machine

_SCRATCH: Final = re.compile(r"\.?qms-([0-9a-f]{8})-([0-9]+)-([0-9]*)-.+")
_INDEX: Final = "index"
_SYSTEM: Final = ("/tmp", "/var/tmp", "/usr/tmp")  # noqa: S108 - names in them are made by Python


def scratch_name(rest: str = "") -> str:
    """How the name of a scratch file of this process in git's folder begins."""
    this = machine.Process.this()
    return f"qms-{machine.tag()}-{this.pid}-{this.started}-{rest}"


def temporary_place() -> Path:
    """The system's folder for what lives as long as a command.

    Never the folder one is in, where Python would put it at last: that may be somebody's clone.
    Nor one in which somebody else can rename things: in the place of git's settings they would put
    theirs, and git would run what these say. Its path goes through no link, which may be turned.
    Raises `QmsError` TEMP-NOWHERE.
    """
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    shared: list[str] = []
    for place in (*named, *_SYSTEM):
        if place and Path(place).is_absolute() and os.access(place, os.W_OK | os.X_OK):
            found = Path(place).resolve()
            others = open_to_others(found)
            if others is None:
                return found
            shared.append(str(others))
    if os.name != "posix":
        import tempfile  # noqa: PLC0415 - not for commands that make nothing

        return Path(tempfile.gettempdir())
    first = shared[0] if shared else _SYSTEM[0]
    folders = ", ".join(dict.fromkeys(shared)) or "-"
    raise QmsError(Finding("TEMP-NOWHERE", values={"folders": folders, "first": first}))


def open_to_others(folder: Path) -> Path | None:
    """Where somebody else could put another folder in the place of this one, or of what is in it.

    That is itself, or one that it lies in, by a path without links; None where only the user and
    root can. Whoever owns ``/`` can do anything already, and is who root is in a container.
    """
    if not hasattr(os, "geteuid"):
        return None  # Windows: rights there are told by other means
    trusted = {os.geteuid(), 0, Path("/").stat().st_uid}
    for one in (folder, *folder.parents):
        found = one.stat()
        is_shared = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if found.st_uid not in trusted or (is_shared and not found.st_mode & stat.S_ISVTX):
            return one
    return None


def sweep(folder: Path) -> None:
    """Remove what killed commands left in a folder: theirs alone, and never through a link.

    Of git's folder also the index's lock, where it is one that a killed command of ours took.
    """
    import shutil  # noqa: PLC0415 - not for commands that read

    for name in sorted(os.listdir(folder)):  # noqa: PTH208 - quick: each writing command comes here
        path = folder / name
        if not is_left(path):
            continue
        with suppress(OSError):
            if path.is_symlink() or not path.is_dir():
                path.unlink()
                continue
            _free_index(folder, path / _INDEX)
            shutil.rmtree(path)


def _free_index(git_dir: Path, ours: Path) -> None:
    lock = git_dir / "index.lock"
    with suppress(OSError):
        if not ours.is_symlink() and os.path.samestat(lock.lstat(), ours.lstat()):
            lock.unlink()


def is_left(path: Path) -> bool:
    """Whether it is called as scratch of a process that is dead; of another machine, of old."""
    match = _SCRATCH.fullmatch(path.name)
    if match is None:
        return False
    if match[1] == machine.tag():
        return not machine.is_running(int(match[2]), match[3])
    with suppress(OSError):
        return machine.is_old(path.lstat().st_mtime)
    return False
