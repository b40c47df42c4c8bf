"""What `qms check` says in a repository: with the plugins that its policies admit."""

from datetime import datetime

from qms.jobs.dangers.trunk_names import trunk_of
from qms.jobs.judging.admission import standing
from qms.jobs.judging.checking import CheckReport, check
from qms.plugins import Hooks
from qms.storage.repository import Repository


def checked(
    repository: Repository, hooks: Hooks, *, whole: bool, index: bool, now: datetime
) -> CheckReport:
    """The report. `hooks` are taken where they are what is admitted: they are loaded already."""
    known = standing(repository, repository.head_tree())
    here = known.admitted
    if here is None or (here.newest, here.older) != (hooks.pins, ()):
        hooks = Hooks.of(here)
    trunk = trunk_of(known.line)
    return check(repository, hooks, trunk, whole=whole, index=index, now=now)
