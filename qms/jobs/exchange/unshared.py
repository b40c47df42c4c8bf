"""How much of this clone's work nobody else has yet, as far as this clone knows: no network."""

from qms.findings import QmsError
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.repository import Repository


def is_sharing(repository: Repository) -> bool:
    """Whether there is anybody to share with, and one place where."""
    try:
        return repository.remote() is not None
    except QmsError:
        return False  # several: told by who must choose one


def is_unseen(repository: Repository, trunk: str) -> bool:
    """Whether nobody has seen what the branch that is checked out has beyond the trunk.

    A branch beside it may have been shared under its own name.
    """
    branch = repository.branch()
    shared = f"refs/remotes/{repository.remote()}/{branch}"
    return branch == trunk or shared not in repository.ids((shared,))


def unshared(session: WorkSession) -> int:
    """How many commits of HEAD neither the known trunk has nor the shared branch of this name.

    A merge is nobody's work of its own, and counts only where there is nothing else. None in the
    middle of what git does, or beside every branch: `sync` would not go on from there.
    """
    repository = session.repository
    head, branch = repository.head(), repository.branch()
    if head is None or branch is None or not is_sharing(repository):
        return 0
    places = {f"refs/remotes/{repository.remote()}/{name}" for name in (session.trunk, branch)}
    known = set(repository.ids(places).values())
    if head in known or repository.operation() is not None:
        return 0
    found = repository.commits(head, known)
    return sum(len(one.parents) < 2 for one in found) or len(found[:1])  # noqa: PLR2004 - a merge
