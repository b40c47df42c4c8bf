"""Which revision stands where two claim one place: the line that people work along (trust.md 4b).

The revisions of a number form a tree by what each is based on. From its root the line goes on, at
each revision, to the one branch that stands. A branch takes part unless nothing of it has effect:
what is void, ruled out or rejected is no rival. Of several the one is taken that a ruling, or
`qms.domain.library.precedence`, tells; where nothing tells, nothing new comes into force.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import NamedTuple

from qms.domain.kinds.document import Document
from qms.domain.library.later import Later
from qms.domain.library.past import IsThere, Past
from qms.domain.library.precedence import Contender, Precedence
from qms.domain.library.verdicts import Ruling, is_disputed, last_words, rulings, verdict
from qms.domain.register.everything_signed import Recorded, views
from qms.domain.register.lineage import Lineage, Revision
from qms.domain.register.register import Event, PolicyEntry, Register, Released
from qms.domain.register.rejects import begun_by, has_say, rejections
from qms.domain.register.rulings import SETTLE
from qms.domain.register.statement_holds import Judge
from qms.formats.paths import document_path
from qms.formats.slots import Statement


class Stage(NamedTuple):
    """A revision on the line. `filing` is the one whose days count; None where it has no effect."""

    revision: Revision
    filing: Released | None


class Fork(NamedTuple):
    """Several branches that take part on one base; `stands` came first, where that can be told.

    `told` is, of each branch, the first revision that would have effect without the others.
    """

    branches: tuple[Revision, ...]
    stands: Revision | None
    told: tuple[Revision, ...]


class Line(NamedTuple):
    """The line of a number, as far as it can be told, and the forks on the way.

    `newest` is its end, with or without effect: what a next revision follows.
    """

    stages: tuple[Stage, ...] = ()
    forks: tuple[Fork, ...] = ()
    newest: Revision | None = None
    reused: tuple[Revision, ...] = ()
    """What claims a string that the line before it had: it takes no part."""

    @property
    def is_contested(self) -> bool:
        """Whether it ends at a fork that nothing has decided."""
        return any(fork.stands is None for fork in self.forks)


Void = Callable[[Released], bool]


class Rejected(Enum):
    """What a rejection means to a release that lacks it: it binds, or why it doesn't."""

    BINDS = auto()
    ANNULLED = auto()
    LATE = auto()
    """What was signed since tells that the release came first."""
    SIGNED = auto()
    """Nothing tells which came first, and who rejected had signed that very text."""


