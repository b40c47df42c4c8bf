"""Complete rulings that gave way to a later word: who signed one was told that it counts.

Two people may complete opposite rulings at once. The one whose signers had the other before them
counts (format.md, Acts); who signed the other should know, for they may have acted on it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from qms.domain.kinds.log import ACTS
from qms.domain.library.library import Library
from qms.domain.library.verdicts import Ruling

if TYPE_CHECKING:
    from qms.formats.canonical_json import Json

_TOLD: Final = timedelta(days=30)
"""Nothing has to be done about it: so long it is told to who may not have looked since."""


class Overruled(NamedTuple):
    """A ruling of an `act` about a number gave way to the one of the act `to` that `by` signed.

    `about` are the revisions on which they disagree, or digits of what is none.
    """

    number: str
    about: str
    act: str
    to: str
    by: tuple[str, ...]


def gave_way(library: Library, person: str, now: datetime) -> Iterator[Overruled]:
    """Those that `person` signed, without a part in what counts instead, as long as it is news."""
    for number, told in library.told("gave way", _gave_way):
        for one in cast("list[list[list[str]]]", told):
            (about, act, to, since), signed, by = one
            if person in signed and now - datetime.fromisoformat(since) <= _TOLD:
                yield Overruled(number, about, act, to, tuple(by))


def _gave_way(library: Library, number: str) -> "Json":
    if next(library.register.of_number(ACTS, number), None) is None:
        return []
    rulings = library.effects.standing.rulings(number)
    found: list[Json] = []
    for one in rulings:
        for other in rulings:
            about = _disagree(one, other) if other is not one else ()
            if about and one.gives_way(other):
                found.append(_told(library, number, one, other, about))
    return found


def _disagree(one: Ruling, other: Ruling) -> tuple[str, ...]:
    """The entries that one of both lets stand and the other doesn't."""
    both = one.named.ids & other.named.ids
    return tuple(
        entry for entry in sorted(both)
        if (one.named.stands == entry) != (other.named.stands == entry)
    )  # fmt: skip


def _told(
    library: Library, number: str, one: Ruling, other: Ruling, about: tuple[str, ...]
) -> "Json":
    """Who signed the one and had no part in the other, and since when that is complete."""
    by = sorted({event.slot.person for event in other.events})
    signed = sorted({event.slot.person for event in one.events} - {*by})
    names = {e.filing.id: e.document.revision for e in library.register.released(number)}
    shown = dict.fromkeys(names.get(entry, entry.partition(":")[2][:8]) for entry in about)
    since = max(event.slot.time for event in (*one.ends, *other.ends))
    return [[", ".join(shown), one.act, other.act, since.isoformat()], signed, by]
