"""Newest revisions that a ruling annulled: who prepared one should know, and may go on from it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from qms.domain.library.library import Library

if TYPE_CHECKING:
    from qms.formats.canonical_json import Json


TOLD: Final = timedelta(days=14)
"""So long somebody is told: whoever lets a text rest has nothing to do about it."""


class Annulled(NamedTuple):
    """A newest revision without effect by ruling, and the one that has it; empty where none has.

    `class_id` is its class; `until` is when nobody is told of it any more.
    """

    number: str
    revision: str
    standing: str
    class_id: str
    until: datetime


def annulled_texts(library: Library, person: str, now: datetime) -> Iterator[Annulled]:
    """Those that `person` prepared and nobody went on from: no later revision is there, or open.

    Of what was ruled on lately: nobody has to write another one.
    """
    opened = {document.number for _, document in library.open_texts()}
    for number, told in library.told("annulled_since", _annulled):
        for one in cast("list[list[str]]", told):
            preparer, revision, standing, class_id, since = one
            until = datetime.fromisoformat(since) + TOLD
            if preparer == person and number not in opened and now < until:
                yield Annulled(number, revision, standing, class_id, until)


def _annulled(library: Library, number: str) -> "Json":
    effects = library.effects
    newest = effects.newest(number)
    if newest is None or newest.filing.id not in effects.annulled(number):
        return []
    standing = library.effective(number)
    last = standing[-1].document.revision if standing else ""
    document = newest.document
    since = max(
        event.slot.time
        for ruling in effects.standing.rulings(number)
        if newest.filing.id in ruling.named.annulled
        for event in ruling.ends
    ).isoformat()
    return [[document.prepared_by, document.revision, last, document.class_id, since]]
