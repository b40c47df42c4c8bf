"""What a head says beside the core's keys, as it is printed: all of it, under what it is called."""

from collections.abc import Iterator, Mapping

from qms.domain.kinds.document import Document
from qms.domain.kinds.head_field import leaves
from qms.domain.kinds.policy import Policy
from qms.formats.strict_yaml import Value
from qms.plugins import Hooks
from qms.printing import PrintedField
from qms.texts import Text


def particulars(hooks: Hooks, policy: Policy, document: Document) -> tuple[PrintedField, ...]:
    """The keys of plugins in a document's head, in the order in which they stand there.

    One whose plugin isn't here any more is called as it is spelled.
    """
    if not document.extra:
        return ()
    names = {one.field.name: one.name for one in hooks.head_fields(policy, document.class_id)}
    return printed(document.extra, names)


def printed(values: Mapping[str, Value], names: Mapping[str, Text]) -> tuple[PrintedField, ...]:
    """Each key, its name, and all texts in its value."""
    return tuple(
        PrintedField(names.get(key) or Text(key, ""), tuple(_lines(value)))
        for key, value in values.items()
    )


def _lines(value: Value) -> Iterator[str]:
    """A line for each text, behind the way to it; of a list of texts alone these are enough."""
    for way, text in leaves(value, first=1):
        first, *more = text.rstrip("\n").split("\n")
        yield first if not way or way.isdecimal() else f"{way}: {first}"
        yield from more
