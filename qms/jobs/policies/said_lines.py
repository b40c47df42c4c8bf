"""Lines that are said before somebody agrees to a policy: so many of them, and how many more."""

from collections.abc import Sequence

from qms.jobs.sessions.work_session import WorkSession


def say_lines(session: WorkSession, lines: Sequence[tuple[str, str]], most: int) -> None:
    """Say the first `most` lines, each in Chinese and English, and how many are left out."""
    for zh, en in lines[:most]:
        session.say(f"  {zh}", f"  {en}")
    more = len(lines) - most
    if more > 0:
        session.say(f"  …另有 {more} 项", f"  … {more} more")
