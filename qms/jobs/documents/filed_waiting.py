"""The texts of plugins' own kinds that wait for somebody, each with the command that does it."""

from collections.abc import Iterator
from datetime import datetime

from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.policy import Person
from qms.domain.library.filed_texts import texts_at
from qms.domain.library.texts_due import TextDue, texts_due
from qms.domain.library.todo import DRAFTED, SENT_BACK
from qms.findings import shell_word
from qms.hook_values import Task
from qms.jobs.documents.texts_waiting import word_of
from qms.jobs.sessions.work_session import WorkSession
from qms.jobs.sessions.written_at import written_at


def filed_waiting(session: WorkSession, person: Person, now: datetime) -> Iterator[Task]:
    """The steps, drafts and rejected texts that wait for `person`."""
    for due in texts_due(session.library, person.id):
        text, path = due.one.text, due.one.path
        signed = max((slot.time for slot in text.signed()), default=None)
        yield Task(
            number=text.number,
            revision=text.revision,
            title=_title(text) or path,
            what=word_of(session, due.what),
            since=signed or written_at(session, path, now),
            command=_command(due, session),
        )


def _title(text: FiledText) -> str:
    """What a text calls itself: its first heading, or nothing."""
    lines = (line.strip() for line in text.body.split("\n"))
    return next((line.lstrip("# ") for line in lines if line.startswith("# ")), "")


def _command(due: TextDue, session: WorkSession) -> str:
    """What does what waits for somebody: by number, and by path where a number says too little."""
    number, rounds = due.one.text.number, due.one.kind.rounds
    same = sum(1 for _ in texts_at(session.library, number))
    is_one = same == 1 and number not in session.library.numbers
    word = shell_word(number if is_one else due.one.path)
    if rounds is not None and due.what == rounds.reject:
        return f"qms reject {word} --reason …"
    return f"qms {'submit' if due.what in (DRAFTED, SENT_BACK) else 'sign'} {word}"
