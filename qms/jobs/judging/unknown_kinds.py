"""Files of a plugin that is not here: that is told, not each of its files as a stray one."""

from collections.abc import Iterable, Iterator

from qms.domain.kinds.kind import FREE_FOR_PLUGINS
from qms.findings import Finding, Reason
from qms.plugins import Hooks


def told_with(hooks: Hooks, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, without STRAY where nobody can tell it: PLUGIN-MISSING is told beside them."""
    for one in findings:
        may_be_its = one.place.path.partition("/")[0] in FREE_FOR_PLUGINS
        if not (hooks.absent and one.reason is Reason.STRAY and may_be_its):
            yield one
