"""The tail of a governed file: its status word and its slots, line by line.

Each line is fixed text, one space and canonical JSON; a tail is byte-equal to its rendering, so
there is no room for comments, other keys or other spacing. Growing lists hold one event a line:
two appends on two branches are settled by keeping both lines.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import lt
from typing import Final, NamedTuple, TypeVar

from qms.findings import Place, Reason, Refused, refused
from qms.formats import caps
from qms.formats.encodings import likely_encoding
from qms.formats.statement_json import parse_event, parse_lines, render_event, render_lines
from qms.formats.statements import (
    DATA_KEYS,
    EVENT_STEP,
    REASON_ACTS,
    Base,
    Notice,
    Slot,
    Statement,
    Subject,
    Wording,
    check_data,
    check_statement,
    statements_in,
)

__all__ = [
    "DATA_KEYS",
    "EVENT_STEP",
    "LOG",
    "REASON_ACTS",
    "STATUS_WORDS",
    "Base",
    "Notice",
    "Slot",
    "Statement",
    "Subject",
    "Tail",
    "Wording",
    "check_data",
    "check_statement",
    "in_order",
    "parse_event",
    "parse_tail",
    "render_event",
    "render_tail",
    "statements_in",
]

S = TypeVar("S", bound=Slot)

LOG: Final = "log"
"""The status word of every growing list."""

STATUS_WORDS: Final = frozenset(
    ("draft", "in-review", "approved", "published", "signed", "open", "closed", LOG)
)
"""All words a status line may have; which of them a kind of file has, its rules say."""

_NAMES: Final = (
    "  - act: ",
    "    step: ",
    "    role: ",
    "    person: ",
    "    at: ",
    "    signed: ",
)
_FIELDS: Final = tuple(name.strip("- :") for name in _NAMES)
_EVENT: Final = "  - "


class Tail(NamedTuple):
    """What stands under the cut. `log` tells a growing list (events) from a chain (approvals)."""

    status: str
    slots: tuple[Slot, ...] = ()
    log: bool = False


def parse_tail(data: bytes, first_line: int = 1) -> Tail:
    """The tail that `data` spells; `first_line` is its line in the file, for messages.

    Raises Refused TAIL where lines are not as a tail has them or slots not in their order, LIMIT
    for more than `qms.formats.caps` allows,
    NOT-CANONICAL for JSON in another spelling, SLOT-FORM, TIME-FORM, DIGEST-FORM or GIT-ID-FORM
    for a value that its field can't hold.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = first_line + data.count(b"\n", 0, error.start)
        raise refused("BYTES-UTF8", Place(line=line), encoding=likely_encoding(data)) from error
    lines = text.split("\n")
    if lines.pop() or len(lines) < 2:  # noqa: PLR2004
        place = Place(line=first_line + len(lines))
        raise refused("TAIL", place, Reason.NO_TAIL, expected="approvals:", found="")
    name, _, status = lines[0].partition(" ")
    if name != "status:" or status not in STATUS_WORDS:
        raise refused(
            "TAIL",
            Place(line=first_line),
            Reason.NO_TAIL,
            expected="status: …",
            found=lines[0][:60],
        )
    is_log = status == LOG
    key = "events" if is_log else "approvals"
    if lines[1] == f"{key}: []" and len(lines) == 2:  # noqa: PLR2004
        return Tail(status, (), is_log)
    if lines[1] != f"{key}:" or len(lines) == 2:  # noqa: PLR2004
        raise refused(
            "TAIL",
            Place(line=first_line + 1),
            Reason.NO_TAIL,
            expected=f"{key}:",
            found=lines[1][:60],
        )
    read = _parse_events if is_log else _parse_slots
    return Tail(status, read(lines, first_line), is_log)


def render_tail(tail: Tail) -> bytes:
    """The bytes that `tail` is written as. Raises Refused, as parsing them would."""
    key = "events" if tail.log else "approvals"
    lines = [f"status: {tail.status}\n", f"{key}:\n" if tail.slots else f"{key}: []\n"]
    if tail.log:
        lines.extend(f"{_EVENT}{render_event(slot)}\n" for slot in statements_in(tail.slots))
    else:
        for slot in tail.slots:
            lines.extend(map("{}{}\n".format, _NAMES, render_lines(slot)))
    data = "".join(lines).encode()
    parse_tail(data)
    return data


