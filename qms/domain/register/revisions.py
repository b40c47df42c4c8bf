"""Whether a revision is released: its whole chain, signed by the right people in order (DC-04).

Asked alike by `check`, by the command that signs, by the gate and by `verify`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain as joined
from types import MappingProxyType

from qms.domain.kinds.answers import Answers
from qms.domain.kinds.chain import PREPARE, PUBLISH, REJECT, Chain, signed_persons
from qms.domain.kinds.days import DayOf
from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import APPROVED, PUBLISHED, Document
from qms.domain.kinds.filed import SignedText
from qms.domain.kinds.policy import Policy
from qms.domain.register.beginning import beginning_fault
from qms.domain.register.behind import Behind
from qms.domain.register.register import Register
from qms.domain.register.statement_holds import Expected, Judge, assurance_fault
from qms.findings import Finding, Place, Reason, Refused
from qms.formats.digests import parse_day
from qms.formats.slots import Notice, Statement


def chain_of(
    answers: Answers, document: Document, policy: Policy, base: Document | None, day: DayOf
) -> Chain:
    """The chain of a revision, joined with that of the class and owner before it.

    Nobody escapes a strict chain by changing the class or the owner: both must be satisfied.
    Who holds a role at each step is asked of the `day` of its signatures. Raises `Refused` where a
    class has no chain.
    """
    days = tuple(map(day, document.statements)) if policy.has_terms else ()
    found = answers.chain(policy, document, days)
    if base is not None and (base.class_id, base.owner) != (document.class_id, document.owner):
        as_before = replace(document, class_id=base.class_id, owner=base.owner)
        found = found.joined(answers.chain(policy, as_before, days))
    return found


def chain_under(judge: Judge, document: Document, policy: Policy, register: Register) -> Chain:
    """The chain of a revision under a policy, with the base that its own slots name."""
    return chain_of(judge.answers, document, policy, base_of(document, register), register.day)


def base_of(document: Document, register: Register) -> Document | None:
    """The revision that this one follows, by the digest that its slots name.

    A text that nobody signed yet follows the newest revision before it.
    """
    for slot in document.signed():
        base = slot.base
        filings = () if base is None else register.filings(document.number, base.content)
        return filings[0].document if filings else None
    newest = next(iter(reversed(register.released(document.number))), None)
    return None if newest is None or newest.document.key == document.key else newest.document


def release_fault(
    judge: Judge, document: Document, register: Register, at: Sequence[str]
) -> Finding | None:
    """The first thing that keeps `document` from being a released revision, or None."""
    fault = (
        _unsigned(document)
        or signatures_fault(judge, document, register, at, Reason.NOT_AS_SIGNED)
        or _whole_chain(judge, document, register)
        or _rejection(document)
        or beginning_fault(judge, document, register)
        or _after_fault(document, register)
        or _days(document, register)
        or _status(document)
    )
    return None if fault is None else replace(fault, about=document.about)


def signatures_fault(
    judge: Judge, document: Document, register: Register, at: Sequence[str], mismatch: Reason
) -> Finding | None:
    """The first signed slot that doesn't hold by itself, in this round or an ended one."""
    fault = next(slot_faults(judge, document, register, at, mismatch), None)
    return (fault[1] if fault is not None else None) or _bases(document) or round_fault(document)


def slot_faults(
    judge: Judge, document: Document, register: Register, at: Sequence[str], mismatch: Reason
) -> Iterator[tuple[int, Finding]]:
    """Each signed slot that doesn't hold by itself, by its place in the text, and why."""
    if mismatch is Reason.NOT_AS_SIGNED and _is_signed_by_others(document):
        mismatch = Reason.SIGNED_ANOTHER
    expected = Expected(document.subject, document.content, document.about, mismatch)
    for index, slot in enumerate(document.slots):
        if isinstance(slot, Notice):
            continue
        if slot.round < document.round:
            fault = judge.ended_round(slot, "document", register)
        else:
            fault = judge.slot(slot, expected, register, at)
        if fault is not None:
            yield index, fault.at(field=f"approvals.{index}")


def round_fault(document: SignedText, begin: str = PREPARE) -> Finding | None:
    """A round that doesn't begin with a `prepare` that comes after a signature of the one before.

    So rounds are counted without a gap: nobody takes the last number, and none can be left out.
    `begin` is the act that a plugin's kind has for it.
    """
    if document.round <= 1:
        return None
    rounds: dict[int, list[Statement]] = {}
    for slot in document.statements:
        rounds.setdefault(slot.round, []).append(slot)
    behind = Behind(document.statements)
    for number, slots in rounds.items():
        before = behind.of(slot.id for slot in rounds.get(number - 1, ()))
        begun = (slot for slot in slots if slot.act == begin)
        if number > 1 and not any(before & behind.before(slot) for slot in begun):
            told = {"step": slots[0].step, "person": slots[0].person, "at": slots[0].at}
            values = {"number": document.number, "revision": document.revision or "-"}
            return Finding("ROUND", values=values | told)
    return None


