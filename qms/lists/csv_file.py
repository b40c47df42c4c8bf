"""A list as CSV, as spreadsheets open it: BOM, CRLF, no cell that one would compute (row 87)."""

import csv
import re
from io import StringIO
from typing import Final

from qms.lists.table import Table

_BEGINS_FORMULA: Final = frozenset("=+-@\t\r＝＋－＠")
_BEGINS_BEHIND: Final = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@＝＋－＠])")
"""Where a spreadsheet that takes ``;`` or tabs for what parts cells would begin one."""
_BOM: Final = "\ufeff"


def csv_file(table: Table, language: str) -> bytes:
    """The titles and rows of `table`, as people read them in `language`."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(table.titles(language))
    for row in table.words(language):
        writer.writerow([_plain(cell) for cell in row])
    return (_BOM + file.getvalue()).encode()


def _plain(cell: str) -> str:
    """The cell with a quote in front where a spreadsheet would take it for a formula.

    Also behind what parts cells for some, in spite of all quotes: they count at the beginning of
    what is a cell there. A blank before the sign changes nothing for some; a number that is
    negative is told by its quote, since no list of ours has one.
    """
    begins = cell.lstrip()[:1] or cell[:1]
    cell = _BEGINS_BEHIND.sub(r"\1'", cell)
    return f"'{cell}" if begins in _BEGINS_FORMULA and begins else cell
