"""Who may rule on what two people did about one text apart from each other, and how.

Who did it mostly can't begin the ruling: so they are told whom to ask. Of a text that was filed
more than once nothing has to be done, and it waits for nobody.
"""

from typing import TYPE_CHECKING, NamedTuple

from qms.domain.register.rulings import SETTLE
from qms.findings import Refused, ShellText
from qms.jobs.rulings.proposals import Proposal, open_proposals, signers
from qms.jobs.rulings.to_begin import to_begin
from qms.jobs.sessions.work_session import WorkSession

if TYPE_CHECKING:
    from qms.formats.canonical_json import Json


class MayRule(NamedTuple):
    """The persons who may sign a ruling now, and what each of them types."""

    persons: tuple[str, ...]
    command: ShellText


def may_fix_the_day(session: WorkSession, number: str, revision: str) -> MayRule | None:
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
        return MayRule(waiting, ShellText(f"{one.command(session)} --reason …"))
    return None


def may_decide(session: WorkSession, number: str, revision: str) -> MayRule | None:
    """Who may decide about a revision that has no effect until then; None where nothing waits.

    Where that is begun, by the ruling that is open; else by any of those that would decide it.
    """
    texts = [one for one in session.register.released(number) if one.document.revision == revision]
    entries = {one.filing.id for one in texts}
    asked = [one.ruling for one in to_begin(session, number) if one.ruling.named.ids & entries]
    if not asked:
        return None
    opened = [one for one in open_proposals(session, number) if one.named.ids & entries]
    try:
        persons = [signers(session, one).waiting for one in opened or asked]
    except Refused:
        return None
    reason = "" if opened else " --reason …"
    commands = (f"{one.command(session)}{reason}" for one in opened or asked)
    every = dict.fromkeys(person for some in persons for person in some)
    return MayRule(tuple(every), ShellText(" / ".join(dict.fromkeys(commands))))
