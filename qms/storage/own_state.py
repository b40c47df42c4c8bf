"""This user's own folder for what must outlive a command and what no clone may carry."""

import os
import stat
from pathlib import Path
from typing import Final

from qms.findings import Finding, QmsError
from qms.storage.disk import fault_of

_OWN: Final = 0o700


def state_folder(name: str) -> Path:
    """The folder `name` of qms in ``$XDG_STATE_HOME`` or ``~/.local/state``, made where need be.

    It is this user's, nobody else's to look into, no link, and hangs on no folder that one is in:
    that may be a clone. Raises `QmsError` STATE-FOLDER where it can't be that, DISK-FULL,
    DISK-READ-ONLY.
    """
    base = _base()
    if base is None:
        values = {"folder": os.environ.get("HOME", "~"), "why": "HOME"}
        raise QmsError(Finding("STATE-FOLDER", values=values))
    folder = base / "qms"
    for one in (folder, folder / name):
        try:
            one.parent.mkdir(parents=True, exist_ok=True)
            one.mkdir(mode=_OWN, exist_ok=True)
            _claim(one)
        except OSError as error:
            fault = fault_of(error, one)
            values = {"folder": str(one), "why": error.strerror or str(error)}
            raise QmsError(fault or Finding("STATE-FOLDER", values=values)) from error
    return folder / name


def known_state_folder(name: str) -> Path | None:
    """The same where it is there and in order; None elsewhere. Writes nothing."""
    base = _base()
    if base is None:
        return None
    folder = base / "qms" / name
    try:
        if all(_is_own_folder(one) for one in (folder.parent, folder)):
            return folder
    except OSError:
        pass
    return None


def _base() -> Path | None:
    named = os.environ.get("XDG_STATE_HOME", "")
    if named and os.path.isabs(named):  # noqa: PTH117 - what is no absolute path counts as unset
        return Path(named)
    home = os.path.expanduser("~")  # noqa: PTH111 - the other one raises where nobody has one
    return Path(home, ".local", "state") if os.path.isabs(home) else None  # noqa: PTH117 - as above


def is_private(found: os.stat_result) -> bool:
    """Whether what was found belongs to this user, and nobody else may open it."""
    is_mine = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
    return is_mine and not (found.st_mode & 0o077 and _has_modes())


def _is_own_folder(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and is_private(found)


def _claim(folder: Path) -> None:
    """Raises PermissionError for what is a link, no folder or another user's."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise PermissionError(0, "no folder", str(folder))
    if _has_modes() and found.st_uid != os.geteuid():
        raise PermissionError(0, "another user's", str(folder))
    if _has_modes() and found.st_mode & 0o077:
        folder.chmod(_OWN)


def _has_modes() -> bool:
    return os.name == "posix"
