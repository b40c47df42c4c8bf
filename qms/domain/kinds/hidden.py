"""Characters in a document that nobody sees: each line that has one is told, not only the first.

A text pasted from a word processor may have a soft hyphen in each of its lines.
"""

from collections.abc import Iterator
from typing import Final

from qms.findings import Finding, Place, Reason
from qms.formats.characters import beside, first_forbidden

_TOLD: Final = 20
"""Lines that are told one by one."""


def hidden_lines(text: str, first_line: int) -> Iterator[Finding]:
    """UNICODE for each line with such a character, and UNICODE-MORE for what is beyond twenty."""
    if first_forbidden(text.replace("\n", " ").replace("\t", " ")) is None:
        return
    told, more = 0, 0
    for at, line in enumerate(text.split("\n"), first_line):
        match = first_forbidden(line.replace("\t", " "))
        if match is None:
            continue
        told += 1
        if told > _TOLD:
            more = more or at
        else:
            values = {"found": f"U+{ord(match[0]):04X}", "beside": beside(line, match.start())}
            yield Finding("UNICODE", Place(line=at), values, reason=Reason.HIDDEN)
    if more:
        yield Finding("UNICODE-MORE", Place(line=more), {"count": str(told - _TOLD)})
