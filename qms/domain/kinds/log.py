"""A growing list: a head that never changes, and events that are only added."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from qms.domain.kinds.named_head import NAMES, NamedHead, tail_of
from qms.findings import Place, refused
from qms.formats import cut
from qms.formats.merge_markers import naming_conflicts
from qms.formats.paths import ACTS_FORM, COPY_FORM, REJECTS_FORM
from qms.formats.portable import Portable
from qms.formats.schema import Field, RecordType, Row, record, text
from qms.formats.slots import LOG, Statement, Subject, statements_in
from qms.formats.strict_yaml import Value

ACTS: Final = "acts"
"""The list of what happened to a released revision later."""
REJECTS: Final = "rejects"
"""The list of a number's rejections, each with the statements of its round that it reaches."""


class Titled:
    """What a head has by which a text or a list of a kind is found, and its statements name it."""

    __slots__ = ()

    kind: str
    number: str
    class_id: str
    revision: str
    copy: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Its kind, number and revision: what the register keeps it under."""
        return self.kind, self.number, self.revision

    @property
    def about(self) -> str:
        """What findings about it are folded by."""
        named = (self.kind, self.number, self.revision, self.copy)
        return " ".join(one for one in named if one)

    @property
    def stated_kind(self) -> str:
        """The kind that its statements name."""
        return self.kind

    @property
    def subject(self) -> Subject:
        """What each of its statements must name."""
        return Subject(
            kind=self.stated_kind,
            number=self.number,
            class_=self.class_id or None,
            revision=self.revision or None,
            copy=self.copy or None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Log(Titled, Portable):
    """A growing list, such as the life of one copy; `content` is the digest of its head.

    What its kind's path has no name for is empty. `head` has the further keys of the kind's own, if
    it has some. `about_kind` is what its statements are about, where that is of another kind.
    """

    kind: str
    about_kind: str = ""
    number: str
    class_id: str = ""
    revision: str = ""
    copy: str = ""
    content: str
    events: tuple[Statement, ...]
    head: Row | None = field(default=None, repr=False, compare=False)

    @property
    def stated_kind(self) -> str:
        """The kind that its statements name: what happens to a revision is about a document."""
        return "document" if self.kind in (ACTS, REJECTS) else self.about_kind or self.kind

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What is signed: all its events."""
        return self.events


_IN_SUBJECT: Final = ("number", "class", "revision", "copy")


def log_head(names: Collection[str], *more: Field[object]) -> RecordType:
    """The keys of a list's head: those that its path names, and further ones; it never changes.

    In the order of `NAMES`, whatever the order of the path; then the others.
    """
    return record(*(one for name, one in NAMES.items() if name in names), *more)


COPY_HEAD: Final = log_head(COPY_FORM.names)
"""The keys of a copy's head."""


CONTENT: Final = Field("content", text(pattern=r"sha256:[0-9a-f]{64}", like="sha256:…"))
"""Which text a list of acts is about: another one may claim the same string."""
ACTS_HEAD: Final = log_head(ACTS_FORM.names, CONTENT)
REJECTS_HEAD: Final = log_head(REJECTS_FORM.names)


def render_head(head: RecordType, values: Mapping[str, Value]) -> bytes:
    """The one spelling of a list's head: a line a key, in the kind's order.

    Texts stand in double quotes as canonical JSON has them, numbers, true and false plain, lists
    and records on one line. So two heads for one place differ by what they say, or not at all.
    Raises TypeError where a field has no such spelling.
    """
    rows = head.rows()
    if rows is None:
        raise TypeError("a field of this head has no one spelling")
    lines = (f"{name}: {spell(values[name])}\n" for name, spell in rows.items() if name in values)
    return "".join(lines).encode()


def check_head(head: RecordType, values: Mapping[str, Value], parts: cut.Cut) -> None:
    """Raises `Refused` HEAD-SPELLING where a list's head isn't in its one spelling."""
    wanted = render_head(head, values)
    if parts.head == wanted:
        return
    pairs = zip_longest(parts.head.splitlines(keepends=True), wanted.splitlines(keepends=True))
    line, both = next(
        (at, pair) for at, pair in enumerate(pairs, parts.head_line) if pair[0] != pair[1]
    )
    found, expected = ((one or b"").decode().rstrip("\n")[:80] for one in both)
    raise refused("HEAD-SPELLING", Place(line=line), found=found, expected=expected)


def parse_copy(data: bytes) -> Log:
    """The life of a copy in the bytes of its file; raises `Refused` for anything else."""
    return parse_log(data, "copy", COPY_HEAD)


@naming_conflicts
def parse_log(data: bytes, kind: str, head: RecordType, about_kind: str = "") -> Log:
    """The list of a kind in the bytes of its file; raises `Refused` for anything else."""
    parts = cut.cut_yaml(data)
    found = NamedHead.of(head, parts)
    check_head(head, found.values, parts)
    tail = tail_of(parts, (LOG,))
    return Log(
        kind=kind,
        about_kind=about_kind,
        number=found.number,
        class_id=found.class_id,
        revision=found.revision,
        copy=found.copy,
        content=parts.content,
        events=statements_in(tail.slots),
        head=found.row if any(name not in _IN_SUBJECT for name in found.row) else None,
    )
