"""Refusals about a file that name the way back to where it stood well, as `qms check` does."""

from collections.abc import Iterable
from contextlib import suppress

from qms.findings import Finding, QmsError, Refused
from qms.jobs.judging.conflicts import Conflicts
from qms.jobs.judging.ways_back import with_way_back
from qms.jobs.sessions.work_session import WorkSession


def refusal(session: WorkSession, finding: Finding) -> Refused:
    """The refusal that carries `finding`, with the command that brings its file back."""
    (told,) = ways_back(session, (finding,))
    return Refused(told)


def ways_back(session: WorkSession, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings about the work tree, each with the command that brings its file back."""
    repository, tree = session.repository, session.work_tree
    head, trunk = repository.head(), None
    tips = () if head is None else (head, *repository.merge_heads())
    with suppress(QmsError):  # a clone that doesn't know the trunk
        trunk = session.checker.trunk(session.trunk)
    found = Conflicts(repository, session.hooks.kinds, tree, tips, trunk).named(findings)
    return with_way_back(
        session.hooks, session.checker.history, found,
        register=session.register, tree=tree, parents=tips, now=session.now,
    )  # fmt: skip
