"""Text in a head that no reader of YAML takes for text: it stands in no quotes, or in wrong ones.

People write `summary: "甲"改为"乙"`, `title: 更改: 第2条`, `summary: *重要*`: each has a sign that
means something to YAML. Its reader complains of that sign, in its own words; what helps is always
the same.
"""

import re
from typing import Final, NamedTuple

_VALUE: Final = re.compile(r"( *(?:- +)?)(?:([a-z][a-z0-9_]*): +|(?<=- ))([^ \n].*?) *")
_SIGNS: Final = "*&!%@`>|,]}"
_CLOSING: Final = {"[": "]", "{": "}"}
_WHOLE: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE: Final = re.compile(r'(\\["\\])|\\')
_PATH: Final = re.compile(r"(?<!\\)(?:\\\\)*\\[ _/]")


class Unquoted(NamedTuple):
    """Whose value it is, the sign that spoils it, and the line as it is to be written."""

    key: str
    sign: str
    like: str


def in_quotes(text: str) -> str:
    """`text` between double quotes, as YAML reads it back."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def is_path(quoted: str) -> bool:
    r"""Whether a text in double quotes has an escape that nobody writes who means it: `D:\_data`.

    To YAML that is a blank, without a word.
    """
    return _PATH.search(quoted) is not None


def unquoted(line: str) -> Unquoted | None:
    """The value on a line that can't be read, if quotes around its text are all that it lacks."""
    match = _VALUE.fullmatch(line)
    if match is None:
        return None
    found = _spoilt(match[3])
    if found is None:
        return None
    sign, written = found
    return Unquoted(match[2] or "-", sign, f"{line[: match.start(3)].strip(' ')} {written}")


def _spoilt(value: str) -> tuple[str, str] | None:
    """The sign in a value that is no text to YAML, and the value in quotes."""
    first = value[0]
    if first in _CLOSING:
        is_list = _end(value, first) in {0, len(value)}
        return None if is_list else (first, in_quotes(value))
    whole = _WHOLE.fullmatch(value)
    if whole is not None:
        written = _ESCAPE.sub(lambda one: one[1] or r"\\", whole[1])
        return None if written == whole[1] else ("\\", f'"{written}"')
    if first in "\"'":
        return first, in_quotes(value[1:] if value.count(first) == 1 else value)
    if first in _SIGNS or value[:2] in {"-", "- ", "?", "? "}:
        return first, in_quotes(value)
    if ": " in value or value.endswith(":"):
        return ": ", in_quotes(value)
    return None


def _end(value: str, opening: str) -> int:
    """Where a list ends that begins a value; 0 where it is never closed."""
    depth = 0
    for at, sign in enumerate(value, 1):
        depth += (sign == opening) - (sign == _CLOSING[opening])
        if not depth:
            return at
    return 0
