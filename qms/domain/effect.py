"""What of the register has effect: which revision was in force on a day (DC-05, DC-38).

A revision that was validly recorded may still have no effect: another one claims its place, or a
policy that had not seen it voids what it rests on. It is kept all the same. Commit dates play no
part: anybody can set them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from qms.domain.chain import PUBLISH
from qms.domain.document import APPROVED, Document
from qms.domain.judging import Judge
from qms.domain.register import Event, PolicyEntry, Register, Released
from qms.domain.revisions import chain_under, persons_fault, signed_by_step
from qms.findings import Finding, Place, Refused
from qms.formats.digests import parse_time
from qms.formats.paths import document_path
from qms.formats.slots import Slot
from qms.formats.tree import Tree


@dataclass(slots=True)
class Effects:
    """Answers what has effect, from a register at the tip."""

    judge: Judge
    register: Register
    _stale: dict[tuple[str, str], Finding | None] = field(
        default_factory=dict[tuple[str, str], Finding | None]
    )

    def in_force(self, number: str, day: date) -> Released | None:
        """The revision people had to work by on `day`, or None before the first.

        A released revision comes into force on its effective day or the day its last act was
        signed, whichever is later; until then its predecessor rules.
        """
        found = [e for e in self.effective(number) if e.effective <= day]
        return found[-1] if found else None

    def effective(self, number: str) -> tuple[Released, ...]:
        """The revisions of a number that have effect, now or later, in their order."""
        entries = self.register.released(number)
        return tuple(
            entry
            for entry in entries
            if self.void(entry) is None and not _is_displaced(entry, entries)
        )

    def findings(self, number: str) -> Iterator[Finding]:
        """What keeps revisions of a number from having effect."""
        entries = self.register.released(number)
        for entry in entries:
            void = self.void(entry)
            if void is not None:
                yield void
            clash = _contested(entry, entries)
            if (
                clash is not None
                and clash.code == "CONTESTED"
                and entry is not _first(entry, entries)
            ) or (
                clash is not None
                and clash.code == "REVISION-FORK"
                and _is_displaced(entry, entries)
            ):
                yield clash
            yield from self._late_rejects(entry)
            yield from self._void_events(*entry.document.key)
        yield from self._void_events(number)

    def _void_events(self, number: str, revision: str = "") -> Iterator[Finding]:
        """Events of a number's or a revision's lists that a later policy doesn't take."""
        for kind in self.judge.answers.kinds.lists.values():
            if kind.is_of_revision is bool(revision):
                for events in self.register.lists(kind.name, number, revision).values():
                    yield from (void for event in events if (void := self.void_event(event)))

    def _late_rejects(self, entry: Released) -> Iterator[Finding]:
        """Rejections that reached the trunk after the revision was released: they bind no more."""
        document = entry.document
        standing = {slot.id for slot in document.slots if slot.signed is not None}
        for rejection in self.register.rejections(*document.key):
            if rejection.slot.id not in standing:
                values = {
                    "number": document.number,
                    "revision": document.revision,
                    "person": rejection.slot.person,
                    "at": rejection.slot.at or "-",
                }
                place = Place(entry.path, commit=rejection.commit)
                yield Finding("LATE-REJECT", place, values, document.about)

    def void(self, entry: Released) -> Finding | None:
        """Why a revision doesn't hold under a later policy that had not seen it, or None."""
        key = (entry.path, entry.blob)
        if key not in self._stale:
            self._stale[key] = self._void(entry)
        return self._stale[key]

    def _void(self, entry: Released) -> Finding | None:
        document = entry.document
        slots = document.signed()
        newest = self.judge.newest_cited(slots, self.register)
        if newest is None:
            return None
        later = self.register.policies()
        if self._is_settled(document, slots, later):
            return None
        lost: dict[str, Finding] = {}
        for slot in slots:
            fault = self._slot_void(slot, _places(entry), later)
            if fault is not None:
                lost[slot.id] = fault
        kept = [slot for slot in slots if slot.id not in lost]
        for policy in (newest, *self._unseen(entry.filing, _places(entry), newest, later)):
            try:
                wanted = chain_under(self.judge, document, policy.policy, self.register)
            except Refused as error:
                return self._unanswered(entry, policy, error.finding)
            if wanted.missing(signed_by_step(kept, wanted)):
                cause = next(iter(lost.values()), None)
                return self._stale_finding(entry, policy, cause.code if cause else "NOT-APPROVED")
            persons = persons_fault(wanted, kept, policy.policy)
            if persons is not None:
                return self._stale_finding(entry, policy, persons.code)
        return None

    def _is_settled(
        self, document: Document, slots: Sequence[Slot], later: tuple[PolicyEntry, ...]
    ) -> bool:
        """Whether nothing came since that could judge otherwise than when it was recorded.

        All was signed under the newest policy, and no revision of the number stands twice: a twin
        of the base could ask for more.
        """
        cited = {slot.signed.policy for slot in slots if slot.signed is not None}
        entries = self.register.released(document.number)
        return cited == {later[-1].content} and len({e.document.key for e in entries}) == len(
            entries
        )

    def outdated(self, document: Document, path: str) -> Finding | None:
        """Who must sign a text in review again, or on top, under policies that had not seen it."""
        slots = document.signed()
        cited = self.judge.newest_cited(slots, self.register)
        if cited is None or document.rejected() is not None:
            return None
        later = self.register.policies()
        kept = [slot for slot in slots if self._slot_void(slot, (path,), later) is None]
        persons = {slot.person for slot in slots} - {slot.person for slot in kept}
        if document.status == APPROVED:
            last = max(slots, key=lambda slot: int(slot.step))
            for policy in self._unseen(last, (path,), cited, later):
                chain = chain_under(self.judge, document, policy.policy, self.register)
                for step, _ in chain.missing(signed_by_step(kept, chain)):
                    persons.update(step.persons if step.act != PUBLISH else ())
        if not persons:
            return None
        values = {"number": document.number, "revision": document.revision}
        values["persons"] = ", ".join(sorted(persons))
        return Finding("APPROVAL-OUTDATED", Place(path), values, document.about)

    def void_event(self, event: Event) -> Finding | None:
        """Why an event in a copy's life doesn't hold under a later policy, or None."""
        fault = self._slot_void(event.slot, (event.path,), self.register.policies())
        if fault is None:
            return None
        log = event.log
        values = {"number": log.number, "revision": log.revision, "cause": fault.code}
        return Finding(
            "STALE-POLICY",
            Place(event.path, commit=event.commit),
            values
            | {
                "policy": fault.values.get("policy", "-"),
                "person": event.slot.person,
                "act": event.slot.act,
            },
            log.about,
        )

    def _slot_void(
        self, slot: Slot, places: Sequence[str], later: tuple[PolicyEntry, ...]
    ) -> Finding | None:
        cited = self.judge.newest_cited([slot], self.register)
        if cited is None:
            return None
        for policy in self._unseen(slot, places, cited, later):
            fault = self.judge.under(slot, policy.policy)
            if fault is not None:
                return fault
        return None

    def _unseen(
        self,
        slot: Slot,
        places: Sequence[str],
        cited: PolicyEntry,
        later: tuple[PolicyEntry, ...],
    ) -> Iterator[PolicyEntry]:
        """Later versions, up to the first one whose filing signer had seen the statement."""
        for policy in later:
            if policy.version <= cited.version:
                continue
            if self._had_seen(policy, slot, places):
                return
            yield policy

    def _had_seen(self, policy: PolicyEntry, slot: Slot, places: Sequence[str]) -> bool:
        seen = policy.filing.signed.seen if policy.filing.signed is not None else None
        tree = self.judge.history.tree((seen or "").partition(":")[2])
        # Only a shallow clone lacks that commit; what can't be known there is no fault.
        return tree is None or any(self._holds(tree, path, slot) for path in places)

    def _holds(self, tree: Tree, path: str, slot: Slot) -> bool:
        kinds = self.judge.answers.kinds
        kind, entry = kinds.get(kinds.at(path).kind), tree.entry(path)
        if kind is None or entry is None:
            return False
        found = kind.read(tree, path, entry)
        if isinstance(found, Finding):
            return False
        slots = found.slots if isinstance(found, Document) else found.events
        return any(other.signed is not None and other.id == slot.id for other in slots)

    def _unanswered(self, entry: Released, policy: PolicyEntry, finding: Finding) -> Finding:
        """A policy without a chain voids; one whose chain nobody here can tell is no fault."""
        if finding.code == "PLUGIN-GONE":
            return replace(finding, place=Place(entry.path), about=entry.document.about)
        return self._stale_finding(entry, policy, finding.code)

    def _stale_finding(self, entry: Released, policy: PolicyEntry, cause: str) -> Finding:
        document = entry.document
        values = {"number": document.number, "revision": document.revision}
        return Finding(
            "STALE-POLICY",
            Place(entry.path, commit=entry.commit),
            values | {"policy": str(policy.version), "cause": cause, "person": "-", "act": "-"},
            document.about,
        )


