"""Commands that are killed where they are about to change something, one place after the other.

Each change that a process makes to the disk, and each process it starts, is an event that Python
tells of. Before the one with a given number the whole process group is killed, git and ssh-keygen
with it: as if the machine's user had lost patience just then.
"""

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qms.testing.office import Answer, Office

PROGRAM: Final = """
import os, signal, sys
from qms.cli import main
left = int(os.environ["KILLED_AT"])
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "subprocess.Popen"}
def count(name, facts):
    global left
    opens = name == "open" and isinstance(facts[2], int) and facts[2] & (os.O_WRONLY | os.O_RDWR)
    if name in CHANGES or opens:
        left -= 1
        if left == 0:
            os.killpg(0, signal.SIGKILL)
sys.addaudithook(count)
main()
"""


@dataclass(frozen=True, slots=True)
class Killed:
    """A command and who gives it."""

    arguments: Sequence[str]
    by: str

    def call(self, office: Office) -> Answer:
        """What it leaves where nobody kills it."""
        return office.call(*self.arguments, by=self.by)

    def killed(self, office: Office, at: int) -> bool:
        """Kill it before its change number `at`; False where it ended before, with 0."""
        answer = office.finish(*self.arguments, by=self.by, program=PROGRAM, KILLED_AT=str(at))
        if answer.code == -signal.SIGKILL:
            return True
        if answer.code:
            raise AssertionError(answer)
        return False
