"""Files as they were before a command wrote another text in their place, for whoever looks them up.

They lie in the user's own state folder: beside a document they would be strays, and could be
committed by accident.
"""

from hashlib import sha256
from pathlib import Path
from typing import Final

from qms.storage.files import write_file
from qms.storage.own_state import state_folder

FOLDER: Final = "kept"
_OWN: Final = 0o600


def keep(name: str, data: bytes) -> Path:
    """Write `data` under a name of its own and give the place. Raises as `state_folder` does."""
    place = state_folder(FOLDER) / f"{sha256(data).hexdigest()[:12]}-{name}"
    write_file(place, data, mode=_OWN)
    return place