def _is_signed_by_others(document: Document) -> bool:
    """Whether some of the round signed the text as it is: it changed between two signatures."""
    return any(slot.content == document.content for slot in document.signed())


def _bases(document: Document) -> Finding | None:
    bases = {slot.base for slot in document.signed()}
    if len(bases) > 1:
        return Finding("BASE", values={"base": ", ".join(str(b) for b in bases)})
    return None


def _unsigned(document: Document) -> Finding | None:
    unsigned = [slot for slot in document.slots if isinstance(slot, Notice)]
    if unsigned or not document.slots:
        steps = ", ".join(slot.step for slot in unsigned) or "-"
        return Finding("DOC-UNAPPROVED", values=_which(document) | {"steps": steps})
    return None


def _whole_chain(judge: Judge, document: Document, register: Register) -> Finding | None:
    slots = document.signed()
    policy = judge.newest_cited(slots, register)
    if policy is None:
        return Finding("DOC-UNAPPROVED", values=_which(document) | {"steps": "-"})
    try:
        demanded = chain_under(judge, document, policy.policy, register)
        others = judge.answers.head_faults(policy.policy, document)
    except Refused as error:
        return error.finding
    if others:
        return others[0]
    chains = {policy.content: demanded}
    fault = seats_fault(judge, document, slots, register, chains) or _missing(
        document, demanded, slots
    )
    if fault is not None:
        return fault
    return (
        persons_fault(demanded, slots, policy.policy)
        or _assurance_before(document, policy.policy, register)
        or order_fault(demanded, slots)
        or _filed_twice(document, slots)
    )


def _assurance_before(document: Document, policy: Policy, register: Register) -> Finding | None:
    """Nobody escapes a security key by changing the class either."""
    base = base_of(document, register)
    if base is None or base.class_id == document.class_id:
        return None
    faults = (assurance_fault(one, policy, base.class_id) for one in document.signed())
    return next((fault for fault in faults if fault is not None), None)


def _filed_twice(document: Document, slots: Sequence[Statement]) -> Finding | None:
    """Two last acts would fix two effective days."""
    last = max(int(slot.step) for slot in slots)
    persons = [slot.person for slot in slots if int(slot.step) == last and slot.act != REJECT]
    if len(persons) < 2:  # noqa: PLR2004 - one of them, or a reject in its place
        return None
    values = {"step": str(last), "persons": ", ".join(persons)}
    return Finding("FILED-TWICE", values=_which(document) | values)


def seats_fault(
    judge: Judge,
    document: Document,
    slots: Sequence[Statement],
    register: Register,
    known: Mapping[str, Chain] = MappingProxyType({}),
) -> Finding | None:
    """A signed slot that the chain of the policy it cites gives no seat.

    `known` are chains of the document by the policy's content.
    """
    chains = dict(known)
    for slot in slots:
        entry = judge.cited(slot, register)
        if entry is None:
            continue
        if entry.content not in chains:
            chains[entry.content] = chain_under(judge, document, entry.policy, register)
        if not is_seated(slot, chains[entry.content]):
            values = {"act": slot.act, "step": slot.step, "person": slot.person}
            return Finding(
                "ROLE",
                values=values
                | {"role": slot.role or "-", "policy": str(entry.version), "end": "-"},
            )
    if slots and slots[0].act == PREPARE and slots[0].person != document.prepared_by:
        return Finding(
            "PREPARED-BY", values={"person": slots[0].person, "named": document.prepared_by}
        )
    return None


def is_seated(slot: Statement, chain: Chain, reject: str = REJECT) -> bool:
    """Whether a slot has a seat; who may sign a step, whatever it is, may reject there."""
    return any(
        (seat.person, seat.role) == (slot.person, slot.role)
        for step in chain.at(slot.step)
        if slot.act in (step.act, reject)
        for seat in step.seats
    )


def signed_by_step(
    slots: Iterable[Statement], chain: Chain | None = None
) -> Mapping[str, frozenset[str]]:
    """Who has signed each step; a reject counts for nothing.

    With a `chain`, only who did what it asks for there: under another policy the same step may
    have been another act.
    """
    return signed_persons(
        (slot.step, slot.person)
        for slot in slots
        if slot.act != "reject"
        and (chain is None or any(step.act == slot.act for step in chain.at(slot.step)))
    )


def _missing(document: Document, chain: Chain, slots: Sequence[Statement]) -> Finding | None:
    missing = chain.missing(signed_by_step(slots, chain))
    if not missing:
        return None
    steps = ", ".join(f"{step.number} ({step.act})" for step, _ in missing)
    filed = any(slot.step == str(chain.last.number) for slot in slots)
    code = "NOT-APPROVED" if filed else "DOC-UNAPPROVED"
    if all(step.inherited for step, _ in missing):
        code = "CHAIN-DOWNGRADE"
    return Finding(code, values=_which(document) | {"steps": steps})


