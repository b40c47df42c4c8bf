"""The cut: where a governed file's signed bytes end and its signatures begin.

A Markdown file is OPEN, head, tail, CLOSE, body; a YAML file is head and tail. OPEN and CLOSE are
the line ``---``; the tail begins at the one line that starts with ``status:``. What is signed is
the digest of everything but the tail, raw bytes, nothing re-serialised. The cut is made on bytes,
before anything parses, and head and tail are then parsed apart: nothing that a parser believes
can move it.

The git mode is not in the bytes; who reads the tree looks at it.
"""

from dataclasses import dataclass, replace
from typing import Final

from qms.findings import Place, Reason, refused
from qms.formats.characters import PADDING
from qms.formats.digests import sha256
from qms.formats.encodings import is_wide, likely_encoding

RULER: Final = b"---\n"
"""The line that opens and closes the front matter of a Markdown file."""

_CLOSE: Final = "\n---\n"
_BOM: Final = b"\xef\xbb\xbf"
_STATUS: Final = b"\nstatus:"
_WIDE_STATUS: Final = "\nstatus：".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A governed file in its parts. `body` is None for a YAML file.

    `content` is the digest that is signed; `text` is the body as text; `head_line` and `tail_line`
    are the lines of the file (from 1) on which head and tail begin.
    """

    head: bytes
    tail: bytes
    body: bytes | None
    text: str
    content: str
    head_line: int
    tail_line: int


def check_bytes(data: bytes) -> str:
    """The text of a governed file: UTF-8, no BOM, no CR, the last byte is LF.

    Raises Refused BYTES-BOM, BYTES-UTF8, BYTES-CR or BYTES-LF, with the line.
    """
    if data.startswith(_BOM):
        raise refused("BYTES-BOM", Place(line=1))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        place = Place(line=_line(data, error.start))
        raise refused("BYTES-UTF8", place, encoding=likely_encoding(data)) from error
    if is_wide(data):
        raise refused("BYTES-UTF8", Place(line=1), encoding=likely_encoding(data))
    carriage = data.find(b"\r")
    if carriage >= 0:  # what a byte means is known only now
        raise refused("BYTES-CR", Place(line=_line(data, carriage)))
    if not data.endswith(b"\n"):
        raise refused("BYTES-LF", Place(line=_line(data, len(data))), Reason.NO_END)
    return text


def in_unix_lines(data: bytes) -> bytes:
    """The same text without a byte order mark, its lines and its end by LF alone.

    What is no UTF-8 stays as it is: nobody knows what a byte means there.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        return data
    plain = data.removeprefix(_BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return plain if plain.endswith(b"\n") else plain + b"\n"


def without_padding(data: bytes) -> bytes:
    """The same text without soft hyphens and the like, which nobody sees or typed.

    What is no UTF-8 stays as it is.
    """
    try:
        return data.decode().translate(PADDING).encode()
    except UnicodeDecodeError:
        return data


def is_markdown(data: bytes) -> bool:
    """Whether `data` opens with a ruler, as every governed Markdown file and no YAML file does."""
    return data.startswith(RULER)


def cut_markdown(data: bytes) -> Cut:
    """A Markdown file, cut.

    Raises Refused BYTES-… for its bytes, and CUT: no ``---`` line first, none after it, no
    ``status:`` line between them, or a second one; YAML-COLON for a full-width colon there.
    """
    text = check_bytes(data)
    if not data.startswith(RULER):
        raise refused("CUT", Place(line=1), Reason.UNDIVIDED, part="open")
    # Searched from OPEN's own line end on, so that an empty front matter closes at once.
    close = data.find(b"\n" + RULER, len(RULER) - 1) + 1
    if close == 0:
        raise refused("CUT", Place(line=1), Reason.UNDIVIDED, part="close")
    front = data[len(RULER) : close]
    status = _status_line(front, 2)
    body = data[close + len(RULER) :]
    head = front[:status]
    return Cut(
        head=head,
        tail=front[status:],
        body=body,
        text=text[text.find(_CLOSE, len(RULER) - 1) + len(_CLOSE) :],  # the same place
        content=sha256(RULER + head + RULER + body),
        head_line=2,
        tail_line=2 + head.count(b"\n"),
    )


def cut_yaml(data: bytes) -> Cut:
    """A YAML file with slots or events, cut.

    Raises Refused BYTES-…, CUT (`status:` line), YAML-COLON.
    """
    check_bytes(data)
    status = _status_line(data, 1)
    head = data[:status]
    return Cut(
        head=head,
        tail=data[status:],
        body=None,
        text="",
        content=sha256(head),
        head_line=1,
        tail_line=1 + head.count(b"\n"),
    )


def join(cut: Cut) -> bytes:
    """The file whose parts `cut` holds: the inverse of cutting."""
    if cut.body is None:
        return cut.head + cut.tail
    return RULER + cut.head + cut.tail + RULER + cut.body


def with_tail(data: bytes, tail: bytes) -> bytes:
    """The file `data` with another tail; its content stays what it was.

    Raises Refused as cutting does, for `data` and for what comes out.
    """
    cut = cut_markdown if is_markdown(data) else cut_yaml
    old = cut(data)
    new = join(replace(old, tail=tail))
    if cut(new).content != old.content:
        raise refused("CUT", Place(line=old.tail_line), Reason.UNDIVIDED, part="tail")
    return new


def _status_line(front: bytes, first_line: int) -> int:
    """Where the one line that starts with ``status:`` begins in `front`."""
    first = (b"\n" + front).find(_STATUS)
    if first < 0:
        wide = (b"\n" + front).find(_WIDE_STATUS)
        if wide >= 0:
            line = first_line + front.count(b"\n", 0, wide)
            raise refused("YAML-COLON", Place(line=line), key="status")
        raise refused("CUT", Place(line=first_line), Reason.UNDIVIDED, part="status-missing")
    second = front.find(_STATUS, first) + 1
    if second:
        line = first_line + front.count(b"\n", 0, second)
        raise refused("CUT", Place(line=line), Reason.UNDIVIDED, part="status-twice")
    return first


def _line(data: bytes, offset: int) -> int:
    """The line (from 1) of the byte at `offset`."""
    return data.count(b"\n", 0, offset) + 1
