"""The one door to the process that reads ahead: without it all is the same, but for time."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

from qms.domain.register.statement_holds import Judge
from qms.formats.paths import parse_path
from qms.formats.tree import Tree
from qms.storage.commit_walk import AHEAD
from qms.storage.repository import Repository

_TOGETHER: Final = 100
"""The files of so many numbers are read together, where everything is looked at."""


_FORESEEN: Final = 10
"""Of so many numbers one is read while nothing else can be done yet."""


class Reader(Protocol):
    """Reads files that will be judged soon."""

    def begin(self, judge: Judge, expected: int) -> None:
        """`judge` may be told which signatures hold; about so many files will be read."""
        ...

    def files(self, blobs: Sequence[str]) -> None:
        """Begin to read these."""
        ...

    def foresee(self, blobs: Sequence[str]) -> None:
        """Begin to read these, which most likely are the first ones that will be asked for."""
        ...


class _Here:
    """Reads in this process alone."""

    def __init__(self, repository: Repository) -> None:
        self._objects = repository.objects

    def begin(self, judge: Judge, expected: int) -> None:
        """Nothing is told."""

    def files(self, blobs: Sequence[str]) -> None:
        self._objects.prefetch(blobs)

    def foresee(self, blobs: Sequence[str]) -> None:
        """They are read when they are asked for."""


@contextmanager
def read_ahead(repository: Repository) -> Generator[Reader]:
    """A reader of files that will be judged soon, in another process where there may be one."""
    try:
        from qms.ahead.reader import Ahead  # noqa: PLC0415 - not for what changed alone
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("qms.ahead"):
            raise
        yield _Here(repository)
        return
    with Ahead(repository) as ahead:
        yield ahead


def foresee(ahead: Reader, tree: Tree) -> None:
    """Begin with the first files of a tree that is like the one to be read, as `with_files_read`.

    Meanwhile git looks through the work tree.
    """
    by_number = _files(tree)
    first = sorted(by_number)[: len(by_number) // _FORESEEN]
    ahead.foresee(list(dict.fromkeys(blob for one in first for blob in by_number[one])))


def with_files_read(
    ahead: Reader, judge: Judge, tree: Tree, wanted: Sequence[str] | None = None
) -> Iterator[str]:
    """The `wanted` numbers, by default all in their order, each once its files are at hand."""
    by_number = _files(tree)
    numbers = sorted(by_number) if wanted is None else wanted
    batches = [numbers[at : at + _TOGETHER] for at in range(0, len(numbers), _TOGETHER)]
    ahead.begin(judge, len(numbers))
    for place, begun in enumerate((*batches, *([],) * AHEAD)):
        blobs = (blob for one in begun for blob in by_number.get(one, ()))
        ahead.files(list(dict.fromkeys(blobs)))
        yield from batches[place - AHEAD] if place >= AHEAD else ()


def _files(tree: Tree) -> dict[str, dict[str, None]]:
    """The files of each number, each once."""
    by_number: dict[str, dict[str, None]] = {}
    for folder in ("documents", "released", "copies"):
        for path, entry in tree.files(folder):
            by_number.setdefault(parse_path(path).number, {})[entry.id] = None
    return by_number
