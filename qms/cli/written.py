"""What a writing command says when it is done: what it wrote, and who comes next."""

from qms.cli.words import act_word
from qms.domain.library.heirs import heirs
from qms.jobs.documents import drafts
from qms.jobs.sessions.work_session import WorkSession
from qms.session import Written


def show_written(session: WorkSession, written: Written, number: str) -> None:
    """Print the commit, its paths, and the next step for this document."""
    if say_committed(session, written):
        _say_next(session, number)


def say_committed(session: WorkSession, written: Written) -> bool:
    """Print the commit and its paths; whether anything was written."""
    if not written.commit:
        session.say(
            f"试运行，未写入：{', '.join(written.paths)}",
            f"Dry run, nothing written: {', '.join(written.paths)}",
        )
        return False
    session.say(
        f"已提交 {written.commit[:10]}：{', '.join(written.paths)}",
        f"Committed {written.commit[:10]}: {', '.join(written.paths)}",
    )
    return True


def _say_next(session: WorkSession, number: str) -> None:
    document = drafts.working(session, number).document
    if session.register.revision(*document.key) is not None:
        session.say(
            f"{number} {document.revision} 已发布。下一步：qms sync；qms issue {number} --to 部门",
            f"{number} {document.revision} is published. "
            f"Next: qms sync; qms issue {number} --to HOLDER",
        )
        return
    rejected = document.rejected()
    if rejected is not None:
        person = session.policy.persons.get(document.prepared_by)
        name = person.name.of(session.language) if person is not None else document.prepared_by
        heads = [session.policy.printed_name(one, session.language)
                 for one in heirs(session.library, document)]  # fmt: skip
        if heads:
            session.say(
                f"已退回，但编制人{name}不能再签署：由{'、'.join(heads)}安排接手（见其 qms todo）。"
                "qms sync 之后对方才能看到。",
                f"Sent back; {name}, who prepared it, can't sign any more: {', '.join(heads)} "
                "finds it in qms todo, to be taken over, once you qms sync.",
            )
            return
        session.say(
            f"已退回{name}。qms sync 之后对方才能看到。",
            f"Sent back to {name}, who sees it once you qms sync.",
        )
        return
    for step, persons in session.library.waiting(document):
        if not persons:
            continue  # told by `check`, with the way out
        names = [session.policy.persons[p].name.of(session.language) for p in persons]
        act = act_word(session.hooks, step.act, session.language)
        session.say(
            f"下一步：qms sync，等待{act}：{'、'.join(names)}",
            f"Next: qms sync; then it waits for {', '.join(names)} to {act}",
        )
