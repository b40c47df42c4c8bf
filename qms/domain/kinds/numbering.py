"""What the core asks of a numbering and of a version scheme, whoever brings them (DC-02, DC-03)."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from qms.findings import Finding


class Numbering(Protocol):
    """How the numbers of one class are written, checked and allocated."""

    @property
    def like(self) -> str:
        """An example, for messages."""
        ...

    def fault(self, number: str) -> Finding | None:
        """What is wrong with a number of this class, or None."""
        ...

    def canonical(self, text: str) -> str:
        """The one spelling used in files and signatures for what somebody typed or printed.

        Raises `Refused` where it is no number of this class.
        """
        ...

    def next_free(self, taken: Iterable[str], given: Mapping[str, str]) -> str:
        """The next number; `taken` are all numbers ever used, of every class.

        `given` holds parts of the number that the pattern asks for, such as ``year``.
        Raises `Refused` where a part is missing.
        """
        ...

    def display(self, number: str, revision: str) -> str:
        """The company's printed form."""
        ...

    def twin_key(self, number: str) -> str:
        """A key that is equal for two numbers that a reader could take for one another."""
        ...


class VersionScheme(Protocol):
    """How the revisions of one class are written and ordered."""

    @property
    def first(self) -> str:
        """The first revision, such as ``A/0``."""
        ...

    def fault(self, revision: str) -> Finding | None:
        """What is wrong with a revision's spelling, or None."""
        ...

    def next_count(self, revision: str) -> str:
        """The revision after a change (修改): ``A/0`` → ``A/1``. Raises `Refused` at the end."""
        ...

    def next_version(self, revision: str) -> str:
        """The revision after a new edition (换版): ``A/3`` → ``B/0``. Raises `Refused`."""
        ...

    def display(self, revision: str, language: str) -> str:
        """As printed in the running header: 第A版第0次修改."""
        ...
