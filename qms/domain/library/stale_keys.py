"""Keys of plugins in a released text that nobody can judge by the release its own policy lists.

Of a plugin one release is loaded at a time. Which keys another one had, and what they took, nobody
knows, so its text stays right as it was recorded; but only where those had seen it who filed the
policies that came after. What they had not seen must hold under these too, as signatures must.
"""

from collections.abc import Iterable

from qms.domain.kinds.recorded import PolicyEntry, Released
from qms.domain.register.register import Register
from qms.domain.register.stale import stale_release
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Refused


def stale_keys(
    judge: Judge,
    register: Register,
    entry: Released,
    own: PolicyEntry,
    later: Iterable[PolicyEntry],
) -> Finding | None:
    """What of a release's keys isn't as the plugins of a `later` policy say, or None.

    Asked only where another release of a plugin is loaded than its `own` policy lists. Where a
    plugin that could tell isn't here either, PLUGIN-GONE.
    """
    document = entry.document
    if not document.extra or not judge.answers.has_other_release(own.policy):
        return None
    for policy in later:
        try:
            faults = judge.answers.head_faults(policy.policy, document)
        except Refused as refused:
            faults = (refused.finding,)
        if faults:
            return stale_release(entry, policy, faults[0], register)
    return None
