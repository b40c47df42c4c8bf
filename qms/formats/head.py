"""A governed file's head: the mapping above the cut, read apart from everything else."""

from dataclasses import replace
from typing import Final

from qms.findings import Place, Reason, Refused, refused
from qms.formats.comments import comments_behind
from qms.formats.cut import Cut
from qms.formats.strict_yaml import Value, load

TAIL_KEYS: Final = ("status", "approvals", "events")
"""Keys that belong to the tail; a head has none of them."""


def read_head(cut: Cut) -> dict[str, Value]:
    """The head's mapping, strictly read; raises as `parse_head` does."""
    return parse_head(cut.head, cut.head_line, is_document=cut.body is not None)


def parse_head(data: bytes, first_line: int, *, is_document: bool) -> dict[str, Value]:
    """The mapping in a head that begins at a line of its file; so are lines of what is refused.

    Raises what the strict loader raises, and CUT where the head has a key of the tail; before them
    YAML-COMMENT where a comment cuts a value of a document: all of those are printed.
    """
    if is_document:
        for comment in comments_behind(data, first_line):
            raise Refused(comment)
    try:
        head = load(data)
    except Refused as error:
        place = error.finding.place
        if not place.line:
            raise
        moved = place._replace(line=place.line + first_line - 1)
        raise Refused(replace(error.finding, place=moved)) from error
    for key in TAIL_KEYS:
        if key in head:
            raise refused("CUT", Place(field=key, line=first_line), Reason.UNDIVIDED, part="head")
    return head
