"""The rows of the core's own lists: controlled documents, and obsolete ones (DC-14)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from qms.domain.library.called import CLASS, DEPARTMENT, name_of
from qms.domain.library.controlled_list import Listed, listed
from qms.domain.library.library import Library
from qms.domain.library.status import STATUS_WORDS, Status
from qms.listings import Cells, Named
from qms.texts import Text

_OVER: Final = (Status.SUPERSEDED, Status.ANNULLED)


def controlled_documents(library: Library, _now: datetime) -> Iterator[Cells]:
    """Of each number the revision to work by, those to come, and the one that is being written."""
    for one in listed(library):
        yield {**_row(library, one), "older": one.older_copies_out}


def obsolete_documents(library: Library, _now: datetime) -> Iterator[Cells]:
    """Every revision that another took the place of, or that was ruled out.

    Not a second filing of a text that has effect by another one: that text is not obsolete.
    """
    every = (one for status in _OVER for one in listed(library, status))
    found = [one for one in every if not _has_effect_all_the_same(library, one)]
    return (_row(library, one) for one in sorted(found, key=lambda one: one.number))


def _has_effect_all_the_same(library: Library, one: Listed) -> bool:
    """Whether what was ruled out is one of several filings of the one text of a revision."""
    if one.status is not Status.ANNULLED:
        return False
    entries = library.register.released(one.number)
    texts = {e.document.content for e in entries if e.document.revision == one.row.revision}
    stand = {e.document.content for e in library.effective(one.number)}
    return len(texts) == 1 and texts <= stand


def _row(library: Library, one: Listed) -> Cells:
    row, then = one.row, library.policy_under(one.row.policy)
    document_class = name_of(library.policy, CLASS, row.class_id, then)
    owner = name_of(library.policy, DEPARTMENT, row.owner, then)
    return {
        "number": one.number,
        "title": Named(row.title, Text(row.title, row.title_en or row.title)),
        "revision": row.revision,
        "class": Named(row.class_id, document_class, CLASS),
        "status": Named(one.status.value, status_text(one)),
        "published": row.published,
        "effective": row.effective,
        "owner": Named(row.owner, owner, DEPARTMENT),
        "copies": row.copies_out,
    }


def status_text(one: Listed) -> Text:
    """What a revision is, as printed; one that was brought in says so (代录)."""
    word = STATUS_WORDS[one.status]
    if one.row.legacy is None:
        return word
    return Text(f"{word.of('zh')}（代录）", f"{word.of('en')} (attested)")
