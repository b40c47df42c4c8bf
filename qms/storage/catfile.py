"""The conversation with one `git cat-file`: ids go out in chunks, answers come back in order.

The next chunk goes out before the answers to the one before are read, so that git inflates while
we hash. Each answer is hashed again before anybody sees it. What is over a cap is not read at all:
git says how large an object is before it sends it, and is ended then, since nothing else makes it
stop; another one is asked for the rest.
"""

import hashlib
import subprocess
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Final, Literal, NamedTuple, TypeAlias

from qms.findings import Finding, Place, QmsError, Reason
from qms.formats import caps
from qms.storage.commits import Links
from qms.storage.gitprogram import Git, refuse_old_git
from qms.storage.patience import (
    allow_time,
    has_taken_too_much,
    patient,
    too_much,
    used_time,
)

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

ObjectType: TypeAlias = Literal["blob", "tree", "commit", "tag"]

LARGEST_TREE: Final = 32 * 1024 * 1024
"""No tree larger than this is read: it would name more files than may lie below a folder."""

_PIECE: Final = 64 * 1024
"""So many bytes of a commit or tag are read at once: they may be of any size."""

_PARTING: Final = 5
"""So many seconds after its last word git has surely ended."""

_BEFOREHAND: Final = 10
_FOR_ONE: Final = 0.002
_FOR_A_BYTE: Final = 1e-7
"""So many seconds git may work more for each object and byte that it gives: ten times what it does.

A pack of some kilobytes may hold a chain of thousands of differences, at each of which git copies
megabytes.
"""

CHUNK: Final = 400
"""So many ids are asked for at once."""

_TYPES: Final[Mapping[bytes, ObjectType]] = {
    b"blob": "blob",
    b"tree": "tree",
    b"commit": "commit",
    b"tag": "tag",
}
_CAPS: Final[Mapping[ObjectType, int]] = {"blob": caps.BLOB, "tree": LARGEST_TREE}
_HASHES: Final = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}


class ObjectAnswer(NamedTuple):
    """What git said about one id; a type of None: it has no such object.

    `size` is the object's, where that is over a cap: then `data` was not read. Of a large commit
    `data` is what `Links` keeps.
    """

    id: str
    type: ObjectType | None
    data: bytes
    size: int = 0
    broken: QmsError | None = None
    """Why it can't be read: found out before anybody asked for this answer."""

    @property
    def fault(self) -> QmsError | None:
        """Why there is no data: CONTENT-MISSING, `Refused` LIMIT, or what is `broken`."""
        if self.broken is not None:
            return self.broken
        if self.type is None:
            return QmsError(
                Finding("CONTENT-MISSING", values={"id": self.id}, reason=Reason.ABSENT)
            )
        return caps.over(self.type, self.size, _CAPS[self.type]) if self.size else None


@dataclass(slots=True, eq=False)
class Batch:
    """Requests that were sent together, and those of their answers that had to be read early."""

    waiting: deque[str]
    early: deque[ObjectAnswer]
    dropped: bool = False


