"""The lists of paper that auditors ask for: what is out, and what ever was (DC-10, DC-14)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from qms.api import Cell, Cells, Column, Document, Library, Named, NamedList, Text, cell_word
from qms_copies.copy_cells import COLUMNS, cells
from qms_copies.ledger import Copy, Ledger

_OF_A_DOCUMENT: Final = {
    "number": Text("编号", "Number"),
    "title": Text("名称", "Title"),
}
_DAYS: Final = {"issued": Text("发放日期", "Issued")}


_TITLES: Final[Mapping[str, Text]] = {**_OF_A_DOCUMENT, **COLUMNS, **_DAYS}
_EVERY: Final = (
    "number", "title", "revision", "copy", "department", "holder", "place", "issued", "state",
    "since", "due",
)  # fmt: skip
_HELD: Final = ("number", "title", "revision", "copy", "state", "issued", "due")


def _columns(*keys: str) -> tuple[Column, ...]:
    """The columns of these keys, else all."""
    return tuple(Column(key, _TITLES[key]) for key in keys or _EVERY)


PAPER_OUT: Final = NamedList(
    name="paper-out",
    title=Text("在外受控副本清单", "Controlled copies that are out"),
    help=Text("谁持有哪一份、放在何处；可按持有人、地点筛选", "who holds which, and where it is"),
    columns=_columns(),
    target="qms_copies.copy_lists:paper_out",
)
BY_HOLDER: Final = NamedList(
    name="paper-by-holder",
    title=Text("在外受控副本清单（按持有人）", "Controlled copies that are out, by holder"),
    help=Text("每个部门、每个人手中的各份", "what each department and person has in hand"),
    columns=_columns("department", "holder", "place", *_HELD),
    target="qms_copies.copy_lists:by_holder",
)
BY_PLACE: Final = NamedList(
    name="paper-by-place",
    title=Text("在外受控副本清单（按存放地点）", "Controlled copies that are out, by place"),
    help=Text(
        "每个地点应有的各份，供现场核对", "what should lie at each place, to be checked there"
    ),
    columns=_columns("place", "department", "holder", *_HELD),
    target="qms_copies.copy_lists:by_place",
)
COPY_RECORD: Final = NamedList(
    name="copy-record",
    title=Text("文件发放回收记录", "Record of issue and recall"),
    help=Text("发放过的每一份及其下落", "every copy that was ever issued, and what became of it"),
    columns=_columns(),
    target="qms_copies.copy_lists:copy_record",
)


LISTS: Final = (PAPER_OUT, BY_HOLDER, BY_PLACE, COPY_RECORD)
"""All of them."""


def paper_out(library: Library, _now: datetime) -> Iterator[Cells]:
    """A row for each paper that is out, of whatever document."""
    return (row for copy, row in _rows(library) if copy.life.is_out)


def _held(library: Library, now: datetime) -> Iterator[Cells]:
    keys = ("department", "holder", "place", *_HELD)
    return ({key: row[key] for key in keys} for row in paper_out(library, now))


def by_holder(library: Library, now: datetime) -> Iterator[Cells]:
    """The same by department and person: who is outside the company comes last."""
    yield from sorted(
        _held(library, now),
        key=lambda row: (_last(row["department"]), _first(row["holder"]), _last(row["place"])),
    )


def by_place(library: Library, now: datetime) -> Iterator[Cells]:
    """The same by place: what lies nobody said where comes last, by who has it."""
    yield from sorted(
        _held(library, now),
        key=lambda row: (_last(row["place"]), _last(row["department"]), _first(row["holder"])),
    )


def copy_record(library: Library, _now: datetime) -> Iterator[Cells]:
    """A row for each paper that is out, and one for each number that none is out of."""
    return (row for _, row in _rows(library))


def _first(cell: Cell) -> str:
    """By what a cell shows, an empty one first: a department before its people."""
    return cell_word(cell, "zh") if cell else ""


def _last(cell: Cell) -> tuple[bool, str]:
    return not cell, _first(cell)


def _title(document: Document) -> Named:
    """As the list of controlled documents has it: in the language that is asked for."""
    return Named(document.title, Text(document.title, document.title_en or document.title))


def _rows(library: Library) -> Iterator[tuple[Copy, Cells]]:
    ledger = Ledger(library.register, library.no_effect)
    for number in sorted(library.register.numbers()):
        for copy in ledger.copies_of(number):
            entry = library.register.revision(number, copy.log.revision)
            title = None if entry is None else _title(entry.document)
            for paper in copy.each():
                issues = paper.issues()
                issued = paper.life.out[-1] if paper.life.out else issues[-1] if issues else None
                day = None if issued is None else library.register.day(issued)
                of = {"number": number, "title": title, "issued": day}
                yield paper, {**of, **cells(library.register, library.policy, paper)}
