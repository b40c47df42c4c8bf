"""The one door to the process that reads ahead: without it all is the same, but for time."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Protocol

from qms.domain.register.statement_holds import Judge
from qms.storage.repository import Repository


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
