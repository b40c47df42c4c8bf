"""What a printed file is called in the output folder: one form, which follows from what it is.

A name is never read to find out what a file is, and never taken from anybody: it is made from the
facts and compared. So no list can name a file that lies elsewhere.
"""

import re
from typing import Final

from qms.findings import Refused, refused
from qms.formats.names import class_part, encode_part, fold, number_path, revision_part

_MARK: Final = re.compile("[a-z]+(?:-[a-z]+)*")
_PART: Final = r"(?!\.)(?:[A-Za-z0-9._+\-\u3007\u3400-\u9fff]|%[0-9A-F]{2})+"
_FORM: Final = re.compile(rf"{_PART}/{_PART}_{_PART}_{_PART}\.pdf")
_MOST: Final = 255
"""Bytes of a name that every file system takes."""


def print_name(class_id: str, number: str, revision: str, mark: str, copy: str | None) -> str:
    """``procedure/LX-CX-2019-01_A-0_controlled-003.pdf``: class, number, revision, mark, copy.

    A `/` of the number is a `+`, a `_` anywhere is percent-encoded as all else that is no letter.
    Raises Refused BAD-NAME where no file can be called so.
    """
    if _MARK.fullmatch(mark) is None:
        raise refused("BAD-NAME", name=mark[:80], found=mark[:80])
    parts = [number_path(number).replace("/", "+"), revision_part(revision)]
    parts.append(mark if copy is None else f"{mark}-{encode_part(copy)}")
    name = "_".join(part.replace("_", "%5F") for part in parts) + ".pdf"
    if len(name.encode()) > _MOST:
        raise refused("BAD-NAME", name=name[:80], found=f"> {_MOST}")
    return f"{class_part(class_id)}/{name}"


def has_form(path: str) -> bool:
    """Whether a path below the output folder could be that of a printed file at all."""
    return _FORM.fullmatch(path) is not None


def twin_key(path: str) -> tuple[str, ...]:
    """What two names share that some file systems take for one: by case, width, dashes, form."""
    return tuple(map(fold, path.split("_")))


def is_name_of(  # noqa: PLR0913, PLR0917 - the facts of a name
    path: str, class_id: str, number: str, revision: str, mark: str, copy: str | None
) -> bool:
    """Whether `path` is the name that these facts give."""
    try:
        return print_name(class_id, number, revision, mark, copy) == path
    except Refused:
        return False
