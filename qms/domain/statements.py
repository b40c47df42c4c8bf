"""Everything that was ever recorded as signed, whatever it is about."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from qms.domain.kind import Kinds
from qms.domain.register import PolicyEntry, Register, Released
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
        files = tuple(f"{folder}/policy.yaml" for folder in policy.places)
        yield from (Recorded(slot, files, policy) for slot in policy.slots)
    for entry in register.all_released():
        where = places(entry)
        yield from (Recorded(one, where) for one in entry.document.statements)
    for event in kinds.events(register):
        yield Recorded(event.slot, (event.path,))


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


def places(entry: Released) -> tuple[str, ...]:
    """Where a revision's slots stand: filed, or in a working text that is still going round."""
    return *entry.places, document_path(entry.document.class_id, entry.document.number)
