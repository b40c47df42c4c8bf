"""What git is to overlook in this clone alone: nothing that travels says so (``info/exclude``)."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from qms.storage.files import write_new

_MOST: Final = 1 << 20


def ignore_in_clone(common_dir: Path, patterns: Iterable[str]) -> None:
    """Let git overlook files of these patterns in this clone, besides what it overlooks already.

    Where that can't be written down nothing is lost: git shows them then.
    """
    path = common_dir / "info" / "exclude"
    with suppress(OSError):
        data = _read(path)
        if data is None:
            return
        known = data.split(b"\n")
        new = [one.encode() for one in patterns if one.encode() not in known]
        if not new:
            return
        path.parent.mkdir(exist_ok=True)
        above = data if not data or data.endswith(b"\n") else data + b"\n"
        part = common_dir / f".exclude-{os.getpid()}.part"
        try:
            write_new(part, above + b"\n".join(new) + b"\n", 0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    """What stands there already; None where it is no plain file of a size that people write."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return b""
    if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST:
        return None
    return path.read_bytes()
