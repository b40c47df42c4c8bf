"""A policy version that I filed, that nobody has seen, and that nobody could go by.

No gate takes it, no other can be signed on top of what isn't shared, and where its plugins stop all
commands nothing else could be done here either. So `sync` lays it open again.
"""

from qms.domain.kinds.policy_files import read_policy_files
from qms.domain.kinds.recorded import PolicyEntry
from qms.findings import Finding
from qms.formats.paths import POLICY_FILES
from qms.jobs.exchange.unshared import is_unseen
from qms.jobs.judging.admission import StandingPolicies, standing
from qms.jobs.judging.root_files import policy_faults
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.remotes import fetch


def policies_before_mine(session: WorkSession, fault: Finding) -> StandingPolicies | None:
    """The shared trunk's policies, where mine alone has the version whose plugins end in `fault`.

    None where nobody but me has filed one, or may have seen mine; where a plugin is only not
    installed as long as the root's policy.yaml still lists it: it may be installed again.
    `session` needs no plugin. Raises what `fetch` does.
    """
    repository, remote = session.repository, session.repository.remote()
    if remote is None or not is_unseen(repository, session.trunk):
        return None
    absent = session.hooks.absent
    if fault in absent and any(one.values["name"] in _listed(session) for one in absent):
        return None
    theirs = fetch(repository, remote, session.trunk)
    if theirs is None:
        return None
    there = standing(repository, repository.tree(theirs))
    known = {one.content for one in there.line}
    mine = [one for one in standing(repository, session.tree).line if one.content not in known]
    return there if mine and there.line else None


def fault_of_mine(session: WorkSession, theirs: str) -> Finding | None:
    """What is wrong with what a version says that I filed and the commit `theirs` hasn't got.

    None where somebody may have seen it.
    """
    repository = session.repository
    tree = repository.tree(theirs)
    is_mine = set(session.tree.folder("policy")) - set(tree.folder("policy"))
    if not is_mine or not is_unseen(repository, session.trunk):
        return None
    shared = {one.content for one in standing(repository, tree).line}
    mine = (one for one in session.register.policies() if one.content not in shared)
    return next((fault for one in mine for fault in _faults(session, one)), None)


def _faults(session: WorkSession, one: PolicyEntry) -> tuple[Finding, ...]:
    return policy_faults(one.policy, session.hooks, session.register, session.tree)


def _listed(session: WorkSession) -> frozenset[str]:
    """The plugins that the root's policy.yaml lists, as it lies there."""
    contents = {name: session.work_tree.read(name) or b"" for name in POLICY_FILES}
    found, _ = read_policy_files(contents)
    plugins = () if found is None else found.policy.plugins
    return frozenset(pin.name for pin in plugins if not pin.void)
