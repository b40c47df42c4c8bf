"""The mark of a numbered copy, and what its code says: as its paper has it, whenever it is printed.

It is drawn once before the copy is issued, too: what can't be drawn is refused before it is signed.
"""

from base64 import b32encode
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from qms.domain.kinds.held_copy import HeldCopy
from qms.domain.kinds.recorded import Released
from qms.findings import Refused
from qms.formats.digests import sha256
from qms.installed import TOOLS
from qms.jobs.judging.own_glyphs import own_glyphs
from qms.jobs.sessions.entry_spelling import policy_of, spelling
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.printing import StampRequest

CODE_STATEMENT: Final = 32
CODE_SEEN: Final = 20
"""Hex digits in a copy's code: 128 bits of the statement, 80 of the commit that it had seen."""
_NO_ID: Final = sha256(b"")
"""In the place of ids that a copy will have once it is issued: its code is as wide."""


def controlled_mark(entry: Released, display_number: str, copy: HeldCopy) -> StampRequest:
    """The mark of a copy of the filing `entry`: a later day of effect stays on its paper."""
    early = copy.issued is None or copy.issued < entry.effective
    return StampRequest(
        base=b"",
        kind="controlled",
        number=display_number,
        revision=entry.document.revision,
        copy=copy.copy,
        holder=copy.holder,
        department=copy.department,
        issued=copy.issued,
        effective=entry.effective if early else None,
        code=copy_code(copy.statement, copy.seen),
    )


def copy_code(statement: str, seen: str) -> str:
    """What the code of a copy says: ``Q1``, the event that issued it, and what that had seen.

    Both are signed and published, so every clone gives the same, whatever was committed since.
    """
    digits = statement.partition(":")[2][:CODE_STATEMENT] + seen.partition(":")[2][:CODE_SEEN]
    return "Q1" + b32encode(bytes.fromhex(digits)).decode("ascii").rstrip("=")


def refuse_unmarkable(session: WorkSession, copies: Iterable[HeldCopy]) -> None:
    """Refuse copies that are about to be issued and whose mark could not be drawn.

    Raises `Refused` HOLDER-LONG, GLYPH-MISSING and whatever else keeps a stamp from its page.
    """
    printers = Hooks(session.policy.plugins, (TOOLS,))
    glyphs = own_glyphs(session.tree, session.policy_entry.listed)
    for copy in copies:
        entry = session.register.filings(copy.number, copy.content)[-1]
        document = entry.document
        policy = policy_of(session, entry).policy
        numbering, _ = spelling(session, policy, document.class_id)
        number = numbering.display(document.number, document.revision)
        signed = replace(copy, statement=_NO_ID, seen=_NO_ID)
        mark = replace(controlled_mark(entry, number, signed), glyphs=glyphs)
        for fault in printers.markable(mark):
            raise Refused(fault)
