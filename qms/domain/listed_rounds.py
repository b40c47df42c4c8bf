"""The rounds of a list of rejections: how each was begun, and that none was left out."""

from collections.abc import Iterator, Mapping

from qms.domain.behind import Behind
from qms.domain.chain import PREPARE, REJECT
from qms.formats.slots import Slot


class Rounds(Behind):
    """The statements of such a list that hold, with what begins each round of them."""

    __slots__ = ("_begun", "_held", "_prepared", "_rounds")

    def _fill(self, known: Mapping[str, Slot]) -> None:
        self._rounds: dict[int, int] = {}
        self._prepared: dict[int, int] = {}
        self._begun: dict[tuple[object, ...], int] = {}
        self._held: dict[str, int] = {}
        super()._fill(known)

    def _add(self, slot: Slot) -> None:
        super()._add(slot)
        if slot.signed is None:
            return
        bit, number = self.bit(slot.id), slot.signed.round
        self._rounds[number] = self._rounds.get(number, 0) | bit
        if slot.act == PREPARE:
            self._prepared[number] = self._prepared.get(number, 0) | bit
            self._begun[_text(slot)] = self._begun.get(_text(slot), 0) | bit
        self._held[slot.id] = self._behind_rejects(slot)
        if slot.act == REJECT:
            self._held[slot.id] |= self.before(slot) | bit

    def _behind_rejects(self, slot: Slot) -> int:
        """The rejections that a statement comes after, with all that they come after."""
        found = 0
        for one in slot.signed.after if slot.signed is not None else ():
            found |= self._held.get(one, 0)
        return found

    def begun(self, slot: Slot) -> Iterator[Slot]:
        """Each `prepare` of this statement's very round, text and revision that it comes after."""
        return self.slots(self.before(slot) & self._begun.get(_text(slot), 0))

    def follow(self, reject: Slot) -> bool:
        """Whether each round behind a reject was begun after a signature of the one before it.

        What is behind another rejection was looked at with that one.
        """
        reached = self.before(reject)
        open_ones = (*self.slots(reached & ~self._behind_rejects(reject)), reject)
        numbers = {slot.signed.round for slot in open_ones if slot.signed is not None}
        return all(self._is_begun(number, reached) for number in numbers if number > 1)

    def _is_begun(self, number: int, reached: int) -> bool:
        before = self._rounds.get(number - 1, 0) & reached
        prepared = self.slots(self._prepared.get(number, 0) & reached)
        return any(self.before(slot) & before for slot in prepared)


def _text(slot: Slot) -> tuple[object, ...]:
    """Round, text and revision of a statement."""
    signed = slot.signed
    return () if signed is None else (signed.subject, signed.content, signed.round)