def in_order(slots: Iterable[S]) -> tuple[S, ...]:
    """The slots as a tail of approvals must list them: by round, step, person, statement id.

    Slots that wait for a signature belong to the last round, and stand behind the signed ones of
    their person. So the same slots have one order, whichever branch they came from.
    """
    listed = tuple(slots)
    last = max((slot.round for slot in statements_in(listed)), default=1)
    keys = [_order(slot, last) for slot in listed]
    if all(map(lt, keys, keys[1:])):
        return listed
    if len(set(keys)) < len(keys):
        tied = {key for key, count in Counter(keys).items() if count > 1}
        keys = [
            (*key, *_tie(slot)) if key in tied else key
            for key, slot in zip(keys, listed, strict=True)
        ]
    places = sorted(range(len(listed)), key=keys.__getitem__)
    return tuple(listed[place] for place in places)


def _order(slot: Slot, last_round: int) -> tuple[int | str | bytes, ...]:
    number = slot.round if isinstance(slot, Statement) else last_round
    return number, int(slot.step), slot.person.encode()


def _tie(slot: Slot) -> tuple[int, str, str]:
    """What orders several slots of one person at one step of one round."""
    if isinstance(slot, Notice):
        return 1, slot.act, slot.role or ""
    return 0, slot.id, slot.signature


def _parse_slots(lines: Sequence[str], first_line: int) -> tuple[Slot, ...]:
    count, rest = divmod(len(lines) - 2, len(_NAMES))
    slots: list[Slot] = []
    for number in range(count):
        start = 2 + number * len(_NAMES)
        values = _slot_lines(lines, start, first_line)
        try:
            slots.append(parse_lines(values))
        except Refused as error:
            raise _placed(error, f"approvals.{number}.", first_line + start) from error
    if rest:
        line = 2 + count * len(_NAMES)
        _slot_lines(lines, line, first_line)
        place = Place(line=first_line + len(lines))
        raise refused("TAIL", place, Reason.NO_TAIL, expected=_NAMES[rest], found="")
    ordered = in_order(slots)
    for number, (slot, wanted) in enumerate(zip(slots, ordered, strict=True)):
        if slot is not wanted:
            place = Place(field=f"approvals.{number}", line=first_line + 2 + number * len(_NAMES))
            raise refused(
                "TAIL",
                place,
                Reason.NO_TAIL,
                expected=f"{wanted.step} {wanted.person}",
                found=f"{slot.step} {slot.person}",
            )
    return tuple(slots)


def _slot_lines(lines: Sequence[str], start: int, first_line: int) -> tuple[str, ...]:
    """What stands behind the names of one slot's lines, as far as there are lines."""
    values: list[str] = []
    for offset, (name, line) in enumerate(
        zip(_NAMES, lines[start : start + len(_NAMES)], strict=False)
    ):
        if not line.startswith(name):
            place = Place(line=first_line + start + offset)
            raise refused("TAIL", place, Reason.NO_TAIL, expected=name, found=line[:60])
        values.append(line[len(name) :])
    return tuple(values)


def _parse_events(lines: Sequence[str], first_line: int) -> tuple[Statement, ...]:
    if len(lines) - 2 > caps.EVENTS:
        raise caps.over("events", len(lines) - 2, caps.EVENTS, Place(line=first_line))
    events: list[Statement] = []
    for number, line in enumerate(lines[2:]):
        if not line.startswith(_EVENT):
            place = Place(line=first_line + 2 + number)
            raise refused("TAIL", place, Reason.NO_TAIL, expected=_EVENT, found=line[:60])
        try:
            events.append(parse_event(line[len(_EVENT) :]))
        except Refused as error:
            raise _placed(error, f"events.{number}.", first_line + 2 + number) from error
    return tuple(events)


def _placed(error: Refused, prefix: str, line: int) -> Refused:
    """The same refusal, with the place in the file instead of that in the slot."""
    name = error.finding.place.field
    if prefix.startswith("approvals"):
        line += _FIELDS.index(name) if name in _FIELDS else len(_FIELDS) - 1
    field = (prefix + name).rstrip(".")
    return Refused(replace(error.finding, place=Place(field=field, line=line)))
