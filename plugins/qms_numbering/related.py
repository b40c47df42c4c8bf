"""The numbers that a draft names as related: that each is one, and of a document there is.

Only texts that are still written are looked at: what a released revision named was right in its
day, and what it named may be gone since.
"""

import re
from collections.abc import Iterator
from typing import Final

from qms.api import (
    NUMBERS,
    Change,
    Document,
    Finding,
    Place,
    Refused,
    ShellText,
    Step,
    document_path,
    near_numbers,
)

_MARKS: Final = re.compile(r"\s*([，、；;,])\s*")
_QUOTES: Final = "“”‘’「」\"'"
_LOOKED_UP: Final = 20
"""For so many unknown numbers of one text those that come near are looked for: it takes a while."""


def related_faults(change: Change, step: Step) -> Iterator[Finding]:
    """RELATED-JOINED and RELATED-UNKNOWN for a working text that isn't released."""
    document = change.document
    if document is None or document.status == "published":
        return
    unknown = 0
    for at, found in enumerate(document.related):
        place = Place(field=f"related.{at}")
        joined = _MARKS.search(found)
        if joined is not None:
            values = {"found": found, "sign": joined[1], "like": ShellText(_parted(document))}
            yield Finding("RELATED-JOINED", place, values, document.about)
        elif found.strip(_QUOTES) == found and not is_there(step, found):
            unknown += 1
            numbers = step.after.index(NUMBERS) if unknown <= _LOOKED_UP else ()
            values = {"found": found, "close": ", ".join(near_numbers(numbers, found)) or "-"}
            yield Finding("RELATED-UNKNOWN", place, values, document.about)


def _parted(document: Document) -> str:
    parts = [one for found in document.related for one in _MARKS.split(found)[::2] if one]
    return f"related: [{', '.join(parts)}]"


def is_there(step: Step, number: str) -> bool:
    """Whether anything has the number: what is released has a working text too, at its place."""
    for class_id in step.policy.classes:
        try:
            if step.tree.entry(document_path(class_id, number)) is not None:
                return True
        except Refused:  # nothing may be called so
            return False
    return number in step.after.index(NUMBERS)
