"""The policy version that lies open at the root: a proposal, which `check` tells and nothing obeys.

What is wrong in it is nobody's fault who only pulled it: whoever edits it is told by error, all
others that it can't be signed as it is.
"""

from collections.abc import Sequence
from typing import NamedTuple

from qms.domain.kinds.policy_files import open_file, open_version
from qms.domain.library.effect import Effects
from qms.domain.register.policies import valid_agreements
from qms.findings import Finding, Refused
from qms.formats.paths import POLICY_FILES
from qms.formats.tree import Tree


class ProposedPolicy(NamedTuple):
    """An open version: how many of its keepers must still sign, which (printed names) may.

    `faults` keep it from being signed; they stood there before this step.
    """

    version: int
    missing: int
    waiting: tuple[tuple[str, str], ...]
    faults: tuple[Finding, ...]


def proposed_policy(
    tree: Tree, before: Tree, effects: Effects, at: Sequence[str], faults: Sequence[Finding]
) -> ProposedPolicy | None:
    """The version that is open at the root of `tree`; None where there is none.

    `before` is what this step began with, `at` the commits that hold `tree`; `faults` are those of
    the root's files.
    """
    newest = effects.policy
    if newest is None:
        return None
    followed = (newest, *effects.policies.rivals)
    try:
        root = tree.read("policy.yaml") or b""
    except Refused:
        return None
    version = open_version(root)
    base = next((one for one in followed if one.version + 1 == version), None)
    if base is None or version is None:
        return None
    opened = open_file(root)
    agreed: set[str] = set()
    if opened is not None:
        found = valid_agreements(effects.judge, opened, base, effects.register, at)
        agreed = {slot.person for slot in found}
    policy, now = base.policy, effects.now
    holders = () if now is None else policy.holders(policy.quorum.role, policy.day(now))
    waiting = (one for one in holders if one not in agreed and policy.may_sign(one))
    names = tuple(
        (policy.printed_name(one, "zh"), policy.printed_name(one, "en")) for one in waiting
    )
    is_old = all(tree.entry(name) == before.entry(name) for name in POLICY_FILES)
    missing = max(policy.quorum.need - len(agreed), 0)
    return ProposedPolicy(version, missing, names, tuple(faults) if is_old else ())
