"""What waits for me besides texts: the policy, rulings, and what plugins know of (copies)."""

from collections.abc import Iterator

from qms.findings import Refused
from qms.hookspecs import Task
from qms.installed import TOOLS
from qms.jobs.policies.policy_open import open_policy
from qms.jobs.rulings.asked_of_me import waiting_for_me
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.texts import Text


def tasks(session: WorkSession) -> tuple[Task, ...]:
    """All of them, the policy first."""
    tools = Hooks(session.policy.plugins, (TOOLS,))
    brought = tools.tasks(session.library, session.me)
    return (*_policy(session), *waiting_for_me(session), *brought)


def _policy(session: WorkSession) -> Iterator[Task]:
    """The open policy version: to be signed by me, or, once I have, to be shared with others."""
    try:
        found = open_policy(session)
    except Refused:
        return  # what can't be read is told by `check`
    me = session.me.id
    if found is None or me not in (*found.agreed, *found.waiting):
        return
    if me in found.agreed and found.is_shared:
        return  # it waits for others, and for nothing that I could do

    def names(persons: tuple[str, ...]) -> str:
        return ", ".join(session.policy.printed_name(one, session.language) for one in persons)

    if me in found.agreed:
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
    yield Task(number, str(found.version), ", ".join(found.files), what, command)
