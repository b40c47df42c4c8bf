"""The register: everything that was ever validly recorded, and nothing else.

It only grows. Rules judge against it, never against the files that happen to lie in a tree: what
was dropped from the files is still in the register (that is how a loss is found), and what was
filed without holding never gets in (that is how it has no effect). Merging two branches is the
union of their registers.

A register may stand on a `Source` from which it fetches, and judges, only what it is asked for:
checking one changed file among ten thousand costs what that one file needs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias, TypeVar, cast

from qms.domain.kinds.kind import COPY
from qms.domain.kinds.log import ACTS, REJECTS
from qms.domain.kinds.recorded import (
    ALL_POLICIES,
    POLICY,
    RELEASED,
    Entry,
    Event,
    Filed,
    Key,
    PolicyEntry,
    Released,
    policy_place,
    speaking,
)
from qms.domain.register.behind import turns
from qms.domain.register.lineage import Lineage
from qms.domain.register.listed_rounds import Rounds
from qms.formats.slots import Statement

__all__ = ["Event", "PolicyEntry", "Register", "Released", "Source", "in_turn"]

T = TypeVar("T")
E = TypeVar("E", bound=Entry)

_Shelf: TypeAlias = dict[str, tuple[Any, ...]]
"""The entries under one key by the place that they claim; their kind says of which type."""


class Source(Protocol):
    """Where a register fetches what it was not told: one tree that is trusted to be judged."""

    def fetch(self, key: Key, register: "Register") -> None:
        """Add to `register` all valid entries under a key.

        Of acts those about all revisions of the number.
        """
        ...

    def listed(self, kind: str) -> Mapping[Key, str]:
        """The keys of all entries of a kind that may be there, with their class: names only."""
        ...


_EMPTY: Final[Mapping[str, tuple[Any, ...]]] = MappingProxyType({})
_FIRST: Final = (POLICY, RELEASED)
"""The kinds by which others are judged: these get in before."""


@dataclass(slots=True, eq=False)
class Register:
    """What was validly recorded. Only the walk over history adds to it; rules read."""

    sources: tuple[Source, ...] = ()
    _shelves: dict[Key, _Shelf] = field(default_factory=dict[Key, _Shelf])
    _views: dict[Key, dict[object, object]] = field(default_factory=dict[Key, dict[object, object]])
    """What was made of the entries under a key since one got in."""
    _fetched: set[Key] = field(default_factory=set[Key])
    grown: int = 0
    """How often something was added: tells whether looking again could find more."""
    _own: set[Key] = field(default_factory=set[Key])
    """Under which keys no copy has the same shelf: else there must be another to add to."""
    _named: Mapping[str, PolicyEntry] | None = None
    """Policies by the digest that statements name: of what is looked up the most often."""
    _once: dict[object, tuple[tuple[int, int], object]] = field(
        default_factory=dict[object, tuple[tuple[int, int], object]]
    )

    def copy(self) -> "Register":
        """An independent register with the same entries."""
        self._own.clear()
        return Register(
            self.sources,
            dict(self._shelves),
            dict(self._views),
            set(self._fetched),
            self.grown,
        )

    # what rules ask

    def policies(self) -> tuple[PolicyEntry, ...]:
        """All valid policy versions, each text once for each version that it follows.

        Of one that was filed several times the earliest filing that is heard.
        """

        def in_turn() -> tuple[PolicyEntry, ...]:
            versions: dict[tuple[str | None, str], PolicyEntry] = {}
            for one in self.policy_filings():
                versions.setdefault((one.base, one.content), one)
            first = (self.heard(filed)[0] for filed in versions.values())
            return tuple(sorted(first, key=PolicyEntry.turn))

        return self._view(ALL_POLICIES, "policies", in_turn)

    def heard(self, entry: PolicyEntry) -> tuple[PolicyEntry, ...]:
        """The filings of a version that tell what it had seen, and when; see `speaking`."""
        return speaking(self.filed(entry))

    def filed(self, entry: PolicyEntry) -> tuple[PolicyEntry, ...]:
        """All filings of a version: of this text on this base."""
        known = self._by_content().get(entry.content, ())
        return tuple(one for one in known if one.base == entry.base) or (entry,)

    def _by_content(self) -> Mapping[str, tuple[PolicyEntry, ...]]:
        def by_content() -> Mapping[str, tuple[PolicyEntry, ...]]:
            found: dict[str, tuple[PolicyEntry, ...]] = {}
            for one in sorted(self.policy_filings(), key=lambda one: one.id):
                found[one.content] = (*found.get(one.content, ()), one)
            return found

        return self._view(ALL_POLICIES, "contents", by_content)

    def policy(self, content: str) -> PolicyEntry | None:
        """The version whose `content` digest a statement names."""
        self._shelf(ALL_POLICIES)
        if self._named is None:
            self._named = {
                one: filed[0] if len(filed) == 1 else speaking(filed)[0]
                for one, filed in self._by_content().items()
            }
        return self._named.get(content)

    def policy_versions(self, version: int) -> tuple[PolicyEntry, ...]:
        """All filings of all versions with this number: several after work on two branches."""
        if not version:
            return ()
        return self._shelf(ALL_POLICIES).get(policy_place(version), ())

    def policy_filings(self) -> tuple[PolicyEntry, ...]:
        """All filings of all versions."""
        return self._view(ALL_POLICIES, "filings", lambda: tuple(self.under(ALL_POLICIES)))

    def policies_on(self, base: str | None) -> tuple[PolicyEntry, ...]:
        """The versions that follow the one with this content: two where there is a fork."""
        return tuple(entry for entry in self.policies() if entry.base == base)

    @property
    def newest_policy(self) -> PolicyEntry | None:
        """The last version before any fork: what is told from the entries alone.

        Which version of a fork stands takes history to tell (`qms.domain.library.effect`).
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
        key = (RELEASED, number, "")
        if self.sources and key not in self._fetched:
            self._fetch(key)
        shelf = self._shelves.get(key)  # as `_shelf`, of which nothing else is asked so often
        if shelf is None:
            return ()
        if len(shelf) == 1:
            (entries,) = shelf.values()
            if len(entries) == 1:
                return entries
        return self.lineage(number).entries

    def lineage(self, number: str) -> Lineage:
        """How the revisions of a number follow each other."""
        key = (RELEASED, number, "")
        return self._view(key, "lineage", lambda: Lineage.of(self.under(key)))

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
        known = {
            key[1]: class_id
            for source in self.sources
            for key, class_id in source.listed(RELEASED).items()
        }
        held = [key[1] for key in self._shelves if key[0] == RELEASED]
        known.update((number, self.released(number)[-1].document.class_id) for number in held)
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
        return self._shelf((kind, number, revision))

    def of_number(self, kind: str, number: str) -> Iterator[Event]:
        """All events about a number, or any revision or edition of it, in lists of a kind."""
        found = [one.document.revision for one in self.released(number)]
        if kind not in (COPY, ACTS, REJECTS):  # those of a plugin's kind may be of anything
            found += [revision for _, other, revision in self._keys(kind) if other == number]
        for revision in dict.fromkeys(found):
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
        events = self._shelf(key := (REJECTS, number, "")).get(path, ())
        return self._view(key, path, lambda: Rounds(s for one in events for s in one.statements))

    def all_lists(self, kind: str) -> Iterator[tuple[Event, ...]]:
        """The events of every list of a kind, number by number."""
        for _, number, revision in self._keys(kind):
            yield from self.lists(kind, number, revision).values()

    def texts(self, kind: str, number: str | None = None) -> Iterator[Filed]:
        """The texts of a plugin's kind, or those of one number: more than one where contested."""
        keys = self._keys(kind) if number is None else [(kind, number, "")]
        for key in keys:
            yield from self.under(key)

    def held(self, key: Key, place: str) -> tuple[Entry, ...]:
        """The entries that claim a place."""
        return self._shelf(key).get(place, ())

    def every(self, kind: str) -> Iterator[Entry]:
        """Every entry of a kind, number by number; revisions each behind the one it is based on."""
        if kind == RELEASED:
            yield from self.all_released()
            return
        for key in self._keys(kind):
            yield from self.under(key)

    def under(self, key: Key) -> Iterator[Any]:
        """Every entry under a key, place by place."""
        for entries in tuple(self._shelf(key).values()):
            yield from entries

    def _keys(self, kind: str) -> list[Key]:
        known = {key for key in self._shelves if key[0] == kind}
        for source in self.sources:
            known.update(source.listed(kind))
        return sorted(known)

    def _shelf(self, key: Key) -> Mapping[str, tuple[Any, ...]]:
        if self.sources and key not in self._fetched:
            self._fetch(key)
        return self._shelves.get(key, _EMPTY)

    def _view(self, key: Key, name: object, make: Callable[[], T]) -> T:
        """What `make` tells of the entries under a key, made anew only where one got in."""
        self._shelf(key)  # what is fetched now belongs to it
        views = self._views.setdefault(key, {})
        if name not in views:
            views[name] = make()
        return cast("T", views[name])

    # what only the walk does

    def add(self, *entries: Entry) -> None:
        """Record valid entries, all of one place."""
        if not entries:
            return
        key, place = entries[0].key, entries[0].place
        shelf = self._shelf(key)
        known = shelf.get(place, ())
        held = {one.identity for one in known}
        new = tuple(one for one in entries if one.identity not in held) if held else entries
        if new:
            if key not in self._own:
                self._shelves[key] = dict(shelf)
                self._own.add(key)
            self._shelves[key][place] = in_turn((*known, *new))
            self._views.pop(key, None)
            self._named = None if key == ALL_POLICIES else self._named
            self.grown += 1

    def unite(self, other: "Register") -> None:
        """Add everything that another branch's register holds."""
        self._unite_sources(other.sources)
        mine, others = self._shelves, other._shelves  # noqa: SLF001 - one of its own kind
        differing = [key for key, shelf in others.items() if mine.get(key) is not shelf]
        # With a source what is added may be judged beside what it has: first what judges others.
        for key in sorted(differing, key=_turn):
            for entries in others[key].values():
                self.add(*entries)

    def _unite_sources(self, sources: tuple[Source, ...]) -> None:
        added = tuple(source for source in sources if source not in self.sources)
        if added:
            self.sources += added
            self._fetched.clear()

    def _fetch(self, key: Key) -> None:
        """Whoever calls has looked whether there is a source: this is asked most of all."""
        self._fetched.add(key)
        kind, number, revision = key
        # Acts come after acts in other lists of their number: they are judged together, or one
        # that is looked at first would miss what it names.
        if kind == ACTS and revision:
            together = (kind, number, "")
            if together not in self._fetched:
                self._fetch(together)
            return
        for source in self.sources:
            source.fetch(key, self)


def in_turn(entries: tuple[E, ...]) -> tuple[E, ...]:
    """Entries of one place, each behind those it comes after.

    Of two that know nothing of each other the one with the smaller id is first: no claimed time
    and no order in which they arrived counts.
    """
    if len(entries) == 1:
        return entries
    place = turns({one.id: one.after for one in entries})
    return tuple(sorted(entries, key=lambda one: (place[one.id], one.id)))


def _turn(key: Key) -> int:
    return _FIRST.index(key[0]) if key[0] in _FIRST else len(_FIRST)
