"""What the user's own git leaves out everywhere: `core.excludesFile`, most often litter of editors.

git is asked aside, where no settings are (`qms.storage.aside`). So the one of the user's that says
which files are none is looked up here: of the user's and the system's settings, never the clone's.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from qms.storage import disk
from qms.storage.aside import Aside
from qms.storage.files import read_linked
from qms.storage.gitprogram import personal_values

_LARGEST: Final = 1024 * 1024


def left_out(git: Aside, paths: Sequence[str]) -> frozenset[str]:
    """Those of `paths`, which lie in the work tree untracked, that the user's own file ignores.

    A rule of the repository that takes a file in again (``!name``) goes before it.
    """
    patterns = _patterns() if paths else b""
    return _ignored(git, paths, patterns) if patterns else frozenset()


def unignored(git: Aside, paths: Sequence[str]) -> tuple[str, ...]:
    """Those of `paths` in the work tree that no rule ignores, the repository's or the user's."""
    found = _ignored(git, paths, _patterns()) if paths else frozenset[str]()
    return tuple(path for path in paths if path not in found)


def _ignored(git: Aside, paths: Sequence[str], patterns: bytes) -> frozenset[str]:
    copy = git.folder / "personal"
    with disk.writing(copy):
        copy.write_bytes(patterns)
    asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
    answer = git.run(
        *("-c", f"core.excludesFile={copy}", "check-ignore", "-z", "--stdin"),
        stdin=asked,
        allowed=(0, 1, 128),  # a path that git can't tell of is left out by nothing
    )
    return frozenset(map(os.fsdecode, answer.split(b"\0")[:-1]))


def _patterns() -> bytes:
    """What the file holds; nothing where there is none that can be read."""
    where = _place()
    if where is not None:
        with suppress(OSError):
            return read_linked(where, _LARGEST)
    return b""


def _place() -> Path | None:
    """The file: as git finds it."""
    named = personal_values("core.excludesFile")[-1:]
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    place = os.path.expanduser(named[0] if named else f"{base}/git/ignore")  # noqa: PTH111 - see state
    return Path(place) if os.path.isabs(place) else None  # noqa: PTH117
