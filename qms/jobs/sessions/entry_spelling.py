"""By which policy an entry is spelled and printed: the one that its filing cites."""

from qms.domain.kinds.numbering import Numbering, VersionScheme
from qms.domain.kinds.policy import Policy
from qms.domain.register.register import PolicyEntry, Released
from qms.findings import Refused
from qms.jobs.sessions.work_session import WorkSession


def policy_of(session: WorkSession, entry: Released) -> PolicyEntry:
    """The policy that the filing of `entry` cites; where it cites none, that in force."""
    cited = session.register.policy(entry.filing.policy or "")
    return session.policy_entry if cited is None else cited


def spelling(
    session: WorkSession, policy: Policy, class_id: str
) -> tuple[Numbering, VersionScheme]:
    """How numbers and revisions of a class are printed: as the policy has it that a text cites.

    Where nobody can tell any more, as the one in force has it.
    """
    hooks = session.hooks
    try:
        return hooks.numbering(policy, class_id), hooks.version_scheme(policy, class_id)
    except Refused:
        return session.numbering(class_id), session.version_scheme(class_id)