@dataclass(slots=True, eq=False)
class Standing:
    """Tells the line of each number. `is_void` says what a later policy doesn't take.

    `is_barred` tells what of that no ruling can let stand either.
    """

    judge: Judge
    register: Register
    later: Later
    is_void: Void
    is_barred: Void
    is_ahead: Callable[[Statement], bool]
    is_untimely: Callable[[Event], bool]
    _alive: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])
    _rulings: dict[str, tuple[Ruling, ...]] = field(default_factory=dict[str, tuple[Ruling, ...]])
    _last: dict[tuple[str, str], tuple[Ruling, ...] | None] = field(
        default_factory=dict[tuple[str, str], tuple[Ruling, ...] | None]
    )
    _annulled: dict[str, tuple[Lineage, frozenset[str]]] = field(
        default_factory=dict[str, tuple[Lineage, frozenset[str]]]
    )
    _past: Past = field(init=False)
    _lines: dict[str, tuple[Lineage, Line]] = field(default_factory=dict[str, tuple[Lineage, Line]])

    def __post_init__(self) -> None:
        self._past = Past(self.judge)

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
                self.judge, self.register, number, self._holds, self._unseen
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
        return verdict(self._last_words(number, entry), entry)

    def _last_words(self, number: str, entry: str) -> tuple[Ruling, ...] | None:
        found = self.rulings(number)
        if not found:
            return None
        key = number, entry
        if key not in self._last:
            self._last[key] = last_words(found, entry)
        return self._last[key]

    def is_disputed(self, number: str, entry: str) -> bool:
        """Whether two rulings that know nothing of each other disagree about an entry."""
        return is_disputed(self._last_words(number, entry), entry)

    def disputed(self, number: str) -> tuple[Released, ...]:
        """The entries of a number about which rulings disagree, until a later one names them."""
        entries = self.register.released(number)
        return tuple(one for one in entries if self.is_disputed(number, one.filing.id))

    def annulled(self, number: str) -> frozenset[str]:
        """Ids of all statements about a number that rulings annulled, whole entries with them."""
        lineage = self.register.lineage(number)
        known = self._annulled.get(number)
        if known is None or known[0] is not lineage:
            known = self._annulled[number] = lineage, self._annulled_ids(number)
        return known[1]

    def _annulled_ids(self, number: str) -> frozenset[str]:
        out = {one for ruling in self.rulings(number) for one in ruling.named.ids}
        out = {one for one in out if self.verdict(number, one) is False}
        if not out:
            return frozenset()
        entries = (e for e in self.register.released(number) if e.filing.id in out)
        return frozenset(out).union(*({s.id for s in e.document.signed()} for e in entries))

    def has_effect(self, entry: Released) -> bool:
        """Whether an entry has effect by itself, were there no other for its place."""
        key = entry.path, entry.filing.id
        if key not in self._alive:
            self._alive[key] = self._has_effect(entry)
        return self._alive[key]

    def _has_effect(self, entry: Released) -> bool:
        ruled = self.verdict(entry.document.number, entry.filing.id)
        if ruled is not None:
            return ruled and not self.is_barred(entry)
        return not self.is_void(entry) and self.binding_reject(entry) is None

    # rejections

    def binding_reject(self, entry: Released) -> Event | None:
        """A rejection of the revision that the entry lacks, unless it came after the release."""
        return next(self.binding_rejects(entry), None)

    def binding_rejects(self, entry: Released) -> Iterator[Event]:
        """Those that keep the entry from effect."""
        return (one for one, said in self.missing_rejects(entry) if said is Rejected.BINDS)

    def missing_rejects(self, entry: Released) -> Iterator[tuple[Event, Rejected]]:
        """Rejections that an entry lacks, each with whether it keeps the entry from effect."""
        for reject in self.rejections(entry.document):
            yield reject, self._rejected(entry, reject)

    def rejections(self, document: Document) -> Iterator[Event]:
        """Rejections with effect that a text lacks, and whose signers have a say in its chain."""
        for reject in rejections(self.register, *document.key):
            if (
                all(slot.id != reject.slot.id for slot in document.statements)
                and has_say(self.judge, self.register, document, reject)
                and not self._is_taken_back(reject)
            ):
                yield reject

    def _is_taken_back(self, reject: Event) -> bool:
        """Whether it has no effect by its time, or a later policy takes not it or its text."""
        if self.is_untimely(reject):
            return True
        log = reject.log
        places = reject.path, document_path(log.class_id, log.number)
        prepares = begun_by(self.register, reject)
        return self.later.fault(reject.slot, places) is not None or all(
            self.is_ahead(one) or self.later.fault(one, places) is not None for one in prepares
        )

    def _rejected(self, entry: Released, reject: Event) -> Rejected:
        """Whether a rejection keeps an entry from effect, and why not.

        Who signed that very text has said yes to it: where nothing tells, their no beside it binds
        nobody. Else one co-signer could take away what is in force, by a rejection of an older day.
        """
        if self.verdict(entry.document.number, reject.slot.id) is False:
            return Rejected.ANNULLED
        release, against = self._rivals(entry, reject)
        chosen = self.chosen((release, against))
        if chosen is release:
            return Rejected.LATE
        signed = any(slot.person == reject.slot.person for slot in entry.document.signed())
        return Rejected.SIGNED if signed and chosen is None else Rejected.BINDS

    def are_apart(self, entry: Released, reject: Event) -> bool:
        """Whether neither who released nor who rejected had seen what the other did."""
        return Precedence(self.judge.history).are_apart(*self._rivals(entry, reject))

    def _rivals(self, entry: Released, reject: Event) -> tuple[Contender, Contender]:
        """An entry and a rejection that it lacks, as what claims one place."""
        is_there, key = self._past.listed(reject), f"reject {reject.slot.id}"
        against = Contender(key=key, filings=((reject.slot,),), is_there=is_there)
        return self._contender(entry.document.number, (entry,)), against

    # forks

    def _line(self, lineage: Lineage, number: str) -> Line:
        stages: list[Stage] = []
        forks: list[Fork] = []
        reused: list[Revision] = []
        at: Revision | None = None
        names: set[str] = set()
        while True:
            following = lineage.following(at)
            reused += [one for one in following if one.name in names and self._live(one)]
            fronts = {one.content: self._front(lineage, one, names) for one in following}
            branches = tuple(one for one in following if fronts[one.content])
            if not branches:
                break
            found: Revision | None = branches[0]
            if len(branches) > 1:
                found = self._settled(number, branches) or self._first(number, branches, fronts)
                told = tuple(self._told(lineage, one, names) for one in branches)
                forks.append(Fork(branches, found, told))
            if found is None or found.content in {one.revision.content for one in stages}:
                break
            stages.append(Stage(found, self._filing(number, found, names)))
            names.add(found.name)
            at = found
        contested = any(fork.stands is None for fork in forks)
        newest = stages[-1].revision if stages else None
        end = newest if contested else _end(lineage, at) or newest
        return Line(tuple(stages), tuple(forks), end, tuple(reused))

    def _settled(self, number: str, branches: Sequence[Revision]) -> Revision | None:
        """The branch that a settlement chose: what builds on another one contests it no more."""
        chosen = {one.named.stands for one in self.rulings(number) if one.act == SETTLE}
        found = [
            one for one in branches
            if any(f.filing.id in chosen and self.verdict(number, f.filing.id) for f in one.filings)
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    def _told(self, lineage: Lineage, first: Revision, names: set[str]) -> Revision:
        live = (o for o in lineage.branch(first) if self._live(o, names if o is first else ()))
        return next(live, first)

    def _front(self, lineage: Lineage, first: Revision, names: set[str]) -> tuple[Released, ...]:
        """What a branch is compared by: the filings of its first revision that have effect.

        Without any those that come next behind it; nothing where the whole branch has no effect:
        then it is no rival. What has none was nobody's predecessor when others saw it, so they are
        not the later ones for what somebody builds on it afterwards.
        """
        front: list[Released] = []
        seen: set[tuple[str | None, str]] = set()
        waiting = [first]
        while waiting:
            one = waiting.pop()
            if (one.base, one.content) not in seen:
                seen.add((one.base, one.content))
                live = self._live(one, names if one is first else ())
                front += live
                waiting.extend(() if live else lineage.following(one))
        return tuple(sorted(front, key=lambda entry: entry.filing.id))

    def _live(self, revision: Revision, names: "set[str] | tuple[()]" = ()) -> tuple[Released, ...]:
        """The filings that have effect; none where the line had that string already."""
        if revision.name in names:
            return ()
        return tuple(one for one in revision.filings if self.has_effect(one))

    def _filing(self, number: str, revision: Revision, names: set[str]) -> Released | None:
        """The filing whose days count: the one that came first, else that of the earliest day."""
        live = self._live(revision, names)
        if len(live) > 1:
            contenders = {one.filing.id: self._contender(number, (one,)) for one in live}
            found = self.chosen(tuple(contenders.values()))
            live = tuple(one for one in live if contenders[one.filing.id] is found) or live
        return min(live, key=lambda one: (one.effective, one.filing.id), default=None)

    def _first(
        self, number: str, branches: Sequence[Revision], fronts: Mapping[str, Sequence[Released]]
    ) -> Revision | None:
        contenders = {
            one.content: replace(
                self._contender(number, fronts[one.content]),
                # Who signed its first text is no witness, though that may have no effect.
                parties=frozenset(s.person for e in one.filings for s in e.document.signed()),
            )
            for one in branches
        }
        found = self.chosen(tuple(contenders.values()))
        return next((one for one in branches if contenders[one.content] is found), None)

    def _contender(self, number: str, filings: Sequence[Released]) -> Contender:
        """The entries of one text as one of several; a ratified one came with its ratification."""
        signed: list[tuple[Statement, ...]] = []
        brought: list[IsThere] = []
        key = ["released"]
        for entry in filings:
            slots = entry.document.signed()
            key.append(entry.filing.id)
            ratified = self._ratification(number, entry)
            if ratified is None:
                brought.append(self._past.filed(entry))
            else:
                slots = (*slots, *(event.slot for event in ratified.events))
                ends = ratified.ends or ratified.events[-1:]
                key += [event.slot.id for event in ends]
                brought += [self._past.listed(event) for event in ends]
            signed.append(slots)
        return Contender(
            key=" ".join(key),
            filings=tuple(signed),
            is_there=lambda tree: any(is_there(tree) for is_there in brought),
        )

    def _ratification(self, number: str, entry: Released) -> Ruling | None:
        """The ruling by which an entry has effect that would have none without it."""
        if not self.is_void(entry):
            return None
        about = (one for one in self.rulings(number) if one.named.stands == entry.filing.id)
        return next(about, None)

    def chosen(self, contenders: tuple[Contender, ...]) -> Contender | None:
        """The one of several that came first, as far as what was signed since tells."""
        line = self.later.line.standing
        return Precedence(self.judge.history).chosen(
            contenders,
            tuple(tuple(f.filing for f in self.register.heard(one)) for one in line),
            lambda: views(self.register, self.judge.answers.kinds),
            self._is_heard,
        )

    def _is_heard(self, told: Recorded) -> bool:
        """Whether a statement speaks for a contender: what has no effect itself says nothing.

        Else whoever has keys that a policy voided could speak for a twin, and silence the very
        people whose keys they were.
        """
        line = self.later.line.standing
        if told.policy is not None:
            return told.policy in line
        return (
            any(told.slot.person in one.policy.persons for one in line)
            and not self.is_ahead(told.slot)
            and self.later.fault(told.slot, told.places) is None
        )


def _end(lineage: Lineage, at: Revision | None) -> Revision | None:
    """What lies behind the line without effect: the next revision follows it all the same."""
    found: Revision | None = None
    seen: set[str] = set()
    following = lineage.following(at)
    while following and following[0].content not in seen:
        found = min(following, key=lambda one: one.filings[0].filing.id)
        seen.add(found.content)
        following = lineage.following(found)
    return found
