"""Files of a plugin that is not here: that is told, not each of its files as a stray one."""

from collections.abc import Iterable, Iterator

from qms.domain.register.gone_kinds import is_plugins
from qms.findings import Finding, Reason
from qms.plugins import Hooks


def told_with(hooks: Hooks, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, without what PLUGIN-MISSING, told beside them, says: nobody can tell STRAY.

    What a commit did to such a file stays: it needs somebody, whatever its plugin would say.
    """
    of_its = (Reason.STRAY, Reason.NO_PLUGIN)
    for one in findings:
        done = one.reason is Reason.NO_PLUGIN and one.place.commit
        if done or not (hooks.absent and one.reason in of_its and is_plugins(one.place.path)):
            yield one
