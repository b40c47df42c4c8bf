"""A growing list: a head that never changes, and events that are only added."""

from dataclasses import dataclass
from typing import Final

from qms.findings import Finding, Place, Refused
from qms.formats import cut, slots
from qms.formats.head import read_head
from qms.formats.schema import Field, read, record, text
from qms.formats.slots import Slot, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The life of one copy of one revision; `content` is the digest of its head."""

    number: str
    class_id: str
    revision: str
    copy: str
    content: str
    events: tuple[Slot, ...]

    @property
    def about(self) -> str:
        """What findings about it are folded by."""
        return f"copy {self.number} {self.revision} {self.copy}"

    @property
    def subject(self) -> Subject:
        """What each event must name."""
        return Subject(
            kind="copy",
            number=self.number,
            class_=self.class_id,
            revision=self.revision,
            copy=self.copy,
        )


_NUMBER = Field("number", text(max_length=200))
_CLASS = Field("class", text(max_length=64))
_REVISION = Field("revision", text(max_length=64))
_COPY = Field("copy", text(max_length=64, like='"003"'))
HEAD: Final = record(_NUMBER, _CLASS, _REVISION, _COPY)
"""The keys of a copy's head; it never changes."""


def parse_log(data: bytes) -> Log:
    """The log in the bytes of a copy's file; raises `Refused` for anything else."""
    parts = cut.cut_yaml(data)
    head = read_head(parts)
    row = read(HEAD, head).value
    tail = slots.parse_tail(parts.tail, parts.tail_line)
    if not tail.log:
        values = {"found": tail.status, "expected": "log"}
        raise Refused(Finding("TAIL", Place(line=parts.tail_line), values))
    return Log(
        number=row[_NUMBER],
        class_id=row[_CLASS],
        revision=row[_REVISION],
        copy=row[_COPY],
        content=parts.content,
        events=tail.slots,
    )
