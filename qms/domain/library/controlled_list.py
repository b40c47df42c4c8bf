"""The list of controlled documents (受控文件清单): a row for each revision that people ask for."""

from collections.abc import Iterator
from dataclasses import dataclass

from qms.domain.kinds.document import Document
from qms.domain.library.library import Library
from qms.domain.library.status import Status
from qms.domain.register.register import Released
from qms.findings import refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One revision: its text, what it is, where it lies, and what paper of it is out."""

    document: Document
    status: Status
    path: str
    released: Released | None = None
    copies_out: int = 0
    older_copies_out: int = 0
    """Papers of superseded revisions of the same number that are not back yet."""


def listed(library: Library, wanted: Status | None = None) -> Iterator[Listed]:
    """Of each number the revision to work by, those to come, and an open one.

    What is contested is among them. With `wanted` all revisions that are this, also older ones.
    """
    for number in sorted(library.numbers):
        if wanted is None:
            yield from listed_now(library, number)
        else:
            yield from (one for one in _every(library, number) if one.status is wanted)


def listed_now(library: Library, number: str) -> Iterator[Listed]:
    """The rows of one number."""
    entries = library.register.released(number)
    in_force, effective = library.in_force(number), library.effective(number)
    coming = effective if in_force is None else effective[effective.index(in_force) + 1 :]
    now = [*coming] if in_force is None else [in_force, *coming]
    now += [one for one in entries if library.status(one) is Status.CONTESTED]
    for entry in now or entries[-1:]:
        yield _released(library, entry)
    yield from _open(library, number)


def listed_revision(library: Library, number: str, revision: str) -> Listed:
    """The row of one revision. Raises `Refused` REVISION-UNKNOWN."""
    entry = library.named(number, revision)
    if entry is not None:
        return _released(library, entry)
    for one in _open(library, number):
        if one.document.revision == revision:
            return one
    raise refused("REVISION-UNKNOWN", number=number, revision=revision,
                  known=", ".join(library.revisions(number)) or "-")  # fmt: skip


def _every(library: Library, number: str) -> Iterator[Listed]:
    for entry in library.register.released(number):
        yield _released(library, entry)
    yield from _open(library, number)


def _open(library: Library, number: str) -> Iterator[Listed]:
    text, path = library.open_text(number), library.text_path(number)
    if text is not None and path is not None:
        yield Listed(document=text, status=library.open_status(text), path=path)


def _released(library: Library, entry: Released) -> Listed:
    found = library.status(entry)
    older = _before(library, entry) if found is Status.IN_FORCE else ()
    out = library.papers_out(entry.document.number)
    return Listed(
        document=entry.document,
        status=found,
        path=entry.place_in(library.tree),
        released=entry,
        copies_out=out.get(entry.document.revision, 0),
        older_copies_out=sum(out.get(one.document.revision, 0) for one in older),
    )


def _before(library: Library, entry: Released) -> Iterator[Released]:
    """The revisions that an entry took the place of: those that it builds on, not its rivals.

    One for each string: papers of all texts that claim one lie in one list.
    """
    known = library.register.lineage(entry.document.number)
    return (filings[0] for filings in known.behind(entry))
