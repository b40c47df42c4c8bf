"""What a new timezone does to the day that it is: shown before it is signed.

The days of a revision stay as they were signed. Where a zone further west is still at the day
before, what came into force today is not in force yet, for some hours once more.
"""

from collections.abc import Iterator
from typing import Final

from qms.domain.kinds.policy import Policy
from qms.domain.register.register import PolicyEntry, Released
from qms.jobs.policies.said_lines import say_lines
from qms.jobs.sessions.work_session import WorkSession

SHOWN: Final = 20
"""So many revisions are named; of more only how many they are."""


def say_out_of_force(session: WorkSession, before: PolicyEntry, policy: Policy) -> None:
    """Tell which revisions go out of force under a policy until its day begins, if any do."""
    today, then = (one.day(session.now) for one in (before.policy, policy))
    if then >= today:
        return
    lost = [*_lost(session, before, policy)]
    if not lost:
        return
    session.say(
        f"按新时区现在仍是 {then}（原为 {today}）。"
        "生效后，以下版本暂停有效，直到新时区的实施日开始：",
        f"By the new timezone it is still {then} (not {today}). Once that is in force, these "
        "revisions are out of force until their day begins there:",
    )
    say_lines(session, [_in_words(*one) for one in lost], SHOWN)


def _in_words(entry: Released, instead: Released | None) -> tuple[str, str]:
    number, revision = entry.document.key
    old = None if instead is None else instead.document.revision
    meanwhile = f"仍为 {old}" if old else "没有有效版本"
    return (
        f"{number} {revision}（{entry.effective} 实施）：其间{meanwhile}",
        f"{number} {revision}, effective {entry.effective}: {old or 'none'} meanwhile",
    )


def _lost(
    session: WorkSession, before: PolicyEntry, policy: Policy
) -> Iterator[tuple[Released, Released | None]]:
    """What is in force by the old day and not by the new one, with what is in its place."""
    today, then = (one.day(session.now) for one in (before.policy, policy))
    for number in sorted(session.register.numbers()):
        entry = session.library.in_force(number, today)
        if entry is not None and then < entry.effective:
            yield entry, session.library.in_force(number, then)
