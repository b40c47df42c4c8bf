"""What of the register has effect: which policy and which revision were in force on a day.

A revision that was validly recorded may still have no effect: another one claims its place, a
rejection binds, or a policy that had not seen it voids what it rests on. It is kept all the same.
Commit dates and the times that signers claim play no part in which of two stands (DC-05, DC-38).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final

from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import SignedText
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.recorded import Filed, NoEffect
from qms.domain.library.forks import fork_findings, named_entries
from qms.domain.library.later import Later
from qms.domain.library.lost import lost_signers, lost_under, outdated
from qms.domain.library.policy_line import PolicyLine, policy_line
from qms.domain.library.rejected_texts import filed_twice, rejected_text
from qms.domain.library.stale_keys import stale_keys
from qms.domain.library.standing import Line, Rejected, Standing
from qms.domain.library.void_texts import void_text
from qms.domain.register.beginning import closed
from qms.domain.register.everything_signed import places
from qms.domain.register.holdings import every_text
from qms.domain.register.register import Event, PolicyEntry, Register, Released
from qms.domain.register.rejects import misplaced, rejections
from qms.domain.register.revisions import chain_under, persons_fault, signed_by_step
from qms.domain.register.stale import stale_event, stale_release
from qms.domain.register.statement_holds import Judge
from qms.domain.register.times import Times
from qms.findings import Finding, Place, Reason, Refused

_REJECTED: Final = {
    Rejected.BINDS: "REJECTED", Rejected.LATE: "LATE-REJECT", Rejected.SIGNED: "SIGNED-REJECT",
}  # fmt: skip


@dataclass(eq=False)
class Effects:
    """Answers what has effect, from a register at the tip and the history behind it.

    `now` is the clock, before which nothing has effect; None where nothing is ahead of it.
    """

    judge: Judge
    register: Register
    now: datetime | None = None
    _late: dict[str, Mapping[str, Finding]] = field(
        default_factory=dict[str, Mapping[str, Finding]]
    )
    _stale: dict[tuple[str, str], Finding | None] = field(
        default_factory=dict[tuple[str, str], Finding | None]
    )

    @cached_property
    def policies(self) -> PolicyLine:
        """The policy versions that stand."""
        return policy_line(self.judge, self.register, self.times.is_ahead)

    @cached_property
    def times(self) -> Times:
        """Who judges when something was signed."""
        return Times(self.register, self.now, self.annulled)

    def annulled(self, number: str) -> frozenset[str]:
        """Ids of all statements about a number that rulings annulled."""
        return self.standing.annulled(number)

    @property
    def policy(self) -> PolicyEntry | None:
        """The policy in force; before a fork that nothing decided the version before it."""
        return self.policies.newest

    @cached_property
    def _later(self) -> Later:
        return Later(self.judge, self.register, self.policies)

    @cached_property
    def standing(self) -> Standing:
        """Which revisions stand."""
        return Standing(
            self.judge,
            self.register,
            self._later,
            lambda entry: self.void(entry) is not None,
            lambda entry: self.barred(entry) is not None,
            self.times.is_ahead,
            lambda event: self.times.fault(event.slot, event.log.events) is not None,
        )

    def line(self, number: str) -> Line:
        """The revisions that people work along, and the forks on the way."""
        return self.standing.line(number)

    def newest(self, number: str) -> Released | None:
        """What the next revision follows: the end of the line, in force or not.

        Of a text that was filed twice the filing whose days count.
        """
        line = self.line(number)
        if line.newest is None:
            return None
        stages = (one for one in line.stages if one.revision is line.newest)
        filing = next((one.filing for one in stages), None)
        return filing or line.newest.filings[0]

    def named(self, number: str, revision: str) -> Released | None:
        """The entry that people mean by a string such as ``A/1``: the one that stands, if one does.

        Else any that claims it; None where there is none.
        """
        entries = self.register.named(number, revision)
        if len(entries) < 2:  # noqa: PLR2004 - one text, filed once: nothing to choose from
            return entries[0] if entries else None
        on_line = [stage for stage in self.line(number).stages if stage.revision.name == revision]
        live = [stage.filing for stage in on_line if stage.filing is not None]
        listed = [entry for stage in on_line for entry in stage.revision.filings]
        return (*live, *listed, *entries)[0]

    def in_force(self, number: str, day: date) -> Released | None:
        """The revision people had to work by on `day`, or None before the first.

        A released revision comes into force on its effective day or the day its last act was
        signed, whichever is later; until then its predecessor rules.
        """
        found = [entry for entry in self.effective(number) if entry.effective <= day]
        return found[-1] if found else None

    def effective(self, number: str) -> tuple[Released, ...]:
        """The revisions of a number that have effect, now or later, in their order."""
        stages = self.line(number).stages
        return tuple(stage.filing for stage in stages if stage.filing is not None)

    # what is to be said

    def findings(self, number: str) -> Iterator[Finding]:
        """What keeps revisions of a number from having effect."""
        for entry in self.register.released(number):
            ruled = self.standing.verdict(number, entry.filing.id)
            barred = self.barred(entry) if ruled else None
            if barred is not None:
                yield barred
            if ruled is None:
                void = self.void(entry)
                if void is not None:
                    yield void
                yield from (one for one in self._untimely(entry).values() if one != void)
                yield from self._rejects(entry)
            if self.standing.is_disputed(number, entry.filing.id):
                values = {"number": number, "revision": entry.document.revision,
                          "entry": entry.beside,
                          "entries": named_entries(self.standing.disputed(number))}  # fmt: skip
                place = Place(entry.path, commit=entry.commit)
                yield Finding("RULINGS-DIFFER", place, values, entry.document.about, Reason.MET)
        yield from misplaced(self.register, number)
        yield from self._untimely_rejects(number)
        line = self.line(number)
        for fork in line.forks:
            yield from fork_findings(fork)
        yield from self._reused(line)
        yield from self._filed_twice(line)
        yield from self._earlier(number)
        for revision in dict.fromkeys(e.document.revision for e in self.register.released(number)):
            yield from self._void_events(number, revision)
        yield from self._void_events(number)
        texts = tuple(every_text(self.register, self.judge.answers.kinds, number))
        yield from filter(None, map(self.void_text, texts))
        yield from filed_twice(one for one in texts if self.void_text(one) is None)

    def _rejects(self, entry: Released) -> Iterator[Finding]:
        """Rejections that a release lacks: REJECTED where one binds, else why it doesn't."""
        document = entry.document
        for reject, meant in self.standing.missing_rejects(entry):
            if meant is Rejected.ANNULLED:
                continue
            code, binds = _REJECTED[meant], meant is Rejected.BINDS
            values = {
                "number": document.number,
                "revision": document.revision,
                "step": reject.slot.step,
                "person": reject.slot.person,
                "at": reject.slot.at or "-",
            }
            place = Place(entry.path, commit=entry.commit if binds else reject.commit)
            apart = binds and self.standing.are_apart(entry, reject)
            reason = Reason.APART if apart else Reason.MET
            yield Finding(code, place, values, document.about, reason)

    def _reused(self, line: Line) -> Iterator[Finding]:
        for revision in line.reused:
            document = revision.document
            values = {"number": document.number, "revision": document.revision}
            place = Place(revision.filings[0].path, commit=revision.filings[0].commit)
            yield Finding("REVISION-REUSE", place, values, document.about)

    def _filed_twice(self, line: Line) -> Iterator[Finding]:
        """RELEASED-TWICE for a text that was filed more than once: who gave it which day."""
        for stage in line.stages:
            filings = [
                one for one in stage.revision.filings
                if self.standing.verdict(one.document.number, one.filing.id) is None
            ]  # fmt: skip
            if len(filings) < 2 or stage.filing is None:  # noqa: PLR2004 - one of them is usual
                continue
            document = stage.revision.document
            values = {
                "number": document.number,
                "revision": document.revision,
                "days": ", ".join(sorted(map(_day_given, filings))),
                "stands": _day_given(stage.filing),
                "entry": stage.filing.beside,
            }
            place = Place(stage.filing.path, commit=stage.filing.commit)
            yield Finding("RELEASED-TWICE", place, values, document.about, Reason.MET)

    def _earlier(self, number: str) -> Iterator[Finding]:
        """EFFECTIVE-EARLIER for what comes into force before a revision that it follows."""
        before: Released | None = None
        for entry in self.effective(number):
            if before is None or entry.effective >= self.earliest(before):
                before = entry
            elif self.standing.verdict(number, entry.filing.id) is None:
                place = Place(entry.path, commit=entry.commit)
                yield replace(self.earlier(before, entry.document, entry.effective), place=place)

    def earliest(self, entry: Released) -> date:
        """The first day that a filing of an entry's text gave it: no later one may count yet."""
        number = entry.document.number
        filings = self.register.filings(number, entry.document.content)
        kept = [one for one in filings if self.standing.verdict(number, one.filing.id) is not False]
        return min((one.effective for one in kept), default=entry.effective)

    def latest(self, number: str) -> Released | None:
        """What comes into force last of a number: no release may come into force before it."""
        return max(self.effective(number), key=self.earliest, default=None)

    def earlier(self, before: Released, document: Document, day: date) -> Finding:
        """EFFECTIVE-EARLIER: a revision would be in force on `day`, before one that it follows."""
        values = {
            "number": document.number,
            "revision": document.revision,
            "effective": day.isoformat(),
            "before": before.document.revision,
            "day": self.earliest(before).isoformat(),
        }
        return Finding("EFFECTIVE-EARLIER", values=values, about=document.about)

    def _void_events(self, number: str, revision: str = "") -> Iterator[Finding]:
        """Events of lists that a later policy doesn't take."""
        for kind in self.judge.answers.kinds.lists.values():
            if kind.of:  # of rejections: a later policy is asked where they would bind
                for events in self.register.lists(kind.name, number, revision).values():
                    yield from filter(None, map(self._untimely_event, events))
            elif kind.is_of_revision is bool(revision) and not kind.has_rounds:
                for events in self.register.lists(kind.name, number, revision).values():
                    yield from (void for event in events if (void := self.void_event(event)))

    def _untimely_rejects(self, number: str) -> Iterator[Finding]:
        """Rejections that have no effect by their time: one dated ahead must not wait unnamed."""
        faults = map(self._untimely_event, rejections(self.register, number))
        yield from filter(None, faults)

    # what later policies take

    def void(self, entry: Released) -> Finding | None:
        """Why a revision doesn't hold under a later policy that had not seen it, or None."""
        key = (entry.path, entry.filing.id)
        if key not in self._stale:
            self._stale[key] = self.barred(entry) or self._void(entry)
        return self._stale[key]

    def barred(self, entry: Released) -> Finding | None:
        """LEGACY-LATE where a version that closes legacy had not seen a legacy entry, or None.

        No ruling lets it stand all the same: the chain of a class would reopen what the quorum
        closed for good.
        """
        document = entry.document
        if document.legacy is None:
            return None
        cited = self.judge.newest_cited(document.signed(), self.register)
        if cited is None:
            return None
        for policy in self._later.unseen(entry.filing, places(entry), cited):
            fault = closed(*document.key, policy.policy)
            if fault is not None:
                place = Place(entry.path, fault.place.field, entry.commit)
                return Finding("LEGACY-LATE", place, fault.values, document.about)
        return None

    def _void(self, entry: Released) -> Finding | None:
        document = entry.document
        slots = document.signed()
        newest = self.judge.newest_cited(slots, self.register)
        if newest is None:
            return None
        lost = dict(self._untimely(entry))
        untimely = next(iter(lost.values()), None)
        where = places(entry)
        for slot in slots:
            fault = None if slot.id in lost else self._later.fault(slot, where)
            if fault is not None:
                lost[slot.id] = fault
        kept = [slot for slot in slots if slot.id not in lost]
        later = tuple(self._later.unseen(entry.filing, where, newest))
        if not lost and not later:
            return None  # as it was when it got into the register
        for policy in (newest, *later):
            try:
                wanted = chain_under(self.judge, document, policy.policy, self.register)
            except Refused as error:
                return stale_release(entry, policy, error.finding, self.register)
            if wanted.missing(signed_by_step(kept, wanted)):
                cut = next((slot for slot in slots if slot.id in lost), None)
                cause = None if cut is None else lost[cut.id]
                return untimely or stale_release(entry, policy, cause, self.register, cut)
            persons = persons_fault(wanted, kept, policy.policy)
            if persons is not None:
                return untimely or stale_release(entry, policy, persons, self.register)
        return stale_keys(self.judge, self.register, entry, newest, later)

    def _untimely(self, entry: Released) -> Mapping[str, Finding]:
        """What of a revision's statements has no effect by its time, by their ids."""
        if entry.filing.id not in self._late:
            place = Place(entry.path, commit=entry.commit)
            self._late[entry.filing.id] = {
                slot.id: replace(fault, place=place._replace(field=fault.place.field))
                for slot, fault in self.times.faults(entry.document)
            }
        return self._late[entry.filing.id]

    def outdated(self, document: Document, path: str) -> Finding | None:
        """Whose signatures under a text in review later policies don't take: see `lost`."""
        return outdated(self._later, document, path)

    def lost_signers(self, document: SignedText, path: str) -> tuple[str, ...]:
        """Whose signatures end the round that they stand in: see `lost`."""
        return lost_signers(self._later, document, path)

    def lost_under(
        self, document: SignedText, path: str, policy: Policy, seen: str
    ) -> tuple[str, ...]:
        """Whose would, under a version that is to be filed: see `lost`."""
        return lost_under(self._later, document, path, policy, seen)

    def no_effect(self, event: Event | Filed) -> NoEffect | None:
        """Why an event or a filed text has no effect, or None: what rules and commands ask.

        A ruling annulled it, or its time or a later policy speaks against it.
        """
        if isinstance(event, Event) and event.id in self.annulled(event.log.number):
            return NoEffect(None)
        fault = self.void_event(event) if isinstance(event, Event) else self.void_text(event)
        return None if fault is None else NoEffect(fault)

    def void_text(self, entry: Filed) -> Finding | None:
        """Why a text of a plugin's kind has no effect, or None."""
        key = entry.path, entry.id
        if key not in self._stale:
            self._stale[key] = void_text(
                self.judge, self.register, self._later, self.times, entry
            ) or rejected_text(self.standing, entry)
        return self._stale[key]

    def void_event(self, event: Event) -> Finding | None:
        """Why an event has no effect, by its time or under a later policy, or None."""
        key = event.path, event.slot.id
        if key not in self._stale:
            self._stale[key] = self._void_event(event)
        return self._stale[key]

    def _void_event(self, event: Event) -> Finding | None:
        log = event.log
        if event.slot.id in self.annulled(log.number):
            return None
        untimely = self._untimely_event(event)
        if untimely is not None:
            return untimely
        ratified = self.standing.verdict(log.number, event.slot.id)
        fault = None if ratified else self._later.fault(event.slot, (event.path,))
        return None if fault is None else stale_event(event, fault)

    def _untimely_event(self, event: Event) -> Finding | None:
        log = event.log
        fault = self.times.fault(event.slot, log.events)
        if fault is None:
            return None
        place = Place(event.path, f"events.{log.events.index(event.slot)}", event.commit)
        return replace(fault, place=place, about=log.about)


def _day_given(entry: Released) -> str:
    """A filing by the day that it gave its text, and who gave it, by their id."""
    return f"{entry.effective} {entry.filing.person} ({entry.beside})"
