"""What a later policy doesn't take of what is recorded, and how that is said.

Of a release, and of an event in a copy's life, a ruling decides: nobody can sign it again in the
name of who signed it (STALE-POLICY). What no ruling may name is signed again: a part in a ruling,
which is ignored and undoes nothing (ACT-OUTDATED, a warning), an event of another list, or a text
of a plugin's kind (EVENT-OUTDATED).
"""

from dataclasses import replace

from qms.domain.kinds.kind import COPY
from qms.domain.kinds.log import ACTS
from qms.domain.kinds.recorded import Event, Filed, PolicyEntry, Released
from qms.domain.register.register import Register
from qms.findings import Finding, Place, Reason
from qms.formats.slots import Statement

DIGITS = 16
"""So many digits of its id name an event to a command, as those beside a file name an entry."""


def stale_release(
    entry: Released,
    policy: PolicyEntry,
    cause: Finding | None,
    register: Register,
    lost: Statement | None = None,
) -> Finding:
    """Why a release doesn't hold under a later policy: `cause`, or a step that nobody signed.

    `lost` is the signature that `cause` takes, where it takes one.

    A policy without a chain voids; one whose chain nobody here can tell is no fault.
    """
    document = entry.document
    if cause is not None and cause.reason is Reason.NO_PLUGIN:
        return replace(cause, place=Place(entry.path), about=document.about)
    claimed = register.named(document.number, document.revision)
    values = {
        "number": document.number,
        "revision": document.revision,
        "policy": str(policy.version),
        "cause": "NOT-APPROVED" if cause is None else cause.code,
        "person": "-" if lost is None else lost.person,
        "act": "-" if lost is None else lost.act,
        "entry": document.revision if len(claimed) == 1 else entry.beside,
    }
    if lost is not None and cause is not None and "policy" in cause.values:
        values["policy"] = cause.values["policy"]
    place = Place(entry.path, commit=entry.commit)
    return Finding("STALE-POLICY", place, values, document.about, Reason.LATER_POLICY)


def stale_text(entry: Filed, policy: PolicyEntry, cause: Finding) -> Finding:
    """That a text of a plugin's kind doesn't hold under a later policy, from what keeps it."""
    text, slot = entry.text, entry.filing
    values = {
        "number": text.number,
        "revision": text.revision,
        "policy": cause.values.get("policy", str(policy.version)),
        "cause": cause.code,
        "person": cause.values.get("person", slot.person),
        "act": cause.values.get("act", slot.act),
        "entry": entry.beside,
    }
    place = Place(entry.path, commit=entry.commit)
    return Finding("EVENT-OUTDATED", place, values, text.about, Reason.LATER_POLICY)


def stale_event(event: Event, cause: Finding) -> Finding:
    """That an event doesn't hold under a later policy, from what keeps it from holding."""
    log, slot = event.log, event.slot
    values = {
        "number": log.number,
        "revision": log.revision,
        "policy": cause.values.get("policy", "-"),
        "cause": cause.code,
        "person": slot.person,
        "act": slot.act,
        "entry": slot.id.partition(":")[2][:DIGITS],
    }
    place = Place(event.path, commit=event.commit)
    if log.kind == ACTS:
        return Finding("ACT-OUTDATED", place, values, log.about, Reason.LATER_POLICY)
    code = "STALE-POLICY" if log.kind == COPY else "EVENT-OUTDATED"
    return Finding(code, place, values, log.about, Reason.LATER_POLICY)
