"""Which side of an undecided fork of the policy somebody goes by, and what the next one follows."""

from qms.domain.kinds.policy_files import base_of_open
from qms.domain.register.register import PolicyEntry
from qms.findings import refused
from qms.jobs.sessions.work_session import KEPT_POLICY, WorkSession


def policy_to_follow(session: WorkSession) -> PolicyEntry | None:
    """The version that the next one builds on; None where none is filed.

    While nothing decides between two, the side that is kept to, else the one that the open
    version builds on, or whose files lie at the root.
    """
    if session.repository.head() is None:
        return None
    rivals = session.effects.policies.rivals
    if not rivals:
        return session.effects.policy
    root = session.work_tree.read("policy.yaml") or b""
    named = base_of_open(root)
    mine = (one for one in rivals if one.content == named or session.tree.read(one.path) == root)
    return session.kept_side or next(mine, rivals[0])


def keep_policy(session: WorkSession, name: str) -> PolicyEntry:
    """Keep to one side of an undecided fork from now on: what I sign speaks for it.

    `name` is its folder. Raises `Refused` POLICY-NO-FORK, POLICY-UNKNOWN.
    """
    rivals = session.effects.policies.rivals
    if not rivals:
        raise refused("POLICY-NO-FORK", version=str(session.policy.version))
    for one in rivals:
        if name.removeprefix("policy/") in {place.partition("/")[2] for place in one.folders}:
            if not session.dry_run:
                session.repository.git.run("config", "--local", KEPT_POLICY, one.content)
            return one
    known = ", ".join(one.folder for one in rivals)
    raise refused("POLICY-UNKNOWN", found=name, known=known)
