"""Working texts that somebody has changed and not committed: the committed ones are printed."""

from qms.formats.paths import parse_path
from qms.jobs.prints import Wanted
from qms.jobs.session import WorkSession


def uncommitted(session: WorkSession, wanted: Wanted) -> tuple[str, ...]:
    """The paths of those among the wanted drafts, as they lie in the work tree."""
    if not wanted.drafts or session.repository.root is None:
        return ()
    there = dict(session.work_tree.files("documents"))
    return tuple(
        path
        for path, entry in sorted(there.items())
        if session.tree.entry(path) != entry and wanted.takes(parse_path(path).number or "")
    )
