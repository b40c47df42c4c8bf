"""`qms check`: what changed since the shared trunk, as one step, before anybody else sees it.

The step goes from the merge-base with the trunk to the files as they are (or to the index, or
between two commits for a gate). What branches recorded on the way is in the register too. It is
the walk of `verify` with a last commit that isn't made yet, started from a register that fetches
only what is needed.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from qms.domain.kinds.limits import changed_paths
from qms.domain.library.effect import Effects
from qms.domain.register.misplaced import misplaced_roots
from qms.domain.register.recorder import Recorder
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.domain.register.statement_holds import Judge
from qms.domain.register.walk import Node, Position, Walk
from qms.domain.verdict.judgement import Question, everything
from qms.findings import Finding, QmsError, Reason, Refused
from qms.formats.paths import GOVERNED
from qms.formats.tree import Tree
from qms.jobs.dangers.large_commits import large_commits
from qms.jobs.dangers.leaked import leaks_between
from qms.jobs.dangers.portable_names import unportable
from qms.jobs.dangers.trunk_names import new_trunks
from qms.jobs.judging.admission import filed_policy
from qms.jobs.judging.beginnings import ROOT_FILE, beginning, descendants, other_beginnings, without
from qms.jobs.judging.conflicts import Conflicts
from qms.jobs.judging.garbage import uncollected
from qms.jobs.judging.judged_texts import JudgedTexts
from qms.jobs.judging.look_file import unread_look
from qms.jobs.judging.named_files import NamedFiles
from qms.jobs.judging.own_glyphs import newest_glyphs
from qms.jobs.judging.printable import unprintable
from qms.jobs.judging.put_back import with_undoing
from qms.jobs.judging.read_ahead import Reader, read_ahead, with_files_read
from qms.jobs.judging.repository_history import RepositoryHistory, earlier_states, judgement_of
from qms.jobs.judging.root_files import root_file_faults
from qms.jobs.judging.ways_back import states, with_way_back
from qms.plugins import Hooks
from qms.storage.repository import Repository

if TYPE_CHECKING:
    from qms.storage.commits import Commit


@dataclass(slots=True)
class Checker:
    """Judges trees of one repository that are not committed yet."""

    repository: Repository
    hooks: Hooks
    history: RepositoryHistory
    failing: dict[str, Finding] = field(default_factory=dict[str, Finding])
    """What registers were asked for and can't be shown: it does not hold, or can't be read."""
    judge: Judge = field(init=False)
    """Judges what registers are asked for, and remembers which signatures hold."""

    def __post_init__(self) -> None:
        self.judge = judgement_of(self.hooks, self.history).judge

    @classmethod
    def of(cls, repository: Repository, hooks: Hooks) -> "Checker":
        """A checker with its own memory of commits."""
        return cls(repository, hooks, RepositoryHistory(repository))

    def register_at(self, commit: str) -> Register:
        """The register at a commit, fetched from its tree as it is asked for."""
        return Register((TreeSource(self.judge, self._tree(commit), self.failing),))

    def step(  # noqa: PLR0913 - from where to where, and what tells it
        self,
        tree: Tree,
        parents: Sequence[str],
        start: str | None,
        *,
        ahead: Reader | None = None,
        now: datetime | None = None,
        one_push: bool = True,
        also: frozenset[str] | None = None,
        published: str | None = None,
    ) -> tuple[tuple[Finding, ...], Position, frozenset[str]]:
        """Findings of the step from the commit `start` to `tree`, whose parents are `parents`.

        `start` None is the empty tree. Gives the position too, and the paths looked at. Where the
        parents don't descend from `start`, as after a forced push, nothing that it held may go
        either. With `ahead` everything is looked at, not only what differs. `now` is the clock:
        nothing may be later, and today is its day by the newest policy. Without `one_push` each
        commit on the first line of parents may have been the trunk's, before the next one came.
        With `also` these paths are looked at in any case, and what follows from something that is
        told is told as well. `published` is the newest commit that everybody knows, where it is
        another than `start`: of a merge in progress the one that is merged in.
        """
        judgement = judgement_of(self.hooks, self.history)
        published = published or start
        judgement.judge.published = published
        walk = Walk(judgement.judge)
        exclude = (start,) if start is not None else ()
        between: list[Commit] = []
        for parent in parents:
            known = {commit.id for commit in between}
            between += [
                commit
                for commit in self.repository.commits(parent, exclude)
                if commit.id not in known
            ]
        inside = {commit.id for commit in between}
        for commit in between:
            walk.expect(dict.fromkeys(commit.parents))
        strangers = self._strangers(between, start)
        behind = _left_behind(start, parents, between)
        walk.expect(dict.fromkeys((*parents, *behind)))
        for parent in (*(p for c in between for p in c.parents), *parents, *behind):
            if parent not in inside and parent not in walk.positions and start is not None:
                older = self._tree(parent)
                walk.start(parent, Register((TreeSource(judgement.judge, older),)), older)
        own = [commit for commit in between if commit.id not in strangers]
        shared = {} if one_push else _shared_before(parents, own)
        for commit in self.repository.look_ahead(own):
            judgement.judge.published = shared.get(commit.id, published)
            walk.visit(Node(commit.id, commit.parents, self._tree(commit.id)))
        position = walk.visit(Node("", (*parents, *behind), tree))
        before = self.tree_before(start)
        if ahead is None:
            paths = _changed(tree, before) | (also or frozenset())
            _judge_standing(position, judgement.judge, parents, also or ())
        else:
            _record_all(position, judgement.judge, ahead)
            every = (path for folder in GOVERNED for path, _ in tree.files(folder))
            _judge_standing(position, judgement.judge, parents, every)
            paths = everything(position, self.hooks.kinds)
        newest = Effects(judgement.judge, position.register, now).policy
        case = Question(
            position=position,
            before=before,
            paths=paths,
            at=tuple(parents),
            now=now,
            today=None if now is None or newest is None else newest.policy.day(now),
            folded=also is None,
            older=lambda since: self._older(behind or tuple(parents), since),
            states=partial(states, self.history, (*parents, *behind)),
        )
        findings = (
            *judgement.findings(case),
            *self._other_beginnings(between, strangers, start),
            *leaks_between(own, tree, self._tree),
            *large_commits(between, self.repository.objects.size),
            *new_trunks(position.register, before, is_founding=start is None),
        )
        return findings, position, paths

    def trunk(self, name: str) -> str | None:
        """The newest commit of the shared trunk that this clone knows; None before its first.

        Raises what `Repository.trunk` does where this clone can't tell.
        """
        try:
            return self.repository.trunk(name)
        except Refused:
            return None

    def _strangers(self, between: Sequence["Commit"], start: str | None) -> frozenset[str]:
        """What of a step descends from nothing that was there, and has no register (trust.md).

        A history that was rewritten down to its first commit goes on: version 1 is the same.
        """
        if start is None:
            return frozenset()
        found = without(between, {commit.id for commit in between})
        mine = self._tree(start).entry(ROOT_FILE)
        if mine is None:
            return frozenset()
        same = (one.id for one in between if self._tree(one.id).entry(ROOT_FILE) == mine)
        first = next(same, None) if len(found) == len(between) else None
        return found if first is None else found - descendants(between, first)

    def _other_beginnings(
        self, between: Sequence["Commit"], strangers: frozenset[str], start: str | None
    ) -> Iterator[Finding]:
        """ROOT-SEVERAL where strangers come in that have a policy version 1 of their own."""
        if not strangers or start is None:
            return
        root = beginning(self.repository, self.repository.commits(start))
        if root is not None:
            yield from other_beginnings(self.repository, between, root, strangers)

    def tree_before(self, start: str | None) -> Tree:
        """The tree that a step begins with; the empty one where it begins with nothing."""
        return self._tree(start) if start is not None else self.repository.empty_tree()

    def _tree(self, commit: str) -> Tree:
        found = self.history.tree(commit)
        if found is None:
            raise QmsError(Finding("NO-COMMIT", values={"rev": commit}))
        return found

    def _older(self, parents: Sequence[str], since: AbstractSet[str]) -> Iterator[tuple[str, Tree]]:
        for parent in parents:
            commits = self.repository.commits(parent)
            yield from earlier_states(commits, {*parents, *since}, self._tree)


def _shared_before(parents: Sequence[str], between: Sequence["Commit"]) -> dict[str, str]:
    """The trunk's commit before the one that brought each: what their signers could have seen."""
    known = {commit.id: commit for commit in between}
    line: list[str] = []
    at = parents[0] if parents else ""
    while at in known:
        line.append(at)
        at = next(iter(known[at].parents), "")
    found: dict[str, str] = {}
    for tip in reversed(line):
        before = next(iter(known[tip].parents), "")
        waiting = [tip]
        while waiting and before:
            one = waiting.pop()
            if one in known and one not in found:
                found[one] = before
                waiting.extend(known[one].parents)
    return found


