"""A sequence that runs across other fields gives no place twice (DC-02).

``JD/QMB4.2.3-05`` and then ``JD/QMB8.5.2-05`` are two documents that people call "number five".

The places that are taken are those of all numbers ever used, whatever only looks like one included:
another case, width or dash is no way round. Classes whose patterns differ in nothing but how they
count share one sequence, and free names (``{name}``) may not look like a place of any.

No claimed time says which of two came later. What was there before a step stays, and what the step
brings is told; where both come in one step, as all do in `verify`, both are told, save that what is
released was there before a working text.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from qms.api import NUMBERS, RELEASED, WORKING, Change, Finding, Place, Policy, Step, Use
from qms_numbering.classes import ClassNumbering
from qms_numbering.fields import Placeholder
from qms_numbering.pattern import NumberPattern, SequencePlace
from qms_numbering.spelling import twin_key
from qms_numbering.uniqueness import is_brought

Ask = Callable[[Policy, str], ClassNumbering | None]
Places = Mapping[SequencePlace, list[Use]]


@dataclass(slots=True, eq=False)
class Sequences:
    """The sequences of each policy that is asked for; one look at all numbers for each of them.

    `ask` gives the numbering of a class under a policy.
    """

    step: Step
    ask: Ask
    _places: dict[tuple[int, str], Places] = field(default_factory=dict[tuple[int, str], Places])
    _across: dict[int, tuple[NumberPattern, ...]] = field(
        default_factory=dict[int, tuple[NumberPattern, ...]]
    )

    def fault(self, change: Change, policy: Policy) -> Finding | None:
        """NUMBER-SEQUENCE where a number, given the first time, takes a place that another has."""
        document = change.document
        if document is None or not is_brought(change):
            return None
        for pattern in self._patterns(policy):
            place = pattern.place(document.number)
            if place is None or not self._counts(policy, pattern, document.class_id):
                continue
            for use in self._taken(policy, pattern).get(place, ()):
                if self._was_there(use, change):
                    return _finding(change, pattern, use, place)
        return None

    def _patterns(self, policy: Policy) -> tuple[NumberPattern, ...]:
        """The patterns whose sequence runs across other fields, each once."""
        if id(policy) not in self._across:
            asked = (self.ask(policy, class_id) for class_id in policy.classes)
            found = {one.pattern.text: one.pattern for one in asked if one is not None}
            self._across[id(policy)] = tuple(
                one for one in found.values() if one.sequence is not None and one.sequence.across
            )
        return self._across[id(policy)]

    def _counts(self, policy: Policy, pattern: NumberPattern, class_id: str) -> bool:
        """Whether numbers of a class may be places of the sequence of `pattern`."""
        asked = self.ask(policy, class_id) if class_id in policy.classes else None
        if asked is None:
            return True
        is_free = any(one.kind == "name" for one in asked.pattern.fields)
        return is_free or _shape(asked.pattern) == _shape(pattern)

    def _taken(self, policy: Policy, pattern: NumberPattern) -> Places:
        key = id(policy), pattern.text
        if key not in self._places:
            found: dict[SequencePlace, list[Use]] = {}
            for use in _uses(self.step):
                place = pattern.place(use.number)
                if place is not None and self._counts(policy, pattern, use.class_id):
                    found.setdefault(place, []).append(use)
            self._places[key] = found
        return self._places[key]

    def _was_there(self, use: Use, change: Change) -> bool:
        """Whether another number had the place, or came to it in the same step."""
        document = change.document
        if document is None or twin_key(use.number) == twin_key(document.number):
            return False  # look-alikes are told as such
        is_draft = bool(use.path)
        if is_draft and self.step.register.released(use.number):
            return False  # its release is a use of its own
        return not (is_draft and change.kind == RELEASED and use.path in self._new())

    def _new(self) -> Iterable[str]:
        return (one.path for one in self.step.of(WORKING) if is_brought(one))


def _uses(step: Step) -> Iterator[Use]:
    for uses in step.after.index(NUMBERS).values():
        yield from uses


def _shape(pattern: NumberPattern) -> tuple[str | Placeholder, ...]:
    """A pattern without how it counts: its width, and what its sequence runs across."""
    return tuple(
        part._replace(width=1, across=()) if isinstance(part, Placeholder) else twin_key(part)
        for part in pattern.parts
    )


def _finding(change: Change, pattern: NumberPattern, use: Use, place: SequencePlace) -> Finding:
    document, sequence = change.document, pattern.sequence
    assert document is not None  # noqa: S101 - `fault` looked
    across = "" if sequence is None else ", ".join(sequence.across)
    values = {"number": document.number, "other": use.number, "seq": str(place.turn)}
    return Finding(
        "NUMBER-SEQUENCE", Place(field="number"), values | {"across": across}, document.about
    )
