"""Walking commits by what their objects say.

git's own walk (`rev-list`) is only used to guess which commits will be wanted, so that they are
read in one stream instead of one by one; who descends from whom is decided by the parsed, hashed
objects alone. A guess that is wrong costs time, nothing else.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from qms.formats import caps
from qms.formats.paths import GOVERNED
from qms.formats.tree import FOLDER, SUBMODULE
from qms.storage.commits import Commit, parse_commit
from qms.storage.gitprogram import Git
from qms.storage.objects import Objects

_PATIENCE: Final = 48
"""So many commits are read one by one before git is asked for a guess."""

_SMALLEST: Final = 25
_WINDOW: Final = 50
"""For so many commits what differs is read ahead together: one round trip for each depth."""
_MOST_FILES: Final = 1000
_MOST_BYTES: Final = 8 * 1024 * 1024
"""Where there is more to read, fewer commits are read together: all of it is kept for a while."""

_PAUSES: Final = 4
"""So many times git is most likely asked for what differs between some commits."""

AHEAD: Final = 2
"""So many times what is read together is read ahead."""


class _Walk:
    """Commits by id, read as they are asked for."""

    def __init__(self, git: Git, objects: Objects, shallow: Collection[str]) -> None:
        self._git = git
        self._objects = objects
        self._shallow = shallow
        self._known: dict[str, Commit] = {}
        self._asked = 0

    def reach(self, tips: Iterable[str], stop: Collection[str] = ()) -> dict[str, Commit]:
        """All that `tips` descend from, themselves too, without `stop` and what only they reach."""
        reached: dict[str, Commit] = {}
        level = list(dict.fromkeys(tip for tip in tips if tip not in stop))
        while level:
            self._read(level, stop)
            found = [self._known[one] for one in level]
            reached.update((commit.id, commit) for commit in found)
            parents = (parent for commit in found for parent in self.parents(commit))
            level = [
                one for one in dict.fromkeys(parents) if one not in reached and one not in stop
            ]
        return reached

    def parents(self, commit: Commit) -> tuple[str, ...]:
        """The parents that belong to this clone."""
        return () if commit.id in self._shallow else commit.parents

    def _read(self, wanted: list[str], stop: Collection[str]) -> None:
        missing = [one for one in wanted if one not in self._known]
        self._asked += len(missing)
        if missing and self._asked > _PATIENCE:
            self._asked = -(1 << 60)
            missing = list(dict.fromkeys((*missing, *self._guess(missing, stop))))
        for commit in self._objects.commits(missing):
            self._known[commit.id] = commit

    def _guess(self, tips: list[str], stop: Collection[str]) -> Iterator[str]:
        """Ids that git's walk gives; those of a broken history end early."""
        lines = [*tips, *(f"^{one}" for one in stop)]
        arguments = ("rev-list", "--stdin", "--ignore-missing")
        answer = self._git.run(
            *arguments, stdin="\n".join(lines).encode() + b"\n", allowed=(0, 128)
        )
        for one in answer.decode("ascii", "replace").split():
            if one not in self._known:
                yield one


def commits(
    git: Git, objects: Objects, tip: str, exclude: tuple[str, ...], shallow: Collection[str]
) -> list[Commit]:
    """What `Repository.commits` promises."""
    walk = _Walk(git, objects, shallow)
    stop = frozenset(exclude)
    reached = walk.reach([tip], stop)
    # With one commit to leave out, a walk in which every path ends there is complete: whatever
    # that commit descends from would have led on to a root.
    ends = any(not walk.parents(commit) for commit in reached.values())
    if stop and (ends or len(stop) > 1):
        left_out = walk.reach(stop)
        reached = {one: commit for one, commit in reached.items() if one not in left_out}
    return _parents_first(walk, reached, tip)


def beyond(
    git: Git,
    objects: Objects,
    tips: Iterable[str],
    known: Collection[str],
    shallow: Collection[str],
) -> list[Commit]:
    """What `Repository.beyond` promises."""
    walk = _Walk(git, objects, shallow)
    reached = walk.reach(tips, known)
    left_out = walk.reach(known) if reached else {}
    return [commit for commit in reached.values() if commit.id not in left_out]


