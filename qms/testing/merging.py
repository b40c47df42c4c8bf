"""Merging files as git does: by path, and by lines where both sides changed one.

What both sides changed goes to `git merge-file`, lists that only grow with ``--union`` as the
repository's attributes say.
"""

import subprocess
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from qms.testing.built_history import File, Files

UNION: Final = (
    "acks/**", "copies/**", "delegations/**", "enrolments/**", "external/**",
    "released/**/*.acts.yaml", "released/**/rejects.yaml",
)  # fmt: skip
"""Lists that git merges by keeping both sides' lines, as the template's .gitattributes has it."""

ATTRIBUTES: Final = "".join(("* -text\n", *(f"{one} merge=union\n" for one in UNION))).encode()
"""The .gitattributes of test repos."""

Resolve = Callable[[str, bytes, bytes], bytes]
"""Settles a conflict by hand: from path, ours and theirs to what is committed."""


class Conflict(AssertionError):  # noqa: N818 - what git calls it
    """Two branches changed the same lines, and the test gave no hand to settle it."""


def merged(base: Files, ours: Files, theirs: Files, resolve: Resolve | None = None) -> Files:
    """The files of a merge commit. Raises `Conflict`."""
    found: dict[str, File] = {}
    for path in [*ours, *(path for path in theirs if path not in ours)]:
        file = _merged_file(path, base.get(path), ours.get(path), theirs.get(path), resolve)
        if file is not None:
            found[path] = file
    return found


def _merged_file(
    path: str, base: File | None, ours: File | None, theirs: File | None, resolve: Resolve | None
) -> File | None:
    if theirs in (ours, base):
        return ours
    if ours == base:
        return theirs
    if ours is None or theirs is None:
        raise Conflict(path)
    before = base.data if base is not None else b""
    union = any(fnmatchcase(path, pattern) for pattern in UNION)
    data = _merged_lines(ours.data, before, theirs.data, union=union)
    if data is None:
        if resolve is None:
            raise Conflict(path)
        data = resolve(path, ours.data, theirs.data)
    return File(data, ours.mode)


def _merged_lines(ours: bytes, base: bytes, theirs: bytes, *, union: bool) -> bytes | None:
    with TemporaryDirectory(prefix="qms-merge-") as name:
        paths = [Path(name, side) for side in ("ours", "base", "theirs")]
        for path, data in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(data)
        command = ["git", "merge-file", "-p", *(["--union"] if union else []), *map(str, paths)]
        done = subprocess.run(command, check=False, capture_output=True, cwd=name)  # noqa: S603
    return done.stdout if done.returncode == 0 else None
