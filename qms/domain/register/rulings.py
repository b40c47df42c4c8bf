"""Rulings: what the people of a chain decided about entries later (`settle`, `annul`, `ratify`).

They stand in the list of acts beside a released revision (``A-1.acts.yaml``). Each signer adds one
event with the step of the chain that the class asks of a release, without `prepare`; where the
ruling names entries of several classes or owners, all their chains joined: nobody rules a revision
out by a weaker chain than it had. Events with one act, the same data and the same reason are one
ruling (format.md, Acts); `qms.domain.library.verdicts` tells when it counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from types import MappingProxyType
from typing import Final, NamedTuple, cast

from qms.domain.kinds.chain import PREPARE, PUBLISH, Chain
from qms.domain.kinds.document import Document
from qms.domain.kinds.log import ACTS, CONTENT, Log
from qms.domain.kinds.policy import Policy
from qms.domain.register.gone_classes import gone_class
from qms.domain.register.register import Event, Register
from qms.domain.register.rejects import rejections
from qms.domain.register.revisions import base_of, chain_of
from qms.domain.register.statement_holds import Expected, Judge
from qms.findings import Finding, Reason, Refused
from qms.formats import canonical_json
from qms.formats.canonical_json import Json
from qms.formats.slots import Statement

SETTLE: Final = "settle"
ANNUL: Final = "annul"
RATIFY: Final = "ratify"
RULINGS: Final = (SETTLE, ANNUL, RATIFY)
NONE: Final[Mapping[str, Statement]] = MappingProxyType({})


class Verdicts(NamedTuple):
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


def named(slot: Statement) -> Verdicts:
    """What a signed event of a ruling says; its facts are judged before (`qms.formats.facts`)."""
    return meant_by(slot.act, slot.data)


def meant_by(act: str, data: Mapping[str, Json]) -> Verdicts:
    """What the facts of a ruling's act say."""
    if act == SETTLE:
        stands, annulled = data["stands"], cast("Sequence[str]", data["annulled"])
        return Verdicts(cast("str | None", stands), tuple(annulled))
    entry = cast("str", data["entry"])
    return Verdicts(None, (entry,)) if act == ANNUL else Verdicts(entry)


def named_by(slot: Statement) -> Iterator[str]:
    """The ids in the facts of an event, whatever these are worth."""
    for fact in slot.data.values():
        ids = fact if isinstance(fact, (list, tuple)) else (fact,)
        yield from (one for one in ids if isinstance(one, str))


def ruling_fault(  # noqa: PLR0913, PLR0917 - what is judged, and against what
    judge: Judge,
    log: Log,
    slot: Statement,
    register: Register,
    at: Sequence[str],
    known: Mapping[str, Statement],
) -> Finding | None:
    """The first thing that keeps an event of a list of acts from holding, or None.

    It depends on itself and on what it names: entries, policy, and the events it comes after.
    `known` are acts that hold and are not in the register yet, by their ids.
    """
    expected = Expected(log.subject, log.content, log.about, Reason.OTHER_LIST)
    return (
        judge.slot(slot, expected, register, at)
        or _form_fault(judge, log, slot, register, known)
        or _seat_fault(judge, log, slot, register, known)
        or _after_fault(log, slot, register, known)
    )


def _base_fault(log: Log, slot: Statement, register: Register) -> Finding | None:
    """An act builds on the text that its list is about, and lies in the class of that."""
    about = "" if log.head is None else log.head[CONTENT]
    base = slot.base
    classes = {one.document.class_id for one in register.filings(log.number, about)}
    if not classes or base is None or (base.content, base.revision) != (about, log.revision):
        values = _who(slot) | {"base": log.revision}
        return Finding("BASE", values=values, reason=Reason.NO_BASE)
    if log.class_id not in classes:
        moved = {"signed": ", ".join(sorted(classes)), "found": log.class_id}
        return Finding("MOVED-ENTRY", values=_who(slot) | moved)
    return None


def _form_fault(
    judge: Judge, log: Log, slot: Statement, register: Register, known: Mapping[str, Statement]
) -> Finding | None:
    fault = _base_fault(log, slot, register)
    if fault is not None:
        return fault
    if not slot.step.isdecimal() or slot.round != 1:
        part, found = ("step", slot.step) if slot.round == 1 else ("round", str(slot.round))
        return Finding("SLOT-FORM", values={"part": part, "found": found})
    if slot.act not in RULINGS:
        return Finding("UNJUDGED", values=_who(slot), reason=Reason.UNJUDGED)
    meant = named(slot)
    texts = _named_texts(judge, register, log.number, meant, known)
    unknown = meant.ids - {one for one, _ in texts}
    unknown -= _rejects(register, log.number) if unknown else unknown
    if unknown:
        return Finding("ENTRY-UNKNOWN", values=_who(slot) | {"entry": min(unknown)[:23]})
    return None


def documents_of(  # noqa: PLR0913, PLR0917 - as above
    judge: Judge,
    register: Register,
    number: str,
    meant: Verdicts,
    beside: str,
    known: Mapping[str, Statement] = NONE,
) -> tuple[Document, ...]:
    """The texts that a ruling is about: whose chains must sign it.

    One that names rejections and nothing else is about the text `beside` which it lies (its
    digest), and those that the rejected texts follow. `known` are events that hold and are not in
    the register yet.
    """
    texts = [document for _, document in _named_texts(judge, register, number, meant, known)]
    if not texts:
        bases = {
            event.slot.base.content
            for event in rejections(register, number)
            if event.slot.id in meant.ids and event.slot.base is not None
        }
        first = (beside, *sorted(bases - {beside}))  # what is added later only adds seats
        found = (register.filings(number, one)[:1] for one in first)
        texts = [entry.document for entries in found for entry in entries]
    return tuple(texts)


