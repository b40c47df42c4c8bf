"""Reading git's objects: ids in, bytes out, each hashed again before anybody sees it.

One `git cat-file` runs as long as its reader. Requests go out in chunks, the next one before the
answers to the one before are read, so that git inflates while we hash. Nothing of git's own
understanding is used: commits and trees are parsed here, so grafts, replace refs, a poisoned
commit-graph or a swapped object change nothing that is read.
"""

import fcntl
import hashlib
import re
import subprocess
from collections import OrderedDict, deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import IO, Final, Literal, NamedTuple, Self

from qms.findings import Finding, Place, QmsError
from qms.formats.tree import Entry
from qms.storage.gitprogram import Git, refuse_old_git
from qms.storage.listing import Listing

ObjectType = Literal["blob", "tree", "commit", "tag"]

LARGEST: Final = 512 * 1024 * 1024
"""No object larger than this is read: a hostile clone may hold anything."""

_CHUNK: Final = 400
_CACHED_TREES: Final = 48 * 1024 * 1024
_CACHED_BLOBS: Final = 64 * 1024 * 1024
_TYPES: Final[Mapping[bytes, ObjectType]] = {
    b"blob": "blob",
    b"tree": "tree",
    b"commit": "commit",
    b"tag": "tag",
}
_HASHES: Final = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
_COMMIT: Final = re.compile(
    rb"tree ([0-9a-f]+)\n((?:parent [0-9a-f]+\n)*)"
    rb"author ([^\n]*)\ncommitter ([^\n]*)\n(?:[^\n]+\n)*(?:\n|\Z)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit as its object says. Author, committer and their dates are never evidence."""

    id: str
    tree: str
    parents: tuple[str, ...]
    author: str
    committer: str
    message: str


class _Answer(NamedTuple):
    """What git said about one id; a type of None: it has no such object."""

    id: str
    type: ObjectType | None
    data: bytes


@dataclass(slots=True)
class _Batch:
    """Requests that were sent together, and those of their answers that had to be read early."""

    waiting: deque[str]
    early: deque["_Answer"]
    dropped: bool = False


class Objects:
    """All objects of one repository. A context manager: the child is always reaped.

    For one thread. Raises `QmsError` CONTENT-MISSING for what is not in the clone, OBJECT-CORRUPT
    for bytes that are not what their id says or can't be parsed.
    """

    def __init__(self, git: Git, hash_name: str) -> None:
        """Starts nothing yet; `hash_name` is ``sha1`` or ``sha256``."""
        self.hash_name = hash_name
        self._git = git
        self._hash = _HASHES[hash_name]
        self._width = self._hash().digest_size
        self._id_length = 2 * self._width
        self._child: subprocess.Popen[bytes] | None = None
        self._look_ahead = True
        self._inflight: deque[_Batch] = deque()
        self._trees: OrderedDict[str, Listing] = OrderedDict()
        self._tree_bytes = 0
        self._blobs: OrderedDict[str, bytes] = OrderedDict()
        self._blob_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """End git. A later request starts it again."""
        child, self._child = self._child, None
        self._inflight.clear()
        if child is not None:
            for stream in (child.stdin, child.stdout, child.stderr):
                if stream is not None:
                    with suppress(BrokenPipeError):
                        stream.close()
            child.kill()
            child.wait()

    # Asking

    def read(self, object_id: str, expected: ObjectType | None = None) -> bytes:
        """The content of one object; with `expected`, another type is OBJECT-CORRUPT."""
        _, kind, data = self._answer(self._send([object_id]))
        if kind is None:
            raise _missing(object_id)
        if expected is not None and kind != expected:
            raise _corrupt(object_id, f"{kind} instead of {expected}")
        return data

    def stream(
        self, ids: Iterable[str], *, skip_missing: bool = False
    ) -> Generator[tuple[str, ObjectType, bytes], None, None]:
        """Id, type and content of many objects, in the order asked for; a generator.

        Other reads may happen between two of its answers. Memory: the object in hand.
        """
        wanted = iter(ids)
        batches: deque[_Batch] = deque()
        try:
            while True:
                while len(batches) < (2 if self._look_ahead else 1):
                    chunk = list(islice(wanted, _CHUNK))
                    if not chunk:
                        break
                    batches.append(self._send(chunk))
                if not batches:
                    return
                batch = batches[0]
                while batch.waiting or batch.early:
                    found, kind, data = self._answer(batch)
                    if kind is not None:
                        yield found, kind, data
                    elif not skip_missing:
                        raise _missing(found)
                batches.popleft()
        finally:
            for batch in batches:
                batch.dropped = True
                batch.early.clear()

    def resolve(self, name: str) -> str | None:
        """The id that git finds for `name`; None where there is none or more than one.

        The name must be free of line breaks; the object is not read, so nothing is proved by it.
        """
        while self._inflight:
            self._drain(self._inflight[0])
        child = self._running()
        _write(child, b"info " + name.encode("utf-8", "surrogateescape") + b"\nflush\n")
        header = _stream(child.stdout).readline().split()
        if len(header) == 3 and len(header[0]) == self._id_length and header[2].isdigit():  # noqa: PLR2004
            return header[0].decode("ascii")
        if not header:
            refuse_old_git()
            self.close()
        return None

    # Parsed

    def commit(self, commit_id: str) -> Commit:
        """A commit, parsed."""
        return parse_commit(commit_id, self.read(commit_id, "commit"))

    def commits(self, ids: Iterable[str]) -> Iterator[Commit]:
        """Many commits, parsed, by one stream."""
        for commit_id, kind, data in self.stream(ids):
            if kind != "commit":
                raise _corrupt(commit_id, f"{kind} instead of commit")
            yield parse_commit(commit_id, data)

    def listing(self, tree_id: str, like: str | None = None) -> Listing:
        """A tree, parsed and kept. `like` is the id of one that probably resembles it."""
        known = self._trees.get(tree_id)
        if known is not None:
            self._trees.move_to_end(tree_id)
            return known
        return self._keep_tree(tree_id, self.read(tree_id, "tree"), like)

    def tree(self, tree_id: str) -> Mapping[str, Entry]:
        """Names and entries of one tree."""
        return self.listing(tree_id).entries

    def blob(self, blob_id: str) -> bytes:
        """The content of a blob; small ones are kept for a while."""
        known = self._blobs.get(blob_id)
        if known is not None:
            return known
        data = self.read(blob_id, "blob")
        self._keep_blob(blob_id, data)
        return data

    def prefetch(self, ids: Iterable[str], like: Mapping[str, str] | None = None) -> None:
        """Read trees and blobs ahead into what is kept; `like` as in `listing`, by id.

        What is missing or corrupt is passed over: whoever reads it then can say where it lies.
        """
        wanted = [one for one in dict.fromkeys(ids) if not self.is_kept(one)]
        with suppress(QmsError):
            for object_id, kind, data in self.stream(wanted, skip_missing=True):
                if kind == "tree":
                    self._keep_tree(object_id, data, like.get(object_id) if like else None)
                elif kind == "blob":
                    self._keep_blob(object_id, data)

    def contents(self, ids: Iterable[str]) -> Iterator[bytes]:
        """The contents of many blobs; git reads on while the caller works with them.

        Each is kept for a while. What is missing is passed over.
        """
        for object_id, kind, data in self.stream(ids, skip_missing=True):
            if kind == "blob":
                self._keep_blob(object_id, data)
                yield data

    def is_kept(self, object_id: str) -> bool:
        """Whether a tree or blob can be had without asking git."""
        return object_id in self._trees or object_id in self._blobs

    def id_of(self, kind: ObjectType, data: bytes) -> str:
        """The id that git gives to this content."""
        state = self._hash(b"%s %d\0" % (kind.encode("ascii"), len(data)))
        state.update(data)
        return state.hexdigest()

    # Keeping

    def _keep_tree(self, tree_id: str, raw: bytes, like: str | None) -> Listing:
        model = None if like is None else self._trees.get(like)
        listing = Listing.parse(raw, self._width, model)
        if listing is None:
            raise _corrupt(tree_id, "malformed tree")
        self._trees[tree_id] = listing
        self._tree_bytes += len(raw)
        while self._tree_bytes > _CACHED_TREES and len(self._trees) > 1:
            self._tree_bytes -= len(self._trees.popitem(last=False)[1].raw)
        return listing

    def _keep_blob(self, blob_id: str, data: bytes) -> None:
        if len(data) > _CACHED_BLOBS // 16:
            return
        self._blobs[blob_id] = data
        self._blob_bytes += len(data)
        while self._blob_bytes > _CACHED_BLOBS:
            self._blob_bytes -= len(self._blobs.popitem(last=False)[1])

    # The conversation with git

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            # Buffered, git answers when it is told to flush: chunks cost one system call, not
            # one for each object. `--batch-command` is there since git 2.36.
            self._child = self._git.start("cat-file", "--batch-command", "--buffer")
            self._look_ahead = _widen(self._child)
        return self._child

    def _send(self, ids: list[str]) -> _Batch:
        for one in ids:
            if len(one) != self._id_length or not one.isalnum():
                raise _corrupt(one, "no object id")
        child = self._running()
        while len(self._inflight) > (1 if self._look_ahead else 0):
            self._drain(self._inflight[0])
        request = "".join(f"contents {one}\n" for one in ids) + "flush\n"
        _write(child, request.encode("ascii"))
        batch = _Batch(deque(ids), deque())
        self._inflight.append(batch)
        return batch

    def _answer(self, batch: _Batch) -> _Answer:
        if batch.early:
            return batch.early.popleft()
        while self._inflight and self._inflight[0] is not batch:
            self._drain(self._inflight[0])
        return self._receive(batch)

    def _drain(self, batch: _Batch) -> None:
        while batch.waiting:
            answer = self._receive(batch, checked=not batch.dropped)
            if not batch.dropped:
                batch.early.append(answer)
        if self._inflight and self._inflight[0] is batch:
            self._inflight.popleft()

    def _receive(self, batch: _Batch, *, checked: bool = True) -> _Answer:
        wanted = batch.waiting.popleft()
        if not batch.waiting:
            self._inflight.popleft()
        output = _stream(self._running().stdout)
        name, _, rest = output.readline().partition(b" ")
        kind, _, size = rest.partition(b" ")
        if rest == b"missing\n":
            return _Answer(wanted, None, b"")
        if not size:
            raise self._lost(wanted, kind.rstrip())
        length = int(size)
        if length > LARGEST:
            self.close()
            values = {"id": wanted, "size": str(length), "most": str(LARGEST)}
            raise QmsError(Finding("OBJECT-TOO-LARGE", Place(), values))
        data = output.read(length)
        if len(data) != length or output.read(1) != b"\n" or name != wanted.encode("ascii"):
            raise self._lost(wanted, b"")
        if checked:
            state = self._hash(b"%b %d\0" % (kind, length))
            state.update(data)
            if state.hexdigest() != wanted:
                raise _corrupt(wanted, "its bytes have another id")
        known = _TYPES.get(kind)
        if known is None:
            raise _corrupt(wanted, "unknown type")
        return _Answer(wanted, known, data)

    def _lost(self, wanted: str, said: bytes) -> QmsError:
        """Why there was no answer; git ends when it meets an object it can't unpack."""
        self.close()
        refuse_old_git()
        return _corrupt(wanted, said.decode("ascii", "replace") or "git can't unpack it")


def parse_commit(commit_id: str, raw: bytes) -> Commit:
    """The fields of a commit object; raises `QmsError` OBJECT-CORRUPT if it has none."""
    match = _COMMIT.match(raw)
    if match is None or b"\0" in raw[: match.end()]:
        raise _corrupt(commit_id, "malformed commit")
    tree, parents, author, committer = match.groups()
    ids = (tree, *(line[7:] for line in parents.splitlines()))
    if any(len(one) != len(commit_id) for one in ids):
        raise _corrupt(commit_id, "malformed commit")
    return Commit(
        id=commit_id,
        tree=tree.decode("ascii"),
        parents=tuple(one.decode("ascii") for one in ids[1:]),
        author=author.decode("utf-8", "replace"),
        committer=committer.decode("utf-8", "replace"),
        message=raw[match.end() :].decode("utf-8", "replace"),
    )


def _corrupt(object_id: str, why: str) -> QmsError:
    return QmsError(Finding("OBJECT-CORRUPT", Place(), {"id": object_id, "why": why}))


def _missing(object_id: str) -> QmsError:
    return QmsError(Finding("CONTENT-MISSING", Place(), {"id": object_id}))


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
    setting = getattr(fcntl, "F_SETPIPE_SZ", None)
    if setting is None:
        return False
    with suppress(OSError):
        fcntl.fcntl(_stream(child.stdout), setting, 1 << 20)
    try:
        return fcntl.fcntl(_stream(child.stdin), fcntl.F_GETPIPE_SZ) >= 2 * _CHUNK * 80
    except OSError:
        return False
