"""The register: everything that was ever validly recorded, and nothing else.

It only grows. Rules judge against it, never against the files that happen to lie in a tree: what
was dropped from the files is still in the register (that is how a loss is found), and what was
filed without holding never gets in (that is how it has no effect). Merging two branches is the
union of their registers.

A register may stand on a `Source` from which it fetches, and judges, only what it is asked for:
checking one changed file among ten thousand costs what that one file needs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Final, NamedTuple, Protocol

from qms.domain.document import Document
from qms.domain.log import Log
from qms.domain.policy import Policy
from qms.formats.digests import parse_day, parse_time
from qms.formats.paths import policy_folder
from qms.formats.slots import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEntry:
    """A policy version as it was signed. `content` is the digest that later statements name."""

    policy: Policy
    content: str
    slots: tuple[Slot, ...]
    folder: str
    blobs: tuple[str, ...]
    commit: str = ""
    listed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Digests of the files beside the policy's own that its manifest binds, by path."""
    _filing: Slot | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def version(self) -> int:
        """Its number."""
        return self.policy.version

    @property
    def filing(self) -> Slot:
        """The signature that filed it: what that signer had seen, the version had seen."""
        if self._filing is None:
            last = max(self.slots, key=lambda slot: int(slot.step))
            object.__setattr__(self, "_filing", last)
            return last
        return self._filing

    @property
    def beside(self) -> str:
        """What sets it apart where another version of its number has the place."""
        return _beside(self.slots)

    @property
    def places(self) -> tuple[str, str]:
        """The folders where it may lie: its own, or beside another version of its number."""
        return policy_folder(self.version), policy_folder(self.version, self.beside)

    def turn(self) -> tuple[int, datetime, str]:
        """Its place among all versions: by number, then by when it was filed."""
        return self.version, parse_time(self.filing.at or ""), self.filing.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A released revision: the very bytes that were signed."""

    document: Document
    path: str
    blob: str
    commit: str = ""
    signed_on: date = date.max
    """The day of the last signature (`Register.day`), noted when it is recorded: what never was
    never comes into force."""
    _filing: Slot | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def base(self) -> str | None:
        """The revision it follows."""
        signed = self.filing.signed
        return None if signed is None or signed.base is None else signed.base.revision

    @property
    def filing(self) -> Slot:
        """The signature that filed it."""
        if self._filing is None:
            last = max(self.document.signed(), key=lambda slot: int(slot.step))
            object.__setattr__(self, "_filing", last)
            return last
        return self._filing

    @property
    def beside(self) -> str:
        """What sets it apart where another entry has its place."""
        return _beside(self.document.signed())

    @property
    def published(self) -> date:
        """The day of publication (发布)."""
        return self._day("published")

    @property
    def effective(self) -> date:
        """The day from which people work by it: the effective day, or a later signature's day."""
        return max(self._day("effective"), self.signed_on)

    def _day(self, key: str) -> date:
        signed = self.filing.signed
        value = signed.data.get(key) if signed is not None else None
        if isinstance(value, str):
            return parse_day(value)
        return self.signed_on


class Event(NamedTuple):
    """A signed event of a list, such as the life of a copy."""

    log: Log
    slot: Slot
    path: str
    commit: str = ""


class Rejection(NamedTuple):
    """A signed rejection that reached the trunk."""

    number: str
    revision: str
    slot: Slot
    commit: str = ""


class Source(Protocol):
    """Where a register fetches what it was not told: one tree that is trusted to be judged."""

    def policies(self) -> tuple[PolicyEntry, ...]:
        """All valid versions, in order."""
        ...

    def released(self, number: str, register: "Register") -> tuple[Released, ...]:
        """All valid released revisions of a number."""
        ...

    def fetch_lists(self, kind: str, number: str, revision: str, register: "Register") -> None:
        """Add to `register` all valid events of a kind's lists about this number and revision."""
        ...

    def listed(self, kind: str) -> Iterable[tuple[str, str]]:
        """Number and revision of all lists of a kind that are there: names only."""
        ...

    def rejections(self, number: str, register: "Register") -> tuple["Rejection", ...]:
        """All rejections of a number's revisions that stand in its working text."""
        ...

    def numbers(self) -> Mapping[str, str]:
        """All numbers that have something released, with their class."""
        ...


