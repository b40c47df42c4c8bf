"""`qms sync`: fetch, unite by what files mean, and share; all the git that most people need.

git's own merge is never called: it moves signatures between renamed files, and runs what a clone
tells it to (rules.md c).
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from qms.findings import Finding, Place, QmsError, Refused, refused
from qms.formats.paths import POLICY_FILES
from qms.jobs.exchange.beside_trunk import go_home
from qms.jobs.exchange.joining import (
    Joined,
    errors,
    has_lost_steps,
    is_outdated,
    joined,
    lay_aside,
    refuse_unsafe,
)
from qms.jobs.exchange.marks_left import as_unsettled, take_theirs
from qms.jobs.exchange.merged import settle_merge
from qms.jobs.exchange.own_policy import fault_of_mine
from qms.jobs.exchange.refusals_beside import beside, is_on_top
from qms.jobs.exchange.taken_numbers import KEPT
from qms.jobs.exchange.unshared import is_unseen
from qms.jobs.judging.steps import check_step
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.advance import advance, refuse_edited
from qms.storage.branch import BranchMoved
from qms.storage.known_trunk import known_trunk, note_trunk
from qms.storage.remotes import address_of, fetch, push
from qms.storage.trees import OverlayTree
from qms.storage.workrepo import committing_branch, writing

_ATTEMPTS: Final = 5


@dataclass(slots=True)
class Synced:
    """What a call did: what came in, what went out, what gave way, and what is to be known.

    `came` are the paths that others changed and that differ now; `commit` is the merge, where one
    was made; `shared` tells whether the shared repository has all that this clone has. `met` are
    contests of what two people did. `asides` are the files where my texts that gave way lie, `kept`
    the branch that has what was signed and left behind.
    """

    came: tuple[str, ...] = ()
    commit: str = ""
    shared: bool = False
    sent: int = 0
    kept: str = ""
    told: list[Finding] = field(default_factory=list[Finding])
    met: list[Finding] = field(default_factory=list[Finding])
    asides: list[str] = field(default_factory=list[str])
    unfit: list[Finding] = field(default_factory=list[Finding])
    """What must be mended before this clone's work can be shared."""
    unfit_policy: Finding | None = None
    """Why nobody could go by a policy that this clone filed alone, until it lies open again."""


def sync(
    session: WorkSession,
    *,
    share: bool = True,
    theirs_first: bool = False,
    to_trunk: bool = False,
    unfit_policy: Finding | None = None,
) -> Synced:
    """Fetch the trunk, unite it with this clone's branch, and share that.

    With `theirs_first` what both sides changed is as the trunk has it, and mine is laid aside. With
    `to_trunk` a branch beside the trunk is shared as the trunk, and that is checked out then.
    `unfit_policy` tells why nobody could go by a policy that I filed alone: that lies open again. A
    merge that git stopped in is ended first, as `fix` ends it. Raises `Refused` SYNC-NO-REMOTE,
    SYNC-SETTINGS, SYNC-UNCOMMITTED, SYNC-CONFLICT …, `QmsError` SYNC-FETCH, SYNC-PUSH,
    SYNC-ROLLBACK; nothing is changed then but what was fetched.
    """
    repository = session.repository
    repository.refuse_shallow()
    branch = committing_branch(repository, allow_unborn=True, merging=True)
    remote = repository.remote()
    if remote is None:
        raise refused("SYNC-NO-REMOTE")
    done = Synced(unfit_policy=unfit_policy)
    _end_merge(session, done, theirs_first=theirs_first)
    if repository.head() is None:
        return _begun(session, remote, branch)
    session.before_writing(session)
    with writing(repository):
        pass  # what killed commands left is swept away
    for _ in range(_ATTEMPTS):
        trunk = session.trunk
        theirs = fetch(repository, remote, trunk)
        _refuse_rollback(session, remote, theirs)
        try:
            _unite(session, theirs, done, theirs_first=theirs_first)
        except BranchMoved:
            session.forget()
            continue
        head = session.head
        goal = trunk if to_trunk and theirs is not None else branch
        if goal == trunk and head == theirs:
            return _at_trunk(session, _shared(session, remote, done, theirs), branch)
        if not share:
            return done
        if not _is_fit(session, theirs, done):
            return done
        head = session.head
        pushed = push(repository, remote, head, goal)
        if pushed.is_there:
            done.sent = len(repository.commits(head, () if theirs is None else (theirs,)))
            _shared(session, remote, done, head if goal == trunk else theirs)
            return _at_trunk(session, done, branch) if goal == trunk else done
        if not pushed.is_behind:
            raise QmsError(Finding("SYNC-PUSH", Place(), {"remote": remote, "said": pushed.said}))
    raise QmsError(Finding("SYNC-BUSY", Place(), {"remote": remote}))


