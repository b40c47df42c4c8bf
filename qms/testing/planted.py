"""Objects that git itself would hardly make, and trees that hold them: for hostile clones.

Nothing asks whether what is named is there: a tree may hold a file that nobody has, which whoever
opens it comes upon.
"""

import hashlib
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Final

from qms.formats.tree import FILE, FOLDER

NOWHERE: Final = "1" * 40
"""The id of an object that isn't there: who asks for it finds the clone broken."""

_ONE_COPY: Final = (1 << 24) - 1
_KINDS: Final = {FOLDER: "tree"}


def stored(folder: Path, kind: str, data: bytes, size: int | None = None) -> str:
    """A loose object; its header may tell another `size`. Gives its id."""
    whole = b"%s %d\0" % (kind.encode(), len(data) if size is None else size) + data
    object_id = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    path = folder / ".git" / "objects" / object_id[:2] / object_id[2:]
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_bytes(zlib.compress(whole, 1))
    return object_id


def chained(folder: Path, data: bytes, depth: int) -> str:
    """A blob in a pack: as the last of `depth` differences, each of which copies all of `data`.

    No difference changes anything, and only the last one is known by an id. Gives it.
    """
    copies = b"".join(
        _copy(at, min(_ONE_COPY, len(data) - at)) for at in range(0, len(data), _ONE_COPY)
    )
    delta = _length(len(data)) * 2 + copies
    step = _head(6, len(delta)) + b"%c" + zlib.compress(delta, 9)
    parts = [b"PACK" + struct.pack(">II", 2, 1), _head(3, len(data)) + zlib.compress(data, 9)]
    back, at = len(parts[1]), 12
    for _ in range(depth):
        at += back
        parts.append(step.replace(b"%c", _back(back), 1))
        back = len(parts[-1])
    pack = b"".join(parts)
    pack += hashlib.sha1(pack, usedforsecurity=False).digest()
    object_id = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False)
    raw = object_id.digest()
    counts = (int(first >= raw[0]) for first in range(256))
    listed = b"\377tOc" + struct.pack(">I256I", 2, *counts) + raw + struct.pack(">II", 0, at)
    listed += pack[-20:]
    listed += hashlib.sha1(listed, usedforsecurity=False).digest()
    where = folder / ".git" / "objects" / "pack" / f"pack-{pack[-20:].hex()}"
    where.parent.mkdir(exist_ok=True)
    where.with_suffix(".pack").write_bytes(pack)
    where.with_suffix(".idx").write_bytes(listed)
    return object_id.hexdigest()


def _copy(start: int, size: int) -> bytes:
    """An instruction of a difference: so many bytes from a place of what it differs from."""
    return b"\xff" + start.to_bytes(4, "little") + size.to_bytes(3, "little")


def _length(size: int) -> bytes:
    found = bytearray()
    while size > 0x7F:  # noqa: PLR2004 - seven bits a byte
        found.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes((*found, size))


def _head(kind: int, size: int) -> bytes:
    first, size = kind << 4 | size & 15, size >> 4
    return bytes((first | 0x80,)) + _length(size) if size else bytes((first,))


def _back(distance: int) -> bytes:
    """How far before it lies what it differs from."""
    found = [distance & 0x7F]
    while distance := distance >> 7:
        distance -= 1
        found.insert(0, distance & 0x7F | 0x80)
    return bytes(found)


def folder_of(folder: Path, names: list[tuple[str, int, str]]) -> str:
    """A tree with these names, modes and ids, in git's order; gives its id."""
    ordered = sorted(names, key=lambda one: one[0] + ("/" if one[1] == FOLDER else ""))
    lines = (b"%o %s\0" % (mode, name.encode()) + bytes.fromhex(one) for name, mode, one in ordered)
    return stored(folder, "tree", b"".join(lines))


def deep(folder: Path, depth: int, file: str) -> str:
    """`depth` folders ``a`` in each other, the last one of which holds the blob `file` as ``x``."""
    tree = folder_of(folder, [("x", FILE, file)])
    for _ in range(depth - 1):
        tree = folder_of(folder, [("a", FOLDER, tree)])
    return tree


def planted(folder: Path, parent: str, path: str, mode: int, object_id: str) -> str:
    """A commit on `parent` whose tree has an object at a path besides; gives its id."""
    tree = _with(folder, f"{parent}^{{tree}}", path.split("/"), mode, object_id)
    return committed(folder, tree, parent)


def committed(folder: Path, tree: str, *parents: str) -> str:
    """A commit of a tree; gives its id."""
    options = [word for parent in parents for word in ("-p", parent)]
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    return _git(folder, "", *identity, "commit-tree", "-m", "Plant", *options, tree)


def _with(folder: Path, tree: str | None, names: list[str], mode: int, object_id: str) -> str:
    name, *below = names
    lines = [] if tree is None else _git(folder, "", "ls-tree", tree).splitlines()
    known = {line.partition("\t")[2]: line.partition("\t")[0].split() for line in lines}
    if below:
        there = known.get(name)
        inside = there[2] if there is not None else None
        mode, object_id = FOLDER, _with(folder, inside, below, mode, object_id)
    known[name] = [f"{mode:06o}", _KINDS.get(mode, "blob"), object_id]
    text = "".join(f"{' '.join(known[one])}\t{one}\n" for one in known)
    return _git(folder, text, "mktree", "--missing")


def _git(folder: Path, text: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - git, with arguments of the test
        ["git", *arguments], cwd=folder, input=text, check=True, capture_output=True,  # noqa: S607
        encoding="utf-8",
    )  # fmt: skip
    return done.stdout.strip()
