"""Everything that was ever recorded as signed, whatever it is about."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from qms.domain.kinds.kind import Kinds
from qms.domain.kinds.recorded import Entry, Filed, PolicyEntry, Released
from qms.domain.register.register import Register
from qms.formats.paths import document_path
from qms.formats.slots import Statement


class Recorded(NamedTuple):
    """A signed statement, and where it may stand in a tree. `policy` is the version it signs."""

    slot: Statement
    places: tuple[str, ...]
    policy: PolicyEntry | None = None


def statements(register: Register, kinds: Kinds) -> Iterator[Recorded]:
    """All signed slots of all entries: of policies, released revisions and lists."""
    for policy in register.policies():
        yield from (Recorded(slot, policy.places, policy) for slot in policy.slots)
    for name in kinds.recorded[1:]:
        for entry in register.every(name):
            where = places(entry)
            yield from (Recorded(one, where) for one in entry.statements)


Views: TypeAlias = Sequence[Sequence[Recorded]]


def views(register: Register, kinds: Kinds) -> Views:
    """The same, together those that were signed having seen the same, under one policy."""

    def grouped() -> Views:
        found: dict[tuple[str | None, str | None], list[Recorded]] = {}
        for told in statements(register, kinds):
            view = told.slot.policy, told.slot.seen
            found.setdefault(view, []).append(told)
        return tuple(map(tuple, found.values()))

    return register.once("views", grouped)


def places(entry: Entry) -> tuple[str, ...]:
    """Where an entry's statements stand; a revision's in a text that is still going round too."""
    if isinstance(entry, Filed) and entry.going:
        return *entry.places, entry.going
    if not isinstance(entry, Released):
        return entry.places
    return *entry.places, document_path(entry.document.class_id, entry.document.number)
