"""How a number begins: with the first revision of its scheme or, as legacy, with any (BX-08).

A firm with a paper system begins at C/3. Such a revision says so in its head (`qms.domain.legacy`)
and is a release like any other: the class's whole chain signs it today, and it never comes into
force before. Asked alike by `check`, by the commands, by the gate and by `verify`.

Whether it holds is told from its own statements and what they name by digest: a base or none, the
policies, their version scheme. That another entry begins the same number too is never a ground,
for which of two was there first is no matter of the register: they are rivals for one place
(`qms.domain.standing`), and what nobody can tell apart brings nothing into force.
"""

from qms.domain.document import Document
from qms.domain.judging import Judge
from qms.domain.policy import OPEN, Policy
from qms.domain.register import Register
from qms.findings import Finding, Place, Refused

FIELD = "legacy"


def beginning_fault(judge: Judge, document: Document, register: Register) -> Finding | None:
    """Why a signed revision may not begin its number as it does, or None; what has a base passes.

    A text without `legacy` begins with the first revision of its class's scheme, under the newest
    policy that its round names (REVISION-FIRST). A legacy one has no base (LEGACY-NUMBER-TAKEN),
    and each policy that its round names is open to it (LEGACY-CLOSED): whoever signs last can't
    go back to an older one. Raises `Refused` where nobody here can tell the scheme.
    """
    slots = document.signed()
    bases = [s.signed.base for s in slots if s.signed is not None and s.signed.base is not None]
    if document.legacy is None:
        return None if bases else _not_first(judge, document, register)
    if bases:
        return number_taken(*document.key, bases[0].revision)
    cited = (judge.newest_cited([slot], register) for slot in slots)
    faults = (closed(*document.key, one.policy) for one in cited if one is not None)
    return next((fault for fault in faults if fault is not None), None)


def working_fault(
    judge: Judge, document: Document, register: Register, policy: Policy | None
) -> Finding | None:
    """What will keep a working text from ever being released as legacy, under today's policy.

    Asked before anybody signs: its number is new (LEGACY-NUMBER-TAKEN), the policy open
    (LEGACY-CLOSED). Any other text is judged where it is filed, and by the numbering.
    """
    if document.legacy is None:
        return None
    newest = register.newest(document.number)
    if newest is not None:
        return number_taken(*document.key, newest.document.revision)
    fault = None if policy is None else closed(*document.key, policy)
    return fault or beginning_fault(judge, document, register)


def closed(number: str, revision: str, policy: Policy) -> Finding | None:
    """LEGACY-CLOSED where a policy lets nothing of the time before the system in any more."""
    if policy.floors.legacy == OPEN:
        return None
    values = {"number": number, "revision": revision, "policy": str(policy.version)}
    return Finding("LEGACY-CLOSED", Place(field=FIELD), values)


def number_taken(number: str, revision: str, older: str) -> Finding:
    """LEGACY-NUMBER-TAKEN: only what nothing was released of can begin as legacy."""
    values = {"number": number, "revision": revision, "older": older}
    return Finding("LEGACY-NUMBER-TAKEN", Place(field=FIELD), values)


def _not_first(judge: Judge, document: Document, register: Register) -> Finding | None:
    cited = judge.newest_cited(document.signed(), register)
    if cited is None:
        return None
    try:
        scheme = judge.answers.version_scheme(cited.policy, document.class_id)
    except Refused as refused:
        if refused.finding.code == "NO-VERSION-SCHEME":
            return None  # a class that orders no revisions has no first one
        raise
    if document.revision == scheme.first:
        return None
    values = {"number": document.number, "revision": document.revision, "first": scheme.first}
    return Finding("REVISION-FIRST", Place(field="revision"), values)
