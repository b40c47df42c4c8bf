"""When people say they signed: what has effect of it, never what is recorded.

`at` is a claim. Of two statements that contradict each other nobody knows which one lies, and what
is ahead of the clock today is not tomorrow; so neither keeps an entry out of the register. What is
recorded stays protected, is told as an error, and has no effect: TIME-ORDER where a statement is
earlier than one that it names, TIME-AHEAD until its time has come.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from qms.domain.kinds.chain import REJECT
from qms.domain.kinds.filed import SignedText
from qms.domain.register.register import PolicyEntry, Register
from qms.domain.register.stale import DIGITS
from qms.findings import Finding, Place, Reason
from qms.formats.slots import Statement

BEHIND: Final = timedelta(minutes=10)
"""How far two honest clocks may be apart: what is later than now by more is ahead."""

_ABOUT_OTHERS: Final = frozenset(("annul", "incident", "ratify", "settle"))
"""Acts that end what somebody dated wrongly: they may be earlier than what they are about."""


@dataclass(slots=True, eq=False)
class Times:
    """Judges the times of recorded statements against each other and against a clock.

    `now` is the clock, None where nothing is ahead of it. `annulled` gives the ids of statements
    about a number that a valid `annul` or `settle` annulled: they are told no more, and count for
    nobody else's time.
    """

    register: Register
    now: datetime | None = None
    annulled: Callable[[str], frozenset[str]] = lambda _number: frozenset()
    met_ahead: bool = field(default=False, init=False)
    """Whether anything that was asked about is ahead: then later answers are others."""
    _latest: datetime | None = field(init=False)

    def __post_init__(self) -> None:
        self._latest = None if self.now is None else self.now + BEHIND

    def fault(self, slot: Statement, file: Iterable[Statement] = ()) -> Finding | None:
        """Why a statement has no effect by its time, or None; `file` are all slots beside it."""
        return self._fault(slot, file, self._annulled(slot))

    def _fault(
        self, slot: Statement, file: Iterable[Statement], annulled: frozenset[str]
    ) -> Finding | None:
        if slot.id in annulled:
            return None
        if self.is_ahead(slot):
            now = self.now.isoformat() if self.now is not None else "-"
            facts = _facts(slot) | {"now": now}
            return Finding("TIME-AHEAD", values=facts, reason=Reason.UNTIMELY)
        if slot.act in _ABOUT_OTHERS:
            return None
        for other in self._named(slot, file):
            if other.id not in annulled and is_earlier(slot, other):
                facts = _facts(slot) | {"before": other.at or "-"}
                return Finding("TIME-ORDER", values=facts, reason=Reason.UNTIMELY)
        return None

    def faults(self, document: SignedText) -> Iterator[tuple[Statement, Finding]]:
        """Statements of a document's last round that have no effect by their time, and why.

        Those of a round that a reject ended have none anyway.
        """
        slots = document.signed()
        annulled = self._annulled(slots[0]) if slots else frozenset[str]()
        for slot in slots:
            fault = self._fault(slot, document.statements, annulled)
            if fault is not None:
                field = f"approvals.{document.slots.index(slot)}"
                yield slot, replace(fault.at(field=field), about=document.about)

    def is_ahead(self, slot: Statement) -> bool:
        """Whether a statement's time has not come, by more than clocks differ."""
        is_ahead = self._latest is not None and slot.time > self._latest
        self.met_ahead = self.met_ahead or is_ahead
        return is_ahead

    def _annulled(self, slot: Statement) -> frozenset[str]:
        number = slot.subject.number
        return frozenset() if number is None else self.annulled(number)

    def policy_faults(self, waiting: Iterable[PolicyEntry]) -> Iterator[Finding]:
        """POLICY-AHEAD for each of some policy versions whose time has not come."""
        for entry in waiting:
            fault = self.fault(entry.filing)
            if fault is not None:
                place = Place(entry.path, commit=entry.commit)
                values = {**fault.values, "next": str(entry.version + 1)}
                yield Finding("POLICY-AHEAD", place, values, f"policy {entry.version}")

    def _named(self, slot: Statement, file: Iterable[Statement]) -> Iterator[Statement]:
        """What a statement names and that counts: its policy, its base, what it comes after."""
        policy = self.register.policy(slot.policy) if slot.policy is not None else None
        if policy is not None:
            yield policy.filing
        for other in file if slot.after else ():
            if other.id in slot.after:
                yield other
        subject, base = slot.subject, slot.base
        if base is not None and subject.number is not None and subject.kind != "policy":
            # One text may be filed several times; what comes after none of them goes by the first.
            filings = [e.filing for e in self.register.filings(subject.number, base.content)]
            named = [one for one in filings if one.id in slot.after]
            yield from named or sorted(filings, key=instant)[:1]


def _facts(slot: Statement) -> dict[str, str]:
    """Who signed when, and what about, as a command takes it: a number, and which entry of it."""
    subject = slot.subject
    # One entry is a whole revision, but a single event of a copy, a ruling or a rejection.
    is_single = subject.copy is not None or slot.act in _ABOUT_OTHERS or slot.act == REJECT
    entry = slot.id.partition(":")[2][:DIGITS] if is_single else subject.revision
    return {"act": slot.act, "person": slot.person, "at": slot.at,
            "number": subject.number or "-", "revision": subject.revision or "-",
            "entry": entry or "-"}  # fmt: skip


def instant(slot: Statement) -> datetime:
    """When a statement says it was made."""
    return slot.time


def is_earlier(slot: Statement, other: Statement) -> bool:
    """Whether a statement says that it was made before another."""
    return instant(slot) < instant(other)
