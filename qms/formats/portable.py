"""Values that one process hands to another, in fewer steps than parsing them again would take."""

from collections.abc import Callable
from operator import attrgetter
from typing import Final, TypeVar, cast

T = TypeVar("T")

_Values = Callable[[object], tuple[object, ...]]
_values_of: Final[dict[type[object], _Values]] = {}


class Portable:
    """A frozen dataclass with slots and two fields at least: pickled as the values of its fields.

    Only for values that were checked when they were made: nothing is checked when they arrive.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[object, ...]:
        kind = type(self)
        values_of = _values_of.get(kind)
        if values_of is None:
            first, *others = _names(kind)
            values_of = _values_of[kind] = attrgetter(first, *others)
        return _arrived, (kind, values_of(self))


def _names(kind: type[object]) -> tuple[str, ...]:
    return cast("tuple[str, ...]", kind.__dict__["__slots__"])


def _arrived(kind: type[T], values: tuple[object, ...]) -> T:
    one = object.__new__(kind)
    for name, value in zip(_names(kind), values, strict=True):
        object.__setattr__(one, name, value)
    return one
