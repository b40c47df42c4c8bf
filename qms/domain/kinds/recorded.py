"""What is recorded: an entry, such as a policy version, a released revision, an event of a list.

Values with what they say of themselves; whether they hold was judged before they were recorded.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple, Protocol, TypeAlias

from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.log import Log
from qms.domain.kinds.policy import Policy
from qms.findings import Finding
from qms.formats.digests import parse_day
from qms.formats.paths import POLICY_FILES, marked, policy_folder
from qms.formats.slots import Statement
from qms.formats.tree import Tree

Key: TypeAlias = tuple[str, str, str]
"""Under what entries are kept, and asked for, together: their kind, a number and a revision.

All versions of the policy have one key, all revisions of a number, and all lists of a kind that are
about one number and revision; what a key does not tell apart is empty in it.
"""

POLICY: Final = "policy"
RELEASED: Final = "released"
ALL_POLICIES: Final[Key] = (POLICY, "", "")


class Entry(Protocol):
    """One thing that was validly recorded: what the register holds, of whatever kind."""

    @property
    def key(self) -> Key:
        """Its kind, and what it is kept under."""
        ...

    @property
    def place(self) -> str:
        """The path that it claims, whether it lies there or, where several do, beside it."""
        ...

    @property
    def path(self) -> str:
        """The path that findings name."""
        ...

    @property
    def places(self) -> tuple[str, ...]:
        """All paths where it may lie."""
        ...

    @property
    def commit(self) -> str:
        """The commit that first brought it; empty where that isn't known."""
        ...

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All that was signed to make it."""
        ...

    @property
    def id(self) -> str:
        """The id of the statement by which it was recorded."""
        ...

    @property
    def after(self) -> tuple[str, ...]:
        """Ids of the statements that this one comes after."""
        ...

    @property
    def identity(self) -> object:
        """What is equal in two entries of one place that are one: another spelling is no other."""
        ...


class _Signed(ABC):
    """What entries have in common that a last signature filed as a whole."""

    @property
    @abstractmethod
    def signed(self) -> tuple[Statement, ...]:
        """The signatures of the round that was filed."""

    @cached_property
    def filing(self) -> Statement:
        """The signature that filed it: what that signer had seen, the entry had seen."""
        return max(self.signed, key=lambda slot: int(slot.step))

    @property
    def id(self) -> str:
        """The id of the statement that filed it; empty where nobody signed."""
        return self.filing.id if self.signed else ""

    @property
    def after(self) -> tuple[str, ...]:
        """What the signature that filed it comes after."""
        return self.filing.after if self.signed else ()

    @property
    def beside(self) -> str:
        """What sets it apart where another entry has its place: the first digits of its id."""
        return self.id.partition(":")[2][:16]


@dataclass(frozen=True, kw_only=True)
class PolicyEntry(_Signed):
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
    def key(self) -> Key:
        """All versions have one."""
        return ALL_POLICIES

    @property
    def place(self) -> str:
        """Its manifest, in the folder of its number."""
        return policy_place(self.version)

    @property
    def path(self) -> str:
        """Its manifest, where it was found first."""
        return f"{self.folder}/{POLICY_FILES[0]}"

    @property
    def signed(self) -> tuple[Statement, ...]:
        """All signatures under it."""
        return self.slots

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All signatures under it."""
        return self.slots

    @property
    def identity(self) -> object:
        """Its text, and who filed it."""
        return self.content, self.id

    @property
    def version(self) -> int:
        """Its number."""
        return self.policy.version

    @property
    def folders(self) -> tuple[str, str]:
        """The folders where it may lie: its own, or beside another version of its number."""
        return policy_folder(self.version), policy_folder(self.version, self.beside)

    @property
    def places(self) -> tuple[str, ...]:
        """Its manifest in either of them."""
        return tuple(f"{folder}/{POLICY_FILES[0]}" for folder in self.folders)

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
class Released(_Signed):
    """A released revision: the very bytes that were signed."""

    document: Document
    path: str
    blob: str
    commit: str = ""
    signed_on: date = date.max
    """The day of the last signature (`Register.day`), noted when it is recorded: what never was
    never comes into force."""

    @property
    def key(self) -> Key:
        """All revisions of its number have one."""
        return RELEASED, self.document.number, ""

    @property
    def place(self) -> str:
        """The path of its revision: another text may claim it too."""
        return self.path

    @property
    def value(self) -> Document:
        """What was signed."""
        return self.document

    @property
    def signed(self) -> tuple[Statement, ...]:
        """The signatures of its last round."""
        return self.document.signed()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What was signed, in any round."""
        return self.document.statements

    @property
    def identity(self) -> object:
        """Its text and its statements, however they are spelled."""
        return self.document.content, frozenset(one.id for one in self.statements)

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

    @property
    def places(self) -> tuple[str, ...]:
        """Where it may lie: at its place, or beside another entry that has the place."""
        return self.path, marked(self.path, self.beside)

    def noted(self, day: date | None) -> "Released":
        """The same with the day of its last signature; as it is where nobody can tell it."""
        if day is None:
            return self
        return Released(
            document=self.document, path=self.path, blob=self.blob, commit=self.commit,
            signed_on=day,
        )  # fmt: skip

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


@dataclass(frozen=True, kw_only=True)
class Filed(_Signed):
    """A text of a plugin's own kind: the very bytes that its chain signed.

    `going` is where it lay while it went round; empty where its kind has no such place.
    """

    text: FiledText
    path: str
    blob: str
    commit: str = ""
    going: str = ""

    @property
    def key(self) -> Key:
        """All texts of its kind and number have one."""
        return self.text.kind, self.text.number, ""

    @property
    def place(self) -> str:
        """The path that its head gives: another text may claim it too."""
        return self.path

    @property
    def value(self) -> FiledText:
        """What was signed."""
        return self.text

    @property
    def places(self) -> tuple[str, ...]:
        """Where it may lie: at its place, or beside another entry that has the place."""
        return self.path, marked(self.path, self.beside)

    @property
    def signed(self) -> tuple[Statement, ...]:
        """The signatures of its last round."""
        return self.text.signed()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What was signed, in any round."""
        return self.text.statements

    @property
    def identity(self) -> object:
        """Its text and its statements, however they are spelled."""
        return self.text.content, frozenset(one.id for one in self.statements)


