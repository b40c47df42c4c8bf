"""Which revision stands where two claim one place: the line that people work along (trust.md 4b).

The revisions of a number form a tree by what each is based on. From its root the line goes on, at
each revision, to the one branch that stands. A branch takes part unless nothing of it has effect:
what is void, ruled out or rejected is no rival. Of several the one is taken that a ruling, or
`qms.domain.precedence`, tells; where nothing tells, nothing new comes into force.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qms.domain.document import Document
from qms.domain.judging import Judge
from qms.domain.later import Later
from qms.domain.lineage import Lineage, Revision
from qms.domain.precedence import Contender, Precedence
from qms.domain.register import Event, PolicyEntry, Register, Released
from qms.domain.rejects import begun_by, has_say, rejections
from qms.domain.source import TreeSource
from qms.domain.statements import statements
from qms.domain.verdicts import Ruling, rulings, verdict
from qms.formats.paths import document_path
from qms.formats.slots import Slot
from qms.formats.tree import Tree


class Stage(NamedTuple):
    """A revision on the line. `filing` is the one whose days count; None where it has no effect."""

    revision: Revision
    filing: Released | None


class Fork(NamedTuple):
    """Several branches that take part on one base; `stands` came first, where that can be told."""

    branches: tuple[Revision, ...]
    stands: Revision | None


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a number, as far as it can be told, and the forks on the way.

    `newest` is its end, with or without effect: what a next revision follows.
    """

    stages: tuple[Stage, ...] = ()
    forks: tuple[Fork, ...] = ()
    newest: Revision | None = None

    @property
    def is_contested(self) -> bool:
        """Whether it ends at a fork that nothing has decided."""
        return any(fork.stands is None for fork in self.forks)


Void = Callable[[Released], bool]


