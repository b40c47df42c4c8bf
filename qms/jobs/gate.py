"""The gate of a shared repository: what a push brings is judged before anybody can fetch it.

The trunk takes only what `qms check` would let pass, and never goes back or away. Working branches
hold unfinished work: what is wrong there is said, and judged when it comes to the trunk.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from qms.findings import Finding, Place, refused
from qms.formats.tree import Tree
from qms.jobs.admission import standing
from qms.jobs.steps import check_step
from qms.plugins import Hooks
from qms.storage.repository import Repository

_UPDATE: Final = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) (refs/\S+)")
_BRANCH: Final = "refs/heads/"
MOST: Final = 100_000
"""So many refs one push may change, tags and what goes too: each is a line to read."""
MOST_JUDGED: Final = 200
"""So many branches one push may bring: each takes a judgement, while others wait to push."""


class Update(NamedTuple):
    """A ref that a push would move: from and to a commit, all zeros for none."""

    old: str
    new: str
    ref: str

    @property
    def is_new(self) -> bool:
        """Whether the ref is not there yet."""
        return not self.old.strip("0")

    @property
    def is_deletion(self) -> bool:
        """Whether the ref would go."""
        return not self.new.strip("0")

    @property
    def is_branch(self) -> bool:
        """Whether documents come by it: tags and other refs hold none."""
        return self.ref.startswith(_BRANCH)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in an update, with the tree that it brings."""

    ref: str
    findings: tuple[Finding, ...]
    tree: Tree | None = None
    is_trunk: bool = False
    """Whether an error here refuses the push."""
    stood: tuple[Finding, ...] = ()
    """What was wrong before, in what the push leaves as it is."""


def updates(lines: Iterable[str]) -> tuple[Update, ...]:
    """What git tells a pre-receive hook. Raises `Refused` GATE-INPUT, PUSH-LIMIT."""
    found: list[Update] = []
    for line in lines:
        match = _UPDATE.fullmatch(line.rstrip("\n"))
        if match is None or len(found) == MOST:
            raise refused("GATE-INPUT", found=line[:80], most=str(MOST))
        found.append(Update(match[1], match[2], match[3]))
    brought = sum(one.is_branch and not one.is_deletion for one in found)
    if brought > MOST_JUDGED:
        raise refused("PUSH-LIMIT", found=str(brought), limit=str(MOST_JUDGED))
    return tuple(found)


def judged(
    repository: Repository, pushed: Iterable[Update], named: str, *, now: datetime | None = None
) -> Iterator[Judged]:
    """Judge each branch that a push would move.

    `named` is the trunk as it was named when the gate was put in. Asked in the hook, where git
    shows the pushed objects beside those of the repository. Raises what `check_step` raises.
    """
    trunk = _trunk(repository, named)
    for update in pushed:
        if not update.is_branch:
            continue
        # On a disk that is blind for case the other spelling would be the trunk's own file.
        if update.ref.casefold() != trunk.casefold():
            yield from _of_work(repository, update, trunk, now)
            continue
        fault = _moved_back(repository, update)
        if fault is not None:
            yield Judged(update.ref, (fault,), is_trunk=True)
        else:
            yield _step(repository, update, update.old, now)


def _trunk(repository: Repository, named: str) -> str:
    """The trunk by the valid policy of the branch that was named; before the first one that.

    Never HEAD's own branch: whoever may move that could leave the trunk without a gate.
    """
    tip = repository.named(_BRANCH + named)
    line = () if tip is None else standing(repository, repository.tree(tip)).line
    return _BRANCH + (line[-1].policy.trunk if line else named)


def _moved_back(repository: Repository, update: Update) -> Finding | None:
    values = {"branch": update.ref.removeprefix(_BRANCH), "old": update.old[:12]}
    if update.is_deletion:
        return Finding("TRUNK-DELETED", Place(), values)
    if not update.is_new and not repository.is_ancestor(update.old, update.new):
        return Finding("TRUNK-FORCED", Place(), values)
    return None


def _of_work(
    repository: Repository, update: Update, trunk: str, now: datetime | None
) -> Iterator[Judged]:
    if update.is_deletion:
        return
    known = repository.named(trunk)
    base = None if known is None else repository.merge_base(update.new, known)
    yield _step(repository, update, base or "0", now, is_trunk=False)


def _step(
    repository: Repository,
    update: Update,
    start: str,
    now: datetime | None,
    *,
    is_trunk: bool = True,
) -> Judged:
    admitted = standing(repository, repository.tree(update.new)).admitted
    hooks = Hooks.of(admitted)
    report = check_step(repository, hooks, start, update.new, now=now, one_push=True)
    return Judged(update.ref, report.findings, report.tree, is_trunk, report.stood)
