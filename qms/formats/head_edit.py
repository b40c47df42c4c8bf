"""Changing single keys of a head, in its own bytes: comments and everything else stay."""

import re

from qms.formats import strict_yaml

_TOP = re.compile(rb"^([a-z][a-z0-9_]*):", re.MULTILINE)


def set_key(head: bytes, key: str, spelled: str) -> bytes:
    """`head` with the top-level `key` set to `spelled` (YAML text of one line); added at the end.

    A value over several lines (block lists) is replaced whole.
    """
    line = f"{key}: {spelled}\n".encode()
    span = _span(head, key)
    if span is None:
        return head + line
    return head[: span[0]] + line + head[span[1] :]


def set_text(head: bytes, key: str, text: str) -> bytes:
    """`head` with `key` set to a text, quoted where it must be."""
    return set_key(head, key, strict_yaml.scalar(text))


def drop_key(head: bytes, key: str) -> bytes:
    """`head` without the top-level `key`."""
    span = _span(head, key)
    return head if span is None else head[: span[0]] + head[span[1] :]


def _span(head: bytes, key: str) -> tuple[int, int] | None:
    starts = [(match.start(), match[1].decode()) for match in _TOP.finditer(head)]
    for index, (start, name) in enumerate(starts):
        if name == key:
            end = starts[index + 1][0] if index + 1 < len(starts) else len(head)
            return start, end
    return None
