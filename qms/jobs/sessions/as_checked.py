"""What a command came upon, as `qms check` tells it: each cause once, with the way back."""

from collections.abc import Iterable
from contextlib import suppress

from qms.findings import Finding, QmsError
from qms.formats.paths import parse_path
from qms.jobs.judging.checking import check
from qms.jobs.judging.repository_history import judgement_of
from qms.jobs.sessions.refusals import ways_back
from qms.jobs.sessions.work_session import WorkSession


def as_checked(session: WorkSession, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What a command came upon, as `check` says it: one cause of many is told alone.

    Of a number that `check` has nothing of, as what is wrong with it is shared, what was found.
    """
    found, checked = tuple(findings), errors_here(session)
    paths = {one.place.path for one in found}
    covered = {_number(one) for one in checked if one.place.path in paths} - {""}
    told = [one for one in checked if one.place.path in paths or _number(one) in covered]
    known = {(one.place.path, "" if _number(one) else one.code) for one in told}
    left = [
        one for one in found
        if (one.place.path, "" if _number(one) else one.code) not in known
        and _number(one) not in covered
    ]  # fmt: skip
    return (*told, *ways_back(session, left))


def errors_here(session: WorkSession) -> tuple[Finding, ...]:
    """The errors that `check` tells of this clone; none where only HEAD can be judged."""
    with suppress(QmsError):
        report = check(session.repository, session.hooks, session.trunk, now=session.now)
        is_error = judgement_of(session.hooks, session.checker.history).is_error
        return tuple(filter(is_error, report.findings))
    return ()


def _number(finding: Finding) -> str:
    return parse_path(finding.place.path).number