def persons_fault(
    chain: Chain,
    slots: Sequence[Statement],
    policy: Policy,
    *,
    whole: bool = True,
    prepare: str = PREPARE,
) -> Finding | None:
    """Self-approval, one person in two steps, too few persons: persons count, never keys.

    `whole` asks for the least number of persons too; a text still in review has not all yet.
    `prepare` is the act of whoever wrote it.
    """
    steps: dict[str, set[int]] = {}
    for slot in slots:
        if slot.act != REJECT:
            steps.setdefault(slot.person, set()).add(int(slot.step))
    rule = Persons(chain, policy.floors, prepare)
    for person, numbers in steps.items():
        fault = hats_fault(rule, person, numbers)
        if fault is not None:
            return fault
    if whole and len(steps) < policy.floors.min_signers:
        return Finding(
            "FLOOR", values={"need": str(policy.floors.min_signers), "found": str(len(steps))}
        )
    return None


def hats_fault(rule: Persons, person: str, numbers: Collection[int]) -> Finding | None:
    """Why one person may not take all steps of these numbers, or None."""
    if rule.may_take(numbers):
        return None
    if rule.is_self_approval(numbers):
        return Finding("SELF-APPROVAL", values={"person": person})
    both = ", ".join(map(str, sorted(numbers)))
    return Finding("SAME-PERSON", values={"person": person, "steps": both})


def order_fault(chain: Chain, slots: Sequence[Statement]) -> Finding | None:
    """A signature that does not come after all that the steps before it ask for."""
    behind = Behind(slots)
    for slot in slots:
        earlier = [step for step in chain.steps if step.number < int(slot.step)]
        if not earlier:
            continue
        seen = signed_by_step(behind.slots(behind.before(slot)), chain)
        late = next((s for s in earlier if s.missing(seen.get(str(s.number), ()))), None)
        if late is not None:
            values = {"act": slot.act, "step": slot.step, "person": slot.person}
            return Finding("CHAIN-ORDER", values=values | {"missing": str(late.number)})
    return None


def _after_fault(document: Document, register: Register) -> Finding | None:
    """Every id that `after` names is here, and the last act reaches every signed slot.

    The first one comes after the last act of the base, where there is a base: of any of its
    filings, where the same text was filed more than once.
    """
    slots = document.statements
    ids = {slot.id for slot in slots}
    earlier = _filings_of_base(document, register)
    named = set(joined.from_iterable(slot.after for slot in slots))
    lost = named - ids - earlier
    last = _last(document)
    if earlier and not named & earlier:
        lost |= earlier
    behind = Behind(slots)
    unreached = len(ids) - (behind.before(last) | behind.bit(last.id)).bit_count()
    if lost or unreached:
        count = str(len(lost) + unreached)
        return Finding("CHAIN-BROKEN", values=_which(document) | {"count": count})
    return None


def _filings_of_base(document: Document, register: Register) -> set[str]:
    """The last acts of all filings of the text that this one is based on."""
    for slot in document.signed():
        base = slot.base
        if base is not None:
            found = register.filings(document.number, base.content)
            return {entry.filing.id for entry in found}
    return set()


def _last(document: Document) -> Statement:
    """The last act of a signed document."""
    return max(document.signed(), key=lambda slot: int(slot.step))


def _status(document: Document) -> Finding | None:
    """What is filed says that it is released, in the word of its last act."""
    last = _last(document)
    wanted = PUBLISHED if last.act == PUBLISH else APPROVED
    if document.status == wanted:
        return None
    return Finding("STATUS", Place(field="status"), _which(document) | {"found": document.status})


def _rejection(document: Document) -> Finding | None:
    """A reject among the signatures that were filed: what was rejected is not released.

    One that the file lacks keeps nothing out of the register; it decides effect
    (`qms.domain.register.rejects`).
    """
    reject = document.rejected()
    if reject is None:
        return None
    values = {"step": reject.step, "person": reject.person, "at": reject.at or "-"}
    return Finding("REJECTED", values=_which(document) | values, reason=Reason.MET)


def _days(document: Document, register: Register) -> Finding | None:
    for slot in document.signed():
        if slot.act != "publish":
            continue
        signed_on = register.day(slot)
        published, effective = slot.data["published"], slot.data["effective"]
        if not isinstance(published, str) or not isinstance(effective, str):
            return Finding("DAY-FORM", values={"found": f"{published} {effective}"})
        if signed_on is None:
            continue  # it names a policy that isn't there, which is told of the signature
        if parse_day(published) < signed_on or parse_day(effective) < parse_day(published):
            values = {"published": published, "effective": effective}
            return Finding(
                "EFFECTIVE-BEFORE-APPROVAL",
                values=_which(document) | values | {"signed": signed_on.isoformat()},
            )
    return None


def _which(document: Document) -> dict[str, str]:
    return {"number": document.number, "revision": document.revision}
