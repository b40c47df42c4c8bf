"""Which policy statements were signed under."""

from collections.abc import Iterable

from qms.domain.register.register import PolicyEntry, Register
from qms.formats.slots import Statement


def newest_cited(slots: Iterable[Statement], register: Register) -> PolicyEntry | None:
    """The newest policy that any of these statements was signed under."""
    named = {slot.policy for slot in slots}
    cited = [register.policy(content) for content in named if content is not None]
    known = [entry for entry in cited if entry is not None]
    return known[0] if len(known) == 1 else max(known, key=PolicyEntry.turn, default=None)
