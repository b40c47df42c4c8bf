"""Rulings: what the people of a chain decided about entries later (`settle`, `annul`, `ratify`).

They stand in the list of acts beside a released revision (``A-1.acts.yaml``). Each signer adds one
event with the step of the chain that the class asks of a release, without `prepare`; where the
ruling names entries of several classes or owners, all their chains joined: nobody rules a revision
out by a weaker chain than it had. Events with one act, the same data and the same reason are one
ruling, and it counts as soon as its chain is satisfied (format.md §8, trust.md 4b).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Final, NamedTuple, cast

from qms.domain.chain import PREPARE, Chain
from qms.domain.document import Document
from qms.domain.judging import Expected, Judge
from qms.domain.log import ACTS, CONTENT, REJECTS, Log
from qms.domain.policy import Policy
from qms.domain.register import Event, PolicyEntry, Register
from qms.domain.revisions import base_of, chain_of, order_fault, persons_fault, signed_by_step
from qms.findings import Finding, Refused
from qms.formats import canonical_json
from qms.formats.canonical_json import Json
from qms.formats.slots import Slot

SETTLE: Final = "settle"
ANNUL: Final = "annul"
RATIFY: Final = "ratify"
RULINGS: Final = (SETTLE, ANNUL, RATIFY)


class Named(NamedTuple):
    """What a ruling says: the one entry that stands, and those that don't, by their ids.

    An entry's id is that of the statement that filed it; a rejection's, or that of an event in a
    copy's life, is its own.
    """

    stands: str | None
    annulled: tuple[str, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """All that it is about."""
        return frozenset((*self.annulled, *(() if self.stands is None else (self.stands,))))


class Ruling(NamedTuple):
    """A ruling that its chain completed, with its events and all that they come after."""

    act: str
    named: Named
    events: tuple[Event, ...]
    behind: frozenset[str]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its events."""
        return frozenset(event.slot.id for event in self.events)


def named(slot: Slot) -> Named:
    """What a signed event of a ruling says; its facts are judged before (`qms.formats.facts`)."""
    return meant_by(slot.act, slot.signed.data if slot.signed is not None else {})


def meant_by(act: str, data: Mapping[str, Json]) -> Named:
    """What the facts of a ruling's act say."""
    if act == SETTLE:
        stands, annulled = data["stands"], cast("Sequence[str]", data["annulled"])
        return Named(cast("str | None", stands), tuple(annulled))
    entry = cast("str", data["entry"])
    return Named(None, (entry,)) if act == ANNUL else Named(entry)


def ruling_fault(
    judge: Judge, log: Log, slot: Slot, register: Register, at: Sequence[str]
) -> Finding | None:
    """The first thing that keeps an event of a list of acts from holding, or None.

    It depends on itself and on what it names: entries, policy, and the events it comes after.
    """
    expected = Expected(log.subject, log.content, log.about, "LOG-REWRITTEN")
    return (
        judge.slot(slot, expected, register, at)
        or _form_fault(judge, log, slot, register)
        or _seat_fault(judge, log, slot, register)
        or _after_fault(log, slot, register)
    )


def _form_fault(judge: Judge, log: Log, slot: Slot, register: Register) -> Finding | None:
    signed = slot.signed
    about = "" if log.head is None else log.head[CONTENT]
    base = None if signed is None else signed.base
    if signed is None or base is None or (base.content, base.revision) != (about, log.revision):
        return Finding("BASE", values=_who(slot) | {"base": log.revision})
    if not slot.step.isdecimal() or signed.round != 1:
        part, found = ("step", slot.step) if signed.round == 1 else ("round", str(signed.round))
        return Finding("SLOT-FORM", values={"part": part, "found": found})
    if slot.act not in RULINGS:
        return Finding("UNJUDGED", values=_who(slot))
    meant = named(slot)
    known = {one for one, _ in documents_of(judge, register, log.number, meant)}
    lists = _rejects(register, log.number)
    if not known or not meant.ids <= known | lists:
        missing = min(meant.ids - known - lists, default=min(meant.ids))
        return Finding("ENTRY-UNKNOWN", values=_who(slot) | {"entry": missing[:23]})
    return None


def documents_of(
    judge: Judge, register: Register, number: str, meant: Named
) -> tuple[tuple[str, Document], ...]:
    """The texts that a ruling is about, by the ids that it names: whose chains must sign it.

    An event in a list, such as a copy's life, is about the text that it builds on.
    """
    entries = register.released(number)
    found = [(one.filing.id, one.document) for one in entries if one.filing.id in meant.ids]
    if len(found) < len(meant.ids):
        texts = {one.document.content: one.document for one in entries}
        for kind in judge.answers.kinds.lists.values():
            events = register.of_number(kind.name, number) if kind.is_of_revision else ()
            for event in events:
                base = event.slot.signed.base if event.slot.signed is not None else None
                if event.slot.id in meant.ids and base is not None and base.content in texts:
                    found.append((event.slot.id, texts[base.content]))
    return tuple(found)


def _rejects(register: Register, number: str) -> frozenset[str]:
    lists = register.lists(REJECTS, number).values()
    return frozenset(event.slot.id for events in lists for event in events)


