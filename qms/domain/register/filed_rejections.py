"""Rejections of texts of a plugin's own kind: a list for each text, beside where it goes round.

As those of documents (`qms.domain.register.rejects`): a reject is an entry, with the statements of
its round that it comes after, so that nobody can drop it by editing the text. Whether one holds is
told by itself; whom it binds is effect: a text in whose own chain the signer has a say, and only if
somebody else sent round what was rejected.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import Kind
from qms.domain.kinds.log import Log
from qms.domain.register.behind import Behind
from qms.domain.register.filings import chain_for
from qms.domain.register.listed_rounds import Rounds
from qms.domain.register.register import Event, Register
from qms.domain.register.revisions import is_seated
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Refused
from qms.formats.slots import Statement


def filed_reject_fault(  # noqa: PLR0913, PLR0917 - what is judged, and against what
    judge: Judge,
    kind: Kind,
    log: Log,
    slot: Statement,
    register: Register,
    at: Sequence[str],
    held: Rounds,
) -> Finding | None:
    """The first thing that keeps an event of such a list from holding, or None."""
    fault = judge.in_round(slot, register, at, log.stated_kind) or _about_fault(log, slot)
    if fault is not None or kind.rounds is None or slot.act != kind.rounds.reject:
        return fault
    values = {"number": log.number, "revision": log.revision or "-"}
    if not (slot.reason or "").strip():
        return Finding("REASON-MISSING", values=_who(slot))
    if next(held.begun(slot), None) is None:
        return Finding("CHAIN-BROKEN", values=values | {"count": "1"})
    return None if held.follow(slot) else Finding("ROUND", values=values | _who(slot))


def _about_fault(log: Log, slot: Statement) -> Finding | None:
    """What is signed about another text, or builds on something."""
    if slot.subject != log.subject:
        named = " ".join(one for one in (slot.subject.number, slot.subject.revision) if one)
        return Finding("MOVED-ENTRY", values=_who(slot) | {"signed": named, "found": log.about})
    base = slot.base
    return None if base is None else Finding("BASE", values={"base": base.revision})


def lists_of(judge: Judge, text: FiledText) -> Kind | None:
    """The kind of the lists of rejections of a text; None where its kind has no rounds."""
    lists = judge.answers.kinds.lists.values()
    return next((one for one in lists if one.of == text.kind), None)


def filed_rejections(judge: Judge, register: Register, text: FiledText) -> Iterator[Event]:
    """The rejections of a text that hold, those that it has itself among them."""
    kind = lists_of(judge, text)
    if kind is None or text.rounds is None:
        return
    path = kind.place(text)
    for event in register.lists(kind.name, text.number, text.revision).get(path, ()):
        if event.slot.act == text.rounds.reject:
            yield event


def lacking_rejections(judge: Judge, register: Register, text: FiledText) -> Iterator[Event]:
    """Those that a text lacks, and whose signers have a say in its chain."""
    held = {slot.id for slot in text.statements}
    for event in filed_rejections(judge, register, text):
        if event.slot.id not in held and _has_say(judge, register, text, event):
            yield event


def lacking_rounds(
    judge: Judge, register: Register, text: FiledText, binding: Sequence[Event]
) -> tuple[Statement, ...]:
    """What a text lacks of its rejected rounds: the `binding` rejects with all they come after."""
    kind = lists_of(judge, text)
    if kind is None or not binding:
        return ()
    held = {slot.id for slot in text.statements}
    events = register.lists(kind.name, text.number, text.revision).get(kind.place(text), ())
    listed = {event.slot.id: event.slot for event in events}
    behind, wanted = Behind(listed.values()), 0
    for event in binding:
        wanted |= behind.before(event.slot) | behind.bit(event.slot.id)
    ids = {slot.id for slot in behind.slots(wanted)} - held
    return tuple(slot for one, slot in listed.items() if one in ids)


def begun_by(judge: Judge, register: Register, reject: Event) -> tuple[Statement, ...]:
    """What sent round what was rejected, by somebody else than who rejected it.

    Who takes an own text back binds nobody.
    """
    kind, log = judge.answers.kinds.lists[reject.log.kind], reject.log
    events = register.lists(kind.name, log.number, log.revision).get(reject.path, ())
    rounds = Rounds((event.slot for event in events), kind.rounds)
    begun = rounds.begun(reject.slot)
    return tuple(slot for slot in begun if slot.person != reject.slot.person)


def _has_say(judge: Judge, register: Register, text: FiledText, reject: Event) -> bool:
    """Whether who rejected, and who sent it round, have a seat in the chain of this very text."""
    cited = judge.cited(reject.slot, register)
    kind = judge.answers.kinds.texts[text.kind]
    if cited is None or kind.rounds is None:
        return False
    for begun in begun_by(judge, register, reject):
        as_sent = replace(text, slots=(begun, reject.slot))
        try:
            chain = chain_for(judge, kind, as_sent, cited.policy, register)
        except Refused:
            continue
        later = chain._replace(steps=chain.steps[1:])
        if is_seated(begun, chain) and is_seated(reject.slot, later, kind.rounds.reject):
            return True
    return False


def _who(slot: Statement) -> dict[str, str]:
    return {
        "act": slot.act, "step": slot.step, "person": slot.person, "role": slot.role or "-",
        "at": slot.at or "-",
    }  # fmt: skip
