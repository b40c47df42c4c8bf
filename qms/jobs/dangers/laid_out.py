"""What no clone can lay out, of all that a push brings: more files than there are atoms, odd paths.

Whoever got it in once would lock everybody out. So it is kept out, where somebody can refuse it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from typing import Final

from qms.findings import Finding, QmsError, Reason
from qms.formats.paths import GOVERNED
from qms.formats.tree import Tree, TreeEntry
from qms.jobs.dangers.checkout_paths import Brought, mistyped, not_laid_out
from qms.storage.commits import Commit
from qms.storage.repository import Repository
from qms.storage.trees import CommitTree

MOST_FILES: Final = 1_000_000
"""Files, governed or not, of the tree that it ends in: git itself must be able to lay them out."""
MOST_AT_ROOT: Final = 10_000
"""Names at the root: no rule keeps any of them out, so each check looks at all of them."""


def too_many_at_root(tree: Tree, before: Tree | None) -> Iterator[Finding]:
    """ROOT-MANY where a tree has more names at its root than may be, and more than there were.

    Asked before all else: nothing of such a one is looked at.
    """
    found = len(tree.folder(""))
    known = 0 if before is None else len(before.folder(""))
    if found > max(MOST_AT_ROOT, known):
        values = {"found": str(found), "limit": str(MOST_AT_ROOT)}
        yield Finding("ROOT-MANY", values=values)


def never_laid_out(
    repository: Repository, tip: str, start: str | None, told: Iterable[Finding]
) -> Iterator[Finding]:
    """What nobody's clone can lay out, of the commits up to `tip` from `start`.

    WORK-TREE-LIMIT where the last tree holds more than anybody has; CHECKOUT-PATH, OBJECT-KIND and
    TREE-ODD for what any of them brings that git lays out nowhere. What is `told` already isn't
    told again.
    """
    told = tuple(told)
    known = {(one.code, one.place.path) for one in told}
    strays = {one.place.path for one in told if one.reason is Reason.STRAY}
    unread = {one.place.path for one in told if one.reason is Reason.UNREADABLE}
    before = None if start is None else repository.tree(start)
    yield from _too_many_files(repository.tree(tip), before)
    commits = repository.commits(tip, () if start is None else (start,))
    for one in not_laid_out(repository.objects, _brought(repository, commits), before):
        path = one.place.path
        is_told = (one.code, path) in known or path in strays
        if not is_told and not (one.reason is Reason.MISTYPED and path in unread):
            yield one


def given_to_nobody(
    repository: Repository, tips: Iterable[str], trunk: str | None
) -> Iterator[Finding]:
    """OBJECT-KIND for what ends each clone, of what `tips` bring beside the commit `trunk`.

    They are commits, or folders that a tag names without one.
    """
    objects = repository.objects
    kinds = objects.kinds(tips)
    commits = [one for one in kinds if kinds[one] == "commit"]
    others = (one for one in kinds if kinds[one] != "commit")
    trees = ((one, objects.resolve(f"{one}^{{tree}}")) for one in others)
    brought = chain(
        _brought(repository, repository.beyond(commits, () if trunk is None else (trunk,))),
        (Brought(one, tree, None) for one, tree in trees if tree is not None),
    )
    before = None if trunk is None else repository.tree(trunk)
    yield from mistyped(objects, brought, before)


def _brought(repository: Repository, commits: Iterable[Commit]) -> Iterator[Brought]:
    for one in commits:
        older = repository.tree(one.parents[0]).id if one.parents else None
        yield Brought(one.id, one.tree, older)


def _too_many_files(tree: Tree, before: Tree | None) -> Iterator[Finding]:
    """Each folder is opened once, however often it stands there.

    Of what is governed none that `before` has at its place: that has a cap of its own.
    """
    known: dict[str, int] = {}
    if _files(tree, before, known) > MOST_FILES >= _files(before, tree, known):
        yield Finding("WORK-TREE-LIMIT", reason=Reason.TOO_MUCH)


def _files(tree: Tree | None, other: Tree | None, known: dict[str, int]) -> int:
    """The files of a tree, without those of governed folders that are the same in the other."""
    if not isinstance(tree, CommitTree):
        return 0
    beside: Mapping[str, TreeEntry] = {} if other is None else other.folder("")
    return sum(
        _count(tree, entry.id, known) if entry.is_folder else 1
        for name, entry in tree.folder("").items()
        if name not in GOVERNED or beside.get(name) != entry
    )


def _count(tree: CommitTree, tree_id: str, known: dict[str, int]) -> int:
    """The files below a folder, as far as they matter.

    A folder that isn't there, or is none, has none: git takes no push that lacks a thing, and what
    is governed is told by those who read it.
    """
    waiting = [tree_id]
    while waiting:
        at = waiting[-1]
        if at in known:
            waiting.pop()
            continue
        entries: Collection[TreeEntry] = ()
        with suppress(QmsError):
            entries = tree.source.listing(at).entries.values()
        folders = [one.id for one in entries if one.is_folder]
        left = [one for one in folders if one not in known]
        if left and len(waiting) + len(known) < MOST_FILES:
            waiting += left
            continue
        waiting.pop()
        below = sum(known.get(one, MOST_FILES) for one in folders)
        known[at] = min(len(entries) + below, 2 * MOST_FILES)
    return known[tree_id]
