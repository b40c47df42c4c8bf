"""What a head says beside the core's keys, as it is printed: all of it, under what it is called."""

from collections.abc import Iterator, Mapping
from typing import Final

from qms.domain.kinds.document import Document
from qms.domain.kinds.policy import Policy
from qms.formats.strict_yaml import Value
from qms.letters import unprintable
from qms.plugins import Hooks
from qms.printing import PrintedField, PrintedLine
from qms.texts import Text

_NONE: Final = Text()


def particulars(hooks: Hooks, policy: Policy, document: Document) -> tuple[PrintedField, ...]:
    """The keys of plugins in a document's head, in the order in which they stand there.

    Each is called by the plugin that is here, whatever release was signed under, and as spelled.
    """
    if not document.extra:
        return ()
    names = {one.field.name: one.name for one in hooks.head_fields(policy, document.class_id)}
    return printed(document.extra, names)


def printed(values: Mapping[str, Value], names: Mapping[str, Text]) -> tuple[PrintedField, ...]:
    """Each key, its name, and all texts in its value.

    A name that no page could hold is left out: nobody signed it, and the key stands there anyway.
    """
    return tuple(
        PrintedField(key, _printable(names.get(key, _NONE)), tuple(_lines(value)))
        for key, value in values.items()
    )


def _printable(name: Text) -> Text:
    words = {tag: text for tag, text in name.by_tag.items() if text.strip()}
    return _NONE if unprintable("".join(words.values())) else Text.of_tags(words)


def _lines(value: Value, way: str = "") -> Iterator[PrintedLine]:
    """A line for each line of each text, the first of each with the way to it."""
    if isinstance(value, str):
        first, *more = value.rstrip("\n").split("\n")
        yield PrintedLine(way, first)
        yield from (PrintedLine("", one) for one in more)
        return
    is_record = isinstance(value, dict)
    if not value:
        yield PrintedLine(f"{way} {'{}' if is_record else '[]'}".strip(), "")
    inside = value.items() if isinstance(value, dict) else enumerate(value, 1)
    for key, one in inside:
        yield from _lines(one, f"{way}.{key}" if way else str(key))
