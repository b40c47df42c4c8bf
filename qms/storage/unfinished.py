"""What a killed command leaves in git's folder, and how the next one puts it right.

Scratch files bear the number of the process they belong to, so that those of a dead one are known.
While a commit's files are written, a note says what lay there before: whoever comes after a kill
puts it back, as if the command had never been called. What was edited since is left alone.
"""

import base64
import json
import os
import re
import shutil
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from qms.formats.tree import FILE, Entry
from qms.storage.files import remove_file, write_file
from qms.storage.repository import Repository

_SCRATCH: Final = re.compile(r"\.?qms-([0-9]+)-.+")
_NOTE: Final = "unfinished.json"
_DAY: Final = 86400


def scratch_name(rest: str = "") -> str:
    """How the name of a scratch file of this process in git's folder begins."""
    return f"qms-{os.getpid()}-{rest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A commit whose files are being written: what lay at its paths, and what shall lie there.

    `index` is what ``git ls-files -s -z`` said of them.
    """

    ref: str
    old: Mapping[str, bytes | None]
    new: Mapping[str, Entry | None]
    index: str

    @contextmanager
    def noted(self, repository: Repository) -> Generator[None, None, None]:
        """A span in which a kill is put right by the next command."""
        note = repository.git_dir / scratch_name(_NOTE)
        write_file(note, self._encoded(), repository.git_dir)
        try:
            yield
        finally:
            note.unlink(missing_ok=True)

    def _encoded(self) -> bytes:
        files = {
            path: [
                None if data is None else base64.b64encode(data).decode("ascii"),
                None if (entry := self.new[path]) is None else entry.id,
            ]
            for path, data in self.old.items()
        }
        return json.dumps({"ref": self.ref, "files": files, "index": self.index}).encode()

    @classmethod
    def read(cls, note: Path) -> "Unfinished | None":
        """What a note says; None where it can't be read."""
        try:
            told: Any = json.loads(note.read_bytes())
            return cls(
                ref=str(told["ref"]),
                old={path: _data(old) for path, (old, _) in told["files"].items()},
                new={path: _entry(new) for path, (_, new) in told["files"].items()},
                index=str(told["index"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put_back(self, repository: Repository) -> None:
        """Work tree and index as they were, unless the branch holds the commit already."""
        head = repository.objects.resolve(self.ref)
        tree = repository.empty_tree() if head is None else repository.tree(head)
        if all(tree.entry(path) == entry for path, entry in self.new.items()):
            return
        root = repository.root or repository.git_dir
        ours = [path for path in self.old if self._is_ours(repository, root, path)]
        for path in ours:
            data = self.old[path]
            if data is None:
                remove_file(root / path, root)
            else:
                write_file(root / path, data, repository.git_dir)
        nothing = "0" * (64 if repository.hash_name == "sha256" else 40)
        lines = "".join(f"0 {nothing} 0\t{path}\0" for path in ours)
        kept = {line.partition("\t")[2]: f"{line}\0" for line in self.index.split("\0") if line}
        lines += "".join(line for path, line in kept.items() if path in ours)
        if lines:
            stdin = lines.encode("utf-8", "surrogateescape")
            repository.git.run("update-index", "-z", "--index-info", stdin=stdin)

    def _is_ours(self, repository: Repository, root: Path, path: str) -> bool:
        """Whether what lies at `path` is what was written there, or what lay there before."""
        where = root / path
        data = where.read_bytes() if where.is_file() else None
        if data == self.old[path]:
            return True
        entry = self.new[path]
        found = None if data is None else repository.objects.id_of("blob", data)
        return found == (None if entry is None else entry.id)


def _data(spelled: str | None) -> bytes | None:
    return None if spelled is None else base64.b64decode(spelled)


def _entry(blob: str | None) -> Entry | None:
    return None if blob is None else Entry(FILE, blob)


def put_right(repository: Repository) -> None:
    """Undo what killed commands left half-done in this repository, and remove their scratch."""
    for name in sorted(os.listdir(repository.git_dir)):  # noqa: PTH208 - quick: each command comes here
        match = _SCRATCH.fullmatch(name)
        path = repository.git_dir / name
        if match is None or _is_alive(int(match[1]), path):
            continue
        if match[0].endswith(_NOTE):
            unfinished = Unfinished.read(path)
            if unfinished is not None:
                unfinished.put_back(repository)
        with suppress(OSError):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _is_alive(process: int, scratch: Path) -> bool:
    """Whether a process still runs; where that can't be asked, whether its scratch is of today."""
    if os.name != "posix":
        return time.time() - scratch.stat().st_mtime < _DAY
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
