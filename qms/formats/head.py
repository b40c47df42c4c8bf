"""A governed file's head: the mapping above the cut, read apart from everything else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from qms.findings import Place, Reason, Refused, refused
from qms.formats import caps
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


def refuse_unbounded(keys: Mapping[str, Value]) -> None:
    """Raise `Refused` LIMIT where keys that plugins have brought hold more than anybody prints.

    Their types are a plugin's, which bounds nothing; the way to each text is written before it, and
    so 64 KiB become hundreds of megabytes.
    """
    found = 0
    for key, value in keys.items():
        for way in _ways(value, len(key)):
            found += 1
            if way > caps.HEAD_WAY:
                raise caps.over("way", way, caps.HEAD_WAY, Place(field=key))
            if found > caps.HEAD_TEXTS:
                raise caps.over("texts", found, caps.HEAD_TEXTS, Place(field=key))


def _ways(value: Value, length: int) -> Iterator[int]:
    """How long the way is to each text in a value, to which it is `length` long."""
    if isinstance(value, str) or not value:
        yield length
        return
    inside = value.items() if isinstance(value, dict) else enumerate(value, 1)
    for key, one in inside:
        yield from _ways(one, length + 1 + len(str(key)))
