"""What nobody is let sign, since it could never hold: told before a passphrase is typed."""

from qms.domain.library.earned import broken_slots, without
from qms.domain.register.beginning import working_fault
from qms.findings import Finding, Place, Refused
from qms.jobs.documents.drafts import Working
from qms.jobs.sessions.refusals import refusal
from qms.jobs.sessions.work_session import WorkSession


def refuse_legacy(session: WorkSession, found: Working) -> None:
    """Refuse to sign what can't come in any more, before anybody types a passphrase for it.

    Raises LEGACY-CLOSED, LEGACY-NUMBER-TAKEN, LEGACY-DAYS, LEGACY-AHEAD.
    """
    effects = session.effects
    fault = working_fault(
        effects.judge, found.document, session.register, session.policy, session.today
    )
    if fault is not None:
        raise Refused(fault.at(path=found.path))


def refuse_untimely(session: WorkSession, found: Working) -> None:
    """Refuse to sign after what has no effect by its time: it would have none either.

    Raises `Refused` TIME-AHEAD, TIME-ORDER, naming whose it is and the way back before it.
    """
    # What doesn't hold at all is told as that.
    broken = broken_slots(
        session.effects.judge, found.document, session.register, session.library.at
    )
    held = without(found.document, broken)
    for _, fault in session.effects.times.faults(held):
        raise refusal(session, fault.at(path=found.path))


def refuse_lost(session: WorkSession, found: Working) -> None:
    """Refuse to sign in vain: a policy took what somebody signed in this round, and never saw.

    Raises `Refused` ROUND-OUTDATED.
    """
    document = found.document
    lost = session.effects.lost_signers(document, found.path)
    if lost:
        named = ", ".join(session.policy.printed_name(one, session.language) for one in lost)
        values = {"number": document.number, "revision": document.revision, "persons": named}
        raise Refused(Finding("ROUND-OUTDATED", Place(found.path), values, document.about))
