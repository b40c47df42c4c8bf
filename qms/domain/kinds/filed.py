"""A text of a plugin's own kind that is signed as a whole, as a document is: head, body, slots.

What such texts say is the plugin's affair; that they are signed, filed and kept is the core's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qms.domain.kinds.log import Titled, names_in
from qms.findings import Place, Reason, refused
from qms.formats import cut, slots
from qms.formats.head import read_head
from qms.formats.merge_markers import naming_conflicts
from qms.formats.schema import RecordType, Row, read
from qms.formats.slots import Slot, Statement, statements_in
from qms.formats.strict_yaml import Value

APPROVED = "approved"
"""The word of a text whose whole chain has signed."""
_WORDS = ("draft", "in-review", APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledText(Titled):
    """A text of a kind of its own; `content` is the digest of what is signed: head and body.

    What its kind's path has no name for is empty; `facts` are all keys of its head, with types.
    """

    kind: str
    number: str
    class_id: str = ""
    revision: str = ""
    copy: str = ""
    content: str
    body: str = field(repr=False)
    status: str
    slots: tuple[Slot, ...]
    head: Mapping[str, Value] = field(repr=False, compare=False)
    facts: Row = field(repr=False, compare=False)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What is signed."""
        return statements_in(self.slots)


@naming_conflicts
def parse_filed(data: bytes, kind: str, head: RecordType, *, is_markdown: bool) -> FiledText:
    """The text of a kind in the bytes of its file; raises `Refused` for anything else."""
    parts = cut.cut_markdown(data) if is_markdown else cut.cut_yaml(data)
    values = read_head(parts)
    row = read(head, values).value
    tail = slots.parse_tail(parts.tail, parts.tail_line)
    if tail.log or tail.status not in _WORDS:
        expected = " / ".join(_WORDS)
        raise refused(
            "TAIL",
            Place(line=parts.tail_line),
            Reason.NO_TAIL,
            found=tail.status,
            expected=expected,
        )
    number, class_id, revision, copy = names_in(row)
    return FiledText(
        kind=kind,
        number=number,
        class_id=class_id,
        revision=revision,
        copy=copy,
        content=parts.content,
        body=parts.text,
        status=tail.status,
        slots=tail.slots,
        head=values,
        facts=row,
    )
