"""Who may rule on what two people did about one text apart from each other, and how.

Who did it mostly can't begin the ruling: so they are told whom to ask. Of a text that was filed
more than once nothing has to be done, and it waits for nobody.
"""

from typing import TYPE_CHECKING, NamedTuple

from qms.domain.register.rulings import SETTLE
from qms.findings import Refused, ShellText
from qms.jobs.rulings.proposals import Proposal, signers
from qms.jobs.rulings.rulings_waiting import to_join
from qms.jobs.rulings.to_begin import to_begin
from qms.jobs.sessions.work_session import WorkSession

if TYPE_CHECKING:
    from qms.formats.canonical_json import Json


class MayRule(NamedTuple):
    """The persons who may sign a ruling now, and what each of them types.

    Whoever signs what is open or must be decided has a row of it; what `is_left_to_them` is only
    told.
    """

    persons: tuple[str, ...]
    command: ShellText
    is_left_to_them: bool


def may_rule(session: WorkSession, number: str, revision: str) -> MayRule | None:
    """Who may decide now about a revision that several acted on apart; None where nobody may.

    Where that is begun, by the ruling that is open; else which filing of its text counts, where
    several have effect; else by any of those that would decide what has none until then.
    """
    texts = [one for one in session.register.released(number) if one.document.revision == revision]
    entries = {one.filing.id for one in texts}
    opened = [one for one in to_join(session, number) if one.named.ids & entries]
    day = [] if opened else _which_counts(session, number, revision)
    begun = (one.ruling for one in to_begin(session, number) if one.ruling.named.ids & entries)
    asked = opened or day or [*begun]
    try:
        persons = [signers(session, one).waiting for one in asked]
    except Refused:
        return None  # a class without a chain is told where its texts are judged
    every = tuple(dict.fromkeys(person for some in persons for person in some))
    reason = "" if opened else " --reason …"
    commands = (f"{one.command(session)}{reason}" for one in asked)
    command = ShellText(" / ".join(dict.fromkeys(commands)))
    return MayRule(every, command, bool(day)) if every else None


def _which_counts(session: WorkSession, number: str, revision: str) -> list[Proposal]:
    """What would settle for good which filing of a revision counts; none where it has one."""
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
        return [Proposal(number=number, act=SETTLE, data=data, reason="",
                         beside=chosen.document.content)]  # fmt: skip
    return []
