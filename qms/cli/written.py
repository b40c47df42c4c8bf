"""What a writing command says when it is done: what it wrote, and who comes next."""

from qms.cli.words import act_word
from qms.jobs.documents import drafts
from qms.jobs.sessions.work_session import WorkSession
from qms.session import Written


def show_written(session: WorkSession, written: Written, number: str) -> None:
    """Print the commit, its paths, and the next step for this document."""
    if not written.commit:
        session.say(
            f"试运行，未写入：{', '.join(written.paths)}",
            f"Dry run, nothing written: {', '.join(written.paths)}",
        )
        return
    session.say(
        f"已提交 {written.commit[:10]}：{', '.join(written.paths)}",
        f"Committed {written.commit[:10]}: {', '.join(written.paths)}",
    )
    _say_next(session, number)


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