@dataclass(slots=True)
class Standing:
    """Tells the line of each number. `is_void` says what a later policy doesn't take."""

    judge: Judge
    register: Register
    later: Later
    is_void: Void
    is_ahead: Callable[[Slot], bool]
    _rulings: dict[str, tuple[Ruling, ...]] = field(default_factory=dict[str, tuple[Ruling, ...]])
    _lines: dict[str, tuple[Lineage, Line]] = field(default_factory=dict[str, tuple[Lineage, Line]])

    def line(self, number: str) -> Line:
        """The line of a number."""
        lineage = self.register.lineage(number)
        known = self._lines.get(number)
        if known is None or known[0] is not lineage:
            known = self._lines[number] = lineage, self._line(lineage, number)
        return known[1]

    def rulings(self, number: str) -> tuple[Ruling, ...]:
        """The complete rulings about a number."""
        if number not in self._rulings:
            self._rulings[number] = rulings(
                self.judge,
                self.register,
                number,
                self._holds,
                self._unseen,
            )
        return self._rulings[number]

    def _holds(self, event: Event) -> bool:
        if self.is_ahead(event.slot):
            return False
        return self.later.fault(event.slot, (event.path,)) is None

    def _unseen(self, event: Event, cited: PolicyEntry) -> Iterator[PolicyEntry]:
        return self.later.unseen(event.slot, (event.path,), cited)

    def verdict(self, number: str, entry: str) -> bool | None:
        """Whether a ruling lets an entry stand; None where none is about it."""
        return verdict(self.rulings(number), entry)

    def annulled(self, number: str) -> frozenset[str]:
        """Ids of all statements about a number that rulings annulled, whole entries with them."""
        out = {one for ruling in self.rulings(number) for one in ruling.named.ids}
        out = {one for one in out if self.verdict(number, one) is False}
        if not out:
            return frozenset()
        entries = (e for e in self.register.released(number) if e.filing.id in out)
        return frozenset(out).union(*({s.id for s in e.document.signed()} for e in entries))

    def has_effect(self, entry: Released) -> bool:
        """Whether an entry has effect by itself, were there no other for its place."""
        ruled = self.verdict(entry.document.number, entry.filing.id)
        if ruled is not None:
            return ruled
        return not self.is_void(entry) and self.binding_reject(entry) is None

    # rejections

    def binding_reject(self, entry: Released) -> Event | None:
        """A rejection of the revision that the entry lacks, unless it came after the release."""
        return next((one for one, binds in self.missing_rejects(entry) if binds), None)

    def missing_rejects(self, entry: Released) -> Iterator[tuple[Event, bool]]:
        """Rejections that an entry lacks, each with whether it keeps the entry from effect."""
        for reject in self.rejections(entry.document):
            yield reject, self._binds(entry, reject)

    def rejections(self, document: Document) -> Iterator[Event]:
        """Rejections with effect that a text lacks, and whose signers have a say in its chain."""
        ids = {slot.id for slot in document.slots if slot.signed is not None}
        for reject in rejections(self.register, *document.key):
            if (
                reject.slot.id not in ids
                and has_say(self.judge, self.register, document, reject)
                and not self._is_taken_back(reject)
            ):
                yield reject

    def _is_taken_back(self, reject: Event) -> bool:
        """Whether its time has not come, or a later policy doesn't take it or what it is about."""
        if self.is_ahead(reject.slot):
            return True
        log = reject.log
        places = reject.path, document_path(log.class_id, log.number)
        prepares = begun_by(self.register, reject)
        return self.later.fault(reject.slot, places) is not None or all(
            self.later.fault(one, places) is not None for one in prepares
        )

    def _binds(self, entry: Released, reject: Event) -> bool:
        if self.verdict(entry.document.number, reject.slot.id) is False:
            return False
        release = self._contender(entry.document.number, (entry,))
        against = Contender(
            key=f"reject {reject.slot.id}",
            slots=(reject.slot,),
            is_there=_Listed(self.judge, reject),
        )
        return self._chosen((release, against)) is not release

    # forks

    def _line(self, lineage: Lineage, number: str) -> Line:
        stages: list[Stage] = []
        forks: list[Fork] = []
        at: str | None = None
        names: set[str] = set()
        while True:
            branches = tuple(
                one for one in lineage.following(at) if self._takes_part(lineage, one, names)
            )
            if not branches:
                break
            found: Revision | None = branches[0]
            if len(branches) > 1:
                found = self._first(number, branches)
                forks.append(Fork(branches, found))
            if found is None or found.content in {one.revision.content for one in stages}:
                break
            stages.append(Stage(found, self._filing(number, found, names)))
            names.add(found.name)
            at = found.content
        contested = any(fork.stands is None for fork in forks)
        newest = stages[-1].revision if stages else None
        return Line(
            tuple(stages), tuple(forks), newest if contested else _end(lineage, at) or newest
        )

    def _takes_part(self, lineage: Lineage, first: Revision, names: set[str]) -> bool:
        """Whether anything of a branch has effect: what has none is no rival."""
        return any(self._live(one, names if one is first else ()) for one in lineage.branch(first))

    def _live(self, revision: Revision, names: "set[str] | tuple[()]") -> tuple[Released, ...]:
        """The filings that have effect; none where the line had that string already."""
        if revision.name in names:
            return ()
        return tuple(one for one in revision.filings if self.has_effect(one))

    def _filing(self, number: str, revision: Revision, names: set[str]) -> Released | None:
        """The filing whose days count: the one that came first, else that of the earliest day."""
        live = self._live(revision, names)
        if len(live) > 1:
            contenders = {one.filing.id: self._contender(number, (one,)) for one in live}
            found = self._chosen(tuple(contenders.values()))
            live = tuple(one for one in live if contenders[one.filing.id] is found) or live
        return min(live, key=lambda one: (one.effective, one.filing.id), default=None)

    def _first(self, number: str, branches: Sequence[Revision]) -> Revision | None:
        contenders = {one.content: self._contender(number, one.filings) for one in branches}
        found = self._chosen(tuple(contenders.values()))
        return next((one for one in branches if contenders[one.content] is found), None)

    def _contender(self, number: str, filings: Sequence[Released]) -> Contender:
        """The entries of one text as one of several; a ratified one came with its ratification."""
        slots: list[Slot] = []
        brought: list[Callable[[Tree], bool]] = []
        key = ["released"]
        for entry in filings:
            slots += entry.document.signed()
            key.append(entry.filing.id)
            ratified = self._ratification(number, entry)
            if ratified is None:
                brought.append(_Filed(self.judge, entry))
            else:
                slots += [event.slot for event in ratified.events]
                ends = ratified.ends or ratified.events[-1:]
                key += [event.slot.id for event in ends]
                brought += [_Listed(self.judge, event) for event in ends]
        return Contender(
            key=" ".join(key),
            slots=tuple(slots),
            is_there=lambda tree: any(is_there(tree) for is_there in brought),
        )

    def _ratification(self, number: str, entry: Released) -> Ruling | None:
        """The ruling by which an entry has effect that would have none without it."""
        if not self.is_void(entry):
            return None
        about = (one for one in self.rulings(number) if one.named.stands == entry.filing.id)
        return next(about, None)

    def _chosen(self, contenders: tuple[Contender, ...]) -> Contender | None:
        line = self.later.line.standing
        return Precedence(self.judge.history).chosen(
            contenders,
            tuple(one.filing for one in line),
            lambda: statements(self.register, self.judge.answers.kinds),
            lambda person: any(person in one.policy.persons for one in line),
        )


def _end(lineage: Lineage, at: str | None) -> Revision | None:
    """What lies behind the line without effect: the next revision follows it all the same."""
    found: Revision | None = None
    seen: set[str] = set()
    following = lineage.following(at)
    while following and following[0].content not in seen:
        found = min(following, key=lambda one: one.filings[0].filing.id)
        seen.add(found.content)
        following = lineage.following(found.content)
    return found


@dataclass(frozen=True, slots=True)
class _Filed:
    """Tells whether a tree holds an entry that is released there."""

    judge: Judge
    entry: Released

    def __call__(self, tree: Tree) -> bool:
        if all(tree.entry(path) is None for path in self.entry.places):
            return False
        document = self.entry.document
        found = Register((TreeSource(self.judge, tree),)).filings(document.number, document.content)
        return any(one.filing.id == self.entry.filing.id for one in found)


@dataclass(frozen=True, slots=True)
class _Listed:
    """Tells whether a tree holds an act or a rejection that holds there."""

    judge: Judge
    event: Event

    def __call__(self, tree: Tree) -> bool:
        if tree.entry(self.event.path) is None:
            return False
        log = self.event.log
        register = Register((TreeSource(self.judge, tree),))
        lists = register.lists(log.kind, log.number, log.revision)
        return any(one.slot.id == self.event.slot.id for events in lists.values() for one in events)
