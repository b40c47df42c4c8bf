"""Whether the plugins of a version to be signed can be asked, and keep what is recorded.

They run here for the first time, on the machine of whoever has just agreed to admit them: only they
tell what they bring, and once the version is filed it would be too late.
"""

from collections.abc import Collection

from qms.domain.kinds.pins import Admitted
from qms.domain.kinds.policy import Policy
from qms.domain.register.gone_kinds import signed_files
from qms.domain.register.register import PolicyEntry, Register
from qms.findings import Refused
from qms.installed import installed
from qms.jobs.judging.checker import Checker
from qms.jobs.judging.kinds_in_use import kinds_lost
from qms.jobs.judging.plugins_together import listed_fault
from qms.jobs.judging.root_files import policy_faults
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks


def refuse_unfit_plugins(
    session: WorkSession,
    before: PolicyEntry | None,
    policy: Policy,
    core_commands: Collection[str] = (),
) -> None:
    """Refuse a version that lists a plugin anew which would stop everybody.

    Raises `Refused` with what keeps it from being asked beside the others (`together_fault`), or
    with what the policy itself says wrongly for it, as ACT-UNASKED.
    """
    kept = () if before is None else before.policy.plugins
    pins = tuple(pin for pin in policy.plugins if not pin.void)
    if all(pin in kept or pin.is_bundled for pin in pins):
        return
    found = installed()
    fault = listed_fault(policy, kept, found, core_commands)
    if fault is None:
        hooks = Hooks.of(Admitted(pins), found=found)
        register = Register() if before is None else session.register
        tree = session.repository.work_tree()
        fault = next(iter(policy_faults(policy, hooks, register, tree)), None)
    if fault is not None:
        raise Refused(fault)


def refuse_lost_kinds(session: WorkSession, before: PolicyEntry | None, policy: Policy) -> None:
    """Refuse a version whose plugins don't keep what is recorded: KIND-IN-USE, PLUGIN-MISSING.

    Where another release takes over what is recorded, each of the files is judged by it.
    """
    head = session.repository.head()
    if before is None or head is None:
        return
    tree = session.repository.head_tree()
    pins = tuple(pin for pin in policy.plugins if not pin.void)
    same = all(pin in pins for pin in before.policy.plugins if not pin.void)
    if same or next(signed_files(tree), None) is None:
        return
    hooks = Hooks.of(Admitted(pins), found=installed())
    register = Checker.of(session.repository, hooks).register_at(head)
    fault = next(kinds_lost(before.policy, policy, hooks, tree, register), None)
    if fault is not None:
        raise Refused(fault)
