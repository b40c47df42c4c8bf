"""The register: everything that was ever validly recorded, and nothing else.

It only grows. Rules judge against it, never against the files that happen to lie in a tree: what
was dropped from the files is still in the register (that is how a loss is found), and what was
filed without holding never gets in (that is how it has no effect). Merging two branches is the
union of their registers.

A register may stand on a `Source` from which it fetches, and judges, only what it is asked for:
checking one changed file among ten thousand costs what that one file needs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol, TypeVar, cast

from qms.domain.behind import turns_of
from qms.domain.lineage import Lineage
from qms.domain.listed_rounds import Rounds
from qms.domain.log import ACTS, REJECTS
from qms.domain.recorded import Event, PolicyEntry, Released, speaking
from qms.formats.slots import Statement

__all__ = ["NOTHING", "Event", "PolicyEntry", "Register", "Released", "Source", "in_turn"]

T = TypeVar("T")


class Source(Protocol):
    """Where a register fetches what it was not told: one tree that is trusted to be judged."""

    def policies(self) -> tuple[PolicyEntry, ...]:
        """All valid versions, in order."""
        ...

    def released(self, number: str, register: "Register") -> tuple[Released, ...]:
        """All valid released revisions of a number."""
        ...

    def fetch_lists(self, kind: str, number: str, revision: str, register: "Register") -> None:
        """Add to `register` all valid events of a kind's lists about this number and revision.

        Of acts those about all revisions of the number.
        """
        ...

    def listed(self, kind: str) -> Iterable[tuple[str, str]]:
        """Number and revision of all lists of a kind that are there: names only."""
        ...

    def numbers(self) -> Mapping[str, str]:
        """All numbers that have something released, with their class."""
        ...


NOTHING: Final[tuple[Released, ...]] = ()


@dataclass(slots=True)
class Register:
    """What was validly recorded. Only the walk over history adds to it; rules read."""

    sources: tuple[Source, ...] = ()
    _policies: dict[str, tuple[PolicyEntry, ...]] = field(
        default_factory=dict[str, tuple[PolicyEntry, ...]]
    )
    _released: dict[str, tuple[Released, ...]] = field(
        default_factory=dict[str, tuple[Released, ...]]
    )
    _lists: dict[tuple[str, str, str], dict[str, tuple[Event, ...]]] = field(
        default_factory=dict[tuple[str, str, str], dict[str, tuple[Event, ...]]]
    )
    _lineages: dict[str, tuple[tuple[Released, ...], Lineage]] = field(
        default_factory=dict[str, tuple[tuple[Released, ...], Lineage]]
    )
    _fetched: set[object] = field(default_factory=set[object])
    grown: int = 0
    """How often something was added: tells whether looking again could find more."""
    _in_turn: tuple[PolicyEntry, ...] | None = None
    _once: dict[object, tuple[tuple[int, int], object]] = field(
        default_factory=dict[object, tuple[tuple[int, int], object]]
    )
    _rounds: dict[str, tuple[tuple[Event, ...], Rounds]] = field(
        default_factory=dict[str, tuple[tuple[Event, ...], Rounds]]
    )

    def copy(self) -> "Register":
        """An independent register with the same entries."""
        return Register(
            self.sources,
            dict(self._policies),
            dict(self._released),
            {key: dict(lists) for key, lists in self._lists.items()},
            dict(self._lineages),
            set(self._fetched),
            self.grown,
        )

    # what rules ask

    def policies(self) -> tuple[PolicyEntry, ...]:
        """All valid policy versions, each text once for each version that it follows.

        Of one that was filed several times the earliest filing that is heard.
        """
        self._fetch_policies()
        if self._in_turn is None:
            first = (self.heard(filed[0])[0] for filed in self._versions().values())
            self._in_turn = tuple(sorted(first, key=PolicyEntry.turn))
        return self._in_turn

    def heard(self, entry: PolicyEntry) -> tuple[PolicyEntry, ...]:
        """The filings of a version that tell what it had seen, and when; see `speaking`."""
        return speaking(self.filed(entry))

    def filed(self, entry: PolicyEntry) -> tuple[PolicyEntry, ...]:
        """All filings of a version: of this text on this base."""
        self._fetch_policies()
        known = self._policies.get(entry.content, ())
        return tuple(one for one in known if one.base == entry.base) or (entry,)

    def _versions(self) -> dict[tuple[str | None, str], list[PolicyEntry]]:
        found: dict[tuple[str | None, str], list[PolicyEntry]] = {}
        for filed in self._policies.values():
            for one in filed:
                found.setdefault((one.base, one.content), []).append(one)
        return found

    def policy(self, content: str) -> PolicyEntry | None:
        """The version whose `content` digest a statement names."""
        self._fetch_policies()
        filed = self._policies.get(content)
        if filed is None:
            return None
        return filed[0] if len(filed) == 1 else speaking(filed)[0]

    def policy_versions(self, version: int) -> tuple[PolicyEntry, ...]:
        """All filings of all versions with this number: several after work on two branches."""
        return tuple(one for one in self.policy_filings() if one.version == version)

    def policy_filings(self) -> tuple[PolicyEntry, ...]:
        """All filings of all versions."""
        self._fetch_policies()
        return tuple(one for filed in self._policies.values() for one in filed)

    def policies_on(self, base: str | None) -> tuple[PolicyEntry, ...]:
        """The versions that follow the one with this content: two where there is a fork."""
        return tuple(entry for entry in self.policies() if entry.base == base)

    @property
    def newest_policy(self) -> PolicyEntry | None:
        """The last version before any fork: what is told from the entries alone.

        Which version of a fork stands takes history to tell (`qms.domain.effect`).
        """
        found: PolicyEntry | None = None
        following = self.policies_on(None)
        while len(following) == 1:
            (found,) = following
            following = self.policies_on(found.content)
        return found

    def day(self, slot: Statement) -> date | None:
        """The one day of a statement: its instant in the zone of the policy that it names.

        Version 1 names none: its statements go by its own zone. None where the policy is not
        recorded: then there is nothing but the instant.
        """
        entry = self.signed_under(slot)
        return None if entry is None else entry.policy.day(slot.time)

    def signed_under(self, slot: Statement) -> PolicyEntry | None:
        """The policy that a statement names; version 1 for its own, which name none."""
        named = self.repo_id if slot.policy is None else slot.policy
        return None if named is None else self.policy(named)

    @property
    def repo_id(self) -> str | None:
        """What statements name as their repo: the content of version 1."""
        first = next(iter(self.policies()), None)
        return None if first is None else first.content

    def released(self, number: str) -> tuple[Released, ...]:
        """All released revisions of a number, each behind the one it is based on."""
        if self.sources and number not in self._fetched:
            self._fetch_number(number)
        entries = self._released.get(number, NOTHING)
        return entries if len(entries) < 2 else self.lineage(number).entries  # noqa: PLR2004 - an order

    def lineage(self, number: str) -> Lineage:
        """How the revisions of a number follow each other."""
        if self.sources and number not in self._fetched:
            self._fetch_number(number)
        entries = self._released.get(number, NOTHING)
        known = self._lineages.get(number)
        if known is None or known[0] is not entries:
            known = self._lineages[number] = entries, Lineage.of(entries)
        return known[1]

    def filings(self, number: str, content: str) -> tuple[Released, ...]:
        """All entries of one text: what a statement names by its digest."""
        return self.lineage(number).filings(content)

    def named(self, number: str, revision: str) -> tuple[Released, ...]:
        """All entries that claim a string, such as ``A/1``: more than one where it is contested."""
        return self.lineage(number).named(revision)

    def revision(self, number: str, revision: str) -> Released | None:
        """An entry that claims a string, for people's words; what a statement names has a digest.

        Where several claim it, which one people work by takes history to tell.
        """
        return next(iter(self.named(number, revision)), None)

    def newest(self, number: str) -> Released | None:
        """The entry at the end of the line, in force or not; None before the first.

        Where the line forks, which end is meant takes history to tell.
        """
        entries = self.released(number)
        return entries[-1] if entries else None

    def numbers(self) -> Mapping[str, str]:
        """Every number that was ever released, with the class of its newest revision."""
        known: dict[str, str] = {}
        for source in self.sources:
            known.update(source.numbers())
        known.update(
            (n, self.released(n)[-1].document.class_id)
            for n, entries in tuple(self._released.items())
            if entries
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

    def of_number(self, kind: str, number: str) -> Iterator[Event]:
        """All events about any revision of a number in lists of a kind, such as its acts."""
        for revision in dict.fromkeys(one.document.revision for one in self.released(number)):
            for events in self.lists(kind, number, revision).values():
                yield from events

    def by_id(self, kind: str, number: str) -> Mapping[str, Event]:
        """What `of_number` gives, by the ids of the events: they are looked up, not searched."""

        def by_id() -> Mapping[str, Event]:
            return {event.slot.id: event for event in self.of_number(kind, number)}

        return self.once((kind, number), by_id)

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What `make` tells of this register, made anew only where something more got in."""
        known = self._once.get(key)
        if known is None or known[0] != (self.grown, len(self.sources)):
            found = make()
            known = self._once[key] = (self.grown, len(self.sources)), found
        return cast("T", known[1])

    def rounds(self, number: str, path: str) -> Rounds:
        """How the rejections of one list of a number come after each other."""
        events = self.lists(REJECTS, number).get(path, ())
        known = self._rounds.get(path)
        if known is None or known[0] is not events:
            known = self._rounds[path] = events, Rounds(event.slot for event in events)
        return known[1]

    def all_lists(self, kind: str) -> Iterator[tuple[Event, ...]]:
        """The events of every list of a kind, number by number."""
        known = {key[1:] for key in self._lists if key[0] == kind}
        for source in self.sources:
            known.update(source.listed(kind))
        for number, revision in sorted(known):
            yield from self.lists(kind, number, revision).values()

    # what only the walk does

    def add_policy(self, entry: PolicyEntry) -> None:
        """Record a valid policy version."""
        self._fetch_policies()
        self._add_policy(entry)

    def add_released(self, entry: Released) -> None:
        """Record a valid released revision."""
        number = entry.document.number
        if self.sources and number not in self._fetched:
            self._fetch_number(number)
        known = self._released.get(number, NOTHING)
        if not any(_same(entry, other) for other in known):
            self._released[number] = (*known, entry)
            self.grown += 1

    def add_events(self, events: tuple[Event, ...]) -> None:
        """Record valid events, all of one list, in their order."""
        if not events:
            return
        log = events[0].log
        self._fetch_lists(log.kind, log.number, log.revision)
        lists = self._lists.setdefault((log.kind, log.number, log.revision), {})
        known = lists.get(events[0].path, ())
        ids = {event.slot.id for event in known}
        new = tuple(event for event in events if event.slot.id not in ids)
        if new:
            lists[events[0].path] = in_turn((*known, *new))
            self.grown += 1

    def unite(self, other: "Register") -> None:
        """Add everything that another branch's register holds."""
        self._unite_sources(other.sources)
        for filed in other._policies.values():  # noqa: SLF001 - one of its own kind
            for policy in filed:
                self.add_policy(policy)
        for number, entries in other._released.items():  # noqa: SLF001 - as above
            if self._released.get(number) is not entries:
                for entry in entries:
                    self.add_released(entry)
        for key, lists in other._lists.items():  # noqa: SLF001 - as above
            for path, events in lists.items():
                if self._lists.get(key, {}).get(path) is not events:
                    self.add_events(events)

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
                    self._add_policy(entry)

    def _add_policy(self, entry: PolicyEntry) -> None:
        known = self._policies.get(entry.content, ())
        if all(entry.id != one.id for one in known):
            filed = sorted((*known, entry), key=lambda one: one.id)
            self._policies[entry.content] = tuple(filed)
            self._in_turn = None
            self.grown += 1

    def _fetch_number(self, number: str) -> None:
        """Whoever calls has looked whether it is to be done: this is asked most of all."""
        self._fetched.add(number)
        for source in self.sources:
            for entry in source.released(number, self):
                self.add_released(entry)

    def _fetch_lists(self, kind: str, number: str, revision: str) -> None:
        # Acts come after acts in other lists of their number: they are judged together, or one
        # that is looked at first would miss what it names.
        key = (kind, number, "" if kind == ACTS else revision)
        if self.sources and key not in self._fetched:
            self._fetched.add(key)
            for source in self.sources:
                source.fetch_lists(kind, number, revision, self)


def in_turn(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Events of one list, each behind those it comes after.

    Of two that know nothing of each other the one with the smaller id is first: no claimed time
    and no order in which they arrived counts.
    """
    turns = turns_of(event.slot for event in events)
    return tuple(sorted(events, key=lambda one: (turns[one.slot.id], one.slot.id)))


def _same(one: Released, other: Released) -> bool:
    """Whether two entries are one: equal place, content and statements (not spellings)."""
    return (
        one.path == other.path
        and one.document.content == other.document.content
        and {s.id for s in one.document.statements} == {s.id for s in other.document.statements}
    )