def ruling_chain(  # noqa: PLR0913, PLR0917 - who rules on what, under which policy
    judge: Judge,
    register: Register,
    documents: Sequence[Document],
    policy: Policy,
    act: str,
    slots: Sequence[Slot] = (),
) -> Chain:  # fmt: skip
    """Who must sign an act about these revisions: their chains joined, without `prepare`.

    Who holds a role is told by the days of the ruling's own `slots`. Raises `Refused` where a
    class has no chain.
    """
    shifted = tuple(replace(one, step=str(int(one.step) + 1)) for one in slots)
    unshifted = register.day
    chains = [
        chain_of(
            judge.answers,
            replace(document, slots=shifted),
            policy,
            base_of(document, register),
            unshifted,
        )
        for document in dict.fromkeys(documents)
    ]
    whole = reduce(Chain.joined, chains)
    steps = (step for step in whole.steps if step.act != PREPARE)
    return whole._replace(
        steps=tuple(step._replace(number=step.number - 1, act=act) for step in steps)
    )


def _seat_fault(judge: Judge, log: Log, slot: Slot, register: Register) -> Finding | None:
    cited = judge.newest_cited([slot], register)
    if cited is None:
        return None
    meant = named(slot)
    documents = [document for _, document in documents_of(judge, register, log.number, meant)]
    try:
        chain = ruling_chain(judge, register, documents, cited.policy, slot.act, [slot])
    except Refused as refused:
        return refused.finding
    seats = {(seat.person, seat.role) for step in chain.at(slot.step) for seat in step.seats}
    if (slot.person, slot.role) in seats:
        return None
    return Finding("ROLE", values=_who(slot) | {"policy": str(cited.version), "end": "-"})


def _after_fault(log: Log, slot: Slot, register: Register) -> Finding | None:
    """What an act comes after are entries and acts of its number, in whatever file they stand."""
    after = slot.signed.after if slot.signed is not None else ()
    known = {entry.filing.id for entry in register.released(log.number)}
    known |= {event.slot.id for event in register.of_number(ACTS, log.number)}
    known |= _rejects(register, log.number)
    lost = [one for one in after if one not in known]
    if after and not lost:
        return None
    values = {"count": str(max(len(lost), 1)), "number": log.number, "revision": log.revision}
    return Finding("CHAIN-BROKEN", values=values)


def proposals(events: Iterable[Event]) -> tuple[tuple[Event, ...], ...]:
    """Events of one act with equal data and reason: what may become, or has become, a ruling."""
    groups: dict[tuple[str, bytes, str | None], list[Event]] = {}
    for event in events:
        signed = event.slot.signed
        if signed is not None and event.slot.act in RULINGS:
            data = canonical_json.encode(dict(signed.data))
            groups.setdefault((event.slot.act, data, signed.reason), []).append(event)
    return tuple(tuple(found) for _, found in sorted(groups.items(), key=lambda item: str(item[0])))


def rulings(
    judge: Judge,
    register: Register,
    number: str,
    holds: Callable[[Event], bool],
    unseen: Callable[[Event, PolicyEntry], Iterable[PolicyEntry]],
) -> tuple[Ruling, ...]:
    """The rulings about a number that are complete.

    `holds` tells events that every later policy takes which had not seen them; `unseen` gives
    these policies, whose chains must be satisfied too.
    """
    events = tuple(register.of_number(ACTS, number))
    by_id = {event.slot.id: event.slot for event in events}
    found: list[Ruling] = []
    for group in proposals(events):
        kept = tuple(event for event in group if holds(event))
        slots = [event.slot for event in kept]
        cited = judge.newest_cited(slots, register)
        if cited is None or not kept:
            continue
        policies = (cited, *unseen(kept[-1], cited))
        if all(_is_complete(judge, register, number, slots, one.policy) for one in policies):
            found.append(Ruling(slots[0].act, named(slots[0]), kept, _behind(slots, by_id)))
    return tuple(found)


def _is_complete(
    judge: Judge, register: Register, number: str, slots: Sequence[Slot], policy: Policy
) -> bool:
    meant = named(slots[0])
    documents = [document for _, document in documents_of(judge, register, number, meant)]
    try:
        chain = ruling_chain(judge, register, documents, policy, slots[0].act, slots)
    except Refused:
        return False
    if chain.missing(signed_by_step(slots, chain)) or order_fault(chain, slots) is not None:
        return False
    persons = {slot.person for slot in slots}
    # Of those whom a release takes, the preparer has no part in a ruling.
    return persons_fault(chain, slots, policy, whole=False) is None and len(persons) >= max(
        policy.floors.min_signers - 1, 1
    )


def _behind(slots: Iterable[Slot], known: Mapping[str, Slot]) -> frozenset[str]:
    """All statements that these come after, through the acts of any file."""
    found: set[str] = set()
    todo = [one for slot in slots if slot.signed is not None for one in slot.signed.after]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            signed = known[one].signed if one in known else None
            todo.extend(signed.after if signed is not None else ())
    return frozenset(found)


def verdict(found: Sequence[Ruling], entry: str) -> bool | None:
    """Whether rulings let an entry stand; None where none is about it.

    Of several that know nothing of each other and don't agree none lets it stand.
    """
    last = _last(found, entry)
    return all(one.named.stands == entry for one in last) if last else None


def _last(found: Sequence[Ruling], entry: str) -> tuple[Ruling, ...]:
    """The rulings about an entry; one gives way to another that comes after it."""
    about = [one for one in found if entry in one.named.ids]
    return tuple(
        one for one in about
        if not any(one.ids <= other.behind for other in about if other is not one)
    )  # fmt: skip


def _who(slot: Slot) -> dict[str, str]:
    return {
        "act": slot.act, "step": slot.step, "person": slot.person, "role": slot.role or "-",
        "at": slot.at or "-",
    }  # fmt: skip
