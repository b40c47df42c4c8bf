"""Types of single values: text, integers, booleans, days, closed sets of words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from qms.findings import Finding, Refused
from qms.formats.digests import parse_day
from qms.formats.strict_yaml import Value
from qms.formats.typed import (
    Findings,
    Schema,
    Spelling,
    Type,
    clip,
    quoted,
    shown,
    wrong,
    wrong_type,
)

W = TypeVar("W", bound=str)

MAX_TEXT: Final = 4096
MAX_INTEGER: Final = 2**53 - 1

_INTEGER: Final = re.compile("0|-?[1-9][0-9]{0,15}")
# What YAML 1.1 or 1.2 readers make a number, a boolean or null of.
_NO_TEXT_ELSEWHERE: Final = re.compile(
    r"|~|null|true|false|yes|no|on|off"
    r"|[-+]?(?:0[xob][0-9a-f_]+|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:e[-+]?[0-9]+)?|\.inf)|\.nan",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Text(Type[str]):
    """As `text` gives it."""

    pattern: re.Pattern[str] | None
    like: str
    min_length: int
    max_length: int
    lines: bool

    def take(self, value: Value, field: str, found: Findings) -> str | None:
        if not isinstance(value, str):
            found.append(wrong_type(field, self.like or '"…"', value))
            return None
        if not value and self.min_length:
            found.append(wrong("FIELD-EMPTY", field))
            return None
        if type(value) is str:
            if _NO_TEXT_ELSEWHERE.fullmatch(value) is not None:
                found.append(wrong_type(field, f'"{value}"', value))
                return None
        else:
            value = str(value)
        fault = self._fault(value, field)
        if fault is not None:
            found.append(fault)
        return value

    def _fault(self, value: str, field: str) -> Finding | None:
        if not self.min_length <= len(value) <= self.max_length:
            low, high = str(self.min_length), bound(self.max_length)
            return wrong("FIELD-LENGTH", field, found=str(len(value)), min=low, max=high)
        if not self.lines and "\n" in value:
            return wrong("FIELD-LINES", field)
        if self.pattern is not None and self.pattern.fullmatch(value) is None:
            like = self.like or self.pattern.pattern
            return wrong("FIELD-FORM", field, found=clip(value), like=like)
        return None

    def json_schema(self) -> Schema:
        schema: Schema = {"type": "string", "minLength": self.min_length}
        schema["maxLength"] = self.max_length
        if self.pattern is not None:
            schema["pattern"] = f"^(?:{self.pattern.pattern})$"
        if self.like:
            schema["examples"] = [self.like]
        return schema

    def one_spelling(self) -> Spelling | None:
        return None if self.lines else quoted


def bound(most: int) -> str:
    """The greatest length as a finding says it; nothing where there is none."""
    return "-" if most == MAX_INTEGER else str(most)


def text(
    pattern: str | re.Pattern[str] | None = None,
    max_length: int = MAX_TEXT,
    *,
    min_length: int = 1,
    like: str = "",
    lines: bool = False,
) -> Type[str]:
    """Text that matches `pattern` as a whole; `like` is an example of it for people.

    Of one line, unless `lines`. Raises nothing; finds YAML-TYPE, FIELD-EMPTY, FIELD-LENGTH,
    FIELD-LINES, FIELD-FORM.
    """
    compiled = re.compile(pattern) if isinstance(pattern, str) else pattern
    return _Text(compiled, like, min_length, max_length, lines)


@dataclass(frozen=True, slots=True)
class _Integer(Type[int]):
    """As `integer` gives it."""

    min: int
    max: int

    def take(self, value: Value, field: str, found: Findings) -> int | None:
        if type(value) is not str or _INTEGER.fullmatch(value) is None:
            found.append(wrong_type(field, str(max(self.min, 1)), value))
            return None
        number = int(value)
        if not self.min <= number <= self.max:
            low, high = str(self.min), str(self.max)
            found.append(wrong("FIELD-RANGE", field, found=value, min=low, max=high))
        return number

    def json_schema(self) -> Schema:
        return {"type": "integer", "minimum": self.min, "maximum": self.max}

    def one_spelling(self) -> Spelling | None:
        return str


def integer(min: int = 0, max: int = MAX_INTEGER) -> Type[int]:  # noqa: A002 - read as a sentence
    """A plain integer from `min` to `max`; finds YAML-TYPE, FIELD-RANGE."""
    return _Integer(min, max)


class _Boolean(Type[bool]):
    """As `boolean` gives it."""

    __slots__ = ()

    def take(self, value: Value, field: str, found: Findings) -> bool | None:
        if type(value) is not str or value not in {"true", "false"}:
            found.append(wrong_type(field, "true / false", value))
            return None
        return value == "true"

    def json_schema(self) -> Schema:
        return {"type": "boolean"}

    def one_spelling(self) -> Spelling | None:
        return str


def boolean() -> Type[bool]:
    """A plain ``true`` or ``false``, in no other spelling; finds YAML-TYPE."""
    return _Boolean()


class _Day(Type[date]):
    """As `day` gives it."""

    __slots__ = ()

    def take(self, value: Value, field: str, found: Findings) -> date | None:
        if not isinstance(value, str):
            found.append(wrong_type(field, "2026-01-31", value))
            return None
        try:
            return parse_day(str(value))
        except Refused as error:
            found.append(error.finding.at(field=field))
            return None

    def json_schema(self) -> Schema:
        return {"type": "string", "format": "date", "examples": ["2026-01-31"]}

    def one_spelling(self) -> Spelling | None:
        return quoted


def day() -> Type[date]:
    """A day, ``2026-01-31``, with or without quotes; finds YAML-TYPE, DAY-FORM."""
    return _Day()


@dataclass(frozen=True, slots=True)
class _OneOf(Type[W]):
    """As `one_of` gives it."""

    words: Mapping[str, W]

    def take(self, value: Value, field: str, found: Findings) -> W | None:
        word = self.words.get(value) if isinstance(value, str) else None
        if word is None:
            choices = ", ".join(self.words)
            found.append(wrong("FIELD-CHOICE", field, found=shown(value), choices=choices))
        return word

    def json_schema(self) -> Schema:
        return {"type": "string", "enum": list(self.words)}

    def one_spelling(self) -> Spelling | None:
        return quoted


def one_of(*words: W) -> Type[W]:
    """One of these words and no other; members of a StrEnum give members. Finds FIELD-CHOICE."""
    return _OneOf({str(word): word for word in words})


class _Anything(Type[Value]):
    """As `anything` gives it."""

    __slots__ = ()

    def take(self, value: Value, field: str, found: Findings) -> Value:
        del field, found
        return value

    def json_schema(self) -> Schema:
        return {}


def anything() -> Type[Value]:
    """Whatever stands there, as the loader gave it: for what somebody else will read."""
    return _Anything()
