"""One push at a time at a shared repository.

A push is judged before git moves its branches. Two that came at one moment would each be judged by
what was there before the other: what may not follow the one would come in beside it. So a push
begins to be judged when no other is between its judgement and its end.

git tells a hook of nothing that comes later, but the process that calls the hook is the push itself
and ends with it. So what is written down is that process, and it has had its turn when it is gone.
"""

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qms.findings import Finding, QmsError
from qms.storage import machine
from qms.storage.files import read_plain, write_file
from qms.storage.locking import locked

if TYPE_CHECKING:
    from qms.storage.repository import Repository

NAME: Final = "qms-push"
WAIT: Final = 60.0
"""So many seconds a push waits for another one: git takes some hundredths to move its branches."""
_PAUSE: Final = 0.05
_ELSEWHERE: Final = 10.0
"""So many seconds a push of another machine, or container, is taken to go on."""
_LARGEST: Final = 4096


def take_turn(repository: "Repository", wait: float = WAIT) -> None:
    """Wait until no other push is under way here; from now on the one that called us is.

    Called in a hook, before anything is read. Where the system has no locks, nobody waits. Raises
    `QmsError` PUSH-BUSY after `wait` seconds, and as `locked`.
    """
    if os.name != "posix":
        return
    place = repository.common_dir / NAME
    ours = machine.Process.of(os.getppid())
    deadline = time.monotonic() + wait
    while True:
        with locked(repository, max(0.0, deadline - time.monotonic())):
            other = _under_way(place)
            if other is None or other == ours:
                write_file(place, json.dumps(ours).encode(), mode=0o644)
                return
        if time.monotonic() >= deadline:
            values = {"pid": str(other.pid), "host": other.host, "wait": f"{wait:g}"}
            raise QmsError(Finding("PUSH-BUSY", values=values))
        time.sleep(_PAUSE)


def _under_way(place: Path) -> machine.Process | None:
    """The push that was written down, while it goes on; None for what is no such note."""
    with suppress(OSError, ValueError, RecursionError):
        match json.loads(read_plain(place, _LARGEST)):
            case [str(host), str(boot), int(pid), str(started)] if pid > 0:
                found = machine.Process(host, boot, pid, started)
                return found if _goes_on(found, place) else None
            case _:
                return None
    return None


def _goes_on(push: machine.Process, place: Path) -> bool:
    if push.is_of_this_machine:
        return push.is_running
    age = abs(time.time() - place.stat().st_mtime)
    return push.host != machine.host() and age < _ELSEWHERE
