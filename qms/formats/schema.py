"""Tables of fields: what a governed file must say, checked once, typed ever after.

The strict loader gives text, lists and mappings; a `Type` turns one of those into a value of
Python's, tells *all* that is wrong with it, and prints itself as JSON Schema for editors::

    ID = Field("id", text(pattern="[a-z-]+", like="quality"))
    HEAD = Field("head", text())
    KEEPER = Field("keeper", text(), required=False)

    def department(row: Record) -> Department:
        return Department(row[ID], row[HEAD], row[KEEPER])

    departments, findings = read(list_of(record(ID, HEAD, KEEPER).then(department)), value)

`row[KEEPER]` is `str | None` to the type checker: nothing untyped gets past this module. Nothing
is coerced: a number, true, false must be plain, and a *text* that YAML readers elsewhere take for
something else (``1.10``, ``no``, ``0777``, ``12:30:45``) must be in quotes.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, TypeVar, cast, overload

from qms.findings import Finding, Reason
from qms.formats.near_words import near_words
from qms.formats.scalars import MAX_INTEGER, anything, boolean, bound, day, integer, one_of, text
from qms.formats.strict_yaml import Value
from qms.formats.typed import (
    MOST,
    Findings,
    Read,
    Schema,
    Spelling,
    Type,
    join,
    read,
    wrong,
    wrong_type,
)

__all__ = [
    "EN",
    "ZH",
    "Field",
    "Findings",
    "Read",
    "RecordType",
    "Row",
    "Schema",
    "Type",
    "anything",
    "boolean",
    "day",
    "integer",
    "list_of",
    "mapping_of",
    "named",
    "one_of",
    "print_schema",
    "read",
    "record",
    "text",
    "union",
    "unknown_field",
]

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


def print_schema(wanted: Type[object], title: str) -> str:
    """The JSON Schema (2020-12) that editors complete and check a file by."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **wanted.json_schema(),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class _ListOf(Type[tuple[T, ...]], Generic[T]):
    """As `list_of` gives it."""

    item: Type[T]
    min: int
    max: int

    def take(self, value: Value, field: str, found: Findings) -> tuple[T, ...] | None:
        if not isinstance(value, tuple):
            found.append(wrong_type(field, "[…, …]", value))
            return None
        if not self.min <= len(value) <= self.max:
            low, high = str(self.min), bound(self.max)
            found.append(wrong("FIELD-LENGTH", field, found=str(len(value)), min=low, max=high))
        prefix = f"{field}." if field else ""
        items = [self.item.take(one, f"{prefix}{at}", found) for at, one in enumerate(value)]
        return cast("tuple[T, ...]", tuple(items))

    def json_schema(self) -> Schema:
        return {"type": "array", "items": self.item.json_schema(), "minItems": self.min}

    def one_spelling(self) -> Spelling | None:
        spelled = self.item.one_spelling()
        return None if spelled is None else lambda value: f"[{', '.join(map(spelled, value))}]"


def list_of(item: Type[T], min: int = 0, max: int = MAX_INTEGER) -> Type[tuple[T, ...]]:  # noqa: A002 - as above
    """A list of `item`, `min` to `max` of them; finds YAML-TYPE, FIELD-LENGTH."""
    return _ListOf(item, min, max)


@dataclass(frozen=True, slots=True)
class _MappingOf(Type[Mapping[str, T]], Generic[T]):
    """As `mapping_of` gives it."""

    item: Type[T]

    def take(self, value: Value, field: str, found: Findings) -> Mapping[str, T] | None:
        if not isinstance(value, dict):
            found.append(wrong_type(field, "{key: …}", value))
            return None
        items = {key: self.item.take(one, join(field, key), found) for key, one in value.items()}
        return cast("Mapping[str, T]", items)

    def json_schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.item.json_schema()}


def mapping_of(item: Type[T]) -> Type[Mapping[str, T]]:
    """A mapping with any keys, each value an `item`; finds YAML-TYPE."""
    return _MappingOf(item)


@dataclass(frozen=True, slots=True)
class _Union(Type[T]):
    """As `union` gives it."""

    types: tuple[Type[T], ...]

    def take(self, value: Value, field: str, found: Findings) -> T | None:
        likes: list[str] = []
        closest: Findings = []
        for one in self.types:
            here: Findings = []
            given = one.take(value, field, here)
            if not here:
                return given
            if here[0].reason is Reason.WRONG_TYPE and here[0].place.field == field:
                likes.append(here[0].values["like"])
            elif not closest:
                closest = here
        found.extend(closest or [wrong_type(field, " / ".join(likes), value)])
        return None

    def json_schema(self) -> Schema:
        return {"anyOf": [one.json_schema() for one in self.types]}


@overload
def union(first: Type[A], second: Type[B], /) -> Type[A | B]: ...
@overload
def union(first: Type[A], second: Type[B], third: Type[C], /) -> Type[A | B | C]: ...
def union(*types: Type[Any]) -> Type[Any]:
    """The first of `types` that takes the value; else what the closest of them has against it."""
    return _Union(types)


