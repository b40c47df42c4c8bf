"""The one spelling of JSON that is signed: RFC 8785, narrowed until nothing is left to interpret.

Objects have keys of ``a-z`` and ``_``; values are objects, arrays, strings, integers from 0 to
2**53 - 1, and null. No floats, no booleans, no negative numbers. Strings hold nothing of the
fixed list of `qms.formats.characters`. Normal forms are not looked at.

Reading means: parse, write again, compare bytes. Hence duplicate keys, other spacing, another
order and other escapes are all refused without a rule for each.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from qms.findings import Place, Reason, Refused, refused
from qms.formats.characters import first_forbidden

Json: TypeAlias = "str | int | Sequence[Json] | Mapping[str, Json] | None"
"""A value as JSON has it; arrays are read as lists, objects as dicts."""

MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 8

_ESCAPES: Final = re.compile(r'(?:[^\\]|\\["\\])*')
_KEY: Final = re.compile("[a-z_]+")


class _NoNumberError(ValueError):
    """A number that canonical JSON doesn't have."""


def _no_number(text: str) -> int:
    raise _NoNumberError(text)


_DECODER: Final = json.JSONDecoder(parse_float=_no_number, parse_constant=_no_number)


_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,
    allow_nan=False,
    sort_keys=True,
    separators=(",", ":"),
    default=dict,  # mappings of other types; `check` let nothing else through
)


def encode(value: Json) -> bytes:
    """The one canonical spelling of `value`, without a line end.

    Raises Refused NOT-CANONICAL for what canonical JSON can't say: other types, numbers outside
    0…2**53 - 1, other keys, forbidden characters, or more than MAX_DEPTH levels.
    """
    check(value)
    return spelled(value).encode()


def spelled(value: Json) -> str:
    """The canonical text of a value that is known to be right (see `check`)."""
    return _ENCODER.encode(value)


def decode(data: bytes) -> Json:
    """The value that `data` spells canonically; raises Refused NOT-CANONICAL for anything else."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise _fault("utf-8", str(error.start)) from error
    return decode_text(text)


def decode_text(text: str) -> Json:
    """The same for text that was decoded already."""
    value = parse_text(text)
    _check(value, 0, strings=False)
    return value


def parse_text(text: str) -> Json:
    """As `decode_text`, but keys, types and depth are left to the caller to check.

    For callers who look at every value anyway: a slot's fields have forms of their own.
    """
    check_text(text)
    if "\\" in text and _ESCAPES.fullmatch(text) is None:
        raise _fault("escape", "\\")
    try:
        value: Json = _DECODER.decode(text)
        is_canonical = spelled(value) == text
    except (ValueError, RecursionError) as error:
        raise _fault("syntax", text[:40]) from error
    if not is_canonical:
        raise _fault("spelling", text[:40])
    return value


def check(value: Json, depth: int = 0) -> None:
    """Raises Refused NOT-CANONICAL where canonical JSON can't say `value`.

    `depth` is how many levels it lies below the top of what will be spelled.
    """
    _check(value, depth, strings=True)


def check_text(text: str) -> None:
    """Raises Refused NOT-CANONICAL at the first character that no signed string may hold."""
    match = first_forbidden(text)
    if match is not None:
        raise _fault("character", f"U+{ord(match[0]):04X}")


def _check(value: object, depth: int, *, strings: bool) -> None:
    if isinstance(value, str):
        if strings:
            check_text(value)
    elif isinstance(value, Mapping):
        _check_object(value, depth, strings=strings)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, (list, tuple)):
        _check_depth(depth)
        for item in value:  # pyright: ignore[reportUnknownVariableType]
            _check(item, depth + 1, strings=strings)  # pyright: ignore[reportUnknownArgumentType]
    elif value is not None:
        _check_integer(value)


def _check_object(value: Mapping[object, object], depth: int, *, strings: bool) -> None:
    _check_depth(depth)
    for key, item in value.items():
        if not isinstance(key, str) or _KEY.fullmatch(key) is None:
            raise _fault("key", str(key)[:40])
        _check(item, depth + 1, strings=strings)


def _check_integer(value: object) -> None:
    # bool is a subclass of int, and JSON would spell it `true`.
    if type(value) is not int:
        raise _fault("type", type(value).__name__)
    if not 0 <= value <= MAX_INTEGER:
        raise _fault("number", hex(value)[:40])


def _check_depth(depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise _fault("depth", str(MAX_DEPTH))


def _fault(part: str, found: str) -> Refused:
    return refused("NOT-CANONICAL", Place(), Reason.NOT_CANONICAL, part=part, found=found)