def _places(entry: Released) -> tuple[str, str]:
    """Where a revision's slots stand: filed, or in a working text that is still going round."""
    return entry.path, document_path(entry.document.class_id, entry.document.number)


def _first(entry: Released, entries: tuple[Released, ...]) -> Released:
    return next(other for other in entries if other.document.key == entry.document.key)


def _is_displaced(entry: Released, entries: tuple[Released, ...]) -> bool:
    """Whether another entry takes its effect: a twin always, of a fork the one signed first."""
    clash = _contested(entry, entries)
    if clash is None or clash.code == "CONTESTED":
        return clash is not None
    return any(
        other.base == entry.base and _turn(other) < _turn(entry)
        for other in entries
        if other is not entry
    )


def _turn(entry: Released) -> tuple[datetime, str]:
    return parse_time(entry.filing.at or ""), entry.filing.id


def _contested(entry: Released, entries: tuple[Released, ...]) -> Finding | None:
    """Another entry for the same place, or a second one on the same base."""
    key = entry.document.key
    values = {"number": key[0], "revision": key[1]}
    place = Place(entry.path, commit=entry.commit)
    about = entry.document.about
    for other in entries:
        if other is entry:
            continue
        if other.document.key == key:
            return Finding("CONTESTED", place, values, about)
        if other.base == entry.base:
            return Finding(
                "REVISION-FORK",
                place,
                values | {"other": other.document.revision, "base": entry.base or "-"},
                about,
            )
    return None
