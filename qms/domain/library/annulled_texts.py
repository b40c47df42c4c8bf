"""Newest revisions that a ruling annulled: who prepared one should know, and may go on from it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from qms.domain.library.library import Library

if TYPE_CHECKING:
    from qms.formats.canonical_json import Json


class Annulled(NamedTuple):
    """A newest revision without effect by ruling, and the one that has it; empty where none has."""

    number: str
    revision: str
    standing: str


def annulled_texts(library: Library, person: str) -> Iterator[Annulled]:
    """Those that `person` prepared and nobody went on from: no later revision is there, or open."""
    opened = {document.number for _, document in library.open_texts()}
    for number, told in library.told("annulled", _annulled):
        for one in cast("list[list[str]]", told):
            preparer, revision, standing = one
            if preparer == person and number not in opened:
                yield Annulled(number, revision, standing)


def _annulled(library: Library, number: str) -> "Json":
    effects = library.effects
    newest = effects.newest(number)
    if newest is None or newest.filing.id not in effects.annulled(number):
        return []
    standing = library.effective(number)
    last = standing[-1].document.revision if standing else ""
    return [[newest.document.prepared_by, newest.document.revision, last]]