NOTHING: Final[tuple[Released, ...]] = ()


@dataclass(slots=True)
class Register:
    """What was validly recorded. Only the walk over history adds to it; rules read."""

    sources: tuple[Source, ...] = ()
    _policies: dict[str, PolicyEntry] = field(default_factory=dict[str, PolicyEntry])
    _released: dict[str, tuple[Released, ...]] = field(
        default_factory=dict[str, tuple[Released, ...]]
    )
    _lists: dict[tuple[str, str, str], dict[str, tuple[Event, ...]]] = field(
        default_factory=dict[tuple[str, str, str], dict[str, tuple[Event, ...]]]
    )
    _rejections: dict[tuple[str, str], tuple[Rejection, ...]] = field(
        default_factory=dict[tuple[str, str], tuple[Rejection, ...]]
    )
    _fetched: set[object] = field(default_factory=set[object])
    _in_turn: tuple[PolicyEntry, ...] = ()

    def copy(self) -> "Register":
        """An independent register with the same entries."""
        return Register(
            self.sources,
            dict(self._policies),
            dict(self._released),
            {key: dict(lists) for key, lists in self._lists.items()},
            dict(self._rejections),
            set(self._fetched),
        )

    # what rules ask

    def policies(self) -> tuple[PolicyEntry, ...]:
        """All valid policy versions, by number; of two with one number the one signed first."""
        self._fetch_policies()
        if len(self._in_turn) != len(self._policies):  # they are only ever added
            self._in_turn = tuple(sorted(self._policies.values(), key=PolicyEntry.turn))
        return self._in_turn

    def policy(self, content: str) -> PolicyEntry | None:
        """The version whose `content` digest a statement names."""
        self._fetch_policies()
        return self._policies.get(content)

    def policy_versions(self, version: int) -> tuple[PolicyEntry, ...]:
        """All versions with this number: two where they were filed on two branches."""
        return tuple(entry for entry in self.policies() if entry.version == version)

    def policy_version(self, version: int) -> PolicyEntry | None:
        """The version with this number."""
        return next(iter(self.policy_versions(version)), None)

    @property
    def newest_policy(self) -> PolicyEntry | None:
        """The policy in force: the last valid version."""
        known = self.policies()
        return self.policy_version(known[-1].version) if known else None

    def day(self, slot: Slot) -> date | None:
        """The one day of a statement: its instant in the zone of the policy that it names.

        Version 1 names none: its statements go by its own zone. None where the policy is not
        recorded: then there is nothing but the instant.
        """
        named = slot.signed.policy if slot.signed is not None else None
        entry = self.policy_version(1) if named is None else self.policy(named)
        if entry is None or slot.signed is None or slot.at is None:
            return None
        return entry.policy.day(parse_time(slot.at))

    @property
    def repo_id(self) -> str | None:
        """What statements name as their repo: the content of version 1."""
        first = self.policy_version(1)
        return None if first is None else first.content

    def released(self, number: str) -> tuple[Released, ...]:
        """All released revisions of a number, each after the one it is based on."""
        self._fetch_number(number)
        return self._released.get(number, NOTHING)

    def revision(self, number: str, revision: str) -> Released | None:
        """One released revision."""
        found = (e for e in self.released(number) if e.document.revision == revision)
        return next(found, None)

    def newest(self, number: str) -> Released | None:
        """The newest released revision, in force or not; None before the first."""
        entries = self.released(number)
        return entries[-1] if entries else None

    def numbers(self) -> Mapping[str, str]:
        """Every number that was ever released, with the class of its newest revision."""
        known: dict[str, str] = {}
        for source in self.sources:
            known.update(source.numbers())
        known.update(
            (n, entries[-1].document.class_id) for n, entries in self._released.items() if entries
        )
        return known

    def all_released(self) -> Iterator[Released]:
        """Every released revision, number by number."""
        for number in sorted(self.numbers()):
            yield from self.released(number)

    def copies(self, number: str, revision: str) -> Mapping[str, tuple[Event, ...]]:
        """The events of each copy of a revision, by the path of its log."""
        return self.lists("copy", number, revision)

    def events(self, number: str, revision: str, path: str) -> tuple[Event, ...]:
        """The events of one copy."""
        return self.copies(number, revision).get(path, ())

    def lists(self, kind: str, number: str, revision: str = "") -> Mapping[str, tuple[Event, ...]]:
        """The events of each list of a kind about a number (and revision), by path."""
        self._fetch_lists(kind, number, revision)
        return self._lists.get((kind, number, revision), {})

    def all_lists(self, kind: str) -> Iterator[tuple[Event, ...]]:
        """The events of every list of a kind, number by number."""
        known = {key[1:] for key in self._lists if key[0] == kind}
        for source in self.sources:
            known.update(source.listed(kind))
        for number, revision in sorted(known):
            yield from self.lists(kind, number, revision).values()

    def rejections(self, number: str, revision: str) -> tuple[Rejection, ...]:
        """Rejections of a revision that reached the trunk."""
        key = ("rejections", number)
        if self.sources and key not in self._fetched:
            self._fetched.add(key)
            for source in self.sources:
                for rejection in source.rejections(number, self):
                    self.add_rejection(rejection)
        return self._rejections.get((number, revision), ())

    # what only the walk does

    def add_policy(self, entry: PolicyEntry) -> None:
        """Record a valid policy version."""
        self._fetch_policies()
        self._policies.setdefault(entry.content, entry)

    def add_released(self, entry: Released) -> None:
        """Record a valid released revision behind those it is based on."""
        number = entry.document.number
        known = self.released(number)
        if not any(_same(entry, other) for other in known):
            self._released[number] = (*known, entry)

    def add_events(self, events: tuple[Event, ...]) -> None:
        """Record valid events, all of one list, in their order."""
        if not events:
            return
        log = events[0].log
        self._fetch_lists(log.kind, log.number, log.revision)
        lists = self._lists.setdefault((log.kind, log.number, log.revision), {})
        known = lists.get(events[0].path, ())
        ids = {event.slot.id for event in known}
        lists[events[0].path] = (*known, *(e for e in events if e.slot.id not in ids))

    def add_rejection(self, rejection: Rejection) -> None:
        """Record a rejection."""
        key = rejection.number, rejection.revision
        known = self._rejections.get(key, ())
        if all(rejection.slot.id != other.slot.id for other in known):
            self._rejections[key] = (*known, rejection)

    def unite(self, other: "Register") -> None:
        """Add everything that another branch's register holds."""
        self._unite_sources(other.sources)
        for policy in other._policies.values():  # noqa: SLF001 - one of its own kind
            self.add_policy(policy)
        for number, entries in other._released.items():  # noqa: SLF001 - as above
            if self._released.get(number) is not entries:
                for entry in entries:
                    self.add_released(entry)
        for key, lists in other._lists.items():  # noqa: SLF001 - as above
            for path, events in lists.items():
                if self._lists.get(key, {}).get(path) is not events:
                    self.add_events(events)
        for rejection in chain.from_iterable(other._rejections.values()):  # noqa: SLF001 - as above
            self.add_rejection(rejection)

    def _unite_sources(self, sources: tuple[Source, ...]) -> None:
        added = tuple(source for source in sources if source not in self.sources)
        if added:
            self.sources += added
            self._fetched.clear()

    def _fetch_policies(self) -> None:
        if self.sources and "policies" not in self._fetched:
            self._fetched.add("policies")
            for source in self.sources:
                for entry in source.policies():
                    self._policies.setdefault(entry.content, entry)

    def _fetch_number(self, number: str) -> None:
        if self.sources and number not in self._fetched:
            self._fetched.add(number)
            for source in self.sources:
                for entry in source.released(number, self):
                    self.add_released(entry)

    def _fetch_lists(self, kind: str, number: str, revision: str) -> None:
        key = (kind, number, revision)
        if self.sources and key not in self._fetched:
            self._fetched.add(key)
            for source in self.sources:
                source.fetch_lists(kind, number, revision, self)


def _beside(slots: tuple[Slot, ...]) -> str:
    """The first digits of the last statement's id; nothing where none is signed."""
    last = max(slots, key=lambda slot: int(slot.step), default=None)
    if last is None or last.signed is None:
        return ""
    return last.id.partition(":")[2][:16]


def _same(one: Released, other: Released) -> bool:
    """Whether two entries are one: equal place, content and statements (not spellings)."""
    return (
        one.path == other.path
        and one.document.content == other.document.content
        and {s.id for s in one.document.slots} == {s.id for s in other.document.slots}
    )
