"""The mark of a numbered copy, and what its code says: as its paper has it, whenever it is printed.

It is drawn once before the copy is issued, too: what can't be drawn is refused before it is signed.
"""

from base64 import b32encode
from typing import Final

from qms.domain.kinds.held_copy import HeldCopy
from qms.domain.kinds.recorded import Released
from qms.printing import StampRequest

CODE_STATEMENT: Final = 32
CODE_SEEN: Final = 20
"""Hex digits in a copy's code: 128 bits of the statement, 80 of the commit that it had seen."""


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
