"""Refusals about a file that name the way back to where it stood well, as `qms check` does."""

from qms.findings import Finding, Refused
from qms.jobs.session import WorkSession


def refusal(session: WorkSession, finding: Finding) -> Refused:
    """The refusal that carries `finding`, with the command that brings its file back."""
    head = session.repository.head()
    (told,) = session.checker.with_way_back(
        (finding,),
        session.register,
        session.work_tree,
        () if head is None else (head,),
        session.now,
    )
    return Refused(told)
