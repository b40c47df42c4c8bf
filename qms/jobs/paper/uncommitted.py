"""Working texts that somebody has changed and not committed: the committed ones are printed."""

from qms.domain.kinds.working_texts import working_texts
from qms.jobs.paper.planned import Wanted
from qms.jobs.sessions.work_session import WorkSession


def uncommitted(session: WorkSession, wanted: Wanted) -> tuple[str, ...]:
    """The paths of those among the wanted drafts, as they lie in the work tree."""
    if not wanted.drafts or session.repository.root is None:
        return ()
    return tuple(
        one.path
        for one in working_texts(session.work_tree)
        if session.tree.entry(one.path) != one.entry and wanted.takes(one.number)
    )
