"""A governed file's head: the mapping above the cut, read apart from everything else."""

from dataclasses import replace
from typing import Final

from qms.findings import Place, Refused, refused
from qms.formats.cut import Cut
from qms.formats.strict_yaml import Value, load

TAIL_KEYS: Final = ("status", "approvals", "events")
"""Keys that belong to the tail; a head has none of them."""


def read_head(cut: Cut) -> dict[str, Value]:
    """The head's mapping, strictly read; lines of what is refused are lines of the file.

    Raises what the strict loader raises, and CUT where the head has a key of the tail.
    """
    try:
        head = load(cut.head)
    except Refused as error:
        place = error.finding.place
        if not place.line:
            raise
        moved = replace(place, line=place.line + cut.head_line - 1)
        raise Refused(replace(error.finding, place=moved)) from error
    for key in TAIL_KEYS:
        if key in head:
            raise refused("CUT", Place(field=key, line=cut.head_line), part="head")
    return head
