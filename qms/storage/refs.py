"""What one full name stands for, such as ``HEAD`` or ``refs/remotes/origin/main``.

git looks a name up in half a dozen places: where the branch is not there, a tag called like its
whole name stands in for it, and anybody can push tags. Here a name is itself or nothing.
"""

import io
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from qms.storage.files import folders_below, plain_blocks, read_plain
from qms.storage.gitprogram import Git
from qms.storage.pointers import broken

_ID: Final = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\s*\Z")
_SYMBOLIC: Final = re.compile(rb"ref:\s*(refs/[^\s]+)\s*\Z")
# Possessive: what could be taken back would be kept in memory, a hundred bytes for each line.
_PACKED: Final = re.compile(rb"(?:(?:#[^\n]*+|\^[0-9a-f]++|[0-9a-f]++ [^\n]++)\n)*+\Z")
_DEEPEST: Final = 5
_LARGEST_REF: Final = 4096
_LARGEST_IDS: Final = 16 * 1024 * 1024
"""Four hundred thousand ids, where a clone of an honest company has a few."""
_LONGEST_LINE: Final = 65536
_IDS: Final = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LOCK: Final = ".lock"


def lookup(git: Git, name: str) -> str | None:
    """The id that a full name stands for; None where there is no such name.

    Raises `QmsError` REF-BROKEN where what is there names nothing.
    """
    if (git.common_dir / "reftable").is_dir():
        answer = git.run("show-ref", "--verify", "--hash", "--", name, allowed=(0, 1, 128))
        return answer.decode("ascii").strip() or None
    for _ in range(_DEEPEST):
        found = _loose(git, name) or _packed(git, name) or _loose(git, name)  # or packed meanwhile
        if not isinstance(found, Path):
            return found
        name = found.as_posix()
    raise broken(git.git_dir / name)


def lookup_all(git: Git, wanted: Collection[str]) -> dict[str, str]:
    """As `lookup`, for many full names: git's list is read once. What isn't there is left out.

    Raises `QmsError` REF-BROKEN.
    """
    if (git.common_dir / "reftable").is_dir():
        names = frozenset(wanted)
        return {name: found for name, found in every(git) if name in names}
    found = {name: at for name in wanted if (at := _loose(git, name)) is not None}
    left = frozenset(one for one in wanted if one not in found)
    found |= {name: at for name, at in _packed_ids(git) if name in left} if left else {}
    packed = (one for one in left if one not in found)  # or one by one: packed meanwhile
    found |= {name: at for name in packed if (at := _loose(git, name)) is not None}
    ids = ((name, lookup(git, name) if isinstance(at, Path) else at) for name, at in found.items())
    return {name: at for name, at in ids if at is not None}


def meant(git: Git, name: str) -> str:
    """The full name that git writes to for `name`: another one where it is symbolic.

    Whether there is such a one or not. Raises `QmsError` REF-BROKEN, also where names go round.
    """
    is_table = (git.common_dir / "reftable").is_dir()
    for _ in range(_DEEPEST + 1):
        following = _symbolic(git, name) if is_table else _loose(git, name)
        if not isinstance(following, Path):
            return name
        name = following.as_posix()
    raise broken(git.git_dir / name)


def listed_below(git: Git, place: str) -> tuple[str, ...]:
    """The full names of all refs below a place such as ``refs/heads/``."""
    answer = git.run("for-each-ref", "--format=%(refname)", place)
    lines = answer.split(b"\n")  # other white space is a name's own
    return tuple(one.decode("utf-8", "surrogateescape") for one in lines if one)


def newest_beyond(git: Git, commit: str, most: int) -> tuple[tuple[str, str], ...]:
    """The branches that have what a commit hasn't, the newest first, each with its id."""
    answer = git.run(
        "for-each-ref", f"--no-merged={commit}", "--sort=-committerdate", f"--count={most}",
        "--format=%(objectname) %(refname)", "refs/heads/",
    )  # fmt: skip
    return _names_and_ids(answer)


def is_open_elsewhere(git: Git, name: str) -> bool:
    """Whether a branch that isn't checked out here is in another work tree of this clone."""
    return bool(git.run("for-each-ref", "--format=%(worktreepath)", name).strip())


def every(git: Git) -> tuple[tuple[str, str], ...]:
    """The full names of all refs, each with the id that it is at."""
    return _names_and_ids(git.run("for-each-ref", "--format=%(objectname) %(refname)"))


