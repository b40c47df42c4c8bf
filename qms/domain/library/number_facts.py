"""Facts about one number, as whoever lists many of them asks for: made anew, or known already.

A fact is plain values that follow from what is recorded about a number, its working text and the
policy, and from nothing else: not from the day, a setting, or another number (where it does, the
number is `hanging`). So who has made one on this machine may keep it for as long as none of these
changes. What is in force today, or whom
something waits for, is told from facts and is none.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from qms.formats.canonical_json import Json

if TYPE_CHECKING:
    from qms.domain.library.library import Library


class Numbered(NamedTuple):
    """The numbers whose facts are known, with their class, and those that are to be looked at.

    Of the latter some may be none any more.
    """

    known: Mapping[str, str]
    others: Collection[str]


class NumberFacts(Protocol):
    """Gives facts about numbers."""

    def fact(self, name: str, number: str, make: Callable[[], Json]) -> Json:
        """The fact that `make` tells of a number. `name` tells it from all others about it."""
        ...

    def lacking(self, name: str, numbers: Sequence[str]) -> Sequence[str]:
        """Those of `numbers` of which this fact is still to be made, in their order."""
        ...

    def numbers(self) -> Numbered | None:
        """What is known of all numbers there are; None where the trees are to be asked."""
        ...

    def keep(self, library: "Library") -> None:
        """Nothing more is asked: what was made may be kept."""
        ...


class Fresh:
    """Makes all of them anew."""

    def fact(self, name: str, number: str, make: Callable[[], Json]) -> Json:
        """What `make` tells."""
        del name, number
        return make()

    def lacking(self, name: str, numbers: Sequence[str]) -> Sequence[str]:
        """All of them."""
        del name
        return numbers

    def numbers(self) -> Numbered | None:
        """Nothing is known."""
        return None

    def keep(self, library: "Library") -> None:
        """Nothing is kept."""
