"""Classes that the policy has no longer, while texts of theirs are in force or go round.

Plugins answer by the policy in force alone, and can only say that they know of no such class.
"""

from qms.domain.kinds.policy import Policy
from qms.domain.register.register import PolicyEntry, Register
from qms.findings import Finding, Refused


def last_with_class(register: Register, policy: Policy, class_id: str) -> PolicyEntry | None:
    """The last version that had a class; None where `policy` has it, or none ever had."""
    if class_id in policy.classes:
        return None
    had = (one for one in reversed(register.policies()) if class_id in one.policy.classes)
    return next(had, None)


def may_list_again(policy: Policy) -> tuple[str, ...]:
    """Who may list a class again: they sign what the policy is to be."""
    holders = policy.holders(policy.quorum.role, None)
    return tuple(one for one in holders if policy.may_sign(one))


def gone_class(register: Register, policy: Policy, why: Refused) -> Refused:
    """CLASS-GONE where nobody answers for a class since it is gone from the policy; else `why`."""
    class_id = why.finding.values.get("class", "")
    before = last_with_class(register, policy, class_id)
    if before is None:
        return why
    name = before.policy.classes[class_id].name
    values = {
        "class": class_id,
        "name": name.of("zh"),
        "name_en": name.of("en"),
        "version": str(before.version),
        "file": f"{before.folder}/qms.yaml",
        "keepers": ", ".join(may_list_again(policy)) or "-",
    }
    return Refused(Finding("CLASS-GONE", why.finding.place, values, reason=why.finding.reason))
