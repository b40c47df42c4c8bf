"""Which texts wait for somebody: a step of theirs is open, it is their draft, or a leaver's."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from qms.domain.kinds.chain import PREPARE, REJECT
from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import DRAFT, PUBLISHED, Document
from qms.domain.kinds.unknown_names import unknown_names
from qms.domain.library.heirs import heirs
from qms.domain.library.library import Library
from qms.domain.register.endless import ends_with_another, too_few
from qms.domain.register.next_slots import seat_of, task
from qms.findings import Refused
from qms.formats.slots import Statement

DRAFTED: Final = "draft"
SENT_BACK: Final = "rejected"
LEFT_BEHIND: Final = "left behind"
"""A draft of somebody who can't sign any more."""
ENDLESS: Final = "endless"
"""A draft that could never be completed as long as this person prepares it."""
HOPELESS: Final = "hopeless"
"""A draft that could never be completed, whoever prepares it: the policy has to change."""
PREPARED_BY: Final = "prepared_by"


class Due(NamedTuple):
    """A text that waits for somebody: `what` is an act of its chain, or one of the words above.

    `since` is the last signature that it waits after; None of a draft that nobody signed. `field`
    is what its head must say otherwise before it could go round.
    """

    document: Document
    what: str
    since: datetime | None
    field: str = ""


def due(library: Library, person: str) -> Iterator[Due]:
    """The texts that wait for `person`, by path.

    One that can't be completed any more waits for whoever may end its round.
    """
    for _, document in library.open_texts():
        if document.status == PUBLISHED:
            continue  # it says more than is signed, and `check` tells so
        if document.status == DRAFT:
            since = _last(document.signed())
            if document.prepared_by == person:
                yield Due(document, *_draft(library, document, since))
            elif person in heirs(library, document):
                yield Due(document, _left_to(library, document, person), since, PREPARED_BY)
            continue
        try:
            rule = library.persons(document)
        except Refused:
            continue  # a class without a chain is told by `check`
        mine = task(rule, document, person)
        seated = seat_of(rule.chain, document, person)
        is_lost = library.is_lost(document)
        if seated is not None and (is_lost or (mine is None and any(too_few(rule, document)))):
            yield Due(document, REJECT, _last(document.signed()))
        elif mine is not None and mine.step.act != PREPARE:
            earlier = [one for one in document.signed() if int(one.step) < mine.step.number]
            yield Due(document, mine.step.act, _last(earlier or document.signed()))


def _left_to(library: Library, document: Document, heir: str) -> str:
    """What a leaver's draft is to who sees to it: not to be taken over by whom a step needs."""
    taken = replace(document, prepared_by=heir, slots=())
    try:
        what, _ = _kept_by(library, taken, library.persons(taken))
    except Refused:
        return LEFT_BEHIND  # a class without a chain is told by `check`
    return ENDLESS if what == ENDLESS else LEFT_BEHIND


def _draft(
    library: Library, document: Document, since: datetime | None
) -> tuple[str, datetime | None, str]:
    """What a draft of somebody's own is to them, and the field of its head that keeps it here."""
    plain = DRAFTED if document.rejected() is None else SENT_BACK
    unknown = next(unknown_names(document, library.policy), None)
    if unknown is not None:
        return plain, since, unknown.place.field
    try:
        rule = library.persons(document)
    except Refused:  # a class without a chain, as `check` tells
        is_listed = document.class_id in library.policy.classes
        return plain if is_listed else HOPELESS, since, ""
    what, field = _kept_by(library, document, rule)
    return what or plain, since, field


def _kept_by(library: Library, document: Document, rule: Persons) -> tuple[str, str]:
    """Why a round of a text could never end, and by which field of its head; empty for nothing."""
    steps = rule.chain.steps
    is_vacant = any(step.vacant for step in steps)
    if steps[0].vacant:
        return ENDLESS, PREPARED_BY
    if not is_vacant and any(step.unlisted for step in steps):
        return "", "co_sign"
    if not is_vacant and not any(too_few(rule, replace(document, slots=()))):
        return "", ""
    if not is_vacant and ends_with_another(rule):
        return ENDLESS, PREPARED_BY
    if document.co_sign and not is_vacant:
        unlisted = replace(document, co_sign=(), slots=())
        if not any(too_few(library.persons(unlisted), unlisted)):
            return "", "co_sign"
    return HOPELESS, ""


def _last(signed: Sequence[Statement]) -> datetime | None:
    return max((one.time for one in signed), default=None)
