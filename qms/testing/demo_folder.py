"""Which folder a demo may be played in, and what of an earlier one may be thrown away.

A demo marks its folder before it writes anything else, and removes only what it made itself, so
that neither a wrong word on the command line nor a second demo costs anybody their work. The mark
is also the lock, which goes with the process that holds it: a demo that was killed leaves a folder
that the next one may use.
"""

import fcntl
import shutil
import subprocess
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

MARK: Final = ".qms-demo"
_MADE: Final = ("clones", "docs", "docs.half", "home", "keys", "published", "server.git")
_FIRST: Final = "This folder belongs to `./dev demo`, which empties it before it plays again.\n"
_PLAYED: Final = "played to "


class Foreign(Exception):  # noqa: N818 - an outcome: nothing is broken
    """The demo isn't played here: what is in the way, and what to do about it."""


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """A folder that is this demo's, as long as it is held."""

    path: Path
    mark: TextIO

    @classmethod
    @contextmanager
    def taken(cls, path: Path, *, again: bool) -> Generator["DemoFolder"]:
        """The folder, marked and locked; made where there is none.

        Raises `Foreign` where it holds anything but an earlier demo, where a demo is being played
        in it, and, but for `again`, where somebody changed something in the earlier one.
        """
        _refuse_foreign(path)
        path.mkdir(parents=True, exist_ok=True)
        with (path / MARK).open("a+", encoding="utf-8") as mark:
            try:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Foreign(
                    f"another demo is being played in {path}\n"
                    "    mend: wait for it, or name another folder: ./dev demo FOLDER"
                ) from error
            mark.seek(0)
            changed = () if again else tuple(_changes(path, mark.read()))
            if changed:
                lines = "".join(f"    {line}\n" for line in changed)
                raise Foreign(
                    f"there is work of yours in the earlier demo:\n{lines}"
                    "    mend: ./dev demo --again throws it away; "
                    "./dev demo FOLDER leaves it and plays in another folder"
                )
            folder = cls(path, mark)
            folder._write(_FIRST)
            yield folder

    def clear(self) -> None:
        """Remove what an earlier demo made, and nothing else."""
        for name in _MADE:
            place = self.path / name
            if place.is_symlink():
                place.unlink()
            elif place.exists():
                shutil.rmtree(place)

    def played(self, commit: str) -> None:
        """Remember the commit that the demo ended with: what comes after it is somebody's own."""
        self._write(f"{_FIRST}{_PLAYED}{commit}\n")

    def _write(self, text: str) -> None:
        self.mark.seek(0)
        self.mark.truncate()
        self.mark.write(text)
        self.mark.flush()


def _refuse_foreign(path: Path) -> None:
    other = "    mend: name a new or empty folder: ./dev demo FOLDER"
    if path.exists() and not path.is_dir():
        raise Foreign(f"{path} is no folder\n{other}")
    if path.is_dir() and not (path / MARK).is_file() and any(path.iterdir()):
        raise Foreign(
            f"{path} is not empty and no demo was played in it: nothing there is touched\n{other}, "
            "or empty this one yourself"
        )


def _changes(path: Path, mark: str) -> Iterator[str]:
    """What somebody did in an earlier demo, in words.

    Where that demo was killed half-way, its people's clones and its server are unfinished work of
    its own; `docs` is what a person looks at, and it is there as a whole or not at all.
    """
    last = mark.partition(_PLAYED)[2].strip()
    repos = [path / "docs"]
    if last:
        repos += [*sorted((path / "clones").glob("*")), path / "server.git"]
    for repo in repos:
        if repo.is_dir():
            yield from (f"{repo.relative_to(path)}: {told}" for told in _own(repo, last))


def _own(repo: Path, last: str) -> Iterator[str]:
    """What a clone holds that it never pushed; what the server got after the commit `last`."""
    bare = repo.suffix == ".git"
    files = "" if bare else _git(repo, "status", "--porcelain", "-z")
    commits = _git(repo, "rev-list", "--all", "HEAD", "--not", last if bare else "--remotes")
    if files is None or commits is None:
        yield "git can't read it any more"
        return
    if files:
        yield "files that are changed or new, and not committed"
    if commits:
        yield f"commits that are not the demo's: {len(commits.split())}"


def _git(repo: Path, *arguments: str) -> str | None:
    """What git says of `repo`; None where it can't read it."""
    done = subprocess.run(  # noqa: S603 - fixed commands
        ["git", "-C", str(repo), *arguments],  # noqa: S607 - the user's git, as in the demo
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
    )
    return done.stdout if done.returncode == 0 else None
