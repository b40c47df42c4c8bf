"""Everything that was ever recorded as signed, whatever it is about."""

from collections.abc import Iterator

from qms.domain.kind import Kinds
from qms.domain.register import Register
from qms.formats.slots import Slot


def statements(register: Register, kinds: Kinds) -> Iterator[Slot]:
    """All signed slots of all entries: of policies, released revisions and lists."""
    for policy in register.policies():
        yield from policy.slots
    for entry in register.all_released():
        yield from (slot for slot in entry.document.slots if slot.signed is not None)
    for event in kinds.events(register):
        yield event.slot
