"""`qms sync`: fetch, unite by what files mean, and share; all the git that most people need.

git's own merge is never called: it moves signatures between renamed files, and runs what a clone
tells it to (rules.md c). What comes of both sides is judged before anything is moved: it may have
no fault that neither side had, but for contests that just met and are told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from qms.domain.library.effect import Effects
from qms.domain.library.library import Library
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.domain.uniting.branches import united
from qms.domain.uniting.sides import Aside, Pair, Side, United
from qms.findings import Finding, Place, QmsError, Refused, refused
from qms.formats.tree import FILE, TreeEntry
from qms.jobs.renumbering import renumbered
from qms.jobs.repository_history import judgement_of
from qms.jobs.signing import author
from qms.jobs.work_session import WorkSession
from qms.storage.advance import advance
from qms.storage.branch import BranchMoved
from qms.storage.known_trunk import known_trunk, note_trunk
from qms.storage.new_objects import write_commit, write_objects
from qms.storage.remotes import fetch, push
from qms.storage.trees import CommitTree, OverlayTree
from qms.storage.workfolder import write_work_file
from qms.storage.workrepo import Author, committing_branch

_ATTEMPTS: Final = 5
_MET: Final = frozenset(
    (
        "COPY-TWICE", "CONTESTED", "RELEASED-TWICE", "REVISION-FORK", "POLICY-FORK", "LATE-REJECT",
        "REJECTED", "RULINGS-DIFFER", "COPY-GAP", "APPROVAL-OUTDATED",
    )
)  # fmt: skip
"""Contests that are nobody's fault: two people did what each of them might."""


@dataclass(slots=True)
class Synced:
    """What a call did: what came in, what went out, what gave way, and what is to be known.

    `came` are the paths that differ now; `commit` is the merge, where one was made; `shared` tells
    whether the shared repository has all that this clone has. `met` are contests of what two people
    did. `asides` are the files where my texts that gave way lie.
    """

    came: tuple[str, ...] = ()
    commit: str = ""
    shared: bool = False
    sent: int = 0
    told: list[Finding] = field(default_factory=list[Finding])
    met: list[Finding] = field(default_factory=list[Finding])
    asides: list[str] = field(default_factory=list[str])
    unfit: list[Finding] = field(default_factory=list[Finding])
    """What must be mended before this clone's work can be shared."""


def sync(session: WorkSession, *, share: bool = True, theirs_first: bool = False) -> Synced:
    """Fetch the trunk, unite it with this clone's branch, and share that.

    With `theirs_first` what both sides changed is as the trunk has it, and mine is laid aside.
    Raises `Refused` SYNC-NO-REMOTE, SYNC-SETTINGS, SYNC-UNCOMMITTED, SYNC-CONFLICT …, `QmsError`
    SYNC-FETCH, SYNC-PUSH, SYNC-ROLLBACK; nothing is changed then but what was fetched.
    """
    repository = session.repository
    repository.refuse_shallow()
    session.before_writing(session)
    branch = committing_branch(repository)
    remote = repository.remote()
    if remote is None:
        raise refused("SYNC-NO-REMOTE")
    done = Synced()
    for _ in range(_ATTEMPTS):
        trunk = session.trunk
        theirs = fetch(repository, remote, trunk)
        _refuse_rollback(session, theirs)
        try:
            _unite(session, theirs, done, theirs_first=theirs_first)
        except BranchMoved:
            session.forget()
            continue
        head = session.head
        if branch == trunk and head == theirs:
            return _shared(session, done, theirs)
        if not share:
            return done
        done.unfit = unfit(session, theirs)
        if done.unfit:
            return done
        pushed = push(repository, remote, head, branch)
        if pushed.is_there:
            done.sent = len(repository.commits(head, () if theirs is None else (theirs,)))
            return _shared(session, done, head if branch == trunk else theirs)
        if not pushed.is_behind:
            raise QmsError(Finding("SYNC-PUSH", Place(), {"remote": remote, "said": pushed.said}))
    raise QmsError(Finding("SYNC-BUSY", Place(), {"remote": remote}))


def _shared(session: WorkSession, done: Synced, trunk: str | None) -> Synced:
    done.shared = True
    system = session.register.repo_id
    if trunk is not None and system is not None:
        note_trunk(system, trunk)
    return done


def _refuse_rollback(session: WorkSession, theirs: str | None) -> None:
    """Refuse a trunk that lacks what this user has seen on it. Raises `QmsError` SYNC-ROLLBACK."""
    repository, system = session.repository, session.register.repo_id
    known = None if system is None else known_trunk(system)
    if known is None or repository.commit_id(known) is None:
        return
    if theirs is None or not repository.is_ancestor(known, theirs):
        values = {"known": known[:12], "found": "-" if theirs is None else theirs[:12]}
        raise QmsError(Finding("SYNC-ROLLBACK", Place(), values))


