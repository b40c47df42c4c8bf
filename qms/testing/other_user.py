"""Another user of this machine at their desk: root is refused nothing, so sees no refusal.

Where it is root who tests, an office is copied to where everybody may go, is theirs there, and each
of their commands runs in a process of theirs, with a home of their own. Where it is not, whoever
tests is that user already.
"""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from qms.testing.office import Answer, Office

NOBODY: Final = 65534
"""Whom no file belongs to but those that are given to them here."""


@dataclass(frozen=True, slots=True)
class OtherUser:
    """Somebody who may write in `office`, their own, and nowhere else."""

    office: Office
    user: int = NOBODY

    def call(self, *arguments: str) -> Answer:
        """`qms`, run by them; see `Office.call`."""
        return _as_them(self.office, lambda: self.office.call(*arguments), self.user)

    def lose(self, folder: Path) -> None:
        """A folder of theirs becomes a colleague's: they may look into it, and not write."""
        if os.geteuid() == 0:
            os.chown(folder, 0, 0)
        folder.chmod(0o755 if os.geteuid() == 0 else 0o555)

    def own(self, folder: Path) -> None:
        """It is theirs again."""
        if os.geteuid() == 0:
            os.chown(folder, self.user, self.user)
        folder.chmod(0o755)


@contextmanager
def other_user(office: Office, user: int = NOBODY) -> Generator[OtherUser, None, None]:
    """Somebody else at a copy of an office, as it is now; gone at the end.

    `user` is their id, which the system may know nothing of; only where it is root who tests.

    Raises OSError where there can be nobody else: no right to become them, no folder where they
    may go.
    """
    with tempfile.TemporaryDirectory(prefix="qms-other-") as folder:
        place = Path(folder)
        home = place / "home"
        home.mkdir()
        theirs = replace(office.copy(place), environment={"HOME": str(home)})
        if os.geteuid() == 0:
            place.chmod(0o755)
            for one in (home, theirs.folder, *theirs.folder.rglob("*")):
                os.chown(one, user, user, follow_symlinks=False)
        _as_them(theirs, lambda: Answer(0, "", ""), user)
        yield OtherUser(theirs, user)


def _as_them(office: Office, work: Callable[[], Answer], user: int) -> Answer:
    """What comes of some work in a process of theirs, which begins in their office.

    It is forked: Python itself may lie where they can't read it, and is loaded already. Raises
    OSError where we can't become them, or they can't go there.
    """
    ours, theirs = multiprocessing.Pipe(duplex=False)

    def run() -> None:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            os.chdir(office.folder)
            theirs.send(work())
        except OSError as error:
            theirs.send(error)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    theirs.close()
    try:
        found = ours.recv()
    finally:
        process.join()
    if not isinstance(found, Answer):
        raise found
    return found
