"""Files of git that name a folder: ``.git`` in a linked work tree, ``commondir``.

They may have come from anywhere: one may have no end, or name a link that leads back to itself.
"""

import os
from pathlib import Path
from typing import Final

from qms.findings import Finding, Place, QmsError
from qms.storage.files import read_linked

_LARGEST: Final = 4096
"""Bytes: no system takes a longer path."""


def pointed(file: Path, begins: str = "") -> Path | None:
    """The folder that a file names, by a path without links; raises as `named`."""
    found = named(file, begins)
    # pathlib's own raises RuntimeError for links in a ring
    return None if found is None else Path(os.path.realpath(found))


def named(file: Path, begins: str = "") -> Path | None:
    """The folder that a file names, which need not be there; None where it doesn't begin so.

    Raises FileNotFoundError where there is none, `QmsError` REF-BROKEN for what is no path.
    """
    try:
        text = read_linked(file, _LARGEST).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        raise
    except OSError:
        raise broken(file) from None
    if "\0" in text:
        raise broken(file)
    if not text.startswith(begins):
        return None
    return file.parent / text.removeprefix(begins).rstrip("\n")


def broken(path: Path) -> QmsError:
    """REF-BROKEN: what lies there names nothing."""
    return QmsError(Finding("REF-BROKEN", Place(str(path))))
