"""A system that is about to be founded: policy version 1 lies there, and none is in force yet."""

from typing import Final, NamedTuple

from qms.domain.kinds.policy import Policy
from qms.domain.kinds.policy_files import read_policy_files
from qms.domain.register.policies import AGREE
from qms.findings import QmsError
from qms.jobs.policies.policy_ground import agreements
from qms.jobs.policies.policy_rounds import contents_to_sign, keepers, opened_on
from qms.jobs.policies.start import new_manifest
from qms.jobs.sessions.work_session import WorkSession

ROLE: Final = "policy-keeper"
"""The role that signs policies, where nobody says otherwise."""
NEED: Final = 2
"""How many of them must."""


class Founding(NamedTuple):
    """Version 1 as it lies there: who has agreed, who may, and how many more must."""

    policy: Policy
    agreed: tuple[str, ...]
    waiting: tuple[str, ...]
    missing: int
    unkeyed: tuple[str, ...]
    """Holders of the role who have no key yet, so that they can't sign."""


def founding(session: WorkSession) -> Founding | None:
    """What a system waits for to be founded; None where no policy is laid out that can be read."""
    try:
        root = session.repository.work_tree().read("policy.yaml") or (
            new_manifest(session, ROLE, NEED)
        )
        contents = contents_to_sign(session)
        found, _ = read_policy_files({**contents, "policy.yaml": opened_on(root, None, contents)})
    except QmsError:
        return None  # `check` tells what is wrong with them
    if found is None:
        return None
    policy = found.policy
    held = agreements(session, root, found, None).held
    agreed = tuple(dict.fromkeys(slot.person for slot in held if slot.act == AGREE))
    may = keepers(session, policy)
    able = tuple(one for one in may if policy.persons[one].keys)
    return Founding(
        policy,
        agreed,
        tuple(one for one in able if one not in agreed),
        max(policy.quorum.need - len(agreed), 0),
        tuple(one for one in may if one not in able),
    )


def whose_key(session: WorkSession, policy: Policy) -> str | None:
    """Whose key I have by a policy that is not in force; None where it is nobody's."""
    try:
        return session.owner_of_key(policy)[0].id
    except QmsError:
        return None
