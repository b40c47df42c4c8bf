"""The rows of a list, from the function that it names: checked before anything is made of them."""

from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from qms.domain.library.library import Library
from qms.findings import Finding, QmsError
from qms.listings import Cells, Named, NamedList
from qms.plugin_guards import checked, named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_CELLS: Final = (str, int, date, Named, type(None))


def rows_of(listing: NamedList, library: Library, now: datetime) -> tuple[Cells, ...]:
    """The rows of a list. Raises `QmsError` PLUGIN-FAILED where its function is no such one."""
    module, _, name = listing.target.partition(":")
    with named(module, listing.name):
        asked = cast(
            "Callable[[Library, datetime], Iterable[object]]", getattr(import_module(module), name)
        )
        rows = list(asked(library, now))
    keys = {column.key for column in listing.columns}
    return tuple(_row(listing, keys, module, row) for row in rows)


def _row(listing: NamedList, keys: set[str], module: str, row: object) -> Cells:
    cells = cast("Cells", checked(module, listing.name, dict, row))
    given = cast("Mapping[object, object]", cells)  # from a plugin: of whatever types
    for key, cell in given.items():
        if key not in keys or not _is_cell(cell):
            values = {"name": module, "hook": listing.name, "reason": f"{key}: {cell!r}"[:200]}
            raise QmsError(Finding("PLUGIN-FAILED", values=values))
    return cells


def _is_cell(cell: object) -> bool:
    """Whether all forms of a list write it alike: no truth value and no time of day are."""
    return isinstance(cell, _CELLS) and not isinstance(cell, bool | datetime)
