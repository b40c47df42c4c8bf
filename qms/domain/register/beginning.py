"""How a number begins: with the first revision of its scheme or, as legacy, with any (BX-08).

A firm with a paper system begins at C/3. Such a revision says so in its head (`kinds.legacy`)
and is a release like any other: the class's whole chain signs it today, and it never comes into
force before. Asked alike by `check`, by the commands, by the gate and by `verify`.

Whether it holds is told from its own statements and what they name by digest: a base or none, the
policies, their version scheme. That another entry begins the same number too is never a ground,
for which of two was there first is no matter of the register: they are rivals for one place
(`qms.domain.library.standing`), and what nobody can tell apart brings nothing into force.
"""

from datetime import date
from itertools import pairwise

from qms.domain.kinds.document import Document
from qms.domain.kinds.legacy_paper import Legacy, days
from qms.domain.kinds.policy import OPEN, Policy
from qms.domain.register.register import Register
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Place, Reason, Refused

FIELD = "legacy"


def beginning_fault(judge: Judge, document: Document, register: Register) -> Finding | None:
    """Why a signed revision may not begin its number as it does, or None; what has a base passes.

    A text without `legacy` begins with the first revision of its class's scheme, under the newest
    policy that its round names (REVISION-FIRST). A legacy one has no base (LEGACY-NUMBER-TAKEN),
    and each policy that its round names is open to it (LEGACY-CLOSED): whoever signs last can't
    go back to an older one. Raises `Refused` where nobody here can tell the scheme.
    """
    slots = document.signed()
    bases = [s.base for s in slots if s.base is not None]
    if document.legacy is None:
        return None if bases else _not_first(judge, document, register)
    if bases:
        followed = register.filings(document.number, bases[0].content)
        place = followed[0].path if followed else "-"
        return _number_taken(*document.key, bases[0].revision, place)
    cited = (judge.cited(slot, register) for slot in slots)
    faults = (closed(*document.key, one.policy) for one in cited if one is not None)
    return next((fault for fault in faults if fault is not None), None)


def working_fault(
    judge: Judge,
    document: Document,
    register: Register,
    policy: Policy | None,
    today: date | None = None,
) -> Finding | None:
    """What will keep a working text from ever being released as legacy, under today's policy.

    Asked before anybody signs: its number is new (LEGACY-NUMBER-TAKEN), the policy open
    (LEGACY-CLOSED), its days are such as a paper can have (LEGACY-DAYS, LEGACY-AHEAD): not later
    than the text was sent round or, before that, than `today`. Any other text is judged where it
    is filed, and by the numbering.
    """
    if document.legacy is None:
        return None
    taken = taken_by(register, *document.key)
    if taken is not None:
        return taken
    fault = None if policy is None else closed(*document.key, policy)
    sent = next((register.day(slot) for slot in document.signed()), None)
    return (
        fault
        or days_fault(*document.key, document.legacy, sent or today)
        or beginning_fault(judge, document, register)
    )


def closed(number: str, revision: str, policy: Policy) -> Finding | None:
    """LEGACY-CLOSED where a policy lets nothing of the time before the system in any more."""
    if policy.floors.legacy == OPEN:
        return None
    values = {"number": number, "revision": revision, "policy": str(policy.version)}
    return Finding("LEGACY-CLOSED", Place(field=FIELD), values)


def days_fault(number: str, revision: str, paper: Legacy, latest: date | None) -> Finding | None:
    """Why no paper can have these days, or None.

    LEGACY-DAYS where one is before what must come before it, LEGACY-AHEAD where one is after
    `latest`. No ground against what is filed: its days are attested, and no verdict rests on them.
    """
    values = {"number": number, "revision": revision}
    for (before, earlier), (key, day) in pairwise(days(paper)):
        if day < earlier:
            told = {"key": key, "day": f"{day}", "before": before, "earlier": f"{earlier}"}
            return Finding("LEGACY-DAYS", Place(field=f"{FIELD}.{key}"), values | told)
    for key, day in days(paper):
        if latest is not None and day > latest:
            told = {"key": key, "day": f"{day}", "latest": f"{latest}"}
            return Finding("LEGACY-AHEAD", Place(field=f"{FIELD}.{key}"), values | told)
    return None


def taken_by(register: Register, number: str, revision: str) -> Finding | None:
    """LEGACY-NUMBER-TAKEN by what a number began with here as legacy, else by its newest."""
    begun = (one for one in register.released(number) if one.document.legacy is not None)
    older = next(begun, register.newest(number))
    if older is None:
        return None
    return _number_taken(number, revision, older.document.revision, older.path)


def _number_taken(number: str, revision: str, older: str, entry: str) -> Finding:
    """LEGACY-NUMBER-TAKEN: only what nothing was released of can begin as legacy.

    `entry` is where the `older` revision lies.
    """
    values = {"number": number, "revision": revision, "older": older, "entry": entry}
    return Finding("LEGACY-NUMBER-TAKEN", Place(field=FIELD), values)


def _not_first(judge: Judge, document: Document, register: Register) -> Finding | None:
    cited = judge.newest_cited(document.signed(), register)
    if cited is None:
        return None
    try:
        scheme = judge.answers.version_scheme(cited.policy, document.class_id)
    except Refused as refused:
        if refused.finding.reason is Reason.NO_ORDER:
            return None  # a class that orders no revisions has no first one
        raise
    if document.revision == scheme.first:
        return None
    values = {"number": document.number, "revision": document.revision, "first": scheme.first}
    return Finding("REVISION-FIRST", Place(field="revision"), values)
