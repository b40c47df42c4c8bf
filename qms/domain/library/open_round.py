"""How far the round of a text has come under the policy in force, and whom it waits for.

What it still waits for tells what it is: so no list calls approved what somebody is asked to
approve.
"""

from collections.abc import Sequence

from qms.domain.kinds.chain import PUBLISH, REJECT, ChainStep
from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import SignedText
from qms.domain.library.status import Status
from qms.domain.register.endless import seated
from qms.domain.register.next_slots import waiting_for
from qms.domain.register.revisions import signed_by_step

Waiting = Sequence[tuple[ChainStep, tuple[str, ...]]]
"""Open steps with the persons that each waits for."""


def goes_round(document: SignedText) -> bool:
    """Whether somebody submitted a text and nobody ended its round."""
    return bool(document.signed()) and document.rejected() is None


def round_status(rule: Persons, document: Document, *, is_lost: bool) -> Status:
    """What a text is by what it waits for; its own status word decides nothing.

    With `is_lost` its round can only be ended: see `Effects.lost_signers`.
    """
    if not goes_round(document):
        return Status.DRAFT
    missing = rule.chain.missing(signed_by_step(document.signed(), rule.chain))
    is_approved = not is_lost and all(step.act == PUBLISH for step, _ in missing)
    return Status.APPROVED if is_approved else Status.IN_REVIEW


def round_waiting(rule: Persons, document: Document, *, is_lost: bool) -> Waiting:
    """The open steps of a text with the persons that each waits for: to sign, or to end it."""
    if not goes_round(document):
        return ()
    found = waiting_for(rule, document)
    if not is_lost:
        return found
    return tuple((step._replace(act=REJECT), seated(rule, document)) for step, _ in found[:1])
