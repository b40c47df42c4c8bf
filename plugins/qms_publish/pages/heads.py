"""Finds the tables whose head got lost: it is printed once then, as a row like the others.

The renderer repeats a head on each page, and leaves it out where it does not fit above the row that
begins there: on the first page too, and of a table on one page altogether.
"""

from collections.abc import Iterable, Mapping

_TABLE, _HEAD = "table-", "head-"


def headless(pages: Iterable[Mapping[str, object]]) -> frozenset[int]:
    """The numbers of the tables that stand on a page without their head, by its named places."""
    return frozenset(
        int(name.removeprefix(_TABLE))
        for page in pages
        for name in page
        if name.startswith(_TABLE) and name.replace(_TABLE, _HEAD) not in page
    )


def unrepeated(tables: Iterable[int]) -> str:
    """The rule by which the heads of these tables stand once, before the first row."""
    return "".join(
        f"main #{_HEAD}{table} {{ display: table-row-group }}" for table in sorted(tables)
    )


EACH = "main thead { display: table-row-group }"
"""The same for all tables."""
