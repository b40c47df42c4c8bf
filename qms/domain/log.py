"""A growing list: a head that never changes, and events that are only added."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from qms.findings import Finding, Place, Refused
from qms.formats import cut, slots
from qms.formats.head import read_head
from qms.formats.paths import ACTS_FORM, COPY_FORM, REJECTS_FORM
from qms.formats.portable import Portable
from qms.formats.schema import Field, Record, Type, read, record, text
from qms.formats.slots import Slot, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Log(Portable):
    """A growing list, such as the life of one copy; `content` is the digest of its head.

    What its kind's path has no name for is empty. `head` has the further keys of the kind's own, if
    it has some.
    """

    kind: str
    number: str
    class_id: str = ""
    revision: str = ""
    copy: str = ""
    content: str
    events: tuple[Slot, ...]
    head: Record | None = field(default=None, repr=False, compare=False)

    @property
    def about(self) -> str:
        """What findings about it are folded by."""
        named = (self.kind, self.number, self.revision, self.copy)
        return " ".join(one for one in named if one)

    @property
    def stated_kind(self) -> str:
        """The kind that its statements name: what happens to a revision is about a document."""
        return "document" if self.kind in (ACTS, REJECTS) else self.kind

    @property
    def subject(self) -> Subject:
        """What each event must name."""
        return Subject(
            kind=self.stated_kind,
            number=self.number,
            class_=self.class_id or None,
            revision=self.revision or None,
            copy=self.copy or None,
        )


ACTS: Final = "acts"
"""The list of what happened to a released revision later."""
REJECTS: Final = "rejects"
"""The list of a number's rejections, each with the statements of its round that it reaches."""

_NUMBER: Final = Field("number", text(max_length=200))
_CLASS: Final = Field("class", text(max_length=64))
_REVISION: Final = Field("revision", text(max_length=64))
_COPY: Final = Field("copy", text(max_length=64, like='"003"'))
NAMES: Final = MappingProxyType({one.name: one for one in (_NUMBER, _CLASS, _REVISION, _COPY)})
"""The keys of a head that give a list its place, and its statements their subject."""


def log_head(names: Iterable[str], *more: Field[object]) -> Type[Record]:
    """The keys of a list's head: those that its path names, and further ones; it never changes."""
    return record(*(NAMES[name] for name in names), *more)


COPY_HEAD: Final = log_head(COPY_FORM.names)
"""The keys of a copy's head."""


CONTENT: Final = Field("content", text(pattern=r"sha256:[0-9a-f]{64}", like="sha256:…"))
"""Which text a list of acts is about: another one may claim the same string."""
ACTS_HEAD: Final = log_head(ACTS_FORM.names, CONTENT)
REJECTS_HEAD: Final = log_head(REJECTS_FORM.names)


def parse_copy(data: bytes) -> Log:
    """The life of a copy in the bytes of its file; raises `Refused` for anything else."""
    return parse_log(data, "copy", COPY_HEAD)


def parse_log(data: bytes, kind: str, head: Type[Record]) -> Log:
    """The list of a kind in the bytes of its file; raises `Refused` for anything else."""
    parts = cut.cut_yaml(data)
    row = read(head, read_head(parts)).value
    tail = slots.parse_tail(parts.tail, parts.tail_line)
    if not tail.log:
        values = {"found": tail.status, "expected": "log"}
        raise Refused(Finding("TAIL", Place(line=parts.tail_line), values))
    number, class_id, revision, copy = (
        row.text(name) if name in row else "" for name in ("number", "class", "revision", "copy")
    )
    return Log(
        kind=kind,
        number=number,
        class_id=class_id,
        revision=revision,
        copy=copy,
        content=parts.content,
        events=tail.slots,
        head=row if any(name not in NAMES for name in row) else None,
    )
