"""A list as CSV, as spreadsheets open it: BOM, CRLF, no cell that one would compute (row 87)."""

import csv
from io import StringIO
from typing import Final

from qms.lists.table import Table

_BEGINS_FORMULA: Final = frozenset("=+-@\t\r＝＋－＠")
_BOM: Final = "\ufeff"


def csv_file(table: Table, language: str) -> bytes:
    """The titles and rows of `table`, as people read them in `language`."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(table.titles(language))
    for row in table.words(language):
        writer.writerow([_plain(cell) for cell in row])
    return (_BOM + file.getvalue()).encode()


def _plain(cell: str) -> str:
    """The cell with a quote in front where a spreadsheet would take it for a formula.

    A blank before the sign changes nothing for some; a number that is negative is told by its
    quote, since no list of ours has one.
    """
    begins = cell.lstrip()[:1] or cell[:1]
    return f"'{cell}" if begins in _BEGINS_FORMULA and begins else cell
