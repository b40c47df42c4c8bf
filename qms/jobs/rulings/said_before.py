"""What somebody decides by a settlement, told before they sign it."""

from qms.domain.register.rulings import SETTLE
from qms.jobs.rulings.proposals import Proposal
from qms.jobs.sessions.entry_names import SHOWN, entries_of
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import Text


def say_decided(session: WorkSession, one: Proposal) -> None:
    """Tell what stands and what is ruled out, with the day of effect and who released each."""
    if one.act != SETTLE:
        return
    known = {entry.id: str(entry) for entry in entries_of(session, one.number)}
    for entry in session.register.released(one.number):
        slot, day = entry.filing, entry.effective
        by = session.policy.printed_name(slot.person, session.language)
        signed = session.register.day(slot) or "-"
        told = Text(
            f"，{day} 实施，{by} 于 {signed} 发布",
            f", in force from {day}, released by {by} {signed}",
        )
        known[slot.id] += told.of(session.language)

    def named(entry: str) -> str:
        return known.get(entry, entry.partition(":")[2][:SHOWN])

    meant = one.named
    session.say(f"裁定 {one.number}：", f"Settling {one.number}:")
    if meant.stands is not None:
        what = named(meant.stands)
        session.say(f"  以此为准：{what}", f"  stands: {what}")
    for one_out in meant.annulled:
        what = named(one_out)
        session.say(f"  作废：{what}", f"  ruled out: {what}")
    session.say(f"  理由：{one.reason}", f"  reason: {one.reason}")
