"""Whether what is recorded of plugins' kinds would still be kept under a version to be signed."""

from qms.domain.kinds.pins import Admitted
from qms.domain.kinds.policy import Policy
from qms.domain.register.gone_kinds import signed_files
from qms.domain.register.register import PolicyEntry
from qms.findings import Refused
from qms.jobs.judging.checker import Checker
from qms.jobs.judging.kinds_in_use import kinds_lost
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks


def refuse_lost_kinds(session: WorkSession, before: PolicyEntry | None, policy: Policy) -> None:
    """Refuse a version whose plugins don't keep what is recorded: KIND-IN-USE, PLUGIN-MISSING.

    Where another release takes over what is recorded, it is run here for the first time, on the
    machine of whoever has just agreed to admit it: only itself tells what it brings.
    """
    head = session.repository.head()
    if before is None or head is None:
        return
    tree = session.repository.head_tree()
    pins = tuple(pin for pin in policy.plugins if not pin.void)
    same = all(pin in pins for pin in before.policy.plugins if not pin.void)
    if same or next(signed_files(tree), None) is None:
        return
    hooks = Hooks.of(Admitted(pins), found=session.hooks.found)
    register = Checker.of(session.repository, hooks).register_at(head)
    fault = next(kinds_lost(before.policy, policy, hooks, tree, register), None)
    if fault is not None:
        raise Refused(fault)
