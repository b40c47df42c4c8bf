"""Numbers are unique for ever (DC-02): a new one is compared with every other that is or was used.

Only numbers that are new in the step are judged, and the others are gone through once, however
many are new. Of two new ones that could be taken for one another the one that was there first
stays: released before not, the earlier signed, the first by path.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from qms.api import (
    NUMBERS,
    RELEASED,
    WORKING,
    Change,
    Document,
    Finding,
    Place,
    Released,
    Step,
    Use,
)
from qms_numbering.classes import ClassNumbering
from qms_numbering.spelling import twin_key


def entry_of(change: Change, step: Step) -> Released | None:
    """What the register holds of a released file; None where it does not hold."""
    document = change.document
    if document is None:
        return None
    entries = step.register.released(document.number)
    return next((entry for entry in entries if entry.path == change.path), None)


def is_first(change: Change, entry: Released | None, step: Step) -> bool:
    """Whether the item gives its number for the first time: nothing was released under it yet.

    `entry` is what the register holds of a released file (`entry_of`).
    """
    document = change.document
    if document is None:
        return False
    if change.kind == WORKING:
        return not step.register.released(document.number)
    return entry is not None and entry.base is None


def is_brought(change: Change) -> bool:
    """Whether the step brings the item, or looks at all there is, what nobody touched included."""
    return change.before is None or change.before == change.after


def collisions(step: Step) -> Mapping[str, Finding]:
    """NUMBER-REUSE or NUMBER-TAKEN for each new number that is no new one, by path."""
    claims = {change.path: change for change in _claims(step)}
    if not claims:
        return {}
    uses = _uses(step, {twin_key(_document(change).number) for change in claims.values()})
    found: dict[str, Finding] = {}
    for path, change in claims.items():
        for use in uses.get(twin_key(_document(change).number), ()):
            fault = _clash(change, use, step)
            if fault is not None and _was_there(use, change, claims, step):
                found[path] = fault
                break
    return found


def _document(change: Change) -> Document:
    document = change.document
    assert document is not None  # noqa: S101 - `_claims` gives documents only
    return document


def _claims(step: Step) -> Iterator[Change]:
    """The changes that bring a number, or bring one into another class."""
    for change in step.changes:
        document = change.document
        if document is None or not is_brought(change):
            continue
        newest = step.register.newest(document.number) if change.kind == WORKING else None
        moved = newest is not None and newest.document.class_id != document.class_id
        entry = entry_of(change, step) if change.kind == RELEASED else None
        if moved or is_first(change, entry, step):
            yield change


def _uses(step: Step, keys: set[str]) -> Mapping[str, list[Use]]:
    """All uses of numbers that look like one of `keys`; what is released comes first."""
    found: dict[str, list[Use]] = {}
    for number, uses in step.after.index(NUMBERS).items():
        key = twin_key(number)
        if key in keys:
            found.setdefault(key, []).extend(uses)
    return {key: sorted(uses, key=lambda use: use.path) for key, uses in found.items()}


def _clash(change: Change, use: Use, step: Step) -> Finding | None:
    """What is wrong with the number of `change` beside another use, or None."""
    document = _document(change)
    number = document.number
    place = Place(field="number")
    if use.number == number:
        # A released revision in another class is the core's to judge: a fork, or a change of
        # class that went through both chains.
        if change.kind == RELEASED or not use.path or use.path == change.path:
            return None
        values = {"number": number, "other": use.path}
        code = "NUMBER-REUSE" if step.register.released(number) else "NUMBER-TAKEN"
        return Finding(code, place, values, document.about)
    if use.path and step.register.released(use.number):
        return None  # its release is a use of its own
    if use.path:
        values = {"number": number, "other": use.path}
        return Finding("NUMBER-TAKEN", place, values, document.about)
    values = {"number": number, "other": use.number}
    return Finding("NUMBER-REUSE", place, values, document.about)


def _was_there(use: Use, change: Change, claims: Mapping[str, Change], step: Step) -> bool:
    """Whether the other use is no claim of this step, or the better one."""
    document = _document(change)
    if not use.path:
        entries = step.register.released(use.number)
        if not entries or entries[0].path not in claims or change.kind == WORKING:
            return True
        mine = step.register.released(document.number)
        return (_signed(entries[0]), use.number) < (_signed(mine[0]), document.number)
    if use.path not in claims:
        return True
    return change.kind == WORKING and use.path < change.path


def _signed(entry: Released) -> datetime:
    return entry.filing.time


class Parents:
    """Which numbers derive from a document that is there: one look at all numbers a step."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._numbers: dict[str, set[str]] | None = None
        self._known: dict[tuple[str, str, str], frozenset[tuple[str, ...]]] = {}

    def missing(self, numbering: ClassNumbering, number: str) -> Mapping[str, str] | None:
        """What names the document that `number` should belong to and that is nowhere, or None."""
        pattern, parent = numbering.pattern, numbering.parent
        written = pattern.texts(number)
        if pattern.parent is None or parent is None or written is None:
            return None
        taken = tuple(one for one in pattern.fields if one.parent)
        if any(one.kind not in parent.inheritable for one in taken):
            return None  # told at the setting
        key = (pattern.text, pattern.parent, parent.text)
        if key not in self._known:
            matched = (parent.texts(one) for one in self._of(pattern.parent))
            self._known[key] = frozenset(
                tuple(found[one.kind] for one in taken) for found in matched if found is not None
            )
        if tuple(written[one.key] for one in taken) in self._known[key]:
            return None
        parts = ", ".join(f"{one.kind} {written[one.key]}" for one in taken)
        return {"number": number, "class": pattern.parent, "parts": parts}

    def _of(self, class_id: str) -> set[str]:
        """All numbers of a class, released or not."""
        if self._numbers is None:
            self._numbers = {}
            for number, uses in self._step.after.index(NUMBERS).items():
                for use in uses:
                    self._numbers.setdefault(use.class_id, set()).add(number)
        return self._numbers.get(class_id, set())
