"""What comes after what: of many statements those that each names, and all that these come after.

Somebody may lay thousands of them one behind the other. So what is behind each is kept as the bits
of one number, made once from those that it names: asking again for each costs next to nothing.
"""

from collections.abc import Iterable, Iterator, Mapping

from qms.formats.slots import Statement


class Behind:
    """Tells what statements come after. A set of them is a number: a bit for each (see `bit`)."""

    __slots__ = ("_own", "_places", "_reached", "_slots")

    def __init__(self, slots: Iterable[Statement] = ()) -> None:
        self._fill({slot.id: slot for slot in slots})

    def _fill(self, known: Mapping[str, Statement]) -> None:
        self._places: dict[str, int] = {}
        self._slots: dict[int, Statement] = {}
        self._reached: dict[str, int] = {}
        self._own = 0
        for slot in known.values():
            if slot.id in self._places:  # named before it came: laid the wrong way round
                place = turns_of(known.values())
                return self._fill({one: known[one] for one in sorted(known, key=place.__getitem__)})
            self._add(slot)
        return None

    def add(self, slot: Statement) -> None:
        """Take in one more; dear where something here comes after it already."""
        if slot.id in self._reached:
            return
        if slot.id in self._places:
            self._fill({one.id: one for one in (*self._slots.values(), slot)})
        else:
            self._add(slot)

    def _add(self, slot: Statement) -> None:
        reached = 0
        for one in slot.after:
            place = self._places.setdefault(one, len(self._places))
            reached |= 1 << place | self._reached.get(one, 0)
        self._reached[slot.id] = reached
        place = self._places.setdefault(slot.id, len(self._places))
        self._slots[place] = slot
        self._own |= 1 << place

    def __contains__(self, one: str) -> bool:
        """Whether the statement with this id is here."""
        return one in self._reached

    def bit(self, one: str) -> int:
        """The set of one statement alone, by its id; empty where it isn't here."""
        return 1 << self._places[one] if one in self._reached else 0

    def of(self, ids: Iterable[str]) -> int:
        """The set of those of these ids that are here."""
        found = 0
        for one in ids:
            found |= self.bit(one)
        return found

    def before(self, slot: Statement) -> int:
        """Those here that a statement comes after, through others too; it need not be here."""
        found = self._reached.get(slot.id)
        if found is None:
            found = 0
            for one in slot.after:
                found |= self.bit(one) | self._reached.get(one, 0)
        return found & self._own

    def count(self, one: str) -> int:
        """How many statements one of these comes after, also such as are not here."""
        return self._reached[one].bit_count()

    def slots(self, chosen: int) -> Iterator[Statement]:
        """The statements of a set, each behind those that it comes after."""
        left = chosen & self._own
        while left:
            lowest = left & -left
            yield self._slots[lowest.bit_length() - 1]
            left ^= lowest


def turns_of(slots: Iterable[Statement]) -> Mapping[str, int]:
    """For each statement, by id, how long the way is to it along what each names; 0 for a first.

    In time that grows with the number of statements, in whatever order somebody laid them.
    """
    return turns({one.id: one.after for one in slots})


def turns(names: Mapping[str, Iterable[str]]) -> Mapping[str, int]:
    """As `turns_of`, of anything that names others."""
    named = {one: names.keys() & set(others) for one, others in names.items()}
    behind: dict[str, list[str]] = {}
    for one, others in named.items():
        for other in others:
            behind.setdefault(other, []).append(one)
    found = dict.fromkeys(named, 0)
    ready = [one for one, others in named.items() if not others]
    for one in ready:  # grows
        for later in behind.get(one, ()):
            found[later] = max(found[later], found[one] + 1)
            named[later].discard(one)
            if not named[later]:
                ready.append(later)
    return found
