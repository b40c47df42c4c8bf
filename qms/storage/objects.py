"""Reading git's objects: ids in, bytes out, each hashed again before anybody sees it.

One `git cat-file` runs as long as its reader. Requests go out in chunks, the next one before the
answers to the one before are read, so that git inflates while we hash. Nothing of git's own
understanding is used: commits and trees are parsed here, so grafts, replace refs, a poisoned
commit-graph or a swapped object change nothing that is read.
"""

from collections import OrderedDict, deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Final, Self

from qms.findings import QmsError, Refused
from qms.formats.tree import TreeEntry
from qms.storage.catfile import CHUNK, Batch, CatFile, ObjectType, corrupt
from qms.storage.commits import Commit, parse_commit
from qms.storage.files import plain_blocks
from qms.storage.gitprogram import Git
from qms.storage.oddity import odd_tree, oddity
from qms.storage.tree_listing import Listing

__all__ = ["ObjectType", "Objects"]

_CACHED_TREES: Final = 48 * 1024 * 1024
_CACHED_BLOBS: Final = 64 * 1024 * 1024


class Objects:
    """All objects of one repository. A context manager: the child is always reaped.

    For one thread. Raises `QmsError` CONTENT-MISSING for what is not in the clone, OBJECT-CORRUPT
    for bytes that are not what their id says; `Refused` TREE-ODD for a tree as git writes none, and
    for what is called a file or a folder and is something else.
    """

    def __init__(self, git: Git, hash_name: str) -> None:
        """Starts nothing yet; `hash_name` is ``sha1`` or ``sha256``."""
        self.hash_name = hash_name
        self._git = CatFile(git, hash_name)
        self._width = self._git.hash().digest_size
        self._trees: OrderedDict[str, Listing] = OrderedDict()
        self._tree_bytes = 0
        self._odd: dict[str, str] = {}  # by id, why a tree can't be read
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
        self._git.close()

    # Asking

    def read(self, object_id: str, expected: ObjectType | None = None) -> bytes:
        """The content of one object.

        With `expected`, another type is TREE-ODD, or OBJECT-CORRUPT where that is a commit's.
        Raises `Refused` LIMIT for a blob or tree that is over its cap: nothing of it is read.
        """
        answer = self._git.answer(self._git.send([object_id]))
        if answer.type is not None and expected is not None and answer.type != expected:
            raise self._other(object_id, answer.type, expected)
        if answer.fault is not None:
            raise answer.fault
        return answer.data

    def stream(
        self, ids: Iterable[str], *, skip_missing: bool = False
    ) -> Generator[tuple[str, ObjectType, bytes], None, None]:
        """Id, type and content of many objects, in the order asked for; a generator.

        Other reads may happen between two of its answers. Memory: the object in hand. With
        `skip_missing` those are left out too that are over a cap.
        """
        wanted = iter(ids)
        batches: deque[Batch] = deque()
        try:
            self._send(batches, wanted)
            yield from self._answers(batches, wanted, skip_missing=skip_missing)
        finally:
            _drop(batches)

    def _send(self, batches: deque[Batch], wanted: Iterator[str]) -> None:
        """Ask for what comes next, as much as git may be asked for beforehand."""
        while len(batches) < self._git.depth:
            chunk = list(islice(wanted, CHUNK))
            if not chunk:
                return
            batches.append(self._git.send(chunk))

    def _answers(
        self, batches: deque[Batch], wanted: Iterator[str], *, skip_missing: bool
    ) -> Iterator[tuple[str, ObjectType, bytes]]:
        """The answers to what was asked for, and then to all that is wanted."""
        while batches:
            batch = batches[0]
            while batch.waiting or batch.early:
                answer = self._git.answer(batch)
                if answer.type is not None and not answer.size:
                    yield answer.id, answer.type, answer.data
                elif answer.fault is not None and (answer.broken or not skip_missing):
                    raise answer.fault
            batches.popleft()
            self._send(batches, wanted)

    def resolve(self, name: str) -> str | None:
        """The id that git finds for `name`; None where there is none or more than one.

        The name must be free of line breaks; the object is not read, so nothing is proved by it.
        """
        found = self._git.described(name)
        return None if found is None else found[0]

    def size(self, object_id: str) -> int:
        """How large an object is; 0 where it isn't there. It is not read."""
        found = self._git.described(object_id)
        return 0 if found is None else found[1]

    def kinds(self, ids: Iterable[str]) -> Mapping[str, ObjectType]:
        """What git calls each of these objects that is there. They are not read."""
        wanted = iter(ids)
        found: dict[str, ObjectType] = {}
        while chunk := list(islice(wanted, CHUNK)):
            found.update((one, kind) for one, kind, _ in self._git.measured(chunk))
        return found

    # Parsed

    def commit(self, commit_id: str) -> Commit:
        """A commit, parsed."""
        return parse_commit(commit_id, self.read(commit_id, "commit"))

    def commits(self, ids: Iterable[str]) -> Iterator[Commit]:
        """Many commits, parsed, by one stream."""
        for commit_id, kind, data in self.stream(ids):
            if kind != "commit":
                raise corrupt(commit_id, f"{kind} instead of commit")
            yield parse_commit(commit_id, data)

    def listing(self, tree_id: str, like: str | None = None) -> Listing:
        """A tree, parsed and kept. `like` is the id of one that probably resembles it."""
        known = self._trees.get(tree_id)
        if known is not None:
            self._trees.move_to_end(tree_id)
            return known
        if tree_id in self._odd:
            raise odd_tree(tree_id, self._odd[tree_id])
        return self._keep_tree(tree_id, self.read(tree_id, "tree"), like)

    def tree(self, tree_id: str) -> Mapping[str, TreeEntry]:
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
        for _ in self.prefetching(ids, like):
            pass

    def prefetching(
        self, ids: Iterable[str], like: Mapping[str, str] | None = None
    ) -> Iterator[None]:
        """As `prefetch`, but gives way once git was asked: the caller works while git does."""
        wanted = iter([one for one in dict.fromkeys(ids) if not self.is_kept(one)])
        batches: deque[Batch] = deque()
        try:
            with suppress(QmsError):
                self._send(batches, wanted)
                if batches:
                    yield
                for object_id, kind, data in self._answers(batches, wanted, skip_missing=True):
                    if kind == "tree":
                        try:  # quicker than `suppress`, for each tree of a history
                            self._keep_tree(object_id, data, like.get(object_id) if like else None)
                        except Refused:
                            continue
                    elif kind == "blob":
                        self._keep_blob(object_id, data)
        finally:
            _drop(batches)

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

    def kept_listing(self, tree_id: str | None) -> Listing | None:
        """A tree that can be had without asking git."""
        return None if tree_id is None else self._trees.get(tree_id)

    def id_of(self, kind: ObjectType, data: bytes) -> str:
        """The id that git gives to this content."""
        state = self._git.hash(b"%s %d\0" % (kind.encode("ascii"), len(data)))
        state.update(data)
        return state.hexdigest()

    def id_of_file(self, path: bytes, size: int) -> str:
        """The id that git gives to what a plain file of `size` bytes holds, read in pieces.

        Raises OSError as `qms.storage.files.plain_blocks`.
        """
        state = self._git.hash(b"blob %d\0" % size)
        for block in plain_blocks(path):
            state.update(block)
        return state.hexdigest()

    def _other(self, object_id: str, found: ObjectType, wanted: ObjectType) -> QmsError:
        """An object of another type than a tree calls it, or than a commit has to be of."""
        told = f"{found} ≠ {wanted}"
        if wanted == "tree":
            self._odd[object_id] = told
        if wanted in ("tree", "blob"):
            return odd_tree(object_id, told)
        return corrupt(object_id, told)

    # Keeping

    def _keep_tree(self, tree_id: str, raw: bytes, like: str | None) -> Listing:
        model = None if like is None else self._trees.get(like)
        listing = Listing.parse(raw, self._width, model)
        if listing is None:
            self._odd[tree_id] = oddity(raw, self._width)
            raise odd_tree(tree_id, self._odd[tree_id])
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


def _drop(batches: Iterable[Batch]) -> None:
    """Want no more of these answers."""
    for batch in batches:
        batch.dropped = True
        batch.early.clear()
