"""The gate of a shared repository: what a push brings is judged before anybody can fetch it.

The trunk takes only what `qms check` would let pass, and never goes back or away. Working branches
hold unfinished work: what is wrong there is said, and judged when it comes to the trunk.

git moves each ref of a push by itself, after the gate, and may refuse any: by its settings, by
another hook, because a name is in the way. So for allowing, no line counts as done: what is there
stays in the way though the same push would move it or take it away. For refusing, each does.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final, NamedTuple

from qms.domain.kinds.policy_files import parse_policy
from qms.findings import Finding, Place, QmsError, refused
from qms.formats.paths import POLICY_FILES
from qms.formats.tree import Tree
from qms.jobs.dangers.laid_out import given_to_nobody
from qms.jobs.dangers.many_refs import refuse_long, refuse_many
from qms.jobs.dangers.push_room import PushRoom
from qms.jobs.dangers.ref_names import shadowed, shadowing, stands_for
from qms.jobs.judging.admission import standing
from qms.jobs.judging.guarded import (
    BRANCH,
    Guard,
    Guards,
    calls_itself,
    guards,
    holds,
    now_at,
    policies,
)
from qms.jobs.judging.steps import check_step
from qms.plugins import Hooks
from qms.storage.repository import Repository

# git forbids control characters and the blank in a name; other white space is a name's own.
_UPDATE: Final = re.compile(
    r"([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) (refs/[^\x00-\x20\x7f]+)"
)
MOST: Final = 100_000
"""So many refs one push may change, tags and what goes too: each is a line to read."""
MOST_READ: Final = 64 * 1024 * 1024
"""Characters of these lines."""
MOST_JUDGED: Final = 200
"""So many branches one push may bring: each takes a judgement, while others wait to push."""
_MOST_TOLD: Final = 20
"""So many refs that aren't where a push says that they are."""


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
        return self.ref.startswith(BRANCH)


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
    """What git tells a pre-receive hook.

    Raises `Refused` GATE-INPUT, PUSH-LINES, PUSH-TWICE, PUSH-LIMIT, REF-LONG.
    """
    found: list[Update] = []
    read = 0
    for line in lines:
        match = _UPDATE.fullmatch(line.rstrip("\n"))
        if match is None:
            raise refused("GATE-INPUT", found=line[:80])
        read += len(line)
        if len(found) == MOST or read > MOST_READ:
            raise refused("PUSH-LINES", most=str(MOST), size=str(MOST_READ >> 20))
        found.append(Update(match[1], match[2], match[3]))
    _refuse_twice(found)
    refuse_long([one.ref for one in found if one.is_new and not one.is_deletion])
    brought = sum(one.is_branch and not one.is_deletion for one in found)
    if brought > MOST_JUDGED:
        raise refused("PUSH-LIMIT", found=str(brought), limit=str(MOST_JUDGED))
    return tuple(found)


def _refuse_twice(pushed: Iterable[Update]) -> None:
    """Refuse two lines about one ref, of which git does what it can: PUSH-TWICE."""
    named: dict[str, Update] = {}
    for one in pushed:
        if named.setdefault(one.ref, one) is not one:
            raise refused("PUSH-TWICE", ref=one.ref)


def founders_language(repository: Repository, pushed: Iterable[Update], trunk: str) -> str | None:
    """The language that a company's files name which come to a server that has nothing yet.

    For what is said about this push alone: nobody has signed them, perhaps.
    """
    if repository.head() is not None:
        return None
    for one in pushed:
        if one.ref == f"refs/heads/{trunk}" and one.new.strip("0"):
            with suppress(QmsError):
                tree = repository.tree(one.new)
                contents = {name: tree.read(name) or b"" for name in POLICY_FILES}
                return parse_policy(contents).policy.organisation.language
    return None


def judged(
    repository: Repository, pushed: Iterable[Update], named: str, *, now: datetime | None = None
) -> Iterator[Judged]:
    """Judge each branch that a push would move; of other refs only what they are called.

    `named` is the trunk as it was named when the gate was put in. Asked in the hook, where git
    shows the pushed objects beside those of the repository. Raises `Refused` REFS-MANY,
    PUSH-TWICE, what `check_step` raises.
    """
    pushed = tuple(pushed)
    stale = tuple(islice(_stale(repository, pushed), _MOST_TOLD))
    if stale:
        yield from stale
        return
    refuse_many(repository, {one.ref for one in pushed if one.is_new and not one.is_deletion})
    # A name that stands for another one is judged as that: git writes there. Where both are to do
    # the same, git does it once.
    meant = dict.fromkeys(one._replace(ref=repository.meant(one.ref)) for one in pushed)
    _refuse_twice(meant)
    yield from _Gate.of(repository, tuple(meant), named, now).judged()


