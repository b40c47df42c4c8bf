"""The hook that git calls on a server before it takes a push."""

import os
import shlex
import sys
from pathlib import Path
from typing import Final

from qms.findings import Finding, Place, QmsError, refused
from qms.storage.files import read_plain, write_file
from qms.storage.repository import Repository

_PROGRAM: Final = 0o755
_MARK: Final = "# The gate of qms: "
_LARGEST: Final = 64 * 1024
_TEXT: Final = """#!/bin/sh
{mark}judges what is pushed before it is taken. Without this file all is taken.
unset PYTHONEXECUTABLE __PYVENV_LAUNCHER__
exec {python} -I -m qms hook receive --trunk {trunk}
"""


def install_gate(repository: Repository, trunk: str) -> Path:
    """Write ``hooks/pre-receive``, run by the Python that runs now; gives its path.

    It guards the branch `trunk`, and another one once the policy there names it.

    One of ours is written anew. Raises `Refused` HOOK-NOT-SHARED in a repository that people work
    in, HOOK-THERE for somebody else's, HOOK-ELSEWHERE where git would look in another folder;
    `QmsError` FILE-IN-THE-WAY, and as `write_file`.
    """
    if repository.root is not None:
        raise refused("HOOK-NOT-SHARED", folder=str(repository.root))
    elsewhere = repository.config("core.hooksPath")
    if elsewhere is not None:
        raise refused("HOOK-ELSEWHERE", folder=elsewhere)
    folder = repository.common_dir / "hooks"
    path = folder / "pre-receive"
    if os.path.lexists(path) and not _is_ours(path):
        raise refused("HOOK-THERE", file=str(path))
    if os.path.lexists(folder) and not folder.is_dir():
        raise QmsError(Finding("FILE-IN-THE-WAY", Place(path=str(path)), {"found": str(folder)}))
    text = _TEXT.format(mark=_MARK, python=shlex.quote(sys.executable), trunk=shlex.quote(trunk))
    write_file(path, text.encode(), mode=_PROGRAM)
    return path


def _is_ours(path: Path) -> bool:
    try:
        return _MARK.encode() in read_plain(path, _LARGEST)
    except OSError:
        return False
