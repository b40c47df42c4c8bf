"""The texts that wait for somebody, each with the command that does what it waits for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from qms.domain.kinds.chain import PUBLISH, REJECT
from qms.domain.kinds.policy import Person
from qms.domain.library.todo import (
    DRAFTED,
    ENDLESS,
    HOPELESS,
    LEFT_BEHIND,
    SENT_BACK,
    Due,
    due,
)
from qms.findings import shell_word
from qms.formats.merge_markers import conflict_in_text
from qms.hook_values import Task
from qms.jobs.sessions.work_session import WorkSession
from qms.jobs.sessions.written_at import written_at
from qms.texts import EN, ZH, Text

_WORDS: Final = {
    DRAFTED: Text("草稿", "draft"),
    SENT_BACK: Text("被退回", "rejected"),
    LEFT_BEHIND: Text("接手（编制人不能再签署）", "take over: who prepared it can't sign"),
    ENDLESS: Text(
        "请他人编制（否则审批无法完成）", "somebody else must prepare it, or it can't end"
    ),
    HOPELESS: Text(
        "审批无法完成：须由策略管理人调整类别或角色",
        "can't be completed by anybody: the keepers must change its class or a role",
    ),
}
_TORN: Final = Text("文中两人的内容并存，须择一", "two versions stand in it: decide")
_VERBS: Final = {
    DRAFTED: "submit", SENT_BACK: "submit", LEFT_BEHIND: "submit", ENDLESS: "submit",
    PUBLISH: "release", REJECT: "reject",
}  # fmt: skip


def texts_waiting(session: WorkSession, person: Person, now: datetime) -> Iterator[Task]:
    """The steps, drafts and rejected texts that wait for `person`, by path."""
    for one in due(session.library, person.id):
        path = session.library.text_path(one.document.number) or ""
        is_torn = conflict_in_text(one.document.body.encode()) is not None
        yield Task(
            number=one.document.number,
            revision=one.document.revision,
            title=one.document.title,
            what=_TORN if is_torn else word_of(session, one.what),
            since=one.since or written_at(session, path, now),
            command="qms fix" if is_torn else _command(session, one),
            edit=_edit(session, one, path),
        )


def word_of(session: WorkSession, what: str) -> Text:
    """What is to be done in the words of the trade; an act that nobody here knows by its name."""
    act, known = what, session.hooks.act(what)
    if what in _WORDS:
        return _WORDS[what]
    return Text(act, act) if known is None else Text(known.called(ZH), known.called(EN))


def _command(session: WorkSession, one: Due) -> str:
    """What does what waits for somebody; of what only others can change, what names it in full."""
    if one.what == HOPELESS:
        return "qms check"
    if one.what == ENDLESS:
        return "qms sync"  # whoever is named there then submits it
    more = " --reason …" if one.what == REJECT else ""
    if one.what == PUBLISH:
        effects, number = session.effects, one.document.number
        latest = effects.latest(number)
        day = session.today if latest is None else effects.earliest(latest)
        more = f" --effective {day}" if day > session.today else ""
    return f"qms {_VERBS.get(one.what, 'sign')} {shell_word(one.document.number)}{more}"


def _edit(session: WorkSession, one: Due, path: str) -> str:
    """The line of a draft's head that must be another one first."""
    if not one.field:
        return ""
    data, key = session.library.texts.read(path) or b"", f"{one.field}:".encode()
    lines = data.split(b"\n")
    line = next((at for at, text in enumerate(lines, 1) if text.startswith(key)), 1)
    return f"{path}:{line} {one.field}"
