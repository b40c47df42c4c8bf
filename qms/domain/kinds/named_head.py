"""Heads that give their file its place: which keys do, and how a head and a tail are read.

Lists and filed texts have such a head. What they say besides is each kind's own.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, Self

from qms.findings import Place, Reason, refused
from qms.formats import cut, slots
from qms.formats.head import read_head, refuse_unbounded
from qms.formats.paths import PARTS
from qms.formats.schema import Field, RecordType, Row, read, text
from qms.formats.slots import Tail
from qms.formats.strict_yaml import Value

_NUMBER: Final = Field("number", text(max_length=200))
_CLASS: Final = Field("class", text(max_length=64))
_REVISION: Final = Field("revision", text(max_length=64))
_COPY: Final = Field("copy", text(max_length=64, like='"003"'))
_EDITION: Final = Field("edition", text(max_length=64))
_FORM: Final = Field("form", text(max_length=200))
_PERSON: Final = Field("person", text(max_length=64))
_YEAR: Final = Field("year", text(pattern="[1-9][0-9]{3}", like='"2026"'))
NAMES: Final = MappingProxyType(
    {one.name: one for one in (_NUMBER, _CLASS, _REVISION, _COPY, _EDITION, _FORM, _YEAR, _PERSON)}
)
"""The keys of a head that give a file its place; some of them are its statements' subject too."""


class NamedHead(NamedTuple):
    """A head as it is read: its `values`, typed as a `row`, and the names that give the place.

    Number, class, revision or edition, and copy, as far as it has them; else they are empty.
    """

    values: Mapping[str, Value]
    row: Row
    number: str
    class_id: str
    revision: str
    copy: str

    @classmethod
    def of(cls, head: RecordType, parts: cut.Cut) -> Self:
        """The head of a file that was cut, by the keys of its kind; raises `Refused`."""
        values = read_head(parts)
        refuse_unbounded(values)
        row = read(head, values).value
        given = {part.fills: row.text(name) for name, part in PARTS.items() if name in row}
        subject = (given.get(name, "") for name in ("number", "class", "revision", "copy"))
        return cls(values, row, *subject)


def tail_of(parts: cut.Cut, words: Collection[str]) -> Tail:
    """The tail of a file that was cut; raises `Refused` TAIL for a status not among `words`."""
    tail = slots.parse_tail(parts.tail, parts.tail_line)
    if tail.status not in words:
        place, expected = Place(line=parts.tail_line), " / ".join(words)
        raise refused("TAIL", place, Reason.NO_TAIL, found=tail.status, expected=expected)
    return tail
