"""What others did wrong before, and what is new: that alone refuses whoever adds something."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import Kinds, Value
from qms.domain.kinds.log import Log
from qms.domain.register.register import Register
from qms.findings import Finding, Refused

_ABOUT: Final = ("number", "revision", "entry", "entries", "act", "step", "person", "at")


def parted(
    found: Iterable[Finding], before: Iterable[Finding], may_stand: Callable[[Finding], bool]
) -> tuple[list[Finding], list[Finding]]:
    """The findings that are new, and those that stood before, of those that `may_stand`.

    Of several alike as many as stood before.
    """
    stood = Counter(map(_key, before))
    brought: list[Finding] = []
    told: list[Finding] = []
    for one in found:
        key = _key(one)
        if stood[key] > 0 and may_stand(one):
            stood[key] -= 1
            told.append(one)
        else:
            brought.append(one)
    return brought, told


def _key(finding: Finding) -> object:
    """What a finding is about: its words may name how many files differ, or the way back."""
    named = tuple((name, finding.values[name]) for name in _ABOUT if name in finding.values)
    return finding.code, finding.place.path, finding.about, named


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
    return new <= {event.id for event in register.held(grown.key, path)}


def only_rejects(kinds: Kinds, path: str, before: bytes | None, after: bytes | None) -> bool:
    """Whether a text that goes round is sent back as it is: its words are the same, it has no say.

    What was wrong with them before, as by a rule that came while it went round, is the reason.
    """
    old, new = (_text_in(kinds, path, data) for data in (before, after))
    if old is None or new is None or old.content != new.content:
        return False
    return old.rejected() is None and new.rejected() is not None


def _text_in(kinds: Kinds, path: str, data: bytes | None) -> Document | FiledText | None:
    kind = kinds.of(path)
    if kind is None or data is None or not kind.is_working:
        return None
    try:
        found: Value = kind.parse(data)
    except Refused:
        return None
    return found if isinstance(found, Document | FiledText) else None


def list_in(kinds: Kinds, path: str, data: bytes | None) -> Log | None:
    """The list that the bytes of a path are; None where they are none."""
    kind = kinds.lists.get(kinds.at(path).kind or "")
    if kind is None or data is None:
        return None
    try:
        found = kind.parse(data)
    except Refused:
        return None
    return found if isinstance(found, Log) else None
