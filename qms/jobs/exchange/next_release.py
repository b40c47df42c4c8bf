"""A clone whose policy demands a release of a plugin that the shared policy has replaced meanwhile.

Whoever installs the new release before `qms sync` lacks what judges here, and has what judges
there. What is fetched says what may run only by policies that were signed, and that go on from the
one in force here: what anybody else sends admits nothing.
"""

from qms.jobs.judging.admission import StandingPolicies, standing
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.remotes import fetch


def policies_of_trunk(session: WorkSession) -> StandingPolicies | None:
    """The shared trunk's policies, where all plugins that the newest of them lists are here.

    None where it doesn't go on from this clone's policies, or lists something else than what is
    installed. `session` needs no plugin. Raises what `fetch` does, `QmsError` for a trunk that
    can't be read.
    """
    repository, absent = session.repository, session.hooks.absent
    remote = repository.remote()
    if not absent or session.hooks.findings != absent or remote is None:
        return None
    theirs = fetch(repository, remote, session.trunk)
    if theirs is None:
        return None
    here = [one.content for one in standing(repository, session.tree).line]
    there = standing(repository, repository.tree(theirs))
    if not here or [one.content for one in there.line][: len(here)] != here:
        return None
    if there.admitted is None or session.hooks.missing(there.admitted.newest):
        return None
    return there
