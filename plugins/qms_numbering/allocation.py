"""Which numbers were ever used, and what follows from it: the next free one, twins, meanings.

A number is used for ever: withdrawing or destroying its document frees nothing. So the value
here is made of every number that was ever in the repo, and it only grows.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qms.api import Place, Refused, refused
from qms_numbering.pattern import NumberPattern
from qms_numbering.spelling import mended, twin_key


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers ever used, found by what they look like. Made by `of`."""

    by_look: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, numbers: Iterable[str]) -> "Numbers":
        """The value of these numbers; each counts once."""
        by_look: dict[str, tuple[str, ...]] = {}
        for number in sorted(set(numbers)):
            key = twin_key(number)
            by_look[key] = (*by_look.get(key, ()), number)
        return cls(by_look)

    def __iter__(self) -> Iterator[str]:
        for alike in self.by_look.values():
            yield from alike

    def __contains__(self, number: object) -> bool:
        return isinstance(number, str) and number in self.by_look.get(twin_key(number), ())

    def with_used(self, numbers: Iterable[str]) -> "Numbers":
        """These numbers and further ones; equal to `of` all of them."""
        by_look = dict(self.by_look)
        for number in numbers:
            key = twin_key(number)
            by_look[key] = tuple(sorted({*by_look.get(key, ()), number}))
        return Numbers(by_look)

    def alike(self, number: str) -> tuple[str, ...]:
        """The used numbers that `number` is or could be taken for."""
        return self.by_look.get(twin_key(number), ())

    def twins(self, number: str) -> tuple[str, ...]:
        """The used numbers that are not `number` but could be taken for it."""
        return tuple(used for used in self.alike(number) if used != number)

    def colliding(self) -> Iterator[tuple[str, ...]]:
        """Each group of used numbers that could be taken for one another."""
        return (alike for alike in self.by_look.values() if len(alike) > 1)

    def meant(self, typed: str) -> str | None:
        """The used number that `typed` stands for, in whatever spelling; None if there is none.

        A number typed as it is filed is always that one. Raises Refused NUMBER-TWIN where the
        typed text could stand for several, or differs from the used one in a look-alike
        character and not just in width, dashes, blanks and case.
        """
        alike = self.alike(typed)
        exact = [used for used in alike if used == typed]
        if exact or not alike:
            return exact[0] if exact else None
        same = [used for used in alike if _same_letters(used, typed)]
        if len(same) == 1:
            return same[0]
        raise refused(
            "NUMBER-TWIN", Place(field="number"), found=typed, meant=", ".join(same or alike)
        )

    def next_free(self, pattern: NumberPattern, given: Mapping[str, str | int]) -> str:
        """The number a new document of `pattern` gets; see `NumberPattern.next_free`."""
        return pattern.next_free(self, given)

    def parents(
        self, pattern: NumberPattern, number: str, parent: NumberPattern
    ) -> tuple[str, ...]:
        """The used numbers of the class with pattern `parent` that `number` derives from.

        None at all is a number that belongs to no document of that class.
        """
        return tuple(
            used
            for used in self
            if parent.match(used) is not None and pattern.derives_from(number, parent, used)
        )


def _same_letters(used: str, typed: str) -> bool:
    try:
        return mended(typed).casefold() == used.casefold()
    except Refused:
        return False
