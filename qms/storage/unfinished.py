"""Notes on commits that are being written: by them the next command goes on after a kill.

Roll forward, never back. A kill before the branch moves leaves whole signed files that are not
committed; the note says which they are and which commit they belong to. Nothing that lay there
before is kept, so nothing old can ever be written back.

A note lies in the user's own state folder, never in a clone: whoever hands over a folder can't make
us write. It is bound to a random token that stands both in it and in git's common folder, to that
folder itself, to the machine, its start, and the process. One that differs is shown and not used.
"""

import json
import os
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from qms.findings import Finding, Place, QmsError
from qms.formats.paths import GOVERNED, POLICY_FILES
from qms.formats.tree import EXECUTABLE, FILE, TreeEntry
from qms.storage.disk import writing
from qms.storage.files import PRIVATE, read_plain, write_file, write_new
from qms.storage.machine import Process
from qms.storage.own_state import known_state_folder, state_folder
from qms.storage.repository import Repository
from qms.storage.scratch import sweep
from qms.storage.trees import OverlayTree

_FOLDER: Final = "unfinished"
_TOKEN: Final = re.compile(rb"[0-9a-f]{32}")
_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHARED: Final = 0o644
_LARGEST: Final = 4 << 20
_FREE: Final = "assets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A commit whose files are being written: blob ids at its paths, before and then.

    `head` is the commit that it builds on, None for the first; `place` is git's folder and its
    common one, as the system numbers them.
    """

    place: tuple[int, int, int, int]
    process: Process
    ref: str
    head: str | None
    commit: str
    subject: str
    old: Mapping[str, str | None]
    new: Mapping[str, str | None]
    note: Path | None = None

    @classmethod
    def by_this_process(  # noqa: PLR0913, PLR0917 - the facts of one commit
        cls,
        repository: Repository,
        ref: str,
        head: str | None,
        commit: str,
        subject: str,
        old: Mapping[str, TreeEntry | None],
        new: Mapping[str, TreeEntry | None],
    ) -> "Unfinished":
        """What this process is about to write in a repository."""
        return cls(
            place=place_of(repository),
            process=Process.this(),
            ref=ref,
            head=head,
            commit=commit,
            subject=subject,
            old={path: None if one is None else one.id for path, one in old.items()},
            new={path: None if one is None else one.id for path, one in new.items()},
        )

    @contextmanager
    def noted(self, repository: Repository) -> Generator[None, None, None]:
        """A span in which a kill is found by the next command.

        The note stays where the span ends badly: then it is for the next command too. Raises
        `QmsError` STATE-FOLDER, DISK-FULL, DISK-READ-ONLY.
        """
        folder = state_folder(_FOLDER)
        note = folder / f"{_token(repository)}.{os.urandom(8).hex()}.json"
        write_file(note, self._encoded(), mode=PRIVATE)
        try:
            yield
        except BaseException:
            if not self.begun(repository):
                _remove(note)
            raise
        _remove(note)

    def _encoded(self) -> bytes:
        files = {path: [old, self.new[path]] for path, old in self.old.items()}
        return json.dumps(
            {
                "place": self.place,
                "process": self.process,
                "ref": self.ref,
                "head": self.head,
                "commit": self.commit,
                "subject": self.subject,
                "files": files,
            }
        ).encode()

    @classmethod
    def read(cls, note: Path) -> "Unfinished | None":
        """What a note says; None where it can't be read or says what no command of ours writes."""
        try:
            told: Any = json.loads(read_plain(note, _LARGEST))
            host, boot, pid, started = told["process"]
            files: dict[str, list[str | None]] = told["files"]
            if not all(_is_ours(path) and len(both) == 2 for path, both in files.items()):  # noqa: PLR2004
                return None
            ids = [told["commit"], told["head"], *(one for both in files.values() for one in both)]
            if not all(one is None or _ID.fullmatch(one) for one in ids):
                return None
            first, second, third, fourth = map(int, told["place"])
            return cls(
                place=(first, second, third, fourth),
                process=Process(str(host), str(boot), int(pid), str(started)),
                ref=str(told["ref"]),
                head=told["head"],
                commit=str(told["commit"]),
                subject=str(told["subject"]),
                old={path: old for path, (old, _) in files.items()},
                new={path: new for path, (_, new) in files.items()},
                note=note,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    # what is true of it now

    def begun(self, repository: Repository) -> bool:
        """Whether anything of it lies in the work tree that the branch hasn't got."""
        tree = repository.head_tree()
        return any(
            self.old[path] != new
            and _lies(repository, path) == new
            and tree.entry(path) != entry_of(new)
            for path, new in self.new.items()
        )

    def is_of(self, repository: Repository) -> bool:
        """Whether it was written in this very repository and work tree."""
        return self.place == place_of(repository)

    @property
    def is_at_work(self) -> bool:
        """Whether the command that wrote it still runs: then it is nobody else's."""
        return self.process.is_of_this_machine and self.process.is_running

    def strange(self, repository: Repository) -> str:
        """What keeps it from being used, as a word for the sentence; empty for nothing."""
        branch = repository.branch()
        if not self.is_of(repository):
            return "folder"
        if not self.process.is_of_this_machine:
            return "machine"
        if (repository.head(), f"refs/heads/{branch}") != (self.head, self.ref):
            return "HEAD"
        if any(_lies(repository, p) not in (self.old[p], new) for p, new in self.new.items()):
            return "files"
        return "" if self._is_its_commit(repository) else "commit"

    def _is_its_commit(self, repository: Repository) -> bool:
        """Whether its commit is there still, and is one of just its files on its HEAD."""
        base = repository.empty_tree() if self.head is None else repository.tree(self.head)
        entries = {path: entry_of(one) for path, one in self.new.items()}
        try:
            made = repository.objects.commit(self.commit)
        except QmsError:
            return False
        parents = () if self.head is None else (self.head,)
        return made.parents == parents and made.tree == OverlayTree(base, entries, {}).id

    def finding(self, reason: str) -> Finding:
        """UNFINISHED, or UNFINISHED-STRANGE with what it differs in."""
        values = {
            "paths": ", ".join(self.changed()),
            "subject": self.subject,
            "host": self.process.host.partition(" ")[0],
            "why": reason,
            "commit": self.commit[:12],
        }
        return Finding("UNFINISHED-STRANGE" if reason else "UNFINISHED", values=values)

    def changed(self) -> tuple[str, ...]:
        """The paths at which it puts something else."""
        return tuple(path for path, new in self.new.items() if self.old[path] != new)

    def unchanged(self, repository: Repository) -> tuple[str, ...]:
        """Those paths at which what it put there lies still, and HEAD has something else."""
        tree = repository.head_tree()
        return tuple(
            path
            for path in self.changed()
            if self.new[path] is not None
            and _lies(repository, path) == self.new[path]
            and tree.entry(path) != entry_of(self.new[path])
        )

    def forget(self) -> None:
        """Remove the note."""
        if self.note is not None:
            _remove(self.note)


def unfinished(repository: Repository) -> tuple[Unfinished, ...]:
    """What killed commands left in this clone's work tree, newest last. Writes nothing.

    Where the notes lie in order; those of commands at work, and those of which nothing is left to
    see, are none.
    """
    return tuple(one for one in _notes(repository) if not one.is_at_work and one.begun(repository))


def told(repository: Repository) -> tuple[Finding, ...]:
    """A finding for each commit that a killed command left half-done. Writes nothing."""
    return tuple(one.finding(one.strange(repository)) for one in unfinished(repository))


def forget_done(repository: Repository) -> None:
    """Remove the notes of this clone that nothing is left of; called under the lock."""
    folder = known_state_folder(_FOLDER)
    if folder is not None:
        sweep(folder)  # half-written notes
    for one in _notes(repository):
        if one.is_of(repository) and not one.is_at_work and not one.begun(repository):
            one.forget()


def place_of(repository: Repository) -> tuple[int, int, int, int]:
    """Git's folder and its common one, as the system numbers them: a copy has others."""
    own, common = repository.git_dir.stat(), repository.common_dir.stat()
    return (own.st_dev, own.st_ino, common.st_dev, common.st_ino)


def entry_of(blob: str | None) -> TreeEntry | None:
    """What a tree holds for a file of this content."""
    return None if blob is None else TreeEntry(FILE, blob)


def _notes(repository: Repository) -> Iterator[Unfinished]:
    token = _known_token(repository)
    folder = known_state_folder(_FOLDER) if token else None
    if token is None or folder is None:
        return
    for path in sorted(folder.glob(f"{token}.*.json"), key=_age):
        found = Unfinished.read(path)
        if found is not None:
            yield found


def _remove(note: Path) -> None:
    with suppress(OSError):  # nothing is left of it to see, so nobody is told of it again
        note.unlink()


def _age(path: Path) -> float:
    with suppress(OSError):
        return path.lstat().st_mtime
    return 0.0


def _token(repository: Repository) -> str:
    """The clone's token, made at its first commit by us; called under the lock.

    It is no secret, and the same for all who write here: who can't read it makes another one, and
    nobody finds the notes of the first any more. Raises `QmsError` SPECIAL-FILE for a folder of
    its name, and what `writing` raises.
    """
    known = _known_token(repository)
    if known is not None:
        return known
    where = repository.token_file
    made = os.urandom(16).hex()
    with writing(where):
        try:
            where.unlink(missing_ok=True)  # what can't be read as one is none
        except IsADirectoryError:
            raise QmsError(Finding("SPECIAL-FILE", Place(str(where)))) from None
        write_new(where, made.encode("ascii"), _SHARED)
    return made


def _known_token(repository: Repository) -> str | None:
    try:
        found = read_plain(repository.token_file, _LARGEST)
    except OSError:
        return None
    return found.decode("ascii") if _TOKEN.fullmatch(found) else None


def _is_ours(path: str) -> bool:
    """Whether a commit of ours would take this path."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or part.casefold() == ".git" for part in parts):
        return False
    return path in POLICY_FILES or (len(parts) > 1 and parts[0] in (*GOVERNED, _FREE))


def _lies(repository: Repository, path: str) -> str | None:
    """The id of what lies at `path`; of no plain file one that nothing has."""
    entry = repository.work_entry(path)
    return None if entry is None else entry.id if entry.mode in (FILE, EXECUTABLE) else "-"
