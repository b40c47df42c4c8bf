"""What keeps a text from ever being released, whoever signs it next: told before anybody does."""

from collections.abc import Iterator
from typing import Final

from qms.domain.kinds.chain import APPROVE, PUBLISH, Seat
from qms.domain.kinds.distinct_persons import Persons, Short
from qms.domain.kinds.filed import SignedText
from qms.domain.register.next_slots import lacking
from qms.domain.register.revisions import signed_by_step
from qms.findings import Finding, Place

_PUBLISHERS: Final = ("preparer", "reviewer", "co-signer")
"""Who may be let publish as well, as a class says it: by all acts but to approve."""


def endless(rule: Persons, document: SignedText) -> Iterator[Finding]:
    """Steps that nobody may sign (CHAIN-VACANT, CO-SIGN-NOBODY); else too few persons for all.

    CHAIN-SHORT is of a text that nobody signed yet, CHAIN-SHORT-LATER where it is so whoever
    prepares it; CHAIN-STUCK of one that goes round.
    """
    seatless = tuple(_seatless(rule, document))
    yield from seatless
    if not seatless:
        yield from too_few(rule, document)


def too_few(rule: Persons, document: SignedText) -> Iterator[Finding]:
    """CHAIN-SHORT, CHAIN-SHORT-LATER, CHAIN-STUCK: which steps take more persons than are left.

    Nothing of a step that nobody may sign at all: that is told of the step.
    """
    if any(step.vacant or step.unlisted for step in rule.chain.steps):
        return
    short = lacking(rule, document)
    if short is not None:
        code = "CHAIN-STUCK"
        values = {"number": document.number, "revision": document.revision or "-"} | told(short)
        values["class"] = document.class_id or "-"
        values["rejecters"] = ", ".join(seated(rule, document)) or "-"
        if not document.signed():
            code = "CHAIN-SHORT" if ends_with_another(rule) else "CHAIN-SHORT-LATER"
            values["ways"] = ", ".join(_ways(rule, short))
        yield Finding(code, Place(field="prepared_by"), values, document.about)


def ends_with_another(rule: Persons) -> bool:
    """Whether somebody who has no other part in the chain could prepare it to its end."""
    first, *others = rule.chain.steps
    anybody = first._replace(seats=(Seat("", ""),), need=1)
    return _ends(rule._replace(chain=rule.chain._replace(steps=(anybody, *others))))


def _ends(rule: Persons) -> bool:
    return rule.lacking({}) is None


def _ways(rule: Persons, short: Short) -> Iterator[str]:
    """The lines of a class by which its texts could end as things stand: only those that do it."""
    chain = rule.chain
    if any(step.need > 1 for step in short.steps):
        yield "need"
    if _ends(rule._replace(chain=chain._replace(one_person=True))):
        yield "one_person: true"
    publishing = chain.also_publish | {step.act for step in chain.steps} - {APPROVE, PUBLISH}
    if _ends(rule._replace(chain=chain._replace(also_publish=publishing))):
        yield f"also_publish: [{', '.join(_PUBLISHERS)}]"
    yield "who"


def seated(rule: Persons, document: SignedText) -> tuple[str, ...]:
    """Who may end the round: whoever has a seat in the open step and hasn't signed it."""
    signed = signed_by_step(document.signed(), rule.chain)
    return tuple(
        dict.fromkeys(
            person
            for step in rule.chain.open(signed)
            for person in step.persons
            if person not in signed.get(str(step.number), ())
        )
    )


def _seatless(rule: Persons, document: SignedText) -> Iterator[Finding]:
    for step in rule.chain.steps:
        values = {"step": str(step.number), "act": step.act}
        if step.vacant:
            roles = {"roles": ", ".join(step.vacant)}
            yield Finding("CHAIN-VACANT", Place(field="owner"), values | roles, document.about)
        elif step.unlisted:
            named = {"class": document.class_id or "-"}
            yield Finding("CO-SIGN-NOBODY", Place(field="owner"), values | named, document.about)


def told(short: Short) -> dict[str, str]:
    """The facts of a shortage, as findings have them."""
    return {
        "steps": ", ".join(f"{step.number} ({step.act})" for step in short.steps),
        "need": str(short.need),
        "found": str(len(short.persons)),
        "persons": ", ".join(short.persons) or "-",
        "taken": ", ".join(short.taken) or "-",
    }