def _end_merge(session: WorkSession, done: Synced, *, theirs_first: bool) -> None:
    """End a merge that git stopped in: else whoever wants to share would first have to do that."""
    repository = session.repository
    if repository.operation() is None:
        return
    settled = settle_merge(session, theirs_first=theirs_first)
    committing_branch(repository)  # several were merged at once: git has to end it
    if settled is not None:
        done.commit = settled.commit
        done.told += settled.told
        done.asides += settled.asides


def _begun(session: WorkSession, remote: str, branch: str) -> Synced:
    """A clone that was made before there was anything: it begins with what is there now."""
    repository = session.repository
    theirs = fetch(repository, remote, branch)
    if theirs is None:
        raise refused("HEAD-UNBORN", branch=branch)
    refuse_unsafe(session, theirs, None)
    came = advance(repository, None, theirs, f"sync with {branch}")
    session.forget()
    return _shared(session, remote, Synced(came=came), theirs)


def _shared(session: WorkSession, remote: str, done: Synced, trunk: str | None) -> Synced:
    done.shared = True
    system = session.register.repo_id
    if trunk is not None and system is not None:
        note_trunk(system, address_of(session.repository, remote), trunk)
    return done


def _at_trunk(session: WorkSession, done: Synced, branch: str) -> Synced:
    """Nothing of a branch is left that the trunk lacks: so that is where this clone goes on.

    What isn't committed and would be written over keeps the branch open, once that is told.
    """
    if branch == session.trunk:
        return done
    try:
        with suppress(BranchMoved):
            go_home(session)
    except Refused as error:
        if not done.sent:
            raise
        done.told.append(error.finding)
    return done


def _refuse_rollback(session: WorkSession, remote: str, theirs: str | None) -> None:
    """Refuse a trunk that lacks what this user has seen on it. Raises `QmsError` SYNC-ROLLBACK."""
    repository, system = session.repository, session.register.repo_id
    known = None if system is None else known_trunk(system, address_of(repository, remote))
    if known is None:
        return
    is_lost = theirs is None or repository.commit_id(known) is None
    if is_lost or not repository.is_ancestor(known, theirs or ""):
        values = {"known": known[:12], "found": "-" if theirs is None else theirs[:12]}
        raise QmsError(Finding("SYNC-ROLLBACK", Place(), values))


def _unite(session: WorkSession, theirs: str | None, done: Synced, *, theirs_first: bool) -> None:
    """Bring what the trunk has into the branch that is checked out."""
    if theirs is None or theirs == session.head:
        return
    done.unfit_policy = done.unfit_policy or _fault_of_mine(session, theirs)
    if done.unfit_policy is not None:
        _join(session, theirs, done, theirs_first=theirs_first)
    if theirs_first:
        done.asides += take_theirs(session, theirs)
    repository, head = session.repository, session.head
    base = repository.merge_base(head, theirs)
    if base is None:
        raise refused("TRUNK-UNRELATED", branch=session.trunk)
    if base == theirs:
        return
    subject = f"sync with {session.trunk}"
    if base == head:
        refuse_unsafe(session, theirs, head)
        done.came = (*done.came, *advance(repository, head, theirs, subject))
        session.forget()
        return
    _join(session, theirs, done, theirs_first=theirs_first)


