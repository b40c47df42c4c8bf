"""Values that one process hands to another, in fewer steps than parsing them again would take."""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import TypeVar

T = TypeVar("T")


class Portable:
    """A frozen dataclass with slots: pickled as the bare values of its fields.

    Only for values that were checked when they were made: nothing is checked when they arrive.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[object, ...]:
        kind = type(self)
        return _arrived, (kind, _values(kind)(self))


@cache
def _values(kind: type[Portable]) -> Callable[[Portable], tuple[object, ...]]:
    return attrgetter(*kind.__slots__)


def _arrived(kind: type[T], values: tuple[object, ...]) -> T:
    one = object.__new__(kind)
    for name, value in zip(kind.__slots__, values, strict=True):  # type: ignore[attr-defined]
        object.__setattr__(one, name, value)
    return one
