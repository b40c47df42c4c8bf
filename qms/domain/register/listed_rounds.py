"""The rounds of a list of rejections: how each was begun, and that none was left out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from qms.domain.kinds.chain import RoundActs
from qms.domain.register.behind import Behind
from qms.formats.slots import Statement


class _Round(NamedTuple):
    revision: str | None
    number: int


class Rounds(Behind):
    """The statements of such a list that hold, with what begins each round of them.

    `acts` are those that begin and end a round.
    """

    __slots__ = ("_acts", "_begun", "_held", "_rightly", "_rounds")

    def __init__(self, slots: Iterable[Statement] = (), acts: RoundActs | None = None) -> None:
        self._acts = acts or RoundActs()
        super().__init__(slots)

    def _fill(self, known: Mapping[str, Statement]) -> None:
        self._rounds: dict[_Round, int] = {}
        self._rightly: dict[_Round, int] = {}
        self._begun: dict[tuple[object, ...], int] = {}
        self._held: dict[str, int] = {}
        super()._fill(known)

    def _add(self, slot: Statement) -> None:
        super()._add(slot)
        at = _round(slot)
        bit = self.bit(slot.id)
        self._rounds[at] = self._rounds.get(at, 0) | bit
        if slot.act == self._acts.begin:
            if self.before(slot) & self._rounds.get(_before(at), 0):
                self._rightly[at] = self._rightly.get(at, 0) | bit
            self._begun[_text(slot)] = self._begun.get(_text(slot), 0) | bit
        self._held[slot.id] = self._behind_rejects(slot)
        if slot.act == self._acts.reject:
            self._held[slot.id] |= self.before(slot) | bit

    def _behind_rejects(self, slot: Statement) -> int:
        """The rejections that a statement comes after, with all that they come after."""
        found = 0
        for one in slot.after:
            found |= self._held.get(one, 0)
        return found

    def begun(self, slot: Statement) -> Iterator[Statement]:
        """Each beginning of this statement's very round, text and revision that it comes after."""
        return self.slots(self.before(slot) & self._begun.get(_text(slot), 0))

    def follow(self, reject: Statement) -> bool:
        """Whether each round behind a reject was begun after a signature of the one before it.

        Of its own revision, or the last round of one would be the end of all that come after it.
        What is behind another rejection was looked at with that one.
        """
        reached = self.before(reject)
        open_ones = (*self.slots(reached & ~self._behind_rejects(reject)), reject)
        rounds = {at for at in map(_round, open_ones) if at.number > 1}
        return all(self._rightly.get(at, 0) & reached for at in rounds)


def _round(slot: Statement) -> _Round:
    return _Round(slot.subject.revision, slot.round)


def _before(at: _Round) -> _Round:
    return at._replace(number=at.number - 1)


def _text(slot: Statement) -> tuple[object, ...]:
    """Round, text and revision of a statement."""
    return slot.subject, slot.content, slot.round
