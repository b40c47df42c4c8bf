"""The lists of paper that auditors ask for: what is out, and what ever was (DC-10, DC-14)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from qms.api import Cells, Column, Library, NamedList, Text
from qms_copies.copy_cells import COLUMNS, cells
from qms_copies.ledger import Copy, Ledger

_OF_A_DOCUMENT: Final = {
    "number": Text("编号", "Number"),
    "title": Text("名称", "Title"),
}
_DAYS: Final = {"issued": Text("发放日期", "Issued")}


def _columns(*more: Mapping[str, Text]) -> tuple[Column, ...]:
    named = {key: title for one in (_OF_A_DOCUMENT, *more) for key, title in one.items()}
    return tuple(Column(key, title) for key, title in named.items())


PAPER_OUT: Final = NamedList(
    name="paper-out",
    title=Text("在外受控副本清单", "Controlled copies that are out"),
    help=Text("谁持有哪一份、放在何处；可按持有人、地点筛选", "who holds which, and where it is"),
    columns=_columns(COLUMNS, _DAYS),
    target="qms_copies.copy_lists:paper_out",
)
COPY_RECORD: Final = NamedList(
    name="copy-record",
    title=Text("文件发放回收记录", "Record of issue and recall"),
    help=Text("发放过的每一份及其下落", "every copy that was ever issued, and what became of it"),
    columns=_columns(COLUMNS, _DAYS),
    target="qms_copies.copy_lists:copy_record",
)


def paper_out(library: Library, _now: datetime) -> Iterator[Cells]:
    """A row for each paper that is out, of whatever document."""
    return (row for copy, row in _rows(library) if copy.life.is_out)


def copy_record(library: Library, _now: datetime) -> Iterator[Cells]:
    """A row for each paper that is out, and one for each number that none is out of."""
    return (row for _, row in _rows(library))


def _rows(library: Library) -> Iterator[tuple[Copy, Cells]]:
    ledger = Ledger(library.register, library.no_effect)
    for number in sorted(library.register.numbers()):
        for copy in ledger.copies_of(number):
            entry = library.register.revision(number, copy.log.revision)
            title = "" if entry is None else entry.document.title
            for paper in copy.each():
                issues = paper.issues()
                issued = paper.life.out[-1] if paper.life.out else issues[-1] if issues else None
                day = None if issued is None else library.register.day(issued)
                of = {"number": number, "title": title, "issued": day}
                yield paper, {**of, **cells(library.register, library.policy, paper)}
