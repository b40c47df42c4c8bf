"""Objects that git itself would hardly make, and trees that hold them: for hostile clones.

Nothing asks whether what is named is there: a tree may hold a file that nobody has, which whoever
opens it comes upon.
"""

import hashlib
import subprocess
import zlib
from pathlib import Path
from typing import Final

from qms.formats.tree import FILE, FOLDER

NOWHERE: Final = "1" * 40
"""The id of an object that isn't there: who asks for it finds the clone broken."""

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
