"""Whether a text of a plugin's own kind is filed: its whole chain, signed by the right people.

What holds of documents holds here too: persons count and not keys, nobody signs two steps, each
step comes after what the steps before it ask for, the last signature reaches all others, and no
round is left out. Such a text builds on nothing; of a kind without rounds it has one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qms.domain.kinds.chain import Chain, ClassChain
from qms.domain.kinds.document import APPROVED
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import Kind
from qms.domain.kinds.policy import Policy
from qms.domain.register.behind import Behind
from qms.domain.register.register import Register
from qms.domain.register.revisions import (
    is_seated,
    order_fault,
    persons_fault,
    round_fault,
    signed_by_step,
)
from qms.domain.register.statement_holds import Expected, Judge
from qms.findings import Finding, Place, Reason, Refused, refused
from qms.formats.slots import Notice, Statement


def filing_fault(
    judge: Judge, kind: Kind, text: FiledText, register: Register, at: Sequence[str]
) -> Finding | None:
    """The first thing that keeps a text of a plugin's kind from being filed, or None."""
    fault = (
        _unsigned(text)
        or statements_fault(judge, text, register, at)
        or _chain(judge, kind, text, register)
        or _rejection(text)
        or _after(text)
        or _status(text)
    )
    return None if fault is None else replace(fault, about=text.about)


def _unsigned(text: FiledText) -> Finding | None:
    steps = [slot.step for slot in text.slots if isinstance(slot, Notice)]
    if text.slots and not steps:
        return None
    return Finding("DOC-UNAPPROVED", values=_which(text) | {"steps": ", ".join(steps) or "-"})


def statements_fault(
    judge: Judge,
    text: FiledText,
    register: Register,
    at: Sequence[str],
    mismatch: Reason = Reason.NOT_AS_SIGNED,
) -> Finding | None:
    """The first signature that doesn't hold by itself, in this round or an ended one.

    Of an ended round the text was another; all else of its statements is asked.
    """
    expected = Expected(text.subject, text.content, text.about, mismatch)
    for index, slot in enumerate(text.slots):
        if isinstance(slot, Notice):
            continue
        fault = _foreign_act(judge, text, slot)
        if fault is None and slot.round < text.round:
            fault = judge.ended_round(slot, text.kind, register) or _subject_fault(text, slot)
        elif fault is None:
            fault = judge.slot(slot, expected, register, at)
        if fault is None and slot.base is not None:
            fault = Finding("BASE", values={"base": slot.base.revision})
        if fault is None and slot.round != 1 and text.rounds is None:
            fault = Finding("SLOT-FORM", values={"part": "round", "found": str(slot.round)})
        if fault is not None:
            return fault.at(field=f"approvals.{index}")
    return None if text.rounds is None else round_fault(text, text.rounds.begin)


def ended_fault(judge: Judge, text: FiledText, register: Register) -> Finding | None:
    """Of a round that is over: whose signatures they are; the text may have changed since."""
    for index, slot in enumerate(text.slots):
        if not isinstance(slot, Notice):
            fault = judge.ended_round(slot, text.kind, register)
            if fault is not None:
                return fault.at(field=f"approvals.{index}")
    return None


def _foreign_act(judge: Judge, text: FiledText, slot: Statement) -> Finding | None:
    """ACT-DIFFERS for an act that belongs to another kind: it was signed for something else."""
    act = judge.answers.act(slot.act)
    if act is None or act.kind == text.kind:
        return None
    return Finding("ACT-DIFFERS", values=_who(slot) | {"asked": text.kind})


def _subject_fault(text: FiledText, slot: Statement) -> Finding | None:
    subject = slot.subject
    if subject == text.subject:
        return None
    named = " ".join(one for one in (subject.kind, subject.number, subject.revision) if one)
    return Finding("MOVED-ENTRY", values=_who(slot) | {"signed": named, "found": text.about})


def chain_for(
    judge: Judge, kind: Kind, text: FiledText, policy: Policy, register: Register
) -> Chain:
    """The chain of a text under a policy. Raises `Refused` where nobody may sign it.

    CHAIN-LAST where it doesn't end in one signature; CHAIN-ACTS where it begins with another act
    than the kind's rounds do, or a class asks for one that is no act of the kind.
    """
    days = tuple(map(register.day, text.statements)) if policy.has_terms else ()
    asked = kind.chain
    if asked is None:
        raise TypeError(f"{kind.name} has no chain")
    if isinstance(asked, ClassChain):
        owner = asked.owner(text)
        chain = judge.answers.act_chain(policy, text, asked.act, owner, days)
    else:
        chain = asked(text, policy, days)
    _refuse_acts(judge, kind, chain)
    refuse_last_of_several(chain)
    return chain


