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


class Reader(Protocol):
    """Reads files that will be judged soon."""

    def begin(self, judge: Judge, expected: int) -> None:
        """`judge` may be told which signatures hold; about so many files will be read."""
        ...

    def files(self, blobs: Sequence[str]) -> None:
        """Begin to read these."""
        ...


class _Here:
    """Reads in this process alone."""

    def __init__(self, repository: Repository) -> None:
        self._objects = repository.objects

    def begin(self, judge: Judge, expected: int) -> None:
        """Nothing is told."""

    def files(self, blobs: Sequence[str]) -> None:
        self._objects.prefetch(blobs)


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


def with_files_read(
    ahead: Reader, judge: Judge, tree: Tree, wanted: Sequence[str] | None = None
) -> Iterator[str]:
    """The `wanted` numbers, by default all in their order, each once its files are at hand."""
    by_number: dict[str, dict[str, None]] = {}
    for folder in ("documents", "released", "copies"):
        for path, entry in tree.files(folder):
            by_number.setdefault(parse_path(path).number, {})[entry.id] = None
    numbers = sorted(by_number) if wanted is None else wanted
    batches = [numbers[at : at + _TOGETHER] for at in range(0, len(numbers), _TOGETHER)]
    ahead.begin(judge, len(numbers))
    for place, begun in enumerate((*batches, *([],) * AHEAD)):
        blobs = (blob for one in begun for blob in by_number.get(one, ()))
        ahead.files(list(dict.fromkeys(blobs)))
        yield from batches[place - AHEAD] if place >= AHEAD else ()
