"""What it means to read a value by a type: a typed value, or all that is wrong with it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar, cast

from qms.findings import Finding, Place, Reason, Refused
from qms.formats import canonical_json
from qms.formats.strict_yaml import Quoted, Value

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

Schema: TypeAlias = dict[str, object]
"""A JSON Schema, as `json.dumps` takes it."""

Findings: TypeAlias = list[Finding]
"""What is wrong so far; types add to it."""

Spelling: TypeAlias = Callable[[Value], str]
"""Writes a value, as the loader gave it, in one way."""

_WIDTH: Final = 60
MOST: Final = 100
"""So many findings are told of one value."""


class Read(NamedTuple, Generic[T]):
    """What reading gave: a value, or None and all that is wrong. Unpacks as a pair."""

    given: T | None
    findings: tuple[Finding, ...]

    @property
    def value(self) -> T:
        """The typed value; raises Refused with the first finding where there is none."""
        if self.findings:
            raise Refused(self.findings[0])
        return cast("T", self.given)


class Type(ABC, Generic[T_co]):
    """One way to read a value."""

    __slots__ = ()

    @abstractmethod
    def take(self, value: Value, field: str, found: Findings) -> T_co | None:
        """The typed value; where it can't be had, `found` grows and the answer means nothing.

        `field` is the dotted way to the value from the top of the file.
        """

    @abstractmethod
    def json_schema(self) -> Schema:
        """The same demands, as far as JSON Schema 2020-12 can say them."""

    def one_spelling(self) -> Spelling | None:
        """How a value that was taken is written where it may be written in one way only.

        None for types whose values have no such spelling.
        """
        return None

    def then(self, make: Callable[[T_co], U]) -> "Type[U]":
        """This type, and then `make` of its value; a Refused of `make` becomes a finding here."""
        return _Then(self, make)


def read(wanted: Type[T], value: Value, field: str = "") -> Read[T]:
    """`value`, typed, or all that is wrong with it: FIELD-… and YAML-TYPE, in the table's order.

    No more than the first hundred: whoever mends these sees how, and a list has thousands of items.

    `field` is where `value` stands in its file, and begins the fields of all findings.
    """
    found: Findings = []
    given = wanted.take(value, field, found)
    return Read(None if found else given, tuple(found[:MOST]))


@dataclass(frozen=True, slots=True)
class _Then(Type[U], Generic[T, U]):
    """A type and what is made of its value."""

    source: Type[T]
    make: Callable[[T], U]

    def take(self, value: Value, field: str, found: Findings) -> U | None:
        before = len(found)
        given = self.source.take(value, field, found)
        if len(found) > before:
            return None
        try:
            return self.make(cast("T", given))
        except Refused as error:
            place = error.finding.place
            inside = place._replace(field=join(field, place.field))
            found.append(replace(error.finding, place=inside))
            return None

    def json_schema(self) -> Schema:
        return self.source.json_schema()

    def one_spelling(self) -> Spelling | None:
        return self.source.one_spelling()


def quoted(value: Value) -> str:
    """A text in double quotes, as canonical JSON has it, which YAML reads alike."""
    return canonical_json.spelled(str(value))


def clip(text: str) -> str:
    """`text`, or as much of it as a line of a terminal takes."""
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def shown(value: Value) -> str:
    """How `value` looks in its file, roughly."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, tuple):
        return "[…]"
    return f'"{clip(value)}"' if isinstance(value, Quoted) else clip(value)


def wrong(code: str, field: str, **values: str) -> Finding:
    """A finding at `field`, for types of one's own."""
    return Finding(code, Place(field=field), values, reason=Reason.WRONG_FIELD)


def wrong_type(field: str, like: str, value: Value) -> Finding:
    """YAML-TYPE: what stands at `field` is not even of the kind of `like`."""
    values = {"like": like, "found": shown(value)}
    return Finding("YAML-TYPE", Place(field=field), values, reason=Reason.WRONG_TYPE)


def join(field: str, name: str) -> str:
    """The dotted way to `name` inside `field`; either may be empty."""
    return f"{field}.{name}" if field and name else field or name
