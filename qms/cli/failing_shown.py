"""What a command came upon and could not show or count, since it doesn't hold."""

from typing import Final

from qms.cli.context import Context
from qms.cli.printed_findings import print_error
from qms.findings import Finding, QmsError
from qms.jobs.sessions.as_checked import as_checked
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import Text, counted

_SAID: Final = 10
"""So many files that don't hold are named; `qms check --all` names all."""


def say_failing(context: Context, session: WorkSession) -> int:
    """Say on stderr what of a session doesn't hold, as `check` tells it.

    Gives 1 where nothing was written, else 0: an answer that lacks it must not pass for a whole
    one.
    """
    found = tuple(one.at(path=path) for path, one in sorted(session.checker.failing.items()))
    told = context.unmixed(found)
    told = _as_checked(session, found) if told == found else told
    for finding in told[:_SAID]:
        print_error(context, finding)
    more = len(told) - _SAID
    zh = "以上不成立，未予显示或计入：运行 qms check --all"
    en = "what does not hold is not shown or counted: run qms check --all"
    if more > 0:
        zh, en = f"另有 {more} 个文件；{zh}", f"{counted(more, 'more file')}; {en}"
    context.output.error(context.text(Text(zh, en)))
    return 0 if session.has_written else 1


def _as_checked(session: WorkSession, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    try:
        return as_checked(session, findings)
    except QmsError:
        return findings
