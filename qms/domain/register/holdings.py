"""All that a register holds, kind by kind."""

from collections.abc import Iterator

from qms.domain.kinds.kind import Kinds
from qms.domain.kinds.recorded import Entry, Event, Filed
from qms.domain.register.register import Register


def every_entry(register: Register, kinds: Kinds) -> Iterator[Entry]:
    """Every entry of every kind."""
    for name in kinds.recorded:
        yield from register.every(name)


def every_event(register: Register, kinds: Kinds) -> Iterator[Event]:
    """Every event of every list."""
    for name in kinds.lists:
        for events in register.all_lists(name):
            yield from events


def every_text(register: Register, kinds: Kinds, number: str | None = None) -> Iterator[Filed]:
    """Every text of plugins' kinds, or those of one number."""
    for name in kinds.brought_texts:
        yield from register.texts(name, number)
