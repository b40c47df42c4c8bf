"""Comments in a head: on lines of their own they are remarks, behind a value they cut it.

`title: 钻床 #3 机台` is the title 钻床 to every reader of YAML. What stands behind the sign would
be signed with the head's bytes and printed nowhere, and whoever typed it meant it as text.
"""

import re
from collections.abc import Iterator
from typing import Final

import yaml
from yaml import tokens

from qms.findings import Finding, Place, Reason, ShellText
from qms.formats import strict_yaml
from qms.formats.unquoted import in_quotes

_BEFORE: Final = re.compile(r" *(?:- +)?(?:[a-z][a-z0-9_]*: +)?")
_NUMBER: Final = re.compile(r"[^ ] #[0-9]")
_LIKE: Final = 'title: "… #…"'
_SHOWN: Final = 160
"""A line that is shown whole: longer ones are known by their beginning."""


def comments_behind(data: bytes, first_line: int = 1) -> Iterator[Finding]:
    """YAML-COMMENT for each line of a head on which a comment follows something else.

    `first_line` is the head's line in its file. As far as `data` can be read: what else is wrong
    with it, its reader tells.
    """
    if b"#" not in data:
        return
    text = data.decode("utf-8", "replace")
    lines = text.split("\n")
    for at, column, value in _comments(text):
        line = lines[at]
        if not line[:column].strip():
            continue
        values = {"found": line[column:][:60]}
        values["like"] = ShellText(_in_quotes(line, column if value is None else value))
        yield Finding("YAML-COMMENT", Place(line=first_line + at), values, reason=Reason.REMARK)


def numbers_cut(data: bytes) -> Iterator[Finding]:
    """YAML-COMMENT for what is a number rather than a remark in a file where remarks are common.

    In people.yaml and qms.yaml `傅 #3` is a name; `传 # 3 号车间` and `fu.yi  #3` are remarks.
    """
    text = data.decode("utf-8", "replace").split("\n")
    for fault in comments_behind(data):
        if _NUMBER.search(text[fault.place.line - 1]):
            yield fault


def _in_quotes(line: str, value: int) -> str:
    """The line with its text in quotes, from where its value begins; if it is not too long."""
    begin = line[:value]
    if _BEFORE.fullmatch(begin) is None:
        return _LIKE
    whole = begin + in_quotes(line[value:].rstrip(" "))
    return (whole if len(whole) <= _SHOWN else f'{begin}"… #…"').strip(" ")


def _comments(text: str) -> Iterator[tuple[int, int, int | None]]:
    """Line and column of each comment, and where the plain or quoted value before it begins."""
    lines = text.split("\n")
    end, value = (0, 0), None
    try:
        for token in strict_yaml.tokens_of(text):
            start = (token.start_mark.line, token.start_mark.column)
            yield from _between(lines, end, start, value)
            if isinstance(token, tokens.ScalarToken) and token.style in ("|", ">"):
                yield from _between(lines, start, (start[0] + 1, 0), None)
            end = max(start, (token.end_mark.line, token.end_mark.column))
            value = start[1] if isinstance(token, tokens.ScalarToken) else None
    except (yaml.YAMLError, ValueError):
        return


def _between(
    lines: list[str], start: tuple[int, int], end: tuple[int, int], value: int | None
) -> Iterator[tuple[int, int, int | None]]:
    """The comments between two places of the text where no token stands."""
    for at in range(start[0], min(end[0] + 1, len(lines))):
        begin = start[1] if at == start[0] else 0
        column = lines[at].find("#", begin, end[1] if at == end[0] else None)
        if column >= 0:
            yield at, column, value if at == start[0] else None
