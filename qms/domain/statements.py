"""Everything that was ever recorded as signed, whatever it is about."""

from collections.abc import Iterator
from typing import NamedTuple

from qms.domain.kind import Kinds
from qms.domain.register import Register
from qms.formats.slots import Slot


class Said(NamedTuple):
    """A signed slot, and where it may lie."""

    slot: Slot
    places: tuple[str, ...]


def statements(register: Register, kinds: Kinds) -> Iterator[Said]:
    """All signed slots of all entries: of policies, released revisions and lists."""
    for policy in register.policy_filings():
        places = tuple(f"{folder}/policy.yaml" for folder in policy.places)
        yield from (Said(slot, places) for slot in policy.slots)
    for entry in register.all_released():
        for slot in entry.document.slots:
            if slot.signed is not None:
                yield Said(slot, entry.places)
    for event in kinds.events(register):
        yield Said(event.slot, (event.path,))
