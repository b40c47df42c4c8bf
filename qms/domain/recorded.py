"""What is recorded: a policy version, a released revision, an event of a list.

Values with what they say of themselves; whether they hold was judged before they were recorded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from qms.domain.document import Document
from qms.domain.log import Log
from qms.domain.policy import Policy
from qms.findings import Finding
from qms.formats.digests import parse_day
from qms.formats.paths import policy_folder
from qms.formats.slots import Statement
from qms.formats.tree import Tree


@dataclass(frozen=True, kw_only=True)
class PolicyEntry:
    """A policy version as it was signed. `content` is the digest that later statements name."""

    policy: Policy
    content: str
    slots: tuple[Statement, ...]
    folder: str
    blobs: tuple[str, ...]
    commit: str = ""
    listed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Digests of the files beside the policy's own that its manifest binds, by path."""
    is_open: bool = False
    """Whether somebody is still asked to sign it."""

    @property
    def version(self) -> int:
        """Its number."""
        return self.policy.version

    @cached_property
    def filing(self) -> Statement:
        """The signature that filed it: what that signer had seen, the version had seen."""
        return max(self.slots, key=lambda slot: int(slot.step))

    @property
    def beside(self) -> str:
        """What sets it apart where another version of its number has the place."""
        return _beside(self.slots)

    @property
    def places(self) -> tuple[str, str]:
        """The folders where it may lie: its own, or beside another version of its number."""
        return policy_folder(self.version), policy_folder(self.version, self.beside)

    @property
    def id(self) -> str:
        """The id of the statement that filed it; empty where nobody signed."""
        return self.filing.id if self.slots else ""

    @property
    def base(self) -> str | None:
        """The content of the version that it follows; None of version 1."""
        base = self.filing.base if self.slots else None
        return None if base is None else base.content

    @property
    def is_by_its_own(self) -> bool:
        """Whether the version itself still knows the key that filed it as that person's."""
        return self.policy.knows(self.filing)

    def turn(self) -> tuple[int, str, str]:
        """Its place among all versions: no claimed time plays a part."""
        return self.version, self.content, self.base or ""


def speaking(filings: Sequence[PolicyEntry]) -> tuple[PolicyEntry, ...]:
    """Of all filings of one version those that tell what it had seen and when, earliest first.

    The bytes of a version are public, and one keeper alone can file them once more; so one whose
    key the version itself voids is not asked, unless nobody else filed it.
    """
    own = [one for one in filings if one.is_by_its_own] or filings
    return tuple(sorted(own, key=lambda one: (one.filing.time, one.id)))


@dataclass(frozen=True, kw_only=True)
class Released:
    """A released revision: the very bytes that were signed."""

    document: Document
    path: str
    blob: str
    commit: str = ""
    signed_on: date = date.max
    """The day of the last signature (`Register.day`), noted when it is recorded: what never was
    never comes into force."""

    @property
    def base(self) -> str | None:
        """The string of the revision it follows."""
        base = self.filing.base
        return None if base is None else base.revision

    @property
    def base_content(self) -> str | None:
        """The digest of the text it follows: what tells it from another of the same string."""
        base = self.filing.base
        return None if base is None else base.content

    @cached_property
    def filing(self) -> Statement:
        """The signature that filed it."""
        return max(self.document.signed(), key=lambda slot: int(slot.step))

    @property
    def beside(self) -> str:
        """What sets it apart where another entry has its place."""
        return self.filing.id.partition(":")[2][:16]

    @property
    def places(self) -> tuple[str, str]:
        """Where it may lie: at its place, or beside another entry that has the place."""
        return self.path, f"{self.path.removesuffix('.md')}~{self.beside}.md"

    def place_in(self, tree: Tree) -> str:
        """Where its bytes lie in a tree: whoever merged two entries for one place chose which."""
        for path in self.places:
            entry = tree.entry(path)
            if entry is not None and entry.id == self.blob:
                return path
        return self.path

    @property
    def published(self) -> date:
        """The day of publication (发布)."""
        return self._day("published")

    @property
    def effective(self) -> date:
        """The day from which people work by it: the effective day, or a later signature's day."""
        return max(self._day("effective"), self.signed_on)

    def _day(self, key: str) -> date:
        value = self.filing.data.get(key)
        if isinstance(value, str):
            return parse_day(value)
        return self.signed_on


class Event(NamedTuple):
    """A signed event of a list, such as the life of a copy."""

    log: Log
    slot: Statement
    path: str
    commit: str = ""


class NoEffect(NamedTuple):
    """Why an event has no effect: its `fault`, or None where a ruling ended it for good."""

    fault: Finding | None


NoEffectOf = Callable[[Event], NoEffect | None]
"""Tells whether an event of a list has effect (None), and else why it has none."""

EffectiveOf = Callable[[str], tuple[Released, ...]]
"""Tells which revisions of a number have effect, now or later, in their order."""


def _beside(slots: tuple[Statement, ...]) -> str:
    """The first digits of the last statement's id; nothing where none is signed."""
    last = max(slots, key=lambda slot: int(slot.step), default=None)
    if last is None:
        return ""
    return last.id.partition(":")[2][:16]
