"""Slips of the hand in a head: what a reader stumbles over, told as what somebody did.

A full-width blank, a line that is indented, a status that slid up among the other fields: each
makes a reader complain of something else, often a line away. Nothing here decides whether a file is
well formed. Where its reader refused it, `slip` looks for the slip behind that, and `mended` undoes
those that can be undone without knowing what somebody meant.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final, NamedTuple

from qms.findings import Finding, Reason

BLANKS: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Blanks that are none to YAML, as a character class: of no-break, of full width, thin ones."""

_ODD: Final = re.compile(f"[{BLANKS}]")
_LINE: Final = re.compile(f"([ {BLANKS}]*)((?:- +)?)([a-z][a-z0-9_]*)([ {BLANKS}]*)([:：])(.*)")
_KEY: Final = re.compile(r"([a-z][a-z0-9_]*):(?:\s|\Z)")
_LOST: Final = (Reason.NO_KEY, Reason.OVER_LINES, Reason.NO_FIELDS, Reason.NOT_YAML)
"""What a reader of YAML complains of that lost its way; it may tell the line above or below."""
_OF_ENDS: Final = (Reason.UNDIVIDED, Reason.NO_TAIL, Reason.WRONG_FIELD)
"""What readers complain of where the status, or the end of the head, is not where it belongs."""
_NEAR: Final = 2
_OF_TAIL: Final = ("status", "approvals", "events")
_RULER: Final = "---"


class _Front(NamedTuple):
    """The lines between the two rulers, and the line of the file on which the first one stands."""

    lines: Sequence[str]
    first: int
    is_closed: bool

    @property
    def status(self) -> int | None:
        """Which of the lines is the status."""
        found = (at for at, line in enumerate(self.lines) if line.startswith("status:"))
        return next(found, None)


def slip(found: Finding, data: bytes) -> Finding:
    """The slip that made a reader refuse `data` with `found`; else `found` itself."""
    if found.reason in (Reason.UNDIVIDED, Reason.NO_END) and not data.strip():
        return _told(found, "BYTES-EMPTY", 1)
    front = _front(data)
    if front is None:
        return found
    if found.reason in _OF_ENDS:
        return _of_tail(found, front) or found
    if found.reason in _LOST:
        return next(_of_line(found, front), found)
    return found


def mended(data: bytes, names: Collection[str]) -> bytes:
    """The same text with plain colons and blanks behind the keys `names`, and its status last.

    Behind the keys that are indented below one of them too, such as the days of `legacy`.

    What is no UTF-8 stays as it is, and so does what has no front matter.
    """
    front = _front(data)
    if front is None or not front.is_closed or front.first == 1:
        return data
    lines = list(_plainly(front.lines, {*names, *_OF_TAIL}))
    status = front._replace(lines=lines).status
    if status is not None and _below(lines, status):
        tail = [at for at in range(len(lines)) if _is_of_tail(lines, at)]
        head = [line for at, line in enumerate(lines) if at not in tail]
        lines = [*head, *(lines[at] for at in tail)]
    text = data.decode().split("\n")
    return "\n".join((_RULER, *lines, *text[len(lines) + 1 :])).encode()


def _front(data: bytes) -> _Front | None:
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        return None
    if lines[0] != _RULER:
        return _Front(lines, 1, is_closed=True)
    inside = list(takewhile(_RULER.__ne__, lines[1:]))
    return _Front(inside, 2, is_closed=len(inside) < len(lines) - 1)


def _told(found: Finding, code: str, line: int, /, **values: str) -> Finding:
    place = found.place._replace(line=line, field="")
    return replace(found, code=code, place=place, values=values, reason=None)


