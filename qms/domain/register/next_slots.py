"""Laying out slots: what `submit`, `sign`, `reject` and `release` leave in a file.

Pure: from a document, its chain and who acts to the new list of slots. Chain and holders come
from the policy, never from the file; an unsigned slot is a notice for readers, not a rule.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from qms.domain.kinds.chain import REJECT, Chain, ChainStep, Seat
from qms.domain.kinds.distinct_persons import Persons, Short
from qms.domain.kinds.document import APPROVED, DRAFT, IN_REVIEW, PUBLISHED
from qms.domain.kinds.filed import SignedText
from qms.domain.register.revisions import hats_fault, signed_by_step
from qms.findings import Finding, Refused
from qms.formats import caps
from qms.formats.slots import Notice, Slot, Statement, in_order, statements_in


class OpenStep(NamedTuple):
    """What somebody may do now: a step of the chain and the seat in which they do it."""

    step: ChainStep
    seat: Seat


def heads(slots: Iterable[Slot]) -> tuple[str, ...]:
    """What a new statement comes after: signed ones that no other signed one names."""
    signed = statements_in(slots)
    named = {one for slot in signed for one in slot.after}
    return tuple(sorted({slot.id for slot in signed} - named))


def named_after(
    slots: Iterable[Slot], needed: Iterable[str] = (), filings: Iterable[str] = ()
) -> tuple[str, ...]:
    """What a new statement names: the heads of `slots`, and `filings`; sorted.

    Where there are more than one statement may name, `needed` comes first, then the filings: what
    must be behind the statement for it to hold. What is left over the next one names.
    """
    wanted = dict.fromkeys((*filings, *heads(slots)))
    if len(wanted) > caps.AFTER:
        wanted = dict.fromkeys((*needed, *wanted))
    return tuple(sorted(tuple(wanted)[: caps.AFTER]))


def kept_by_submit(document: SignedText) -> tuple[Statement, ...]:
    """Signed slots of this number and revision; all others are dropped by a submit."""
    return tuple(slot for slot in document.statements if slot.subject == document.subject)


def notices(rule: Persons, slots: Sequence[Statement]) -> tuple[Notice, ...]:
    """Unsigned slots for everybody who should still sign: the steps that lack signatures."""
    signed = signed_by_step(slots, rule.chain)
    laid: dict[tuple[int, str], Notice] = {}
    for step, _ in rule.chain.missing(signed):
        for person in rule.asked(step, signed) if step.act != rule.prepare else ():
            seat = step.seat(person)
            role = None if seat is None else seat.role
            slot = Notice(step.act, str(step.number), role, person)
            laid.setdefault((step.number, person), slot)
    return tuple(laid.values())


def task(rule: Persons, document: SignedText, person: str) -> OpenStep | None:
    """What `person` is asked to sign now in this round, or None.

    The first step that still lacks signatures is open, no later one.
    """
    signed = signed_by_step(document.signed(), rule.chain)
    mine = seat_of(rule.chain, document, person)
    return mine if mine is not None and person in rule.asked(mine.step, signed) else None


def seat_of(chain: Chain, document: SignedText, person: str) -> OpenStep | None:
    """The open step that `person` has a seat in and hasn't signed, or None: they may reject."""
    signed = signed_by_step(document.signed(), chain)
    for step in chain.open(signed):
        seat = step.seat(person)
        if seat is not None and person not in signed.get(str(step.number), ()):
            return OpenStep(step, seat)
    return None


def waiting_for(
    rule: Persons, document: SignedText
) -> tuple[tuple[ChainStep, tuple[str, ...]], ...]:
    """The open steps with the persons they wait for; empty where the chain is complete.

    Nobody whose signature would be refused, or whom a later step can't do without.
    """
    signed = signed_by_step(document.signed(), rule.chain)
    return tuple((step, rule.asked(step, signed)) for step in rule.chain.open(signed))


