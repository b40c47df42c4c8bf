"""Lists that people and auditors ask for by name: what a plugin gives for one, and what is printed.

A list is columns and rows of plain cells. Whoever brings it says nothing of how it looks: the core
makes a table, JSON, CSV, XLSX and a page of it, and hands it to whoever prints.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from qms.texts import Text


class Named(NamedTuple):
    """A cell whose value has a word of its own: a department, a person, a status.

    `id` is what programs get, the same in every language and year; `shown` what people read.
    `kind` is ``department``, ``person`` or ``class`` where it is one that the policy names: it is
    found by any name that it ever had.
    """

    id: str
    shown: Text
    kind: str = ""


Cell: TypeAlias = str | int | date | Named | None
"""What one cell may be. Empty is None; a list of things is a text with ``、`` between."""


def cell_word(cell: Cell, language: str) -> str:
    """What people read of a cell."""
    match cell:
        case None:
            return ""
        case Named():
            return cell.shown.of(language)
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


class Column(NamedTuple):
    """One column: its key in JSON and on the command line, and its printed title."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedList:
    """A list that a plugin, or the core, offers by name.

    `target` is ``module:function``, imported only when the list is asked for; the function is
    called with a `Library` and the time of the call, and gives a mapping from the keys of the
    columns to cells for each row, in the order in which they are printed. A key that it leaves out
    is an empty cell.
    """

    name: str
    title: Text
    help: Text
    columns: tuple[Column, ...]
    target: str


Cells: TypeAlias = Mapping[str, Cell]
"""One row, by the keys of the columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """A list to be printed: every word of it, in one language.

    `rows` are the cells as people read them. `as_of` is the commit that it is of, `day` the
    organisation's day, `made` the time that the file bears. It lies at no `path`. `counts` are the
    columns, from 0 on, in which numbers stand that one compares. `notes` are sentences that say
    wherein it isn't what its commit has, or isn't whole: printed above the rows.
    """

    title: str
    company: Text
    language: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    day: date
    as_of: str
    made: datetime
    path: str = ""
    counts: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
