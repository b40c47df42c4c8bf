"""What changed since the shared trunk, as one step, before anybody else sees it.

The step goes from the merge-base with the trunk to the files as they are (or to the index, or
between two commits for a gate). What branches recorded on the way is in the register too. It is
the walk of `verify` with a last commit that isn't made yet, started from a register that fetches
only what is needed.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from qms.domain.kinds.kind import FREE_FOR_PLUGINS
from qms.domain.kinds.limits import changed_paths, governed_changes
from qms.domain.kinds.recorded import Filed, Released
from qms.domain.library.effect import Effects
from qms.domain.register.holdings import every_entry
from qms.domain.register.misplaced import misplaced_roots
from qms.domain.register.recorder import Recorder
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.domain.register.statement_holds import Judge
from qms.domain.register.walk import Node, Position, Walk
from qms.domain.verdict.judgement import everything
from qms.domain.verdict.question import Question
from qms.findings import Finding, QmsError, Refused
from qms.formats.paths import GOVERNED
from qms.formats.tree import Tree
from qms.jobs.dangers.large_commits import large_commits
from qms.jobs.dangers.leaked import leaks_between
from qms.jobs.dangers.trunk_names import new_trunks
from qms.jobs.judging.beginnings import ROOT_FILE, beginning, descendants, other_beginnings, without
from qms.jobs.judging.kinds_in_use import filed_without_kinds, signed_without_kinds
from qms.jobs.judging.late_refusals import late_refusals
from qms.jobs.judging.read_ahead import Reader, with_files_read
from qms.jobs.judging.repository_history import RepositoryHistory, earlier_states, judgement_of
from qms.jobs.judging.unknown_kinds import told_with
from qms.jobs.judging.ways_back import states
from qms.plugins import Hooks
from qms.storage.repository import Repository

if TYPE_CHECKING:
    from qms.storage.commits import Commit


@dataclass(slots=True, eq=False)
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
        between = self._between(parents, start)
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
        effects = Effects(judgement.judge, position.register, now)
        if ahead is None:
            paths = _changed(tree, before) | (also or frozenset())
            _judge_standing(position, judgement.judge, parents, also or ())
        else:
            _record_all(effects, tree, ahead)
            recorded = position.register.grown
            left = _unrecorded(effects, tree)
            _judge_standing(position, judgement.judge, parents, left)
            paths = everything(position, self.hooks.kinds)
            if position.register.grown != recorded:  # what was asked is out of date
                effects = Effects(judgement.judge, position.register, now)
        newest = effects.policy
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
            effects=effects,
        )
        findings = (
            *told_with(self.hooks, judgement.findings(case)),
            *self._other_beginnings(between, strangers, start),
            *self._kinds_lost(effects, position, start),
            *self._late_refusals(effects, start, paths, between, parents),
            *leaks_between(own, tree, self._tree),
            *large_commits(between, self.repository.objects.size),
            *new_trunks(position.register, before, is_founding=start is None),
        )
        return findings, position, paths

    def _between(self, parents: Sequence[str], start: str | None) -> "list[Commit]":
        """The commits that a step brings before its last tree."""
        exclude = (start,) if start is not None else ()
        found: dict[str, Commit] = {}
        for parent in parents:
            for commit in self.repository.commits(parent, exclude):
                found.setdefault(commit.id, commit)
        return list(found.values())

    def _late_refusals(
        self,
        effects: Effects,
        start: str | None,
        paths: AbstractSet[str],
        between: Sequence["Commit"],
        parents: Sequence[str],
    ) -> Iterator[Finding]:
        """REJECTED-FILED for what the step lays in where it was filed already."""
        known = {commit.id: commit.parents for commit in between}
        if start is not None:
            yield from late_refusals(
                effects, self.register_at(start), paths,
                lambda commit: known.get(commit, () if commit else parents),
            )  # fmt: skip

    def _kinds_lost(
        self, effects: Effects, position: Position, start: str | None
    ) -> Iterator[Finding]:
        """KIND-IN-USE where a policy leaves what is recorded to nobody, whichever comes first."""
        if start is None:
            return
        before, register, tree = self.register_at(start), position.register, position.tree
        found = tuple(filed_without_kinds(self.hooks, register, before, tree))
        yield from found
        if not found and effects.policy is not None:
            older = self._tree(start)
            changed = (
                one.path
                for folder in FREE_FOR_PLUGINS
                for one in governed_changes(tree, older, folder)
            )
            yield from signed_without_kinds(effects.policy, self.hooks, register, tree, changed)

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


def _record_all(effects: Effects, tree: Tree, ahead: Reader) -> None:
    """Fetch, and so judge, all that a tree has recorded; files are read ahead meanwhile.

    What has effect is asked at once: else nothing would be left to read ahead by then.
    """
    register = effects.register
    register.numbers()
    for number in with_files_read(ahead, effects.judge, tree):
        for released in register.released(number):
            register.copies(*released.document.key)
        effects.line(number)


def _judge_standing(
    position: Position, judge: Judge, at: Sequence[str], paths: Iterable[str]
) -> None:
    """Tell also what doesn't hold and was there before this step: nobody recorded it."""
    tree, failing = position.tree, position.failing
    left = [path for path in paths if path not in failing]
    found = Recorder(judge).record(position.register, tree, left, "", at)
    failing.update((path, one) for path, one in found.items() if tree.entry(path) is not None)


def _unrecorded(effects: Effects, tree: Tree) -> Iterator[str]:
    """All governed paths of a tree but those of texts that are recorded with these very bytes."""
    every = every_entry(effects.register, effects.judge.answers.kinds)
    texts = {(one.path, one.blob) for one in every if isinstance(one, Released | Filed)}
    for folder in GOVERNED:
        yield from (path for path, entry in tree.files(folder) if (path, entry.id) not in texts)


def _changed(tree: Tree, before: Tree) -> frozenset[str]:
    return changed_paths(tree, before) | (misplaced_roots(tree) - misplaced_roots(before))
