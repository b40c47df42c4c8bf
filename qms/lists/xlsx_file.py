"""A list as a workbook: every cell a text, a number or a day, none a formula (row 87).

The same bytes for the same list: the file bears the time of what it is of, not of its making.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from io import BytesIO
from typing import Final, Protocol, cast
from unicodedata import east_asian_width

import xlsxwriter  # type: ignore[import-untyped]

from qms.listings import cell_word
from qms.lists.table import Table


class _Format(Protocol):
    def set_align(self, _alignment: str) -> None: ...


class _Sheet(Protocol):
    def write_string(
        self, _row: int, _col: int, _string: str, _form: _Format | None = ...
    ) -> int: ...
    def write_number(self, _row: int, _col: int, _number: float) -> int: ...
    def write_datetime(self, _row: int, _col: int, _date: datetime, _form: _Format) -> int: ...
    def set_column(self, _first: int, _last: int, _width: float) -> int: ...
    def autofilter(self, _top: int, _left: int, _bottom: int, _right: int) -> None: ...
    def freeze_panes(self, _row: int, _col: int) -> None: ...
    def repeat_rows(self, _first: int) -> None: ...
    def set_landscape(self) -> None: ...
    def set_paper(self, _size: int) -> None: ...
    def fit_to_pages(self, _width: int, _height: int) -> None: ...
    def set_footer(self, _footer: str) -> None: ...


class _Book(Protocol):
    """What is used of a library that says nothing of its types."""

    def set_properties(self, _properties: Mapping[str, object]) -> None: ...
    def add_worksheet(self, _name: str) -> _Sheet: ...
    def add_format(self, _properties: Mapping[str, object]) -> _Format: ...
    def close(self) -> None: ...


_NO_SHEET: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_LONGEST: Final = 31
_WIDEST: Final = 48
_NARROWEST: Final = 8
_PAPER_A4: Final = 9


def xlsx_file(table: Table, language: str) -> bytes:
    """`table` as a workbook of one sheet, with the list's name, its day and commit above it."""
    file = BytesIO()
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = cast("_Book", xlsxwriter.Workbook(file, {"in_memory": True, **options}))
    book.set_properties({
        "title": table.listing.title.of(language),
        "company": table.company.of(language),
        "created": table.made.replace(tzinfo=None),
    })  # fmt: skip
    sheet = book.add_worksheet(_sheet_name(table.listing.title.of(language)))
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    head = book.add_format({"bold": True, "bg_color": "#eef1f4", "border": 1, "text_wrap": True})
    day.set_align("left")
    heading = table.heading(language)
    first = len(heading)
    for row, said in enumerate(heading):
        sheet.write_string(row, 0, said, bold if row == 0 else None)
    titles, rows = table.titles(language), table.words(language)
    for column, title in enumerate(titles):
        sheet.write_string(first, column, title, head)
        wide = max((_width(one[column]) for one in (titles, *rows)), default=0)
        sheet.set_column(column, column, min(max(wide + 2, _NARROWEST), _WIDEST))
    for place, cells in enumerate(table.rows, first + 1):
        for column, one in enumerate(table.columns):
            match cells.get(one.key):
                case None:
                    pass
                case int() as number:
                    sheet.write_number(place, column, number)
                case date() as found:
                    sheet.write_datetime(place, column, datetime.combine(found, time()), day)
                case cell:
                    sheet.write_string(place, column, cell_word(cell, language))
    sheet.autofilter(first, 0, first + len(rows), len(titles) - 1)
    sheet.freeze_panes(first + 1, 0)
    sheet.repeat_rows(first)
    sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&F&R&P / &N")
    book.close()
    return file.getvalue()


def _sheet_name(title: str) -> str:
    """The title without what spreadsheets let no sheet be called, or nothing of it."""
    plain = " ".join(_NO_SHEET.sub(" ", title).split()).strip(" '")[:_LONGEST].rstrip(" '")
    return plain if plain.casefold() not in {"", "history"} else f"{plain} list".strip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)
