"""What lists say of one number, whatever the day: the card that a library keeps of a document.

Whoever lists asks the card, and the card the day. It is made of plain values alone, so that a
machine may keep those it has made itself; what is signed, and whether that holds, is in no card.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from qms.domain.kinds.document import Document
from qms.domain.kinds.legacy_paper import Legacy
from qms.domain.library.status import Status, day_status, lasting_status
from qms.domain.register.register import Released
from qms.formats.canonical_json import Json

if TYPE_CHECKING:
    from qms.domain.library.library import Library

_LEGACY: Final = ("approved", "effective", "published")


class CardRow(NamedTuple):
    """One revision: its text's facts, where it lies, its days, and what paper of it is out.

    `lasting` is what it is on any day; None of one that has effect, which its days decide.
    `counts` is the place, among the rows of the card, of the filing whose days count for it.
    """

    revision: str
    title: str
    title_en: str | None
    class_id: str
    owner: str
    controlled: bool
    legacy: Legacy | None
    lies_at: str
    path: str | None = None
    """The place that it claims, of a released one; an open text has none, and no days."""
    commit: str = ""
    published: date | None = None
    effective: date | None = None
    lasting: Status | None = None
    counts: int = 0
    copies_out: int = 0
    policy: str = ""
    """The content of the policy that it was signed under last, by which it names what it names."""


class Card(NamedTuple):
    """A number: its released revisions in their order, those that have effect, and an open text."""

    number: str
    released: tuple[CardRow, ...] = ()
    effective: tuple[int, ...] = ()
    """The places of those that have effect, now or later, in the order of the line."""
    open: CardRow | None = None
    unreadable: str = ""
    """Where a working text lies that can't be read."""

    def in_force(self, day: date) -> CardRow | None:
        """The revision people work by on `day`."""
        at = self._in_force(day)
        return None if at is None else self.released[at]

    def _in_force(self, day: date) -> int | None:
        return next((at for at in reversed(self.effective) if self._effective(at) <= day), None)

    def _effective(self, at: int) -> date:
        return cast("date", self.released[at].effective)

    def status(self, row: CardRow, day: date) -> Status:
        """What a revision is on `day`."""
        if row.lasting is not None:
            return row.lasting
        at = self._in_force(day)
        return day_status(self._effective(row.counts), day, is_in_force=at == row.counts)

    def on(self, day: date) -> Iterator[int | None]:
        """The places of the revision to work by on `day`, of those to come, and of an open one.

        None is the open text's. What is contested is among them; of a number that has nothing else
        the last one that there was.
        """
        at = self._in_force(day)
        now = self.effective if at is None else self.effective[self.effective.index(at) :]
        contested = (
            at for at, row in enumerate(self.released) if row.lasting is Status.CONTESTED
        )  # fmt: skip
        yield from (*now, *contested) or range(len(self.released))[-1:]
        if self.open is not None:
            yield None

    def other_papers(self, day: date) -> int:
        """How many papers are out of revisions that `on` doesn't name.

        Superseded ones, and what was ruled out: whoever has such a paper must give it back. One
        count for each string: papers of all texts that claim one lie in one list.
        """
        out = dict[str, int]()
        for row in self.released:
            out[row.revision] = max(out.get(row.revision, 0), row.copies_out)
        for at in self.on(day):
            out.pop(self.row(at).revision, None)
        return sum(out.values())

    @property
    def every(self) -> Iterator[int | None]:
        """The places of all its rows, an open text's last."""
        yield from range(len(self.released))
        if self.open is not None:
            yield None

    def row(self, at: int | None) -> CardRow:
        """The row at a place."""
        found = self.open if at is None else self.released[at]
        return cast("CardRow", found)

    def packed(self) -> Json:
        """The card as JSON values; `unpacked` gives it back."""
        rows = [_packed(row) for row in self.released]
        opened = None if self.open is None else _packed(self.open)
        return [rows, list(self.effective), opened, self.unreadable]


def unpacked(number: str, known: Json) -> Card:
    """The card that was packed."""
    rows, effective, opened, unreadable = cast("tuple[list[Json], list[int], Json, str]", known)
    return Card(
        number,
        tuple(map(_unpacked, rows)),
        tuple(effective),
        None if opened is None else _unpacked(opened),
        unreadable,
    )


def _packed(row: CardRow) -> Json:
    return [_plain(value) for value in row]


def _plain(value: object) -> Json:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Legacy):
        days = (getattr(value, name).isoformat() for name in _LEGACY)
        return [*days, value.by, list(value.evidence)]
    return cast("Json", value)


def _unpacked(known: Json) -> CardRow:
    """As cheap as can be: one list asks ten thousand times."""
    values = list(cast("list[Any]", known))
    for at, read in _READ:
        if values[at] is not None:
            values[at] = read(values[at])
    return CardRow._make(values)


def _paper(known: Sequence[object]) -> Legacy:
    approved, effective, published = map(date.fromisoformat, cast("list[str]", known[:3]))
    by, evidence = cast("tuple[str, list[str]]", known[3:])
    return Legacy(
        approved=approved, effective=effective, published=published, by=by, evidence=tuple(evidence)
    )


_READ: Final[tuple[tuple[int, Callable[[Any], object]], ...]] = tuple(
    (CardRow._fields.index(name), read)
    for name, read in (
        ("legacy", _paper),
        ("published", date.fromisoformat),
        ("effective", date.fromisoformat),
        ("lasting", Status),
    )
)
"""What is no plain value in a row, by its place, and how it is read."""


def card_of(library: "Library", number: str) -> Card:
    """The card of a number, from what is recorded and its working text."""
    entries = library.register.released(number)
    if _hangs(library, number, entries):
        library.hanging.add(number)
    text, lies_at = library.open_text(number), library.text_path(number) or ""
    opened = None if text is None else _row(text, lies_at)._replace(
        lasting=library.open_status(text)
    )  # fmt: skip
    is_unread = lies_at and library.text(number) is None
    return Card(
        number,
        tuple(_released(library, entry, entries) for entry in entries),
        tuple(map(entries.index, library.effective(number))),
        opened,
        lies_at if is_unread else "",
    )


def _hangs(library: "Library", number: str, entries: Sequence[Released]) -> bool:
    """Whether what stands of a number may be decided by who had seen what elsewhere.

    Of a fork, and of a release that lacks a rejection, any later signature may be a witness
    (trust.md 4b): nothing of it lasts, though no file of the number changes.
    """
    effects = library.effects
    return bool(effects.line(number).forks) or any(
        next(effects.standing.rejections(one.document), None) is not None for one in entries
    )


def _row(document: Document, lies_at: str) -> CardRow:
    return CardRow(
        document.revision,
        document.title,
        document.title_en,
        document.class_id,
        document.owner,
        document.controlled,
        document.legacy,
        lies_at,
        policy=next((slot.policy or "" for slot in reversed(document.signed())), ""),
    )


def _released(library: "Library", entry: Released, entries: Sequence[Released]) -> CardRow:
    found, number = lasting_status(library.effects, entry), entry.document.number
    out = library.papers_out(number).get(entry.document.revision, 0)
    stages = library.effects.line(number).stages
    if found is Status.ANNULLED and any(entry in one.revision.filings for one in stages):
        out = 0  # its text has effect by another filing, and so has its paper
    return _row(entry.document, entry.place_in(library.tree))._replace(
        path=entry.path,
        commit=entry.commit,
        published=entry.published,
        effective=entry.effective,
        lasting=None if isinstance(found, Released) else found,
        counts=entries.index(found) if isinstance(found, Released) else 0,
        copies_out=out,
    )
