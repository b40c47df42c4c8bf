"""The newest trunk that this user has seen of a system, kept outside of every clone.

A server that is put back to an earlier state, or another one in its place, shows by it. It is a
note of this machine alone: who has none is told nothing.
"""

import re
from hashlib import sha256
from typing import Final

from qms.storage.files import PRIVATE, read_plain, write_file
from qms.storage.own_state import known_state_folder, state_folder

_FOLDER: Final = "trunks"
_ID: Final = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LARGEST: Final = 100


def known_trunk(system: str, address: str) -> str | None:
    """The commit that was noted of a system, by the id of its repository, at an address."""
    folder = known_state_folder(_FOLDER)
    if folder is None:
        return None
    try:
        found = read_plain(folder / _name(system, address), _LARGEST).strip()
    except OSError:
        return None
    return found.decode("ascii") if _ID.fullmatch(found) is not None else None


def note_trunk(system: str, address: str, commit: str) -> None:
    """Note the trunk of a system. Raises what `state_folder` does."""
    place = state_folder(_FOLDER) / _name(system, address)
    write_file(place, f"{commit}\n".encode(), mode=PRIVATE)


def _name(system: str, address: str) -> str:
    return sha256(f"{system}\0{address}".encode("utf-8", "replace")).hexdigest()