def _stale(repository: Repository, pushed: Sequence[Update]) -> Iterator[Judged]:
    """PUSH-STALE for each ref that isn't where the push says that it is.

    git hands a hook whatever the client claims, and asks only when it moves that ref. What is true
    now stays so until then, but for the server's keeper: pushes take turns.
    """
    there = repository.ids([one.ref for one in pushed])
    for one in pushed:
        found, old = there.get(one.ref, ""), "" if one.is_new else one.old
        if found != old:
            values = {"ref": one.ref, "found": found[:12] or "-", "old": old[:12] or "-"}
            yield Judged(one.ref, (Finding("PUSH-STALE", values=values),), is_trunk=True)


@dataclass(frozen=True, slots=True)
class _Gate:
    """One push, with the branches that are guarded `before` it and `after` it.

    After it too: what names a trunk and what comes onto that may come together. After any of it,
    that is, whatever else of it git refuses.
    """

    repository: Repository
    pushed: Sequence[Update]
    before: Guards
    after: Guards
    now: datetime | None
    moved: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    room: PushRoom = field(default_factory=PushRoom)
    """That of all its branches together."""

    @classmethod
    def of(
        cls, repository: Repository, pushed: Sequence[Update], named: str, now: datetime | None
    ) -> "_Gate":
        before = after = guards(repository, named, partial(now_at, repository))
        moved = {one.ref: None if one.is_deletion else one.new for one in pushed}
        if any(before.of(ref) is not None for ref in moved):

            def tips(ref: str) -> Iterator[str]:
                """Where it is now, and where the push would have it."""
                yield from now_at(repository, ref)
                new = moved.get(ref)
                yield from () if new is None else (new,)

            after = guards(repository, named, tips)
        return cls(repository, pushed, before, after, now, moved)

    def judged(self) -> Iterator[Judged]:
        names = self._names()
        for update in self.pushed:
            fault = None
            if not update.is_deletion:
                fault = shadowing(update.ref, names, self.repository.commit_id, update.new)
            guard = self._guard(update)
            if fault is not None:
                yield Judged(update.ref, (fault,), is_trunk=True)
            elif guard is not None:
                yield from self._of_trunk(update, guard)
            elif update.is_branch:
                yield from self._of_work(update)
        yield from self._taken()
        yield from self._shadowed()
        yield from self._given_to_nobody()

    def _shadowed(self) -> Iterator[Judged]:
        """What is called like a commit that comes only with this push: it waited for that."""
        found = ((one.ref, self.repository.commit_id(one.new)) for one in self.pushed)
        tips = {ref: commit for ref, commit in found if commit is not None}
        trunk = self.repository.named(self.before.trunk)

        def brought() -> Iterator[str]:
            known = () if trunk is None else (trunk,)
            return (one.id for one in self.repository.beyond(tips.values(), known))

        for finding in shadowed(self.repository, self.repository.names(), brought):
            is_ours, commit = self.repository.is_ancestor, finding.values["what"]
            yield Judged(
                next(ref for ref, tip in tips.items() if commit == tip or is_ours(commit, tip)),
                (finding,),
                is_trunk=True,
            )

    def _given_to_nobody(self) -> Iterator[Judged]:
        """OBJECT-KIND in what comes beside the trunk, tags too: who clones asks for all of it."""
        beside = [one for one in self.pushed if not one.is_deletion and self._guard(one) is None]
        commits = {one.ref: self.repository.commit_id(one.new) for one in beside}
        tips = [commits[one.ref] or one.new for one in beside]
        trunk = self.repository.named(self.before.trunk)
        for finding in given_to_nobody(self.repository, tips, trunk):
            commit = finding.place.commit
            ours = (
                one.ref for one, tip in zip(beside, tips, strict=True)
                if tip == commit
                or (tip == commits[one.ref] and self.repository.is_ancestor(commit, tip))
            )  # fmt: skip
            yield Judged(next(ours, beside[0].ref), (finding,), is_trunk=True)

    def _names(self) -> Collection[str]:
        return dict.fromkeys((*self.before.names, *self.after.names))

    def _guard(self, update: Update) -> Guard | None:
        exact = self.before.by_name.get(update.ref) or self.after.by_name.get(update.ref)
        found = exact or self.before.of(update.ref) or self.after.of(update.ref)
        if found is None or found.ref == update.ref or not update.is_deletion:
            return found
        # In another spelling, and yet not the trunk's own file: it may go.
        return None if update.ref in self.repository.names() else found

    def _tip(self, ref: str) -> str | None:
        return self.moved.get(ref) or self.repository.named(ref)

    def _of_trunk(self, update: Update, guard: Guard) -> Iterator[Judged]:
        source = None if guard.source is None else self._tip(guard.source)
        if source is None:
            fault, start = self._moved_back(update), update.old
        else:
            fault, start = self._of_named(update, guard, source)
        if fault is not None:
            yield Judged(update.ref, (fault,), is_trunk=True)
        elif not update.is_deletion:
            yield self._step(update, start)

    def _of_named(self, update: Update, guard: Guard, source: str) -> tuple[Finding | None, str]:
        """What is wrong with an update of a trunk that a policy names, and from where to judge it.

        Until something came onto it that was judged as the trunk, that begins at the old one.
        """
        known = guard.ref in self.before.by_name
        branch, old = (one.removeprefix(BRANCH) for one in (guard.ref, guard.source or ""))
        values = {"branch": branch, "old": old}
        if not update.is_new and known and not self._is_held(guard, update.old, source):
            # Nobody's trunk yet: it may go, and that is all.
            return (None if update.is_deletion else Finding("TRUNK-SQUATTED", values=values)), ""
        if update.is_deletion:
            return (self._moved_back(update) if known else None), ""
        ours = self.repository.is_ancestor
        if update.is_new or not known or ours(update.old, source):
            found = None if ours(source, update.new) else Finding("TRUNK-APART", values=values)
            return found, source
        return self._moved_back(update), update.old

    def _is_held(self, guard: Guard, tip: str, source: str) -> bool:
        """Whether what is on a named branch is the old trunk's, or came after its policy."""
        if self.repository.is_ancestor(tip, source):
            return True
        return holds(guard, policies(self.repository, tip))

    def _moved_back(self, update: Update) -> Finding | None:
        values = {"branch": update.ref.removeprefix(BRANCH), "old": update.old[:12]}
        if update.is_deletion:
            return Finding("TRUNK-DELETED", Place(), values)
        if not update.is_new and not self.repository.is_ancestor(update.old, update.new):
            return Finding("TRUNK-FORCED", Place(), values)
        return None

    def _taken(self) -> Iterator[Judged]:
        """TRUNK-TAKEN where the push names a trunk whose name somebody has already."""
        for guard in self.after.by_name.values():
            source = None if guard.source is None else self._tip(guard.source)
            if source is None or guard.source is None or guard.ref in self.before.by_name:
                continue
            name = guard.ref.removeprefix(BRANCH)
            branch = self.repository.named(guard.ref)
            ours = branch is None or self.repository.is_ancestor(branch, source)
            there = [] if ours else [guard.ref]
            # A trunk is in the way by TRUNK-NAME.
            others = (one for one in self.repository.names() if one not in self.before.by_name)
            there += [one for one in others if stands_for(one, name, self._names())]
            values = {"branch": name, "old": guard.source.removeprefix(BRANCH)}
            findings = tuple(Finding("TRUNK-TAKEN", values=values | {"ref": ref}) for ref in there)
            if findings:
                yield Judged(guard.source, findings, is_trunk=True)

    def _of_work(self, update: Update) -> Iterator[Judged]:
        if update.is_deletion:
            return
        known = self.repository.named(self.before.trunk)
        if known is None and calls_itself(self.repository, update.ref, update.new):
            name = update.ref.removeprefix(BRANCH)
            values = {"branch": name, "trunk": self.before.trunk.removeprefix(BRANCH)}
            yield Judged(update.ref, (Finding("TRUNK-OTHER", values=values),), is_trunk=True)
            return
        base = None if known is None else self.repository.merge_base(update.new, known)
        yield self._step(update, base or "0", is_trunk=False)

    def _step(self, update: Update, start: str, *, is_trunk: bool = True) -> Judged:
        admitted = standing(self.repository, self.repository.tree(update.new)).admitted
        hooks = Hooks.of(admitted)
        report = check_step(
            self.repository, hooks, start, update.new,
            now=self.now, one_push=True, room=self.room,
        )  # fmt: skip
        return Judged(update.ref, report.findings, report.tree, is_trunk, report.stood)
