"""One push at a time at a shared repository.

A push is judged before git moves its branches. Two that came at one moment would each be judged by
what was there before the other: what may not follow the one would come in beside it. So a push
begins to be judged when no other is between its judgement and its end.

git tells a hook of nothing that comes later, but the process that calls the hook is the push itself
and ends with it. So what is written down is that process. It has had its turn when it is gone, when
it was refused, or when all that it brought is where it wanted it. Who pushes can hold the process
for long, by not reading what it says, also before git has moved all, or where it refuses to move
something: nobody can tell then whether it will, wherever that is now. So who waits ends such a
process, once it was judged.
"""

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from qms.findings import Finding, QmsError
from qms.storage import machine, refs
from qms.storage.files import read_plain, write_file
from qms.storage.locking import locked

if TYPE_CHECKING:
    from qms.storage.repository import Repository

NAME: Final = "qms-push"
WAIT: Final = 60.0
"""So many seconds a push waits for another one: git takes some hundredths to move its branches.

Half of it for one that was judged, which is ended then.
"""
_PAUSE: Final = 0.05
_ELSEWHERE: Final = 10.0
"""So many seconds a push of another machine, or container, is taken to go on.

Nobody can tell: without a bound one that died there would be waited for by everybody.
"""
_LARGEST: Final = 256 * 1024
_MOST: Final = 400
"""Of a push that moves more refs only the end of its process tells."""
_PUSH: Final = "receive-pack"
"""What git calls the program that takes a push; a forge may call the gate from one of its own."""

Moves = Mapping[str, tuple[str, str]]
"""Refs by their full names, from and to which id; all zeros for none.

Tags too: one that is still to come may be called like the trunk that another push names.
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn of the push that called the hook."""

    place: Path | None = None
    push: machine.Process | None = None

    def refused(self) -> None:
        """Nothing will be moved: whoever waits may go on."""
        if self.place is not None:
            with suppress(OSError):  # it ends with the process, if not so
                self.place.unlink()

    def judged(self, moves: Moves) -> None:
        """Git is about to move these; from then on it is the next one's turn."""
        if self.place is not None:
            note = json.dumps([*(self.push or ()), moves]).encode()
            if len(moves) > _MOST or len(note) > _LARGEST:  # names may be long
                note = json.dumps([*(self.push or ()), None]).encode()
            write_file(self.place, note, mode=0o644)


class _Other(NamedTuple):
    """A push that goes on; `is_ours` where this user has written it down."""

    push: machine.Process
    is_judged: bool
    is_ours: bool


def take_turn(repository: "Repository", wait: float = WAIT) -> Turn:
    """Wait until no other push is under way here; from now on the one that called us is.

    Called in a hook, before anything is read. Where the system has no locks, nobody waits. One that
    was judged and isn't through after half of `wait` is ended where that can be: of the same user,
    on this machine. Raises `QmsError` PUSH-BUSY after `wait` seconds, and as `locked`.
    """
    if os.name != "posix":
        return Turn()
    place = repository.common_dir / NAME
    ours = machine.Process.of(os.getppid())
    began = time.monotonic()
    deadline = began + wait
    seen: _Other | None = None
    while True:
        with locked(repository, max(0.0, deadline - time.monotonic())):
            other = _under_way(repository, place)
            if other is None or other.push == ours:
                write_file(place, json.dumps(ours).encode(), mode=0o644)
                return Turn(place, ours)
            if other != seen:
                seen, began = other, time.monotonic()
            elif time.monotonic() >= began + wait / 2 and other.is_judged and other.is_ours:
                other.push.end(_PUSH)
        if time.monotonic() >= deadline:
            values = {"pid": str(other.push.pid), "host": other.push.host, "wait": f"{wait:g}"}
            raise QmsError(Finding("PUSH-BUSY", values=values))
        time.sleep(_PAUSE)


def _under_way(repository: "Repository", place: Path) -> _Other | None:
    """The push that was written down, while it goes on; None for what is no such note."""
    with suppress(OSError, ValueError, RecursionError):
        match json.loads(read_plain(place, _LARGEST)):
            case [str(host), str(boot), int(pid), str(started), *moves] if pid > 0:
                found = machine.Process(host, boot, pid, started)
                if not _goes_on(found, place) or any(_are_done(repository, one) for one in moves):
                    return None
                is_ours = found.is_of_this_machine and place.stat().st_uid == os.geteuid()
                return _Other(found, is_judged=bool(moves), is_ours=is_ours)
            case _:
                return None
    return None


def _are_done(repository: "Repository", moves: object) -> bool:
    """Whether each ref is where the push wanted it.

    Where one is elsewhere git may still move it: what somebody else moved can come back. Of a ref
    that nobody can read nobody can tell.
    """
    if not isinstance(moves, dict):
        return False
    wanted: dict[str, str] = {}
    for ref, move in cast("dict[str, object]", moves).items():
        match move:
            case [str(), str(new)]:
                wanted[ref] = new
            case _:
                return False
    try:
        there = refs.lookup_all(repository.git, wanted)
    except QmsError:
        return False
    return all(there.get(ref, "") == (new.strip("0") and new) for ref, new in wanted.items())


def _goes_on(push: machine.Process, place: Path) -> bool:
    if push.is_of_this_machine:
        return push.is_running
    age = abs(time.time() - place.stat().st_mtime)
    return push.host != machine.host() and age < _ELSEWHERE
