"""The texts of plugins' own kinds that wait for somebody, each with the command that does it."""

from collections.abc import Iterator
from datetime import datetime

from qms.domain.kinds.policy import Person
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
            title=path,
            what=word_of(session, due.what),
            since=signed or written_at(session, path, now),
            command=_command(due),
        )


def _command(due: TextDue) -> str:
    """What does what waits for somebody."""
    word, rounds = shell_word(due.one.path), due.one.kind.rounds
    if rounds is not None and due.what == rounds.reject:
        return f"qms reject {word} --reason …"
    return f"qms {'submit' if due.what in (DRAFTED, SENT_BACK) else 'sign'} {word}"