def _left_behind(
    start: str | None, parents: Sequence[str], between: Sequence["Commit"]
) -> tuple[str, ...]:
    """`start`, where none of `parents` is it or descends from it."""
    if start is None or start in parents or any(start in one.parents for one in between):
        return ()
    return (start,)


def _record_all(position: Position, judge: Judge, ahead: Reader) -> None:
    """Fetch, and so judge, all that a tree has recorded; files are read ahead meanwhile."""
    register = position.register
    register.numbers()
    for number in with_files_read(ahead, judge, position.tree):
        for released in register.released(number):
            register.copies(*released.document.key)


def _judge_standing(
    position: Position, judge: Judge, at: Sequence[str], paths: Iterable[str]
) -> None:
    """Tell also what doesn't hold and was there before this step: nobody recorded it."""
    tree, failing = position.tree, position.failing
    left = [path for path in paths if path not in failing]
    found = Recorder(judge).record(position.register, tree, left, "", at)
    failing.update((path, one) for path, one in found.items() if tree.entry(path) is not None)


def _changed(tree: Tree, before: Tree) -> frozenset[str]:
    return changed_paths(tree, before) | (misplaced_roots(tree) - misplaced_roots(before))


class CheckReport(NamedTuple):
    """What `check` found, in which files, and how many governed ones it looked at.

    `since` is the commit from which they differ; None where it looked at every file. Where files
    were named: which of them no rule looks at (`free`), and how many `others` have findings too.
    Of a step, `stood` is what was wrong before it in what it leaves as it is.
    """

    findings: tuple[Finding, ...]
    files: int
    tree: Tree
    since: str | None
    free: tuple[str, ...] = ()
    others: int = 0
    stood: tuple[Finding, ...] = ()


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
    told = {finding.place.path for finding in roots}
    findings = tuple(f for f in findings if f.code != "POLICY-FILE" or f.place.path not in told)
    known = repository.empty_tree() if named or ahead else checker.tree_before(start)
    glyphs = newest_glyphs(tree, position.register)
    again = JudgedTexts(hooks, glyphs) if ahead is None and not named else None
    beside = (
        *unprintable(tree, paths, hooks.tools, glyphs, again),
        *unportable(tree, known),
        *unread_look(tree),
    )
    found = Conflicts(repository, tree, parents, tip).named((*findings, *roots, *beside))
    found = with_way_back(
        hooks, checker.history, found,
        register=position.register, tree=tree, parents=parents, now=now,
    )  # fmt: skip
    found = with_undoing(repository, found, head)
    every = sorted(set(found), key=lambda one: (one.place, one.code))
    since = start if ahead is None else None
    if chosen is None:
        return CheckReport((*hooks.findings, *every), len(paths), tree, since)
    mine = (*hooks.findings, *chosen.about(every))
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