def _named_texts(
    judge: Judge, register: Register, number: str, meant: Verdicts, known: Mapping[str, Statement]
) -> tuple[tuple[str, Document], ...]:
    """The texts of the entries that a ruling names, by their ids.

    An event in a list, such as a copy's life, is about the text that it builds on.
    """
    entries = register.released(number)
    found = [(one.filing.id, one.document) for one in entries if one.filing.id in meant.ids]
    if len(found) < len(meant.ids):
        texts = {one.document.content: one.document for one in entries}
        for slot in _named_events(judge, register, number, meant, known):
            base = slot.base
            if base is not None and base.content in texts:
                found.append((slot.id, texts[base.content]))
    return tuple(found)


def _named_events(
    judge: Judge, register: Register, number: str, meant: Verdicts, known: Mapping[str, Statement]
) -> Iterator[Statement]:
    """The events of lists about revisions that a ruling names, in the register's order."""
    for kind in judge.answers.kinds.lists.values():
        if not kind.is_of_revision:
            continue
        events = register.by_id(kind.name, number)
        there = [one for one in meant.ids if one in events]
        if len(there) > 1:
            there = [one for one in events if one in meant.ids]
        yield from (events[one].slot for one in there)
    yield from (known[one] for one in sorted(meant.ids) if one in known)


def _rejects(register: Register, number: str) -> frozenset[str]:
    def ids() -> frozenset[str]:
        return frozenset(event.slot.id for event in rejections(register, number))

    return register.once(("rejections", number), ids)


def preparers(register: Register, number: str, meant: Verdicts) -> frozenset[str]:
    """Who prepared the text that a ruling lets stand: their own text is for others to judge."""
    return frozenset(
        slot.person
        for entry in register.released(number)
        if entry.filing.id == meant.stands
        for slot in entry.document.signed()
        if slot.act == PREPARE
    )


def ruling_chain(  # noqa: PLR0913, PLR0917 - who rules on what, under which policy
    judge: Judge,
    register: Register,
    documents: Sequence[Document],
    policy: Policy,
    act: str,
    slots: Sequence[Statement] = (),
) -> Chain:  # fmt: skip
    """Who must sign an act about these revisions: their chains joined, without `prepare`.

    Who holds a role is told by the days of the ruling's own `slots`. Raises `Refused` where a
    class has no chain.
    """
    shifted = tuple(replace(one, step=str(int(one.step) + 1)) for one in slots)
    unshifted = register.day
    try:
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
    except Refused as error:
        raise gone_class(register, policy, error) from None
    whole = reduce(Chain.joined, chains)
    steps = tuple(step for step in whole.steps if step.act != PREPARE)
    beside_last = frozenset(
        step.number - 1 for step in steps
        if whole.last.act == PUBLISH and step.act in whole.also_publish and not step.inherited
    )  # fmt: skip
    return whole._replace(
        steps=tuple(step._replace(number=step.number - 1, act=act) for step in steps),
        beside_last=beside_last,
    )


def _seat_fault(
    judge: Judge, log: Log, slot: Statement, register: Register, known: Mapping[str, Statement]
) -> Finding | None:
    cited = judge.cited(slot, register)
    base = slot.base
    if cited is None or base is None:
        return None
    meant = named(slot)
    documents = documents_of(judge, register, log.number, meant, base.content, known)
    try:
        chain = ruling_chain(judge, register, documents, cited.policy, slot.act, [slot])
    except Refused as refused:
        return refused.finding
    seats = {(seat.person, seat.role) for step in chain.at(slot.step) for seat in step.seats}
    if (slot.person, slot.role) not in seats:
        return Finding("ROLE", values=_who(slot) | {"policy": str(cited.version), "end": "-"})
    if slot.person in barred(register, log.number, meant, cited.policy):
        return Finding("SELF-APPROVAL", values={"person": slot.person})
    return None


def barred(register: Register, number: str, meant: Verdicts, policy: Policy) -> frozenset[str]:
    """Who has no part in a ruling, whatever their seats: nobody approves the own text by one."""
    return frozenset() if policy.floors.self_approval else preparers(register, number, meant)


def _after_fault(
    log: Log, slot: Statement, register: Register, known: Mapping[str, Statement]
) -> Finding | None:
    """What an act comes after are entries and acts of its number, in whatever file they stand."""
    after = slot.after
    filings = {entry.filing.id for entry in register.released(log.number)}
    acts = register.by_id(ACTS, log.number)
    lost = [one for one in after if one not in known and one not in acts and one not in filings]
    if lost:
        rejects = _rejects(register, log.number)
        lost = [one for one in lost if one not in rejects]
    if after and not lost:
        return None
    values = {"count": str(max(len(lost), 1)), "number": log.number, "revision": log.revision}
    return Finding("CHAIN-BROKEN", values=values)


def proposals(events: Iterable[Event]) -> tuple[tuple[Event, ...], ...]:
    """Events of one act with equal data and reason: what may become, or has become, a ruling."""
    groups: dict[tuple[str, bytes, str | None], list[Event]] = {}
    for event in events:
        if event.slot.act in RULINGS:
            data = canonical_json.encode(dict(event.slot.data))
            groups.setdefault((event.slot.act, data, event.slot.reason), []).append(event)
    return tuple(tuple(found) for _, found in sorted(groups.items(), key=lambda item: str(item[0])))


def _who(slot: Statement) -> dict[str, str]:
    return {
        "act": slot.act, "step": slot.step, "person": slot.person, "role": slot.role or "-",
        "at": slot.at or "-",
    }  # fmt: skip
