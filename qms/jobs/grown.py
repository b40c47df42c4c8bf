"""Whether a list only grew, by entries that hold: what others did wrong in it binds nobody then."""

from qms.domain.document import Document
from qms.domain.kind import Kinds
from qms.domain.log import Log
from qms.domain.register import Register
from qms.findings import Refused


def all_new_hold(
    kinds: Kinds, register: Register, path: str, before: bytes | None, after: bytes | None
) -> bool:
    """Whether all that is new in a list since `before` is recorded in `register`.

    False for what is no list, or is one no more.
    """
    grown = list_in(kinds, path, after)
    if grown is None:
        return False
    older = list_in(kinds, path, before)
    old = () if older is None else older.events
    new = {slot.id for slot in grown.events} - {slot.id for slot in old}
    lists = register.lists(grown.kind, grown.number, grown.revision)
    return new <= {event.slot.id for event in lists.get(path, ())}


def list_in(kinds: Kinds, path: str, data: bytes | None) -> Log | None:
    """The list that the bytes of a path are; None where they are none."""
    kind = kinds.lists.get(kinds.at(path).kind or "")
    if kind is None or data is None:
        return None
    try:
        found = kind.parse(data)
    except Refused:
        return None
    return None if isinstance(found, Document) else found