def _of_tail(found: Finding, front: _Front) -> Finding | None:
    """What a slip about the status, or the end of the head, is called."""
    status, lines = front.status, front.lines
    if status is None or front.first == 1:
        return None
    behind = status + 2
    while behind < len(lines) and lines[behind].startswith("  "):
        behind += 1
    is_cut = found.reason is Reason.UNDIVIDED or not front.is_closed
    is_over = is_cut and behind < len(lines) and not _KEY.match(lines[behind])
    if lines[status + 1 : status + 2] and _KEY.match(lines[status + 1]) and is_over:
        return _told(found, "HEAD-OPEN", front.first + behind)
    below = _below(lines, status)
    if below:
        last = str(front.first + below[-1])
        values = {"first": str(front.first + below[0]), "last": last}
        return _told(found, "STATUS-ABOVE", front.first + status, **values)
    if found.reason is Reason.NO_TAIL and found.place.line == front.first + status:
        word = lines[status].removeprefix("status:").strip()
        return _told(found, "STATUS-WORD", found.place.line, found=word)
    return None


def _below(lines: Sequence[str], status: int) -> list[int]:
    """The fields of the head that stand below the status."""
    keys = ((at, _KEY.match(line)) for at, line in enumerate(lines) if at > status)
    return [at for at, key in keys if key is not None and key[1] not in _OF_TAIL]


def _is_of_tail(lines: Sequence[str], at: int) -> bool:
    """Whether a line is the status, or a list of signatures or one of its lines."""
    while at and lines[at].startswith("  "):
        at -= 1
    key = _KEY.match(lines[at])
    return key is not None and key[1] in _OF_TAIL


def _of_line(found: Finding, front: _Front) -> Iterator[Finding]:
    """The first line with a blank that is none to YAML, or that is indented for no reason."""
    above = ""
    for at, line in enumerate(front.lines, front.first):
        match = _LINE.fullmatch(line)
        if match is not None and abs(at - found.place.line) <= _NEAR:
            behind = match[6][: len(match[6]) - len(match[6].lstrip(f" {_SPELLED}"))]
            odd = _ODD.search(match[1] + match[4] + behind)
            if odd is not None:
                column = _ODD.search(line)
                values = {"key": match[3], "found": f"U+{ord(odd[0]):04X}"}
                values["at"] = str(0 if column is None else column.start() + 1)
                yield _told(found, "YAML-BLANK", at, **values)
            if match[1] and not match[2] and _ends(above, match[1]):
                yield _told(found, "YAML-INDENT", at, key=match[3], count=str(len(match[1])))
        above = line if line.strip() else above


_SPELLED: Final = "".join(
    chr(one) for one in (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
)


def _ends(above: str, indent: str) -> bool:
    """Whether the line above is whole by itself, so that nothing indented belongs to it."""
    if not above:
        return True
    match = _LINE.fullmatch(above)
    value = "" if match is None else match[6].strip()
    begins = 0 if match is None else len(match[1]) + len(match[2])
    return match is not None and begins < len(indent) and value not in {"", "|", "|-", "|+"}


def _plainly(lines: Sequence[str], names: Collection[str]) -> Iterator[str]:
    is_mapping = False
    for line in lines:
        if line.startswith(" "):
            inner = line.lstrip(" ")
            yield line.removesuffix(inner) + _plain(inner) if is_mapping else line
            continue
        yield (plain := _plain(line, names))
        key, colon, value = plain.partition(":")
        is_mapping = bool(colon) and key in names and not value.strip()


def _plain(line: str, names: Collection[str] | None = None) -> str:
    """The line with a plain colon and blank behind its key, if it is one of `names`, or any."""
    match = _LINE.fullmatch(line)
    if match is None or match[2] or (names is not None and match[3] not in names):
        return line
    if match[1].strip(_SPELLED):
        return line
    value = match[6].strip(f" {_SPELLED}")
    is_plain = match[5] == ":" and not _ODD.search(line[: match.start(6)])
    if is_plain and not _ODD.match(match[6].lstrip(" ")):
        return line
    return f"{match[3]}: {value}".rstrip()