class Field(Generic[T_co]):
    """A key of a record. Use it as the key of the `Record` and get its type back.

    A field that has a default, or is not `required`, may be left out: it is then the default, and
    that is None where none is given.
    """

    __slots__ = ("default", "name", "required", "type")

    @overload
    def __init__(self: "Field[A]", name: str, type: Type[A]) -> None: ...
    @overload
    def __init__(
        self: "Field[A]", name: str, type: Type[A], *, required: Literal[True]
    ) -> None: ...
    @overload
    def __init__(
        self: "Field[A | None]", name: str, type: Type[A], *, required: Literal[False]
    ) -> None: ...
    @overload
    def __init__(
        self: "Field[A | B]",
        name: str,
        type: Type[A],
        *,
        required: Literal[False] = False,
        default: B,
    ) -> None: ...
    def __init__(
        self,
        name: str,
        type: Type[Any],  # noqa: A002 - the word of the trade
        *,
        required: bool = True,
        default: object = None,
    ) -> None:
        self.name: Final = name
        self.type: Final[Type[object]] = type
        self.required: Final = required and default is None
        self.default: Final = default


class Row(Mapping[str, object]):
    """A mapping that was checked: `row[FIELD]` is typed by the field, `row["key"]` is an object."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    @overload
    def __getitem__(self, key: Field[T]) -> T: ...
    @overload
    def __getitem__(self, key: str) -> object: ...
    def __getitem__(self, key: Field[T] | str) -> T | object:
        return self._values[key if isinstance(key, str) else key.name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Record({self._values!r})"

    def text(self, name: str) -> str:
        """The text under `name`; TypeError where the table says it is something else."""
        value = self._values[name]
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is no text")
        return value


def unknown_field(
    field: str, name: str, known: Sequence[str], free: Sequence[str] | None = None
) -> Finding:
    """FIELD-UNKNOWN: nobody knows `name`; what is `known` there, and what comes close to it.

    Of what is still `free`, where something stands there already.
    """
    meant = known if free is None else free
    close = ", ".join(near_words({one: (one,) for one in meant}, name)) or "-"
    return wrong("FIELD-UNKNOWN", field, name=name, close=close, known=", ".join(known))


class RecordType(Type[Row]):
    """A mapping with these fields; `record` makes it."""

    __slots__ = ("_names", "_rows", "extra", "fields")

    def __init__(self, fields: tuple[Field[object], ...], extra: Type[object] | None) -> None:
        self.fields: Final = fields
        self.extra: Final = extra
        self._names: Final = frozenset(field.name for field in fields)
        if len(self._names) != len(fields):
            raise ValueError(f"a field stands twice in {[field.name for field in fields]}")
        self._rows: Final = self._spelled()

    def take(self, value: Value, field: str, found: Findings) -> Row | None:
        """A record; finds YAML-TYPE, FIELD-MISSING, FIELD-UNKNOWN and what its fields find."""
        if not isinstance(value, dict):
            found.append(wrong_type(field, "{key: …}", value))
            return None
        before = len(found)
        prefix = f"{field}." if field else ""
        taken: dict[str, object] = {}
        for one in self.fields:
            name = one.name
            given = value.get(name)
            if given is not None:
                taken[name] = one.type.take(given, prefix + name, found)
            elif one.required:
                found.append(wrong("FIELD-MISSING", prefix + name, name=name))
            else:
                taken[name] = one.default
        if not self._names.issuperset(value):
            self._take_others(value, prefix, taken, found)
        return None if len(found) > before else Row(taken)

    def _take_others(
        self, value: dict[str, Value], prefix: str, taken: dict[str, object], found: Findings
    ) -> None:
        known = [one.name for one in self.fields]
        free = [one for one in known if one not in value]
        for name, given in value.items():
            if name in self._names:
                continue
            if self.extra is not None:
                taken[name] = self.extra.take(given, prefix + name, found)
            elif len(found) > MOST:
                return  # nobody is told more, and what comes close to a key takes its time
            else:
                found.append(unknown_field(prefix + name, name, known, free))

    def json_schema(self) -> Schema:
        """An object with these properties, closed unless others are taken."""
        return {
            "type": "object",
            "properties": {one.name: one.type.json_schema() for one in self.fields},
            "required": [one.name for one in self.fields if one.required],
            "additionalProperties": False if self.extra is None else self.extra.json_schema(),
        }

    def rows(self) -> Mapping[str, Spelling] | None:
        """How each field is written where all have one spelling, in their order; else None.

        A field that may be left out and has a default could be said in two ways.
        """
        return self._rows

    def _spelled(self) -> Mapping[str, Spelling] | None:
        found: dict[str, Spelling] = {}
        for one in self.fields:
            spelled = one.type.one_spelling()
            if spelled is None or one.default is not None:
                return None
            found[one.name] = spelled
        return found if self.extra is None else None

    def one_spelling(self) -> Spelling | None:
        """In braces on one line, the fields in their order, as far as they are there."""
        rows = self.rows()
        return None if rows is None else lambda value: f"{{{', '.join(_rows(rows, value))}}}"


def _rows(rows: Mapping[str, Spelling], value: Value) -> Iterator[str]:
    given = value if isinstance(value, dict) else {}
    return (f"{name}: {spelled(given[name])}" for name, spelled in rows.items() if name in given)


def record(*fields: Field[object], extra: Type[object] | None = None) -> RecordType:
    """A mapping with these fields and no others, or others of the type `extra`."""
    return RecordType(fields, extra)


ZH: Final = Field("zh", text(max_length=200))
EN: Final = Field("en", text(max_length=200))


def named() -> RecordType:
    """A name in both languages: `row[ZH]`, `row[EN]`."""
    return record(ZH, EN)
