"""Refusals about a file that name the way back to where it stood well, as `qms check` does."""

from contextlib import suppress

from qms.findings import Finding, QmsError, Refused
from qms.jobs.conflicts import Conflicts
from qms.jobs.session import WorkSession


def refusal(session: WorkSession, finding: Finding) -> Refused:
    """The refusal that carries `finding`, with the command that brings its file back."""
    repository, tree = session.repository, session.work_tree
    head, start = repository.head(), None
    tips = () if head is None else (head, *repository.merge_heads())
    with suppress(QmsError):  # a clone that doesn't know the trunk
        start = session.checker.start(session.policy.trunk)
    found = Conflicts(repository, tree, tips, start).named((finding,))
    (told,) = session.checker.with_way_back(found, session.register, tree, tips, session.now)
    return Refused(told)
