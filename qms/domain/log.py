"""A growing list: a head that never changes, and events that are only added."""

from dataclasses import dataclass

from qms.findings import Finding, Place, Refused
from qms.formats import cut, slots
from qms.formats.head import read_head
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


KEYS = ("number", "class", "revision", "copy")


def parse_log(data: bytes) -> Log:
    """The log in the bytes of a copy's file; raises `Refused` for anything else."""
    parts = cut.cut_yaml(data)
    head = read_head(parts)
    for key in KEYS:
        if not isinstance(head.get(key), str) or not head[key]:
            raise Refused(Finding("FIELD-MISSING", Place(field=key), {"key": key}))
    for key in head:
        if key not in KEYS:
            raise Refused(Finding("FIELD-UNKNOWN", Place(field=key), {"key": key}))
    tail = slots.parse_tail(parts.tail, parts.tail_line)
    if not tail.log:
        raise Refused(Finding("TAIL", Place(line=parts.tail_line), {"found": tail.status}))
    number, class_id, revision, copy = (str(head[key]) for key in KEYS)
    return Log(
        number=number,
        class_id=class_id,
        revision=revision,
        copy=copy,
        content=parts.content,
        events=tail.slots,
    )
