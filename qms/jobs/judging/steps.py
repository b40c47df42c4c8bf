"""What a step between two commits brings: what gates judge, CI's and the server's.

What was wrong before refuses nothing that leaves it as it is. Else whoever got one wrong entry in
would lock everybody out: a ruling that ends it, or the policy that voids their key, travels by the
same trunk. It is told all the same, and `check --all` and `verify` say that it is wrong.
"""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from qms.domain.kinds.kind import COPY, Kinds
from qms.domain.register.walk import Position
from qms.findings import UNTOLD, Finding, QmsError, Reason, Refused
from qms.formats.tree import Tree
from qms.jobs.dangers.laid_out import never_laid_out, too_many_at_root
from qms.jobs.dangers.portable_names import unportable
from qms.jobs.dangers.push_room import PushRoom
from qms.jobs.judging.checker import Checker
from qms.jobs.judging.checking import CheckReport
from qms.jobs.judging.conflicts import Conflicts
from qms.jobs.judging.grown import all_new_hold, only_rejects, parted
from qms.jobs.judging.own_glyphs import newest_glyphs
from qms.jobs.judging.printable import unprintable
from qms.jobs.judging.put_back import with_undoing
from qms.jobs.judging.repository_history import judgement_of
from qms.jobs.judging.ways_back import with_way_back
from qms.plugins import Hooks
from qms.storage.repository import Repository


def check_step(  # noqa: PLR0913 - between which commits, and how they came
    repository: Repository,
    hooks: Hooks,
    old: str,
    new: str,
    *,
    now: datetime | None = None,
    one_push: bool = False,
    room: PushRoom | None = None,
) -> CheckReport:
    """Check the commits from `old` to `new`; `old` is all zeros where there was none.

    They may have come to the trunk by several pushes, each of which later signers had seen; with
    `one_push` they come together now, and to judge them there is `room`. Raises `QmsError`
    NO-COMMIT, INCOMPLETE-CLONE.
    """
    repository.refuse_shallow()
    start, tip = _commit(repository, old) if old.strip("0") else None, _commit(repository, new)
    checker = Checker.of(repository, hooks)
    tree, known = repository.tree(tip), checker.tree_before(start)
    if wide := tuple(too_many_at_root(tree, known)):
        return CheckReport(wide, 0, tree, start)
    with nullcontext() if room is None else room.judging():
        found, position, paths = checker.step(tree, (tip,), start, now=now, one_push=one_push)
    before = None if start is None else Before(checker, start, tree, position, paths, now)
    findings, stood = (found, ()) if before is None else before.parted(found)
    glyphs = newest_glyphs(tree, position.register)
    printed = unprintable(tree, paths, hooks, glyphs, room=room)
    beside = (*printed, *unportable(tree, known))
    findings = Conflicts(repository, hooks.kinds, tree, (tip,), start).named((*findings, *beside))
    findings, stood = (
        with_way_back(
            hooks, checker.history, some,
            register=position.register, tree=tree, parents=(tip,), now=now,
        )
        for some in (with_undoing(repository, findings, tip), stood)
    )  # fmt: skip
    apart = never_laid_out(repository, tip, start, findings)
    every = (*hooks.findings, *findings, *apart)
    return CheckReport(every, len(paths), tree, start, stood=stood)


def _commit(repository: Repository, rev: str) -> str:
    found = repository.resolve(rev)
    if found is None:
        raise QmsError(Finding("NO-COMMIT", values={"rev": rev}))
    return found


@dataclass(frozen=True, slots=True)
class Before:
    """What was wrong at the commit `start`, of which a step to `tree` changes `paths`.

    `position` is where the step ends.
    """

    checker: Checker
    start: str
    tree: Tree
    position: Position
    paths: frozenset[str]
    now: datetime | None

    def parted(self, found: Sequence[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """The findings that the step brings, and the errors that refuse nothing.

        These stood before it, or two people who hadn't seen each other's work did what each of
        them might: who shares second can't undo it, and those who rule on it must see both. What
        is contested has no effect until then, so nobody gains by it.
        """
        is_error = judgement_of(self.checker.hooks, self.checker.history).is_error
        met = tuple(one for one in found if is_error(one) and one.reason is Reason.APART)
        found = [one for one in found if one not in met]
        left = [one for one in found if is_error(one) and self._is_left(one)]
        if not left:
            return tuple(found), met
        known = set(map(id, left))
        before = self._findings({one.place.path for one in left})
        brought, told = parted(found, before, lambda one: id(one) in known)
        void = [one for one in brought if id(one) in known and self._is_by_policy(one)]
        apart = set(map(id, void))
        return tuple(one for one in brought if id(one) not in apart), (*told, *void, *met)

    def _is_left(self, finding: Finding) -> bool:
        """Whether it is about an entry, and the step only adds to its list what holds, if that.

        Or about a text that the step rejects and changes in nothing else; or about a file that no
        policy lists, and that the step leaves as it is.
        """
        path, kinds = finding.place.path, self.checker.hooks.kinds
        if finding.reason is Reason.UNLISTED:
            there = self.tree.entry(path)  # none for what lies deeper than anybody reads
            return there is not None and there == self.checker.tree_before(self.start).entry(path)
        is_entry = kinds.at(path).kind in kinds.recorded
        is_text = not is_entry and path in self.paths
        if finding.reason in UNTOLD or not (is_entry or is_text):
            return False
        if path not in self.paths:
            return True
        try:
            before = self.checker.repository.tree(self.start).read(path)
            after = self.tree.read(path)
        except Refused:
            return False
        if is_text:
            return only_rejects(kinds, path, before, after)
        return all_new_hold(kinds, self.position.register, path, before, after)

    def _is_by_policy(self, finding: Finding) -> bool:
        """Whether the step's policy alone makes an event of a list void that it leaves as it is."""
        is_void = is_void_by_policy(self.checker.hooks.kinds, finding)
        return is_void and finding.place.path not in self.paths

    def _findings(self, places: Iterable[str]) -> tuple[Finding, ...]:
        """What was wrong at these places, and what follows from it."""
        tree = self.checker.repository.tree(self.start)
        also = frozenset((*self.paths, *places))
        found, _, _ = self.checker.step(tree, (self.start,), self.start, now=self.now, also=also)
        return found


def is_void_by_policy(kinds: Kinds, finding: Finding) -> bool:
    """Whether a later policy makes an event void that one key was enough for: its chain may ratify.

    A revision that it would make void is somebody's whole chain: there the keepers sign anew.
    """
    return finding.reason is Reason.LATER_POLICY and kinds.at(finding.place.path).kind == COPY
