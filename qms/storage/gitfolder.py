"""A git folder as it lies there: where it is, what it says of itself, whether one may read it."""

import os
import re
from pathlib import Path

from qms.findings import Finding, Place, QmsError
from qms.storage import special
from qms.storage.gitprogram import Git, own_settings
from qms.storage.pointers import pointed


def is_git_folder(place: Path) -> bool:
    """Whether a folder is one: git's own, or that of a linked work tree."""
    return (
        (place / "HEAD").exists()
        and ((place / "objects").is_dir() or (place / "commondir").exists())
        and ((place / "refs").is_dir() or (place / "commondir").exists())
    )


def git_folder(place: Path) -> Path | None:
    """The git folder that ``.git`` is, or names (in a linked work tree it is a file)."""
    if place.is_file():
        named = pointed(place, "gitdir: ")
        return named if named is not None and is_git_folder(named) else None
    return place if is_git_folder(place) else None


def index_file(top: Path, named: str, git: Git) -> str:
    """The index that a variable names, from the top of the work tree; raises as `Repository`."""
    path = (top / named).resolve()
    owner = next((one for one in path.parents if is_git_folder(one)), None)
    own = git.common_dir.resolve()
    is_ours = owner is None or owner.is_relative_to(own) or owner == git.git_dir.resolve()
    if not is_ours or not path.is_file():
        raise QmsError(Finding("INDEX-OTHER", Place(str(path))))
    return str(path)


def refuse_special(git_dir: Path) -> None:
    """Raises `QmsError` SPECIAL-FILE where git would wait for a pipe, or read a folder."""
    found = special.in_git_folder(git_dir)
    if found is not None:
        raise QmsError(Finding("SPECIAL-FILE", Place(found)))


def hash_name(git: Git) -> str:
    """The hash that the repository uses; raises `QmsError` where it lacks objects of its own.

    PARTIAL-CLONE, ALTERNATES; SETTINGS-UNREADABLE where nobody can tell.
    """
    alternates = git.common_dir / "objects" / "info" / "alternates"
    if alternates.is_file() and own_settings(alternates).strip():
        raise QmsError(Finding("ALTERNATES", Place(), {"file": str(alternates)}))
    packs = git.common_dir / "objects" / "pack"
    if packs.is_dir() and any(name.endswith(".promisor") for name in os.listdir(packs)):  # noqa: PTH208
        raise QmsError(Finding("PARTIAL-CLONE"))
    raw = own_settings(git.common_dir / "config").lower()
    # The names of sections and keys can be spelt in one way only, so that most repositories
    # are known to have neither without starting git.
    if b"extensions" not in raw and b"promisor" not in raw:
        return "sha1"
    return _extensions(git)


def _extensions(git: Git) -> str:
    config = parse_settings(git.run("config", "--list", "-z", "--local", "--no-includes"))
    promised = [key for key in config if re.fullmatch(r"remote\..*\.promisor", key, re.DOTALL)]
    if "extensions.partialclone" in config or promised:
        raise QmsError(Finding("PARTIAL-CLONE"))
    found = config.get("extensions.objectformat", "sha1")
    if found not in ("sha1", "sha256"):
        raise QmsError(Finding("GIT-FAILED", Place(), {"command": "config", "said": found}))
    return found


def parse_settings(answer: bytes) -> dict[str, str]:
    """Keys and values of ``git config --list -z``; a key without a value means true."""
    config: dict[str, str] = {}
    for line in answer.split(b"\0")[:-1]:
        key, equals, value = line.decode("utf-8", "surrogateescape").partition("\n")
        config[key] = value if equals else "true"
    return config


def setting_key(key: str) -> str:
    """As git prints it: the part between the first and the last dot keeps its case."""
    first, *middle, last = key.split(".")
    return ".".join((first.lower(), *middle, last.lower()))