def _unite(session: WorkSession, theirs: str | None, done: Synced, *, theirs_first: bool) -> None:
    """Bring what the trunk has into the branch that is checked out."""
    repository, head = session.repository, session.head
    if theirs is None or theirs == head:
        return
    base = repository.merge_base(head, theirs)
    if base is None:
        raise refused("TRUNK-UNRELATED", branch=session.trunk)
    if base == theirs:
        return
    subject = f"sync with {session.trunk}"
    if base == head:
        refuse_unsafe(session, repository.tree(theirs), head)
        done.came = (*done.came, *advance(repository, head, theirs, subject))
        session.forget()
        return
    pair, library = _pair(session, head, theirs, base)
    found = united(pair)
    left = [one for one in found.conflicts if not theirs_first or not one.data]
    if left:
        raise Refused(left[0].why)
    found.aside += found.conflicts
    asides = renumbered(session, library, pair, found)
    tree = _tree_of(session, theirs, found)
    refuse_unsafe(session, tree, head)
    done.met += refuse_worse(session, tree, head, theirs, base)
    person = Author(*author(repository, lambda: session.me), session.now)
    message = f"Unite with {session.trunk}"
    commit = write_commit(repository, tree, (theirs, head), message, person.environment())
    done.came = (*done.came, *advance(repository, head, commit, subject))
    done.commit = commit
    done.told += found.told
    done.told += [one.why for one in found.aside if one not in found.conflicts]
    done.asides += [_lay_aside(session, one) for one in asides]
    session.forget()


def _pair(session: WorkSession, head: str, theirs: str, base: str) -> tuple[Pair, Library]:
    repository = session.repository
    judge = judgement_of(session.hooks, session.checker.history).judge
    trees = [repository.tree(one) for one in (head, theirs)]
    sources = [TreeSource(judge, tree) for tree in trees]
    sides = [Side(tree, Register((one,))) for tree, one in zip(trees, sources, strict=True)]
    both = Effects(judge, Register(tuple(sources)), session.now)
    policy = both.policy.policy if both.policy is not None else session.policy
    library = Library(
        effects=both, policy=policy, today=session.today, tree=trees[1], texts=trees[1],
        at=(theirs, head),
    )  # fmt: skip
    pair = Pair(sides[0], sides[1], repository.tree(base), session.hooks.kinds, library.chain)
    return pair, library


def _tree_of(session: WorkSession, theirs: str, found: United) -> OverlayTree:
    """The united tree; its new contents are written, and nothing refers to them yet."""
    repository = session.repository
    data = {path: one for path, one in found.files.items() if isinstance(one, bytes)}
    ids = write_objects(repository, "blob", list(data.values()))
    entries: dict[str, TreeEntry | None] = {
        path: one for path, one in found.files.items() if not isinstance(one, bytes)
    }
    entries |= {path: TreeEntry(FILE, one) for path, one in zip(data, ids, strict=True)}
    return OverlayTree(repository.tree(theirs), entries, {})


def refuse_worse(
    session: WorkSession, tree: CommitTree, head: str, theirs: str, base: str
) -> tuple[Finding, ...]:
    """Refuse a united tree with a fault that neither side had; gives the contests that met.

    Raises `Refused` with the first.
    """
    known: set[tuple[str, str]] = set()
    for side in (head, theirs):
        found, _, _ = session.checker.step(
            session.repository.tree(side), (side,), base, now=session.now, one_push=False
        )
        known |= {(one.code, one.place.path) for one in found}
    after, _, _ = session.checker.step(
        tree, (theirs, head), base, now=session.now, one_push=False, published=theirs
    )
    new = [one for one in after if (one.code, one.place.path) not in known]
    errors = [one for one in _errors(session, new) if one.code not in _MET]
    if errors:
        raise Refused(errors[0])
    return tuple(one for one in new if one.code in _MET)


def refuse_unsafe(session: WorkSession, tree: CommitTree, start: str) -> None:
    """Refuse to write what others sent where a file of it must never be written."""
    from qms.jobs.portable_names import unportable  # noqa: PLC0415 - only what comes from others

    known = session.repository.tree(start)
    for finding in _errors(session, unportable(tree, known)):
        raise Refused(finding)


def unfit(session: WorkSession, theirs: str | None) -> list[Finding]:
    """What keeps the gate from taking what this clone has: errors that weren't on the trunk."""
    from qms.jobs.steps import check_step  # noqa: PLC0415 - only to share

    old = theirs or "0" * len(session.head)
    report = check_step(
        session.repository, session.hooks, old, session.head, now=session.now, one_push=True
    )
    return _errors(session, report.findings)


def _errors(session: WorkSession, findings: Iterable[Finding]) -> list[Finding]:
    is_error = judgement_of(session.hooks, session.checker.history).is_error
    return [one for one in findings if is_error(one)]


def _lay_aside(session: WorkSession, one: Aside) -> str:
    """Write my text that gave way beside the work tree's files; gives its name."""
    root = session.repository.root
    if root is None:
        raise QmsError(Finding("NO-WORK-TREE"))
    name = PurePosixPath(one.path)
    path = f"{name.stem}.mine{name.suffix}"
    write_work_file(root, path, one.data, session.repository.git_dir)
    return path
