"""The list of controlled documents (受控文件清单): a row for each revision that people ask for."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from qms.domain.kinds.document import Document
from qms.domain.library.cards import Card, CardRow
from qms.domain.library.library import Library
from qms.domain.library.status import Status
from qms.findings import refused


class Listed(NamedTuple):
    """One revision of a number: the row of its card, and what it is on the day of the list."""

    number: str
    row: CardRow
    status: Status
    older_copies_out: int = 0
    """Beside the revision in force, papers of the number that are out of what nobody works by."""


def listed(library: Library, wanted: Status | None = None) -> Iterator[Listed]:
    """Of each number the revision to work by, those to come, and an open one.

    What is contested is among them. With `wanted` all revisions that are this, also older ones.
    """
    for card in library.cards:
        if wanted is None:
            yield from _rows(card, card.on(library.today), library.today)
        else:
            every = _rows(card, card.every, library.today)
            yield from (one for one in every if one.status is wanted)


def listed_now(library: Library, number: str) -> Iterator[tuple[Listed, Document]]:
    """The rows of one number, with the texts that they are of."""
    card = library.card(number)
    for at in card.on(library.today):
        yield _with_text(library, card, at)


def listed_revision(library: Library, number: str, revision: str) -> tuple[Listed, Document]:
    """The row of one revision, with its text. Raises `Refused` REVISION-UNKNOWN."""
    entry, card = library.named(number, revision), library.card(number)
    if entry is not None:
        return _with_text(library, card, library.register.released(number).index(entry))
    if card.open is not None and card.open.revision == revision:
        return _with_text(library, card, None)
    raise refused("REVISION-UNKNOWN", number=number, revision=revision,
                  known=", ".join(library.revisions(number)) or "-")  # fmt: skip


def _with_text(library: Library, card: Card, at: int | None) -> tuple[Listed, Document]:
    if at is not None:
        text: Document | None = library.register.released(card.number)[at].document
    else:
        text = library.open_text(card.number)
    (one,) = _rows(card, (at,), library.today)
    if text is None:
        raise TypeError(f"{card.number} {one.row.revision} has no text")
    return one, text


def _rows(card: Card, places: Iterable[int | None], day: date) -> Iterator[Listed]:
    for at in places:
        row = card.row(at)
        status = card.status(row, day)
        older = card.other_papers(day) if status is Status.IN_FORCE else 0
        yield Listed(card.number, row, status, older)
