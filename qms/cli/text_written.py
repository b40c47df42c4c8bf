"""What a command says of a text of a plugin's kind: before it is signed, and when it is."""

from qms.cli.words import act_word
from qms.cli.written import say_committed
from qms.domain.library.filed_texts import TextAt, text_meant, waiting_of
from qms.jobs.sessions.work_session import WorkSession
from qms.session import Written


def say_text_signed(session: WorkSession, one: TextAt) -> None:
    """What you see is what you sign: which text, by its digest."""
    name = " ".join(part for part in (one.text.number, one.text.revision) if part)
    session.say(f"签署 {name} {one.text.content}", f"Signing {name} {one.text.content}")


def show_text_written(session: WorkSession, written: Written, one: TextAt) -> None:
    """Print the commit, its paths, and the next step for this text."""
    if not say_committed(session, written):
        return
    name = " ".join(part for part in (one.text.number, one.text.revision) if part)
    now = text_meant(session.library, one.path)
    if now is None:
        session.say(f"{name} 已归档。下一步：qms sync", f"{name} is filed. Next: qms sync")
        return
    if now.text.rejected() is not None:
        session.say("已退回。qms sync 之后对方才能看到。", "Sent back; seen once you qms sync.")
        return
    for step, persons in waiting_of(session.library, now):
        names = [session.policy.printed_name(one, session.language) for one in persons]
        act = act_word(session.hooks, step.act, session.language)
        session.say(
            f"下一步：qms sync，等待{act}：{'、'.join(names)}",
            f"Next: qms sync; then it waits for {', '.join(names)} to {act}",
        )