def is_ancestor(
    git: Git, objects: Objects, older: str, newer: str, shallow: Collection[str]
) -> bool:
    """What `Repository.is_ancestor` promises."""
    if older == newer:
        return True
    walk = _Walk(git, objects, shallow)
    reached = walk.reach([newer], (older,))
    return any(older in walk.parents(commit) for commit in reached.values())


def look_ahead(
    objects: Objects, commits: Sequence[Commit], meet: Callable[[Sequence[str]], None]
) -> Iterator[Commit]:
    """The same commits, each after what tells its tree from its parents' was read.

    `meet` reads the files that are new with some commits, long before these come: what it begins
    in one call is wanted after the next `AHEAD` calls, the last ones of which are with nothing.

    Whoever then compares the trees, or opens a blob that is new, finds all of it at hand. Only
    saves time; what is missing or corrupt is found by whoever reads it.
    """
    trees = {commit.id: commit.tree for commit in commits}
    ready: deque[Sequence[Commit]] = deque()
    due: deque[Commit] = deque()
    start, size = 0, _SMALLEST
    while start < len(commits):
        window = commits[start : start + size]
        start += size
        pairs: dict[tuple[str | None, str], None] = {}
        strange = {parent for commit in window for parent in commit.parents} - trees.keys()
        for missed, kind, data in objects.stream(sorted(strange), skip_missing=True):
            if kind == "commit":
                trees[missed] = parse_commit(missed, data).tree
        for commit in window:
            for parent in commit.parents or (None,):
                pairs[trees.get(parent) if parent else None, commit.tree] = None
        new = _New()
        share = len(due) // _PAUSES
        for _ in _warm(objects, pairs, new):
            for _ in range(min(share, len(due))):  # the caller works while git reads
                yield due.popleft()
        yield from due
        meet(list(new.blobs))
        ready.append(window)
        due = deque(ready.popleft() if len(ready) > AHEAD else ())
        is_much = len(new.blobs) > _MOST_FILES or new.compared > _MOST_BYTES
        size = max(size // 2, 1) if is_much else min(size * 2, _WINDOW)
    yield from due
    for window in ready:
        meet([])
        yield from window


@dataclass(slots=True, eq=False)
class _New:
    """What is new with some commits: blobs, and how many bytes of trees were compared."""

    blobs: dict[str, None] = field(default_factory=dict[str, None])
    compared: int = 0


def _warm(objects: Objects, pairs: dict[tuple[str | None, str], None], new: _New) -> Iterator[None]:
    """Read the trees in which pairs of trees differ, a depth at a time; what is found is `new`.

    Gives way at each depth, once git was asked for it.
    """
    for depth in range(caps.TREE_DEPTH + 1):
        if not pairs:
            break
        like = {came: old for old, came in pairs if old is not None}
        trees = (one for pair in pairs for one in pair if one is not None)
        yield from objects.prefetching(trees, like)
        below: dict[tuple[str | None, str], None] = {}
        for old, came in pairs:
            after = objects.kept_listing(came)
            if old == came or after is None:
                continue
            before = objects.kept_listing(old)
            new.compared += len(after.raw)
            for entry, known in after.newer_than(before, () if depth else GOVERNED):
                if entry.mode == FOLDER:
                    is_older = known is not None and known.mode == FOLDER
                    below[known.id if known and is_older else None, entry.id] = None
                elif entry.mode != SUBMODULE:
                    new.blobs[entry.id] = None
        pairs = below


def _parents_first(walk: _Walk, reached: dict[str, Commit], tip: str) -> list[Commit]:
    ordered: dict[str, Commit] = {}
    waiting = [tip]
    opened: set[str] = set()
    while waiting:
        here = waiting[-1]
        commit = reached.get(here)
        if commit is None or here in ordered:
            waiting.pop()
        elif here in opened:
            ordered[here] = commit
            waiting.pop()
        else:
            opened.add(here)
            waiting.extend(reversed(walk.parents(commit)))
    return list(ordered.values())