def _join(
    session: WorkSession,
    theirs: str,
    done: Synced,
    *,
    theirs_first: bool = False,
) -> None:
    """Go on from what comes of this clone's branch and the trunk.

    Where a policy of mine is taken back since it is unfit, somebody may be at mending its
    policy.yaml already: that stays as it lies.
    """
    repository, head = session.repository, session.head
    subject = f"sync with {session.trunk}"
    is_seen = not is_unseen(repository, session.trunk)
    found = joined(
        session, head, theirs, theirs_first=theirs_first, is_seen=is_seen, unfit=done.unfit_policy
    )
    kept = () if done.unfit_policy is None or found.asides else POLICY_FILES[:1]
    parents: tuple[str, ...] = (theirs, head)
    if found.left_behind:
        parents = (theirs, *found.beside)
        done.kept = f"{KEPT}{head[:12]}"
        repository.git.run("update-ref", f"refs/heads/{done.kept}", head)
    base = repository.tree(repository.merge_base(head, theirs) or theirs)
    brought = {one.path for one in repository.tree(theirs).changes(base)}
    commit = found.commit(session, parents, f"Unite with {session.trunk}")
    refuse_edited(repository, head, commit, kept)
    done.asides += lay_aside(session, found.asides)
    changed = advance(repository, head, commit, subject, kept=kept)
    done.came = (*done.came, *(one for one in changed if one in brought))
    done.commit, done.unfit_policy = commit, None
    left = {one.place.path for one in found.left_behind}
    # What was told of it, when git had brought both sides together, is over.
    done.told = [one for one in done.told if one.place.path not in left]
    done.told += found.told
    done.met += found.met
    session.forget()


def _is_fit(session: WorkSession, theirs: str | None, done: Synced) -> bool:
    """Whether the gate takes what this clone has now.

    What a policy took that this branch has already, as after a plain `git pull`, stays behind; of a
    branch beside the trunk that was shared before somebody may have seen it.
    """
    done.unfit = unfit(session, theirs)
    is_unshared = is_unseen(session.repository, session.trunk)
    if theirs is None or not is_unshared:
        return not done.unfit
    if any(map(is_outdated, done.unfit)) or has_lost_steps(session, theirs):
        _join(session, theirs, done)
        done.unfit = unfit(session, theirs)
    _lay_beside(session, theirs, done)
    return not done.unfit


def _fault_of_mine(session: WorkSession, theirs: str) -> Finding | None:
    """What is wrong with a policy that I filed alone, where the gate takes it from nobody."""
    fault = fault_of_mine(session, theirs)
    told = fault is not None and any(one.code == fault.code for one in unfit(session, theirs))
    return fault if told else None


def _lay_beside(session: WorkSession, theirs: str, done: Synced) -> None:
    """Bring in as they were made what a `git pull --rebase` laid on top of what it refuses.

    What this branch holds stays as it is, in one commit behind the trunk and these refusals.
    """
    repository, head = session.repository, session.head
    tree = OverlayTree(repository.tree(head), {}, {})
    commit, left = head, done.unfit
    sides: tuple[str, ...] = ()
    while any(map(is_on_top, left)):
        more = beside(session, tree, filter(is_on_top, left))
        if not set(more) - set(sides):
            return
        sides = (*sides, *more)
        found = Joined(tree, (), ())
        commit = found.commit(session, (theirs, *sides), f"Unite with {session.trunk}")
        left = unfit(session, theirs, commit)
    if commit != head:
        advance(repository, head, commit, f"sync with {session.trunk}")
        done.commit, done.unfit = commit, left
        session.forget()


def unfit(session: WorkSession, theirs: str | None, tip: str = "") -> list[Finding]:
    """What keeps the gate from taking what this clone has: errors that weren't on the trunk.

    With `tip` what it would have at that commit.

    A plugin that is not here keeps no session from sharing the version that replaces it (`sync`
    opens no other): the gate has it.
    """
    old = theirs or "0" * len(session.head)
    report = check_step(
        session.repository, session.hooks, old, tip or session.head, now=session.now, one_push=True
    )
    found = tuple(one for one in report.findings if one not in session.hooks.absent)
    return [as_unsettled(session, one) for one in errors(session, found)]
