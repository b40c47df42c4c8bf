"""A list as it was asked for: columns, rows of cells, and the words that people read of them."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Final
from unicodedata import decimal

from qms.findings import refused
from qms.listings import Cell, Cells, Column, Named, NamedList, cell_word
from qms.texts import Text, counted

_NAMED: Final = 40
"""So many files that could not be read are named; the rest is counted."""
_DIGITS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A list with its rows, of one commit and one day.

    `kept` are the conditions that its rows meet, as somebody typed them; `unread` the files that
    could not be read, so that rows of theirs are missing; `uncommitted`: texts lay there otherwise
    than in the commit.
    """

    listing: NamedList
    rows: tuple[Cells, ...]
    company: Text
    commit: str
    day: date
    made: datetime
    kept: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    uncommitted: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in the order in which they are printed."""
        return self.listing.columns

    def heading(self, language: str) -> tuple[str, ...]:
        """What stands above a list: its name and which rows, the company, its day and commit.

        Behind these what else has to be known of it (`notes`).
        """
        name = self.listing.title.of(language)
        which = Text("；", "; ").of(language).join(self.kept)
        day, commit = self.day, self.commit[:20]
        of = Text(f"截至 {day}，提交 {commit}", f"As of {day}, commit {commit}")
        named = Text(f"{name}（{which}）", f"{name} ({which})").of(language) if which else name
        return named, self.company.of(language), of.of(language), *self.notes(language)

    def notes(self, language: str) -> tuple[str, ...]:
        """Wherein a list is not what its commit has, and what is missing in it: none, if whole."""
        found: list[Text] = []
        if self.uncommitted:
            found.append(Text(
                "含未提交的修改：部分文件与该提交不同",
                "With uncommitted changes: some texts differ from this commit",
            ))  # fmt: skip
        if self.unread:
            count, names = len(self.unread), ", ".join(self.unread[:_NAMED])
            more = " …" if count > _NAMED else ""
            found.append(Text(
                f"{count} 个文件无法读取，未列入：{names}{more}",
                f"{counted(count, 'text')} could not be read, and so not listed: {names}{more}",
            ))  # fmt: skip
        return tuple(one.of(language) for one in found)

    def titles(self, language: str) -> tuple[str, ...]:
        """The printed titles of the columns."""
        return tuple(column.title.of(language) for column in self.columns)

    def words(self, language: str) -> tuple[tuple[str, ...], ...]:
        """All rows as people read them."""
        return tuple(
            tuple(cell_word(row.get(column.key), language) for column in self.columns)
            for row in self.rows
        )

    def values(self) -> list[dict[str, str | int | None]]:
        """All rows as JSON values: ids and days, the same in every language."""
        return [
            {column.key: value(row.get(column.key)) for column in self.columns} for row in self.rows
        ]


def value(cell: Cell) -> str | int | None:
    """What programs get of a cell."""
    match cell:
        case Named():
            return cell.id
        case date():
            return cell.isoformat()
        case _:
            return cell


def kept(
    listing: NamedList,
    rows: Iterable[Cells],
    conditions: Sequence[str],
    called: Callable[[str, str], Collection[str]] = lambda _kind, _word: (),
) -> tuple[Cells, ...]:
    """The rows that meet all of the `conditions`, each ``KEY=WORD``: an id or what is printed.

    Without a word: where the cell is empty. `called` gives the ids of what was ever called by a
    name, for a kind of `Named` cells. Raises `Refused` LIST-COLUMN for another key.
    """
    tests = [_condition(listing, one, called) for one in conditions]
    return tuple(row for row in rows if all(test(row) for test in tests))


def _condition(
    listing: NamedList, condition: str, called: Callable[[str, str], Collection[str]]
) -> Callable[[Cells], bool]:
    key, _, wanted = (part.strip() for part in condition.partition("="))
    _column(listing, key)

    @cache
    def meant(kind: str) -> Collection[str]:
        return called(kind, wanted)

    def meets(row: Cells) -> bool:
        cell = row.get(key)
        found = value(cell)
        if isinstance(cell, Named) and cell.kind and cell.id in meant(cell.kind):
            return True
        return wanted in {
            "" if found is None else str(found),
            *(cell_word(cell, one) for one in ("zh", "en")),
        }

    return meets


def ordered(listing: NamedList, rows: Sequence[Cells], key: str | None) -> tuple[Cells, ...]:
    """The rows by a column, numbers in it as numbers, empty cells last; as given without one.

    Raises `Refused` LIST-COLUMN.
    """
    if key is None:
        return tuple(rows)
    _column(listing, key)
    return tuple(sorted(rows, key=lambda row: _place(row.get(key))))


def _place(cell: Cell) -> tuple[object, ...]:
    found = value(cell)
    text = "" if found is None else str(found)
    return text == "", [_part(one) for one in _DIGITS.split(text)]


def _part(text: str) -> tuple[int, int, str]:
    """A text, or a number: by its value, however long, which no `int` need be made of."""
    if not text.isdecimal():
        return -1, 0, text
    number = "".join(str(decimal(one)) for one in text).lstrip("0")
    return 0, len(number), number


def _column(listing: NamedList, key: str) -> None:
    known: Mapping[str, Column] = {column.key: column for column in listing.columns}
    if key not in known:
        raise refused("LIST-COLUMN", list=listing.name, found=key, known=", ".join(known))