class Event(NamedTuple):
    """A signed event of a list, such as the life of a copy."""

    log: Log
    slot: Statement
    path: str
    commit: str = ""

    @property
    def key(self) -> Key:
        """All lists of its kind have one that are about its number and revision."""
        return self.log.key

    @property
    def place(self) -> str:
        """The path of its list."""
        return self.path

    @property
    def places(self) -> tuple[str, ...]:
        """Where it may stand: in its list."""
        return (self.path,)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The one that it is."""
        return (self.slot,)

    @property
    def id(self) -> str:
        """The id of its statement."""
        return self.slot.id

    @property
    def after(self) -> tuple[str, ...]:
        """What it comes after."""
        return self.slot.after

    @property
    def identity(self) -> object:
        """The id of its statement."""
        return self.slot.id


class NoEffect(NamedTuple):
    """Why an event has no effect: its `fault`, or None where a ruling ended it for good."""

    fault: Finding | None


NoEffectOf = Callable[[Event | Filed], NoEffect | None]
"""Tells whether an event or a filed text has effect (None), and else why it has none."""

EffectiveOf = Callable[[str], tuple[Released, ...]]
"""Tells which revisions of a number have effect, now or later, in their order."""


def policy_place(version: int) -> str:
    """The manifest of a policy version, in the folder of its number."""
    return f"{policy_folder(version)}/{POLICY_FILES[0]}"
