"""A git folder of our own that shows git the objects, the index and the files of somebody else's.

What lies in a git folder beside objects (settings, what they include, attributes, hooks, names of
commits) may have come with it from whoever handed it over, and much of it runs programs. git has
no switch for all of that. So whatever only reads is asked here, where there is none of it: the
settings are a few lines of ours, and no branch is known, so that every name is an object's id.
"""

import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from qms.storage import disk
from qms.storage.files import read_plain
from qms.storage.gitprogram import Git
from qms.storage.scratch import temporary_place

Setting = Callable[[str], str | None]

_LARGEST: Final = 1024 * 1024
_LARGEST_INDEX: Final = 256 * 1024 * 1024
"""Two million files have a smaller one."""
_SHARED_INDEX: Final = re.compile(r"sharedindex\.[0-9a-f]{40}(?:[0-9a-f]{24})?")
_MOST_SHARED: Final = 100
OLD: Final = 1
"""The time of an index that is doubted; 0 is none to git."""
_AS_THEY_LIE: Final = "* -text -crlf !eol !filter -ident !working-tree-encoding\n"
"""No file is converted: what a git folder says of itself goes before any `.gitattributes`.

One of these, in any folder, ignored or not, would else have git compare another text than that of
the disk.
"""
_SPARSE: Final = ("core.sparseCheckout", "core.sparseCheckoutCone", "index.sparse")
"""Settings that tell git how its own index is to be read."""
_OF_THE_DISK: Final = ("core.ignoreCase", "core.precomposeUnicode", "core.longPaths")
"""Settings that tell it how the disk holds names; where it holds them as they are, none."""


@dataclass(frozen=True, slots=True)
class Aside(Git):
    """git in such a folder, for one repository. The folder is made when git is first asked.

    `git_dir` and `root` are the repository's own, `hash_name` is ``sha1`` or ``sha256``, `setting`
    tells one of the user's settings.
    """

    hash_name: str
    setting: Setting
    _made: list[Path] = field(default_factory=list[Path])

    def environment(self, **more: str) -> dict[str, str]:
        """The whole environment of a git process that only reads."""
        known = {
            "GIT_OBJECT_DIRECTORY": str(self.common_dir / "objects"),
            "GIT_INDEX_FILE": str(self.git_dir / "index"),
        }
        return known | self.plain_environment() | {"GIT_DIR": str(self.folder)} | more

    @property
    def folder(self) -> Path:
        """The folder; raises `QmsError` DISK-FULL, DISK-READ-ONLY, WRITE-DENIED."""
        if not self._made:
            place = temporary_place()
            with disk.writing(place):
                # As `tempfile` would make it, which takes longer to import than to use.
                folder = place / f"qms-git-{os.urandom(8).hex()}"
                folder.mkdir(0o700)
                self._made.append(folder)
                self._fill(folder)
        return self._made[0]

    def set_head(self, commit: str | None) -> None:
        """Let `commit` be what the index and the files are compared with; None: with nothing."""
        folder = self.folder
        with disk.writing(folder):
            (folder / "HEAD").write_text(f"{commit or 'ref: refs/heads/none'}\n", encoding="ascii")

    def doubted_index(self) -> Path:
        """A copy of the repository's index that is older than all it says: git believes none of it.

        An index has size and times of each file, by which git calls it unchanged; whoever handed
        a git folder over could have written them. What is younger than its index git compares
        byte by byte. None of it is there where it is too large to be one: then all is new.
        """
        copy = self.folder / "index"
        data: bytes | None = None
        with suppress(OSError):
            data = read_plain(self.git_dir / "index", _LARGEST_INDEX)
        with disk.writing(copy):
            copy.unlink(missing_ok=True)
            if data is not None:
                copy.write_bytes(data)
                os.utime(copy, (OLD, OLD))
        return copy

    def close(self) -> None:
        """Remove the folder; a later question makes it again."""
        while self._made:
            _remove(self._made.pop())

    def _fill(self, folder: Path) -> None:
        for name in ("objects", "refs", "info"):
            (folder / name).mkdir()
        (folder / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
        (folder / "config").write_text("\n".join(self._settings()) + "\n", encoding="ascii")
        (folder / "info" / "attributes").write_text(_AS_THEY_LIE, encoding="ascii")
        for source, name in (
            (self.common_dir, "info/exclude"),
            (self.git_dir, "info/sparse-checkout"),
            (self.common_dir, "shallow"),
        ):
            data: bytes | None = None
            with suppress(OSError):
                data = read_plain(source / name, _LARGEST)
            if data is not None:
                (folder / name).write_bytes(data)
        for name in self._shared_indexes():
            (folder / name).symlink_to(self.git_dir / name)

    def _shared_indexes(self) -> list[str]:
        """What may be the other half of an index that is split: git renews the one that it uses."""
        names = [name for name in os.listdir(self.git_dir) if _SHARED_INDEX.fullmatch(name)]  # noqa: PTH208 - names alone
        if len(names) > _MOST_SHARED:
            names = sorted(names, key=self._age, reverse=True)[:_MOST_SHARED]
        return names

    def _age(self, name: str) -> float:
        with suppress(OSError):
            return (self.git_dir / name).lstat().st_mtime
        return 0.0

    def _settings(self) -> list[str]:
        is_new = self.hash_name != "sha1"
        lines = ["[core]", f"\trepositoryFormatVersion = {int(is_new)}", "\tbare = false"]
        names = () if sys.platform == "linux" else _OF_THE_DISK
        if (self.git_dir / "info" / "sparse-checkout").exists():
            names = (*names, *_SPARSE)
        for name in names:
            if (self.setting(name) or "").lower() in ("true", "yes", "on", "1"):
                section, _, key = name.partition(".")
                lines += [f"[{section}]", f"\t{key} = true"]
        if is_new:
            lines += ["[extensions]", f"\tobjectFormat = {self.hash_name}"]
        return lines


def _remove(folder: Path) -> None:
    """Remove a folder of our own; `shutil` takes longer to import than this to do."""
    for place, folders, files in os.walk(folder, topdown=False):
        for name, remove in (
            *((one, os.unlink) for one in files),
            *((one, os.rmdir) for one in folders),
        ):
            with suppress(OSError):
                remove(Path(place, name))
    with suppress(OSError):
        folder.rmdir()
