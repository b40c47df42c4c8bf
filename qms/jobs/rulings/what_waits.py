"""What waits for people: the one function that `qms`, `todo` and `todo --all` ask.

Texts, policies and rulings are told here, since the commands that sign them are the core's, whoever
gives their chain; what else waits plugins say (`waiting`), each of its own commands. Nobody is
named who would be refused.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from qms.domain.kinds.pins import BUNDLED
from qms.domain.kinds.policy import Person
from qms.findings import Refused
from qms.hook_values import Task
from qms.installed import TOOLS
from qms.jobs.documents.filed_waiting import filed_waiting
from qms.jobs.documents.texts_waiting import texts_waiting
from qms.jobs.policies.policy_open import OpenPolicy, open_policy
from qms.jobs.rulings.rulings_waiting import rulings_waiting
from qms.jobs.sessions.work_session import WorkSession
from qms.jobs.sessions.written_at import written_at
from qms.plugins import Hooks
from qms.texts import Text


class Waits(NamedTuple):
    """One thing that waits, and for whom."""

    person: Person
    task: Task
    plugin: str = ""
    """Whose it is, where a plugin from elsewhere says so."""


def signing_persons(session: WorkSession) -> tuple[Person, ...]:
    """Everybody who has a key that isn't void: whoever has none can do nothing of what waits."""
    known = session.policy.persons.values()
    return tuple(one for one in known if any(not key.void for key in one.keys))


def waiting(session: WorkSession, persons: Sequence[Person], now: datetime) -> Iterator[Waits]:
    """What waits for each of `persons`: texts, the policy, rulings, and what plugins know of."""
    tools = Hooks(session.policy.plugins, (TOOLS,))
    policy = _open_policy(session)
    ruled: dict[str, list[Task]] = {}
    for whom, task in rulings_waiting(session, [one.id for one in persons]):
        ruled.setdefault(whom, []).append(task)
    for person in persons:
        tasks = (
            *texts_waiting(session, person, now),
            *filed_waiting(session, person, now),
            *(() if policy is None else _policy(session, policy, person, now)),
            *ruled.get(person.id, ()),
        )
        yield from (Waits(person, task) for task in tasks)
        yield from (
            Waits(person, task, "" if name in BUNDLED else name)
            for name, task in tools.waiting(session.library, person, now)
        )


def _open_policy(session: WorkSession) -> OpenPolicy | None:
    try:
        return open_policy(session)
    except Refused:
        return None  # what can't be read is told by `check`


def _policy(
    session: WorkSession, found: OpenPolicy, person: Person, now: datetime
) -> Iterator[Task]:
    """The open policy version: to be signed, or, by who has signed it, to be shared with others."""
    has_signed = person.id in found.agreed
    if person.id not in (*found.agreed, *found.waiting):
        return
    if has_signed and found.is_shared:
        return  # it waits for others, and for nothing that this person could do

    def names(persons: tuple[str, ...]) -> str:
        return ", ".join(session.policy.printed_name(one, session.language) for one in persons)

    if has_signed:
        who = names(found.waiting)
        what = Text(f"还需 {found.missing} 人签署：{who}", f"waits for {found.missing} more: {who}")
        command = "qms sync"
    else:
        who = names(found.agreed)
        what = Text("签署（尚无人签）", "sign (proposed, signed by nobody)")
        if who:
            what = Text(f"签署（已签：{who}）", f"sign (signed so far: {who})")
        command = "qms policy sign"
    number = Text("策略", "policy").of(session.language)
    since = found.since or written_at(session, "policy.yaml", now)
    yield Task(number, str(found.version), ", ".join(found.files), what, since, command)
