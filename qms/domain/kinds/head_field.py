"""Keys that plugins add to the heads of documents: what they are called, and how each is read.

Whoever parses a document needs no plugin: a key that isn't the core's is kept as it was written
(`Document.extra`). Whether it may stand there, and what its value must be, is judged where a policy
says which plugins have a say: of a working text the one in force, of a released text its signers'.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from qms.domain.kinds.document import HEAD, Document
from qms.findings import Refused
from qms.formats.schema import Field, RecordType, Row, read, record
from qms.formats.strict_yaml import Value
from qms.texts import Text

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class HeadField(Generic[T_co]):
    """A key that a plugin adds to the heads of some classes.

    `field` is its name, its type, and whether a head must have it; `name` what it is called on
    paper and on screens, in both languages. `begin` is what stands behind the key in a new draft,
    as YAML of one line; without it a new draft has no such key.
    """

    field: Field[T_co]
    name: Text
    begin: str = ""

    def of(self, document: Document) -> T_co | None:
        """What a document's head says there, typed.

        The field's default, which is None where it names none, where the head says nothing or what
        can't be read: a draft may say anything, and so may a text of another release of the plugin.
        `check` tells it with its line, whoever asks here.
        """
        key = self.field.name
        given = {key: document.extra[key]} if key in document.extra else {}
        try:
            row: Row = read(record(self.field), given).value
        except Refused:
            return cast("T_co | None", self.field.default)
        return row[self.field]


def head_type(fields: Iterable[HeadField[object]]) -> RecordType:
    """The whole head of a document: the core's keys, and those that plugins add to its class."""
    return record(*HEAD.fields, *(one.field for one in fields))


def leaves(value: Value, way: str = "") -> Iterator[tuple[str, str]]:
    """Each text in a value of a head, with the dotted `way` to it; of what is empty ``[]``, ``{}``.

    So all is judged of a key whose type only its plugin knows.
    """
    if isinstance(value, str):
        yield way, str(value)
        return
    is_record = isinstance(value, dict)
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    if not value:
        yield way, "{}" if is_record else "[]"
    for key, one in inside:
        yield from leaves(one, f"{way}.{key}" if way else str(key))
