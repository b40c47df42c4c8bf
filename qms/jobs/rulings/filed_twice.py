"""A text that was filed more than once: who may fix the day that counts, and how.

Nothing has to be done about it, so it waits for nobody. Who filed it mostly can't begin the ruling.
"""

from typing import TYPE_CHECKING, NamedTuple

from qms.domain.register.rulings import SETTLE
from qms.findings import Refused, ShellText
from qms.jobs.rulings.proposals import Proposal, signers
from qms.jobs.sessions.work_session import WorkSession

if TYPE_CHECKING:
    from qms.formats.canonical_json import Json


class MayBegin(NamedTuple):
    """The persons who may begin a ruling, and what each of them types."""

    persons: tuple[str, ...]
    command: ShellText


def may_fix_the_day(session: WorkSession, number: str, revision: str) -> MayBegin | None:
    """Who may settle which filing of a revision counts; None where one alone has effect."""
    standing = session.effects.standing
    for stage in session.effects.line(number).stages:
        chosen, entries = stage.filing, stage.revision.filings
        others = sorted(
            one.filing.id
            for one in entries
            if one is not chosen and standing.verdict(number, one.filing.id) is None
        )
        if chosen is None or not others or stage.revision.name != revision:
            continue
        data: dict[str, Json] = {"annulled": [*others], "stands": chosen.filing.id}
        one = Proposal(number=number, act=SETTLE, data=data, reason="",
                       beside=chosen.document.content)  # fmt: skip
        try:
            waiting = signers(session, one).waiting
        except Refused:
            return None  # a class without a chain is told where its texts are judged
        return MayBegin(waiting, ShellText(f"{one.command(session)} --reason …"))
    return None
