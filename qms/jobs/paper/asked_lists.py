"""Lists that somebody asks for by name: which there are, their rows, and their page (DC-14, DC-38).

All comes from the library, so nothing is listed that wasn't verified; what could not be read is
told beside the rows.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial

from qms.domain.library.called import ids_called
from qms.findings import Finding, QmsError, refused
from qms.installed import TOOLS
from qms.jobs.paper.rendering import render_all
from qms.jobs.sessions.work_session import WorkSession
from qms.listings import ListRequest, NamedList
from qms.lists.offered import with_core
from qms.lists.rows import rows_of
from qms.lists.table import Table, kept, ordered
from qms.plugins import Hooks
from qms.printing import StampRequest


def offered(session: WorkSession) -> tuple[NamedList, ...]:
    """All lists that there are, the core's first. Raises `QmsError` LIST-TWICE."""
    return with_core(Hooks(session.policy.plugins, (TOOLS,)).listings())


def table_of(session: WorkSession, name: str, conditions: Sequence[str], key: str | None) -> Table:
    """A list by its name or its printed title, with the rows that are asked for.

    Raises `Refused` LIST-UNKNOWN, LIST-COLUMN; `QmsError` PLUGIN-FAILED.
    """
    known = offered(session)
    listing = next((one for one in known if name in (one.name, *one.title.by_tag.values())), None)
    if listing is None:
        raise refused("LIST-UNKNOWN", list=name, known=", ".join(one.name for one in known))
    rows = rows_of(listing, session.library, session.now)
    called = partial(ids_called, session.library)
    return Table(
        listing=listing,
        rows=ordered(listing, kept(listing, rows, conditions, called), key),
        company=session.policy.organisation.name,
        commit=session.head,
        day=session.today,
        made=datetime.combine(session.today, time(), UTC),
        kept=tuple(conditions),
        unread=session.library.unreadable,
        uncommitted=any(session.library.texts.changes(session.tree, "documents")),
    )


def page_of(session: WorkSession, table: Table, language: str) -> bytes:
    """The list as a PDF, stamped as uncontrolled on every page.

    Raises `Refused` for what can't be printed, `QmsError` NO-PRINTER.
    """
    request = ListRequest(
        title=table.heading(language)[0],
        company=table.company,
        language=language,
        titles=table.titles(language),
        rows=table.words(language),
        day=table.day,
        as_of=table.commit,
        made=table.made,
        notes=table.notes(language),
        counts=frozenset(
            at
            for at, column in enumerate(table.listing.columns)
            if table.rows and all(isinstance(row[column.key], int) for row in table.rows)
        ),
    )
    ((_, base),) = render_all(session.policy, {table.listing.name: request})
    if isinstance(base, Finding):
        raise QmsError(base)
    mark = StampRequest(
        base=base,
        kind="uncontrolled",
        number=table.listing.title.of(language),
        revision="",
        printed_on=session.today,
        cover=False,
    )
    return Hooks(session.policy.plugins, (TOOLS,)).stamp(replace(mark, base=base)).data