def refuse_last_of_several(chain: Chain) -> None:
    """Refuse CHAIN-LAST: a text is filed by one signature, which comes after all others."""
    last = chain.last
    need = sum(step.need for step in chain.at(str(last.number)))
    if need > 1:
        raise refused("CHAIN-LAST", act=last.act, need=str(need))


def _refuse_acts(judge: Judge, kind: Kind, chain: Chain) -> None:
    """Refuse CHAIN-ACTS: a step asks for what is no act of the kind, or the first for another."""
    first, reject = kind.rounds or (None, None)
    for at, step in enumerate(chain.steps):
        act = judge.answers.act(step.act)
        is_foreign = act is not None and act.kind != kind.name
        if not is_foreign and (at or first in (None, step.act)):
            continue
        known = judge.answers.act_kinds().items()
        own = ", ".join(sorted(name for name, of in known if of == kind.name and name != reject))
        raise refused("CHAIN-ACTS", kind=kind.name, act=step.act, step=str(step.number),
                      asked=first if at == 0 and first else own or "-")  # fmt: skip


def _chain(judge: Judge, kind: Kind, text: FiledText, register: Register) -> Finding | None:
    slots = text.signed()
    newest = judge.newest_cited(slots, register)
    if newest is None:
        return Finding("DOC-UNAPPROVED", values=_which(text) | {"steps": "-"})
    try:
        chains = chains_cited(judge, kind, text, register)
    except Refused as error:
        return error.finding
    chain = chains[newest.content]
    return (
        seats_fault(judge, text, chains, register)
        or signers_fault(text, chain, slots, newest.policy)
        or order_fault(chain, slots)
    )


def chains_cited(
    judge: Judge, kind: Kind, text: FiledText, register: Register
) -> Mapping[str, Chain]:
    """The chain of a text under each policy that its last round was signed under."""
    cited = (judge.cited(slot, register) for slot in text.signed())
    return {
        one.content: chain_for(judge, kind, text, one.policy, register)
        for one in cited
        if one is not None
    }


def seats_fault(
    judge: Judge, text: FiledText, chains: Mapping[str, Chain], register: Register
) -> Finding | None:
    """A signature of the last round that the chain of the policy it cites gives no seat.

    ACT-DIFFERS where its signer has one there, for another act.
    """
    reject = "" if text.rounds is None else text.rounds.reject
    for slot in text.signed():
        cited = judge.cited(slot, register)
        if cited is None or is_seated(slot, chains[cited.content], reject):
            continue
        steps = chains[cited.content].at(slot.step)
        asked = [step.act for step in steps if step.act != slot.act and step.seat(slot.person)]
        if asked:
            return Finding("ACT-DIFFERS", values=_who(slot) | {"asked": ", ".join(asked)})
        return Finding("ROLE", values=_who(slot) | {"policy": str(cited.version), "end": "-"})
    return None


def signers_fault(
    text: FiledText, chain: Chain, slots: Sequence[Statement], policy: Policy
) -> Finding | None:
    """What keeps these signatures of a text from being its whole chain, by enough persons."""
    missing = chain.missing(signed_by_step(slots, chain))
    if missing:
        steps = ", ".join(f"{step.number} ({step.act})" for step, _ in missing)
        return Finding("NOT-APPROVED", values=_which(text) | {"steps": steps})
    return persons_fault(chain, slots, policy, prepare=chain.steps[0].act)


def _rejection(text: FiledText) -> Finding | None:
    """A rejection among the signatures that were filed: what was rejected is not filed."""
    reject = text.rejected()
    if reject is None:
        return None
    values = {"step": reject.step, "person": reject.person, "at": reject.at or "-"}
    return Finding("REJECTED", values=_which(text) | values, reason=Reason.MET)


def _after(text: FiledText) -> Finding | None:
    """Every id that `after` names is here, and the last act reaches every signature."""
    slots = text.statements
    ids = {slot.id for slot in slots}
    lost = {one for slot in slots for one in slot.after} - ids
    last = max(text.signed(), key=lambda slot: int(slot.step))
    behind = Behind(slots)
    unreached = len(ids) - (behind.before(last) | behind.bit(last.id)).bit_count()
    if lost or unreached:
        return Finding("CHAIN-BROKEN", values=_which(text) | {"count": str(len(lost) + unreached)})
    return None


def _status(text: FiledText) -> Finding | None:
    if text.status == APPROVED:
        return None
    return Finding("STATUS", Place(field="status"), _which(text) | {"found": text.status})


def _which(text: FiledText) -> dict[str, str]:
    return {"number": text.number, "revision": text.revision or "-"}


def _who(slot: Statement) -> dict[str, str]:
    return {
        "act": slot.act, "step": slot.step, "person": slot.person, "role": slot.role or "-",
        "at": slot.at or "-",
    }  # fmt: skip
