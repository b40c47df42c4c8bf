"""What a plain `git pull` left half-done or mixed, settled by what files mean (`qms fix`).

All is computed from the two commits that met, never from the bytes that git made of them. What
somebody resolved by hand is kept beside.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from qms.domain.kinds.kind import Kinds
from qms.domain.uniting.line_merge import merged_lines
from qms.domain.uniting.sides import GaveWay, same_lines
from qms.findings import Finding, Place, QmsError, Reason, Refused, refused, shell_word
from qms.formats.merge_markers import conflict_in
from qms.formats.tree import PathChange, Tree
from qms.jobs.exchange.joining import Joined, errors, joined, lay_aside
from qms.jobs.exchange.marks_left import marked
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.advance import advance, forget_merge, refuse_edited
from qms.storage.trees import CommitTree, OverlayTree


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done: the commit, what is to be known of it, where texts of mine lie."""

    commit: str
    told: tuple[Finding, ...]
    asides: tuple[str, ...]


def settle_merge(session: WorkSession, *, theirs_first: bool = False) -> Settled | None:
    """End a merge that git stopped in, or mend one that it made of both sides; None for neither.

    With `theirs_first` what both sides changed is as theirs has it, and mine is laid aside. Raises
    `Refused` with what people must decide: MERGE-UNSETTLED names it.
    """
    repository = session.repository
    if repository.operation() == "merge":
        heads = repository.merge_heads()
        if len(heads) != 1:
            return None
        return _ended(session, heads[0], theirs_first=theirs_first)
    if repository.operation() is not None or repository.head() is None:
        return None
    return _mended(session)


def _ended(session: WorkSession, theirs: str, *, theirs_first: bool) -> Settled | None:
    repository, head = session.repository, session.head
    base = repository.merge_base(head, theirs)
    if base is None:
        return None
    try:
        found = _joined(session, head, theirs, theirs_first=theirs_first)
    except Refused as error:
        if error.finding.reason is not Reason.UNKEPT:
            raise
        raise refused("MERGE-KIND", error.finding.place, **error.finding.values) from error
    commit = found.commit(session, (head, theirs), f"Unite with {session.trunk}")
    differing = repository.tree(theirs).changes(repository.tree(head))
    paths = {one.path for one in differing} | {one.path for one in found.tree.changes(
        repository.tree(head))}  # fmt: skip
    by_hand = tuple(_by_hand(session, paths, (head, theirs, base), found.tree))
    if session.dry_run:
        return Settled("", (*found.told, *found.met), ())
    names = lay_aside(session, (*found.asides, *by_hand))
    advance(repository, head, commit, "unite", settled=paths)
    forget_merge(repository)
    session.forget()
    return Settled(commit, (*found.told, *found.met), tuple(names))


def _by_hand(
    session: WorkSession, paths: Iterable[str], commits: tuple[str, str, str], after: Tree
) -> Iterable[GaveWay]:
    """What lies in the place of a path and git didn't put there: it is somebody's work.

    Of a file that both sides changed that is kept beside, of any other nothing may be done about
    it. Raises `Refused` SYNC-UNCOMMITTED.
    """
    repository = session.repository
    mine, theirs, before = (repository.tree(one) for one in commits)
    for path in sorted(paths):
        lies = repository.work_entry(path)
        sides = [tree.entry(path) for tree in (mine, theirs, before)]
        known = {one.id for one in (*sides, after.entry(path)) if one is not None}
        is_gone = lies is None and None in {*sides, after.entry(path)}
        if is_gone or (lies is not None and lies.id in known):
            continue
        data = None if lies is None else session.work_tree.read(path)
        if data is None or sides[2] in sides[:2]:
            raise refused("SYNC-UNCOMMITTED", Place(path), path=shell_word(path))
        if conflict_in(data) is None and not _is_gits(
            session.hooks.kinds, path, data, (mine, theirs, before)
        ):
            yield GaveWay(path, data, same_lines(path, ()))


def _is_gits(kinds: Kinds, path: str, data: bytes, trees: tuple[Tree, Tree, Tree]) -> bool:
    """Whether a file is what git makes of both sides: by lines, or of a list all lines of both."""
    if kinds.is_kept(path):
        return True  # what is recorded on either side stays, whatever lies there
    mine, theirs, before = (tree.read(path) or b"" for tree in trees)
    try:
        merged = merged_lines(before.decode(), mine.decode(), theirs.decode())
    except UnicodeDecodeError:
        return False
    return isinstance(merged, str) and merged.encode() == data


def _joined(session: WorkSession, mine: str, theirs: str, *, theirs_first: bool = False) -> Joined:
    try:
        return joined(session, mine, theirs, theirs_first=theirs_first)
    except Refused as error:
        if error.finding.reason is Reason.UNKEPT:
            raise  # the two who met can't decide that
        place = error.finding.place
        raise refused("MERGE-UNSETTLED", place, why=error.finding.code) from error


def mixed_by_merge(session: WorkSession) -> frozenset[str]:
    """The files that a merge commit at HEAD mixed out of two sides and `fix` would set right."""
    if session.repository.operation() is not None or session.repository.head() is None:
        return frozenset()
    try:
        found = _mixed(session)
    except QmsError:
        return frozenset()  # what people must decide, or can't be judged, is told as it is
    return frozenset() if found is None else frozenset(one.path for one in found.changes)


class _Mixed(NamedTuple):
    """What a merge commit made of two sides, and what of it should have come otherwise."""

    tree: CommitTree
    changes: tuple[PathChange, ...]
    joined: Joined


def _mixed(session: WorkSession) -> _Mixed | None:
    repository, head = session.repository, session.head
    parents = next(iter(repository.commits(head)[-1:])).parents
    if len(parents) != 2:  # noqa: PLR2004 - no merge of two sides
        return None
    mine, theirs = parents
    base = repository.merge_base(mine, theirs)
    if base is None:
        return None
    tree = repository.tree(head)
    step, _, _ = session.checker.step(tree, parents, base, now=session.now, one_push=False)
    sides = [repository.tree(one) for one in parents]
    torn = {
        one.place.path
        for one in errors(session, step)
        if tree.entry(one.place.path) not in {side.entry(one.place.path) for side in sides}
    }
    both = (path for path, _ in marked(tree, sides[0]))
    torn |= {path for path in both if tree.entry(path) != sides[1].entry(path)}
    if not torn:
        return None
    found = _joined(session, mine, theirs)
    changes = tuple(one for one in found.tree.changes(tree) if one.path in torn)
    return _Mixed(tree, changes, found) if changes else None


def _mended(session: WorkSession) -> Settled | None:
    """What a merge commit made of two sides, where that has faults: as it should have been."""
    mixed = _mixed(session)
    if mixed is None or session.dry_run:
        return None
    repository, head, found = session.repository, session.head, mixed.joined
    mended = OverlayTree(mixed.tree, {one.path: one.after for one in mixed.changes}, {})
    repaired = Joined(mended, found.told, found.met, found.asides)
    commit = repaired.commit(session, (head,), "Unite what a merge mixed")
    refuse_edited(repository, head, commit)
    names = lay_aside(session, found.asides)
    advance(repository, head, commit, "unite")
    session.forget()
    return Settled(commit, (*found.told, *found.met), tuple(names))