def _names_and_ids(answer: bytes) -> tuple[tuple[str, str], ...]:
    lines = answer.decode("utf-8", "surrogateescape").split("\n")
    return tuple((name, found) for found, _, name in (one.partition(" ") for one in lines) if name)


def names(git: Git) -> Iterator[str]:
    """The full names of all refs, one after the other: git would hold them all at once.

    Raises `QmsError` REF-BROKEN.
    """
    if (git.common_dir / "reftable").is_dir():
        yield from listed_below(git, "refs/")
        return
    loose = set(_loose_names(git.common_dir))
    yield from loose
    yield from (name for name, _ in _packed_ids(git) if name not in loose)


def _packed_ids(git: Git) -> Iterator[tuple[str, str]]:
    """The names in git's list of them, each with its id."""
    for lines in _packed_lines(git.common_dir / "packed-refs"):
        for line in lines.split(b"\n"):
            found, _, name = line.partition(b" ")
            if name and _IDS.fullmatch(found):
                yield name.decode("utf-8", "surrogateescape"), found.decode("ascii")


def _loose_names(folder: Path) -> Iterator[str]:
    for place, _, files in folders_below(str(folder / "refs")):
        below = Path(place).relative_to(folder).as_posix()
        yield from (f"{below}/{name}" for name in files if not name.endswith(_LOCK))


def _symbolic(git: Git, name: str) -> Path | None:
    answer = git.run("symbolic-ref", "--quiet", "--", name, allowed=(0, 1, 128))
    found = answer.decode("utf-8", "surrogateescape").rstrip("\n")
    return Path(found) if found else None


def target(git: Git) -> str | None:
    """The full name of the branch that HEAD is on, born or not; None where it is on none."""
    if (git.common_dir / "reftable").is_dir():
        answer = git.run("symbolic-ref", "-q", "HEAD", allowed=(0, 1))
        return answer.decode("utf-8", "surrogateescape").rstrip("\n") or None
    found = _loose(git, "HEAD")
    return found.as_posix() if isinstance(found, Path) else None


def listed(path: Path) -> tuple[str, ...]:
    """The ids in a file that has one in each line; none where there is no file.

    Raises `QmsError` REF-BROKEN.
    """
    try:
        data = read_plain(path, _LARGEST_IDS)
    except FileNotFoundError:
        return ()
    except OSError:
        raise broken(path) from None
    found: list[str] = []
    for line in io.BytesIO(data):  # one at a time: most of a file may be line ends
        if _ID.match(line) is None:
            raise broken(path)
        found.append(line.strip().decode("ascii"))
    return tuple(found)


def _loose(git: Git, name: str) -> str | Path | None:
    """What the file of a name holds: an id, or as a path another name; None without such a file."""
    path = (git.common_dir if name.startswith("refs/") else git.git_dir) / name
    try:
        if path.is_symlink():
            data = b"ref: " + str(path.readlink()).encode("utf-8", "surrogateescape")
        else:
            data = read_plain(path, _LARGEST_REF)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError:
        raise broken(path) from None
    symbolic = _SYMBOLIC.match(data)
    if symbolic is not None:
        other = symbolic[1].decode("utf-8", "surrogateescape")
        if ".." in other.split("/"):
            raise broken(path)
        return Path(other)
    if _ID.match(data) is None:
        raise broken(path)
    return data.strip().decode("ascii")


def _packed(git: Git, name: str) -> str | None:
    """The id of a name in git's list of them, which may be of any length: anybody may push some."""
    wanted = b" %b\n" % name.encode("utf-8", "surrogateescape")
    for lines in _packed_lines(git.common_dir / "packed-refs"):
        at = lines.find(wanted)
        while at >= 0:
            found = lines[lines.rfind(b"\n", 0, at) + 1 : at]
            if _IDS.fullmatch(found):
                return found.decode("ascii")
            at = lines.find(wanted, at + 1)
    return None


def _packed_lines(path: Path) -> Iterator[bytes]:
    """The whole lines of git's list of names, some at a time; none where there is no such list."""
    rest = b""
    try:
        for block in plain_blocks(path):
            lines, end, rest = (rest + block).rpartition(b"\n")
            if len(rest) > _LONGEST_LINE or _PACKED.match(lines + end) is None:
                raise broken(path)
            yield lines + end
    except FileNotFoundError:
        return
    except OSError:
        raise broken(path) from None
    if rest:
        raise broken(path)
