"""`qms check`: the step to the files as they are, and what else is wrong with these."""

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from typing import NamedTuple

from qms.domain.library.effect import Effects
from qms.findings import Finding, Reason, Refused
from qms.formats.tree import Tree
from qms.jobs.dangers.portable_names import unportable
from qms.jobs.judging.admission import filed_policy
from qms.jobs.judging.checker import Checker
from qms.jobs.judging.conflicts import Conflicts
from qms.jobs.judging.garbage import uncollected
from qms.jobs.judging.judged_texts import JudgedTexts
from qms.jobs.judging.look_files import unsigned_look
from qms.jobs.judging.named_files import NamedFiles
from qms.jobs.judging.own_glyphs import newest_glyphs
from qms.jobs.judging.plugins_together import together_fault
from qms.jobs.judging.printable import unprintable
from qms.jobs.judging.proposed_policy import ProposedPolicy, proposed_policy
from qms.jobs.judging.put_back import with_undoing
from qms.jobs.judging.read_ahead import Reader, foresee, read_ahead
from qms.jobs.judging.root_files import root_file_faults
from qms.jobs.judging.ways_back import with_way_back
from qms.plugins import Hooks
from qms.storage.repository import Repository


class CheckReport(NamedTuple):
    """What `check` found, in which files, and how many governed ones it looked at.

    `since` is the commit from which they differ; None where it looked at every file. Where files
    were named: which of them no rule looks at (`free`), and how many `others` have findings too.
    Of a step, `stood` is what was wrong before it in what it leaves as it is. `proposed` is the
    policy version that waits for its keepers.
    """

    findings: tuple[Finding, ...]
    files: int
    tree: Tree
    since: str | None
    free: tuple[str, ...] = ()
    others: int = 0
    stood: tuple[Finding, ...] = ()
    proposed: ProposedPolicy | None = None


@uncollected()
def check(  # noqa: PLR0913 - what is looked at, and against what
    repository: Repository,
    hooks: Hooks,
    trunk: str | None,
    *,
    index: bool = False,
    whole: bool = False,
    named: Sequence[str] = (),
    now: datetime | None = None,
) -> CheckReport:
    """Check the work tree, or what is staged (`index`); `whole`: every governed file.

    Where files or folders are `named`, by paths from the root, only what is wrong with these is
    told, whether they differ or not. Without a `trunk` what differs from HEAD is new. Raises
    `QmsError` INCOMPLETE-CLONE, TRUNK-UNKNOWN, TRUNK-ABSENT, REMOTE-UNKNOWN, HEAD-ORPHAN before
    anything is judged.
    """
    repository.refuse_shallow()
    repository.refuse_orphan()
    with ExitStack() as stack:
        ahead = stack.enter_context(read_ahead(repository)) if whole else None
        return _checked(repository, hooks, trunk, index=index, ahead=ahead, named=named, now=now)


def _checked(  # noqa: PLR0913 - as above
    repository: Repository,
    hooks: Hooks,
    trunk: str | None,
    *,
    index: bool,
    ahead: Reader | None,
    named: Sequence[str],
    now: datetime | None,
) -> CheckReport:
    checker = Checker.of(repository, hooks)
    if not index:
        repository.begin_work_tree(trusting=ahead is None and not named)
        if ahead is not None:
            foresee(ahead, repository.head_tree())
        _prepare(repository, hooks)
    tree = repository.index_tree() if index else repository.work_tree()
    head = repository.head()
    parents = () if head is None else (head, *repository.merge_heads())
    # From where HEAD left the shared trunk; without one, or anything in common, all is new.
    tip = head if trunk is None else checker.trunk(trunk)
    start = None if head is None or tip is None else repository.merge_base(head, tip)
    before = repository.head_tree()
    chosen = NamedFiles.of(tree, before, hooks.kinds, named) if named else None
    findings, position, paths = checker.step(
        tree, parents, start, ahead=ahead, now=now, published=tip if start else None,
        also=None if chosen is None else chosen.files,
    )  # fmt: skip
    unread = any(finding.reason is Reason.NEWER_TOOL for finding in findings)
    roots = () if unread else root_file_faults(tree, position.register, hooks)
    effects = Effects(checker.judge, position.register, now)
    newest, started = effects.policy, checker.tree_before(start)
    proposed = None if unread else proposed_policy(tree, started, effects, parents, roots)
    roots = tuple(one for one in roots if proposed is None or one not in proposed.faults)
    if roots:  # it waits for nobody's signature, as it is
        proposed = None
    told = {finding.place.path for finding in roots}
    findings = tuple(
        f for f in findings if f.reason is not Reason.NOT_AS_LISTED or f.place.path not in told
    )
    known = repository.empty_tree() if named or ahead else started
    glyphs = newest_glyphs(tree, position.register)
    again = JudgedTexts(hooks, glyphs) if ahead is None and not named else None
    fault = None if newest is None else together_fault(hooks, newest.policy)
    unfit = (*hooks.findings, *(() if fault is None else (fault,)))
    beside = (
        *unprintable(tree, paths, hooks, glyphs, again),
        *unportable(tree, known),
        *(
            ()
            if newest is None
            else unsigned_look(tree, newest.listed, newest.policy, hooks, glyphs)
        ),
    )
    found = Conflicts(repository, hooks.kinds, tree, parents, tip).named(
        (*findings, *roots, *beside)
    )
    found = with_way_back(
        hooks, checker.history, found,
        register=position.register, tree=tree, parents=parents, now=now,
    )  # fmt: skip
    found = with_undoing(repository, found, head)
    every = sorted(set(found), key=lambda one: (one.place, one.code))
    since = start if ahead is None else None
    if chosen is None:
        every = [*unfit, *every]
        return CheckReport(tuple(every), len(paths), tree, since, proposed=proposed)
    mine = (*unfit, *chosen.about(every))
    others = {one.place.path for one in every} - {one.place.path for one in mine}
    free = chosen.free()
    looked_at = len(chosen.files) - len(free)
    free = tuple(path for path in free if path in named)
    return CheckReport(mine, looked_at, tree, None, free, len(others))


def _prepare(repository: Repository, hooks: Hooks) -> None:
    """Read what nearly every check needs while git still looks through the work tree."""
    tree = repository.head_tree()
    for folder in ("released", "documents"):
        tree.prefetch(tree.folder(folder).values())
    policy = filed_policy(tree)
    if policy is None:
        return
    for class_id in policy.classes:
        with suppress(Refused):  # told where the rules come upon it
            hooks.numbering(policy, class_id)