def lacking(rule: Persons, document: SignedText) -> Short | None:
    """Why the round of a text can never be completed, or None; without one, of the first."""
    return rule.lacking(signed_by_step(document.signed(), rule.chain))


def why_not(
    rule: Persons,
    document: SignedText,
    person: str,
    name: Callable[[str], str],
    *,
    rejecting: bool = False,
) -> Refused:
    """The refusal for somebody who has nothing to sign here: who is waited for instead.

    `name` gives the printed name of a person; `rejecting` tells who wanted to end the round.
    """
    values = {
        "number": document.number,
        "revision": document.revision or "-",
        "person": name(person),
    }
    reject = document.rejected()
    if reject is not None:
        return Refused(
            Finding(
                "ROUND-ENDED", values=values | {"by": name(reject.person)}, about=document.about
            )
        )
    if document.round == 0:
        return Refused(Finding("NOT-SUBMITTED", values=values))
    waits = waiting_for(rule, document)
    if not waits:
        return Refused(Finding("CHAIN-COMPLETE", values=values))
    step, persons = waits[0]
    values |= {"step": str(step.number), "act": step.act}
    values["waiting"] = ", ".join(map(name, persons)) or "-"
    signed = [slot for slot in document.signed() if slot.person == person]
    if not rejecting:
        return Refused(_not_signing(rule, document, person, values, name))
    code = "REJECT-ELSE" if signed else "NOT-YOUR-TURN"
    return Refused(Finding(code, values={**values, "command": "reject"}, about=document.about))


def _not_signing(
    rule: Persons,
    document: SignedText,
    person: str,
    values: Mapping[str, str],
    name: Callable[[str], str],
) -> Finding:
    """Why somebody isn't asked to sign the step that is open."""
    signed = [slot for slot in document.signed() if slot.person == person]
    mine = seat_of(rule.chain, document, person)
    if mine is not None:
        return _hats(rule, document, mine.step, person, values, name)
    if signed:
        done = {"done": signed[-1].step, "at": signed[-1].at or "-"}
        return Finding("SIGNED-ALREADY", values={**values, **done})
    return Finding("NOT-YOUR-TURN", values={**values, "command": "sign"})


def _hats(  # noqa: PLR0913, PLR0917 - who is refused what, and in which words
    rule: Persons,
    document: SignedText,
    step: ChainStep,
    person: str,
    values: Mapping[str, str],
    name: Callable[[str], str],
) -> Finding:
    """Why somebody with a seat at the open step isn't asked to sign it."""
    signed = signed_by_step(document.signed(), rule.chain)
    numbers = {step.number, *(int(at) for at, persons in signed.items() if person in persons)}
    fault = hats_fault(rule, person, numbers)
    if fault is not None:
        return replace(fault, about=document.about)
    others = ", ".join(map(name, rule.asked(step, signed)))
    told = {"step": str(step.number), "act": step.act, "waiting": others or "-"}
    return Finding("NEEDED-ELSEWHERE", values={**values, **told}, about=document.about)


def with_signed(slots: Sequence[Slot], signed: Statement) -> tuple[Slot, ...]:
    """`slots` with a new signed one in the place of its notice."""
    others = [
        slot
        for slot in slots
        if isinstance(slot, Statement) or (slot.step, slot.person) != (signed.step, signed.person)
    ]
    return in_order((*others, signed))


def echo(chain: Chain, slots: Sequence[Slot], reject: str = REJECT) -> str:
    """The status word that slots give a file: an echo for readers.

    `reject` is the act that ends a round: that of a plugin's kind may be another.
    """
    signed = statements_in(slots)
    last = max((slot.round for slot in signed), default=0)
    current = [slot for slot in signed if slot.round == last]
    if not current or any(slot.act == reject for slot in current):
        return DRAFT
    missing = [step for step, _ in chain.missing(signed_by_step(current, chain))]
    if not missing:
        return PUBLISHED if chain.last.act == "publish" else APPROVED
    return IN_REVIEW if any(step.act != "publish" for step in missing) else APPROVED
