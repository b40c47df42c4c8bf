"""Whose repository it is: settings of one that another user made are not followed unasked.

The same question as git asks before it reads a repository, with the same answer: the owner is the
user, or the user's own settings name the folder (``safe.directory``). git itself doesn't ask where
it is told the git folder, as it is here.
"""

import os
from pathlib import Path

from qms.storage.gitprogram import personal_values


def is_ours(place: Path, git_dir: Path) -> bool:
    """Whether `place` and its git folder belong to this user, or the user's settings say so."""
    if not hasattr(os, "geteuid"):
        return True  # Windows: git there asks by other means
    return _is_owned(place, git_dir) or _is_named(place)


def _is_owned(*places: Path) -> bool:
    user = os.geteuid()
    users = {user}
    if user == 0 and os.environ.get("SUDO_UID", "").isdecimal():
        users.add(int(os.environ["SUDO_UID"]))
    return all(place.lstat().st_uid in users for place in places)


def _is_named(place: Path) -> bool:
    """As git reads them: of the system's and the user's settings, never the repository's."""
    named: list[str] = []
    for value in personal_values("safe.directory"):
        named = [*named, value] if value else []
    return any(one in ("*", str(place), f"{place.parent}/*") for one in named)