class CatFile:
    """One `git cat-file --batch-command`, started when it is first asked; for one thread."""

    def __init__(self, git: Git, hash_name: str) -> None:
        """Starts nothing yet; `hash_name` is ``sha1`` or ``sha256``."""
        self._git = git
        self.hash = _HASHES[hash_name]
        self._id_length = 2 * self.hash().digest_size
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: IO[bytes] | None = None
        self._look_ahead = True
        self._inflight: deque[Batch] = deque()
        self._over: dict[str, ObjectAnswer] = {}  # what is over a cap isn't asked for again
        self._worth = float(_BEFOREHAND)  # the seconds that all that was given is worth
        self._worked = 0.0  # and those that gits which have ended took
        self._allowed = 0

    @property
    def depth(self) -> int:
        """So many batches may be asked for before the first is read."""
        return 2 if self._look_ahead else 1

    def close(self) -> None:
        """End git. A later request starts it again."""
        self._inflight.clear()
        self._end()

    def described(self, name: str) -> tuple[str, int] | None:
        """The id that git finds for a name, and how large that object is; it isn't read.

        Raises `QmsError` GIT-LIMIT where git needs too much memory to follow the name.
        """
        while self._inflight:
            self._drain(self._inflight[0])
        child = self._running()
        self._worth += _FOR_ONE
        _write(child, b"info " + name.encode("utf-8", "surrogateescape") + b"\nflush\n")
        header = self._output().readline().split()
        if len(header) == 3 and len(header[0]) == self._id_length and header[2].isdigit():  # noqa: PLR2004
            size = int(header[2])
            if size > _PIECE:
                self._end()  # git keeps a commit that it followed a name to, and reads it anew
            return header[0].decode("ascii"), size
        if not header:
            fault = self._over_memory(name)
            self.close()
            refuse_old_git()
            if fault is not None:
                raise fault
        return None

    def _end(self) -> None:
        child, self._child = self._child, None
        self._answers = None
        if child is not None:
            self._worked += used_time(child)
            for stream in (child.stdin, child.stdout, child.stderr):
                if stream is not None:
                    with suppress(BrokenPipeError):
                        stream.close()
            child.kill()
            child.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            # Buffered, git answers when it is told to flush: chunks cost one system call, not
            # one for each object. `--batch-command` is there since git 2.36.
            if self._worth - self._worked < 1:
                raise QmsError(too_much("cat-file --batch-command", _BEFOREHAND))
            self._child = self._git.start("cat-file", "--batch-command", "--buffer")
            self._look_ahead = _widen(self._child)
            self._answers = patient(self._child)
            self._allowed = 0
        left = int(self._worth - self._worked)
        if left > self._allowed:
            allow_time(self._child, left)
            self._allowed = left
        return self._child

    def _output(self) -> IO[bytes]:
        """What git says: it ends where git waits for more than was sent."""
        answers = self._answers  # asked for each object of a history
        if answers is None or self._worth - self._worked >= self._allowed + 1:
            self._running()
            answers = _stream(self._answers)
        return answers

    def send(self, ids: list[str]) -> Batch:
        """Ask for these; at most `CHUNK` of them. Raises `QmsError` OBJECT-CORRUPT for no id."""
        for one in ids:
            if len(one) != self._id_length or not one.isalnum():
                raise corrupt(one, "no object id")
        self._running()
        while len(self._inflight) > (1 if self._look_ahead else 0):
            self._drain(self._inflight[0])
        if self._over:
            self._measure(ids)
        batch = Batch(deque(ids), deque())
        self._inflight.append(batch)
        self._request(batch)
        return batch

    def _request(self, batch: Batch) -> None:
        wanted = (one for one in batch.waiting if one not in self._over)
        request = "".join(f"contents {one}\n" for one in wanted) + "flush\n"
        _write(self._running(), request.encode("ascii"))

    def _measure(self, ids: list[str]) -> None:
        """Ask for sizes alone, where something was over a cap: such things come in numbers."""
        for one, kind, size in self.measured(ids):
            if size > _CAPS.get(kind, size):
                self._over[one] = ObjectAnswer(one, kind, b"", size)

    def measured(self, ids: list[str]) -> Iterator[tuple[str, ObjectType, int]]:
        """Type and size of those of at most `CHUNK` objects that are there; none is read."""
        while self._inflight:
            self._drain(self._inflight[0])
        request = "".join(f"info {one}\n" for one in ids) + "flush\n"
        _write(self._running(), request.encode("ascii"))
        for one in ids:
            self._worth += _FOR_ONE
            _, separator, rest = self._output().readline().partition(b" ")
            if not separator:
                raise self._lost(one, b"")
            kind, _, size = rest.strip().partition(b" ")
            known = _TYPES.get(kind)
            if known is not None and size.isdigit():
                yield one, known, int(size)

    def answer(self, batch: Batch) -> ObjectAnswer:
        """The next answer to a batch."""
        if batch.early:
            return batch.early.popleft()
        while self._inflight and self._inflight[0] is not batch:
            self._drain(self._inflight[0])
        return self._receive(batch)

    def _drain(self, batch: Batch) -> None:
        """Read what stands before the answer that is wanted; its faults are its own asker's."""
        while batch.waiting:
            wanted = batch.waiting[0]
            try:
                answer = self._receive(batch, checked=not batch.dropped)
            except QmsError as error:
                answer = ObjectAnswer(wanted, None, b"", broken=error)
            if not batch.dropped:
                batch.early.append(answer)
        if self._inflight and self._inflight[0] is batch:
            self._inflight.popleft()

    def _receive(self, batch: Batch, *, checked: bool = True) -> ObjectAnswer:
        wanted = batch.waiting.popleft()
        if not batch.waiting:
            self._inflight.popleft()
        self._worth += _FOR_ONE
        if wanted in self._over:
            return self._over[wanted]
        output = self._output()
        name, _, rest = output.readline().partition(b" ")
        kind, _, size = rest.partition(b" ")
        if rest == b"missing\n":
            return ObjectAnswer(wanted, None, b"")
        if not size or name != wanted.encode("ascii"):
            raise self._lost(wanted, kind.rstrip())
        known, length = _TYPES.get(kind), int(size)
        if known is None:
            raise self._lost(wanted, b"unknown type")
        if length > _CAPS.get(known, length):
            return self._skip(ObjectAnswer(wanted, known, b"", length))
        self._worth += length * _FOR_A_BYTE
        if length > _PIECE and known not in ("blob", "tree"):
            return ObjectAnswer(wanted, known, self._links(wanted, kind, length))
        data = self._content(output, wanted, kind, length, checked=checked)
        return ObjectAnswer(wanted, known, data)

    def _content(
        self, output: IO[bytes], wanted: str, kind: bytes, length: int, *, checked: bool
    ) -> bytes:
        data = output.read(length + 1)
        if len(data) != length + 1 or data[-1:] != b"\n":
            raise self._lost(wanted, b"")
        data = data[:-1]
        if checked:
            state = self.hash(b"%b %d\0" % (kind, length))
            state.update(data)
            if state.hexdigest() != wanted:
                raise corrupt(wanted, "its bytes have another id")
        return data

    def _links(self, wanted: str, kind: bytes, length: int) -> bytes:
        """What has to be kept of a large commit; all of it is hashed."""
        output = self._output()
        state = self.hash(b"%b %d\0" % (kind, length))
        links = Links(self._id_length)
        left = length
        while left:
            piece = output.read(min(left, _PIECE))
            if not piece:
                raise self._lost(wanted, b"")
            state.update(piece)
            links.add(piece)
            left -= len(piece)
        if output.read(1) != b"\n":
            raise self._lost(wanted, b"")
        if state.hexdigest() != wanted:
            raise corrupt(wanted, "its bytes have another id")
        return bytes(links.kept)

    def _skip(self, answer: ObjectAnswer) -> ObjectAnswer:
        """Don't read what git is about to send."""
        self._over[answer.id] = answer
        self._ask_another()
        return answer

    def _ask_another(self) -> None:
        """End git, and ask another one for what is waited for."""
        self._end()
        for batch in self._inflight:
            self._request(batch)

    def _lost(self, wanted: str, said: bytes) -> QmsError:
        """Why there was no answer; git ends when it meets an object it can't unpack."""
        fault = None if said else self._over_memory(wanted)
        self._ask_another()
        refuse_old_git()
        return fault or corrupt(wanted, said.decode("ascii", "replace") or "git can't unpack it")

    def _over_memory(self, wanted: str) -> QmsError | None:
        """GIT-LIMIT where a git that has said its last word ended by what it may take."""
        child = self._running()
        worked = used_time(child)  # of one that was waited for nobody tells any more
        try:
            child.wait(_PARTING)
        except subprocess.TimeoutExpired:
            return None
        self._worked += worked
        is_over = has_taken_too_much(child, _stream(child.stderr).read())
        return QmsError(too_much(f"cat-file -p {wanted}", _BEFOREHAND)) if is_over else None


def corrupt(object_id: str, why: str) -> QmsError:
    """OBJECT-CORRUPT: the bytes are not what their id says, or can't be parsed."""
    return QmsError(Finding("OBJECT-CORRUPT", Place(), {"id": object_id, "why": why}))


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise QmsError(Finding("GIT-FAILED", Place(), {"command": "cat-file", "said": ""}))
    return stream


def _write(child: subprocess.Popen[bytes], request: bytes) -> None:
    stream = _stream(child.stdin)
    try:
        stream.write(request)
        stream.flush()
    except BrokenPipeError:
        return  # git is gone: reading its answer says so, and why


def _widen(child: subprocess.Popen[bytes]) -> bool:
    """Whether a second chunk may be sent before the first is read, without a deadlock."""
    if fcntl is None:
        return False
    setting = getattr(fcntl, "F_SETPIPE_SZ", None)
    if setting is None:
        return False
    with suppress(OSError):
        fcntl.fcntl(_stream(child.stdout), setting, 1 << 20)
    try:
        return fcntl.fcntl(_stream(child.stdin), fcntl.F_GETPIPE_SZ) >= 2 * CHUNK * 80
    except OSError:
        return False
