"""Papers of mine whose copy number was given to another first: each needs a number of its own.

`sync` left their issue behind in a branch of this clone. Nobody else knows of it, and the paper is
out: so whoever signed it is told until somebody has issued to the same place, or the branch is
gone.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from qms.domain.kinds.kind import COPY
from qms.domain.kinds.recorded import Event
from qms.domain.uniting.list_union import issued_to
from qms.formats.paths import COPY_FORM
from qms.jobs.sessions.work_session import WorkSession

KEPT: Final = "kept-"
"""What branches are called that keep what was left behind."""
_BRANCHES: Final = f"refs/heads/{KEPT}"
_MOST: Final = 100
"""So many of them are looked into: to have more of them is nobody's day."""


class TakenNumber(NamedTuple):
    """A paper that went `to` somebody under a number that another has; `branch` keeps its issue."""

    number: str
    revision: str
    copy: str
    to: str
    branch: str


def taken_numbers(session: WorkSession) -> Iterator[TakenNumber]:
    """Those of my papers that still have no number of their own, oldest first.

    Not of a number that nothing is in force of: no paper of it could be issued.
    """
    found = {one.slot.id: (one, branch) for branch in _branches(session)
             for one in _left_behind(session, branch)}  # fmt: skip
    used: set[str] = set()
    for lost, branch in sorted(found.values(), key=lambda one: (one[0].slot.time, one[0].path)):
        again = next((one for one in _issued_again(session, lost, branch) if one not in used), None)
        if again is not None:
            used.add(again)
        elif session.library.in_force(lost.log.number) is not None:
            log = lost.log
            yield TakenNumber(log.number, log.revision, log.copy, issued_to(lost.slot), branch)


def _branches(session: WorkSession) -> list[str]:
    found = sorted(one for one in session.repository.names() if one.startswith(_BRANCHES))
    return found[:_MOST]


def _left_behind(session: WorkSession, branch: str) -> Iterator[Event]:
    """The issues of mine that a branch keeps, and that are recorded nowhere else."""
    repository = session.repository
    kept = repository.named(branch)
    base = None if kept is None else repository.merge_base(kept, session.head)
    if kept is None or base is None:
        return
    register = session.checker.register_at(kept)
    for change in repository.tree(kept).changes(repository.tree(base), COPY_FORM.folder):
        title = session.hooks.kinds.at(change.path)
        if title.kind != COPY or change.before is not None:
            continue
        events = register.events(title.number, title.revision, change.path)
        known = session.register.events(title.number, title.revision, change.path)
        if not events or events[0].slot.id in {one.slot.id for one in known}:
            continue
        if events[0].slot.person == session.me.id:
            yield events[0]


def _issued_again(session: WorkSession, lost: Event, branch: str) -> Iterator[str]:
    """What went to the same place under other numbers, by the ids of the events.

    Whoever issued it, when I left mine behind I didn't know of it.
    """
    repository, number = session.repository, lost.log.number
    kept = repository.named(branch)
    known: set[str] = set()
    if kept is not None:
        there = session.checker.register_at(kept).of_number(COPY, number)
        known = {one.slot.id for one in there}
    for one in session.register.of_number(COPY, number):
        slot = one.slot
        is_other = slot.act == lost.slot.act and one.path != lost.path and slot.id not in known
        if is_other and issued_to(slot) == issued_to(lost.slot):
            yield slot.id
