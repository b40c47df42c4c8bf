"""What a publishing run is asked for, and what it plans to make."""

from dataclasses import dataclass

from qms.findings import Finding
from qms.printing import RenderRequest, StampRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One PDF to be made: which revision, which mark, under which name.

    `statement` is what it rests on (see `PrintedFile`), `policy` the digest of the policy by which
    it is printed, `path` the file to look at where the mark can't be drawn.
    """

    name: str
    request: RenderRequest
    mark: StampRequest
    statement: str | None
    policy: str
    path: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the library is wanted: some numbers (all where empty), drafts, obsolete ones."""

    numbers: frozenset[str] = frozenset()
    drafts: bool = False
    obsolete: bool = False
    at: bool = False
    """Whether the state of HEAD is printed, though the trunk is known to have gone on."""

    def takes(self, number: str) -> bool:
        """Whether a number is among them."""
        return not self.numbers or number in self.numbers


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be printed, in the order of numbers, and what can't be, and why."""

    prints: tuple[Print, ...]
    faults: tuple[Finding, ...] = ()
