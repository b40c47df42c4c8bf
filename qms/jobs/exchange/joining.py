"""Uniting two commits of one repository: what comes of both, judged before anything is moved.

It may have no fault that neither side had, but for contests that just met and are told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from qms.domain.kinds.kind import Law
from qms.domain.kinds.policy import Policy
from qms.domain.library.effect import Effects
from qms.domain.library.filed_texts import persons_of
from qms.domain.library.library import Library
from qms.domain.register.gone_kinds import gone_kind, is_plugins, signed_in
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.domain.uniting.branches import united
from qms.domain.uniting.lost_steps import leave_lost_steps
from qms.domain.uniting.sides import GaveWay, Pair, Side, United, same_file
from qms.domain.uniting.taken_back import take_back, take_unfit
from qms.findings import Finding, Place, QmsError, Reason, Refused, ShellText, refused, shell_word
from qms.formats.tree import FILE, SYMLINK, Tree, TreeEntry
from qms.jobs.dangers.laid_out import never_laid_out
from qms.jobs.documents.renumbering import renumbered
from qms.jobs.exchange.refusals_beside import beside, is_on_top
from qms.jobs.judging.checker import Checker
from qms.jobs.judging.repository_history import judgement_of
from qms.jobs.judging.steps import is_void_by_policy
from qms.jobs.sessions.signing import author
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.beside import free_name
from qms.storage.clone_ignores import ignore_in_clone
from qms.storage.large_files import write_large
from qms.storage.new_objects import write_commit, write_objects
from qms.storage.trees import CommitTree, OverlayTree
from qms.storage.workfolder import write_work_file
from qms.storage.workrepo import Author

_MET: Final = frozenset((Reason.MET, Reason.APART, Reason.UNDECIDED))
"""Contests that are nobody's fault: two people did what each of them might."""
_ASIDE: Final = ("/*.mine", "/*.mine-*", "/*.mine.*")
"""What texts that were laid aside are called: they are their author's, and go to nobody."""
_TRIES: Final = 10
"""So often at most is something more left behind."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What comes of two commits: the tree, what was left out or gave way, the contests that met.

    `asides` are texts of mine that are to be laid beside the work tree's files. Where something is
    `left_behind` mine is no parent of it, but the commits `beside` are: refusals of what theirs
    has filed.
    """

    tree: OverlayTree
    told: tuple[Finding, ...]
    met: tuple[Finding, ...]
    asides: tuple[GaveWay, ...] = ()
    left_behind: tuple[Finding, ...] = ()
    beside: tuple[str, ...] = ()

    def commit(self, session: WorkSession, parents: Iterable[str], message: str) -> str:
        """The commit of it, which nothing refers to yet."""
        person = Author(*author(session.repository, lambda: session.me), session.now)
        made = person.environment()
        return write_commit(session.repository, self.tree, parents, message, made)


def joined(  # noqa: PLR0913 - what is united, and what of it nobody has seen
    session: WorkSession,
    mine: str,
    theirs: str,
    *,
    theirs_first: bool = False,
    is_seen: bool | None = None,
    unfit: Finding | None = None,
) -> Joined:
    """What comes of the commits `mine` and `theirs`.

    With `theirs_first` what both sides changed is as theirs has it, and mine is laid aside. Where
    nobody has seen mine (`is_seen` is False), a copy whose number is taken is left behind, and so
    is what a policy took that came meanwhile: then what comes of both goes on from theirs alone.
    Where somebody has, what a policy took stays in it, for its chain to decide. With `unfit`, which
    tells what is wrong with a policy that I filed, that policy is left behind and lies open. Raises
    `Refused` with what people must decide, or with a fault that neither side had.
    """
    is_unshared = is_seen is False
    base = session.repository.merge_base(mine, theirs)
    refuse_unsafe(session, theirs, base)
    founded = session.effects.policy is not None or session.kept_side is not None
    policy = session.policy if founded else None
    pair, library = pair_of(session.checker, mine, theirs, session.now, policy)
    found = united(replace(pair, is_unshared=is_unshared))
    if is_unshared:
        leave_lost_steps(pair, library.effects, found)
    _refuse_undecided(session, pair, found, theirs, theirs_first=theirs_first)
    if unfit is not None:
        take_unfit(pair, found, unfit.code, _sentence(session, unfit))
    renamed = renumbered(session, library, pair, found)
    sides = (mine, theirs)
    refusals: tuple[str, ...] = ()

    def judged() -> tuple[OverlayTree, list[Finding], tuple[Finding, ...]]:
        tree = _tree_of(session, theirs, found)
        parents = (theirs, *refusals) if found.left_behind else (theirs, mine)
        return tree, *worse_than(session, tree, parents, sides, base, is_unshared=is_unshared)

    tree, worse, met = judged()
    for _ in range(_TRIES if is_unshared else 0):
        outdated = [one for one in worse if is_outdated(one) or one.reason is Reason.NO_POLICY]
        trunks = (one for one in outdated if _is_as_theirs(pair, tree, one.place.path))
        void = next(trunks, None)
        if not outdated or (void is not None and not take_back(pair, found, void)):
            break
        if void is None:
            _leave_behind(pair, found, outdated)
        tree, worse, met = judged()
    if found.left_behind and any(map(is_on_top, worse)):
        refusals = beside(session, tree, filter(is_on_top, worse))
        tree, worse, met = judged()
    if is_seen:
        met = (*met, *filter(is_outdated, worse))
        worse = [one for one in worse if not is_outdated(one)]
    if worse:
        raise Refused(worse[0])
    told = (*found.told, *(one.why for one in found.aside), *found.left_behind)
    asides = (*renamed, *found.conflicts)
    return Joined(tree, told, met, asides, tuple(found.left_behind), refusals)


def _sentence(session: WorkSession, finding: Finding) -> str:
    from qms.codes import CodeTable  # noqa: PLC0415 - read only when there is something to say

    return CodeTable(session.hooks.code_files()).sentence(finding, session.language)


def has_lost_steps(session: WorkSession, theirs: str) -> bool:
    """Whether HEAD, which has the trunk's commit `theirs`, has steps that a policy of it took."""
    pair, library = pair_of(session.checker, session.head, theirs, session.now, session.policy)
    found = United({one.path: one.after for one in pair.changes()})
    leave_lost_steps(pair, library.effects, found)
    return bool(found.left_behind)


def _refuse_undecided(
    session: WorkSession, pair: Pair, found: United, theirs: str, *, theirs_first: bool
) -> None:
    """Refuse what people must decide: all conflicts, or those that can't be laid aside."""
    _refuse_links(session, pair, found, theirs)
    left = [one for one in found.conflicts if not theirs_first or not one.is_whole]
    if left:
        raise Refused(_all_said([one.why for one in left]))


def _refuse_links(session: WorkSession, pair: Pair, found: United, theirs: str) -> None:
    """Refuse a conflict in which either has a link: it has no lines, and is nothing to lay aside.

    Raises `Refused` SYNC-LINK-BOTH, with the commands that keep mine beside and take theirs.
    """
    root = session.repository.root
    if root is None:
        raise QmsError(Finding("NO-WORK-TREE"))
    for one in found.conflicts:
        parts = one.path.split("/")
        ways = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        lie = {way: (pair.mine.tree.entry(way), pair.theirs.tree.entry(way)) for way in ways}
        linked = (way for way in ways for entry in lie[way] if entry and entry.mode == SYMLINK)
        top = next(linked, None)
        if top is not None:
            word, aside = shell_word(top), shell_word(free_name(root, top))
            take = f"git checkout -q {theirs[:12]} -- {word} && git commit -qm draft"
            keep = ShellText(f"mv -n -- {word} {aside} && {take}")
            raise refused("SYNC-LINK-BOTH", Place(one.path), top=top, keep=keep)


def _all_said(conflicts: Sequence[Finding]) -> Finding:
    """The first of what people must decide; where lines met, with every place in every file."""
    first = conflicts[0]
    if "places" not in first.values:
        return first
    places = "; ".join(filter(None, (one.values.get("places") for one in conflicts)))
    return replace(first, values={**first.values, "places": places})


def is_outdated(finding: Finding) -> bool:
    """Whether it tells of what a policy took that came later."""
    return finding.reason is Reason.LATER_POLICY


def _is_as_theirs(pair: Pair, tree: Tree, path: str) -> bool:
    entry = tree.entry(path)
    return entry is not None and entry == pair.theirs.tree.entry(path)


def _leave_behind(pair: Pair, found: United, outdated: Iterable[Finding]) -> None:
    """Let stay what nobody has seen and a policy took meanwhile: all of mine about that number.

    A text that is only written stays where it lies, if what was taken is an event beside it, as of
    a copy; else it may go on from what was taken, and is laid aside.
    """
    for one in outdated:
        at = pair.kinds.at(one.place.path)
        kind = pair.kinds.get(at.kind)
        # What is about no number stays alone.
        mine = [
            path
            for path in found.files
            if (pair.kinds.at(path).number == at.number if at.number else path == one.place.path)
        ]
        values = {"number": at.number, **one.values}
        why = Finding("SYNC-OUTDATED", one.place, values, one.about)
        for path in mine:
            is_draft = path != one.place.path and _is_only_written(pair, path)
            if is_draft and kind is not None and kind.law is Law.GROWS:
                continue
            if is_draft:
                gave = same_file(pair.mine, path, pair.mine.tree.entry(path))
                found.conflicts.append(gave._replace(why=why))
            del found.files[path]
        found.left_behind.append(why)


def _is_only_written(pair: Pair, path: str) -> bool:
    """Whether a text of mine goes round or will, and nobody signed it whom theirs doesn't have."""
    kind = pair.kinds.get(pair.kinds.at(path).kind)
    if kind is None or not kind.is_working or pair.mine.tree.entry(path) is None:
        return False
    known = {one.id for one in signed_in(pair.theirs.tree, path)}
    return all(one.id in known for one in signed_in(pair.mine.tree, path))


def pair_of(
    checker: Checker, mine: str, theirs: str, now: datetime, policy: Policy | None
) -> tuple[Pair, Library]:
    """Both sides as they are united, and what there is in both together.

    Who must sign is asked of the newest policy that stands there; where a fork leaves none, of
    `policy`. Raises `Refused` TRUNK-UNRELATED, and NO-POLICY where there is none either: none on
    either side, since what a founder shared is in force though this clone has not got it yet.
    """
    repository, hooks = checker.repository, checker.hooks
    base = repository.merge_base(mine, theirs)
    if base is None:
        raise refused("TRUNK-UNRELATED", branch=theirs[:12])
    judge = judgement_of(hooks, checker.history).judge
    trees = [repository.tree(one) for one in (mine, theirs)]
    sources = [TreeSource(judge, tree) for tree in trees]
    sides = [Side(tree, Register((one,))) for tree, one in zip(trees, sources, strict=True)]
    both = Effects(judge, Register(tuple(sources)), now)
    newest = policy if both.policy is None else both.policy.policy
    if newest is None:
        raise refused("NO-POLICY", Place("policy"))
    library = Library(
        effects=both, policy=newest, today=newest.day(now), tree=trees[1], texts=trees[1],
        at=(theirs, mine),
    )  # fmt: skip

    def is_unjudged(path: str) -> bool:
        mine = sides[0]
        return is_plugins(path) and gone_kind(judge, mine.register, mine.tree, path) is not None

    pair = Pair(sides[0], sides[1], repository.tree(base), hooks.kinds, library.persons,
                partial(persons_of, library), is_unjudged)  # fmt: skip
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


def worse_than(  # noqa: PLR0913 - what is united, from what, and who has seen it
    session: WorkSession,
    tree: CommitTree,
    parents: tuple[str, ...],
    sides: tuple[str, str],
    base: str | None,
    *,
    is_unshared: bool = False,
) -> tuple[list[Finding], tuple[Finding, ...]]:
    """The errors of a united tree that neither side had, and the contests that met.

    Where mine `is_unshared`, what a policy took of it alone is one of them, whoever united both.

    These are nobody's fault. So is an event of the trunk that a policy of mine had not seen: its
    chain lets it stand or ends it, and the gate takes it as well.
    It goes on from `parents`, the first of which is the trunk: what lies there everybody knows,
    in whatever order it came.
    """
    known: set[tuple[str, str]] = set()
    for side in sides:
        found, _, _ = session.checker.step(
            session.repository.tree(side), (side,), base, now=session.now, published=parents[0]
        )
        mine_alone = is_unshared and side != parents[0]
        known |= {
            (one.code, one.place.path) for one in found if not (mine_alone and is_outdated(one))
        }
    after, _, _ = session.checker.step(tree, parents, base, now=session.now, published=parents[0])
    new = [one for one in after if (one.code, one.place.path) not in known]
    trunk, kinds = session.repository.tree(parents[0]), session.hooks.kinds

    def is_met(one: Finding) -> bool:
        path = one.place.path
        is_void = is_void_by_policy(kinds, one) and tree.entry(path) == trunk.entry(path)
        return one.reason in _MET or is_void

    worse = [one for one in errors(session, new) if not is_met(one)]
    return worse, tuple(one for one in new if is_met(one))


def refuse_unsafe(session: WorkSession, theirs: str, base: str | None) -> None:
    """Refuse what others sent where git itself would not lay it out.

    Raises `Refused` CHECKOUT-PATH, OBJECT-KIND, TREE-ODD, WORK-TREE-LIMIT.
    """
    for finding in errors(session, never_laid_out(session.repository, theirs, base, ())):
        raise Refused(finding)


def errors(session: WorkSession, findings: Iterable[Finding]) -> list[Finding]:
    """Those of them that refuse."""
    is_error = judgement_of(session.hooks, session.checker.history).is_error
    return [one for one in findings if is_error(one)]


def lay_aside(session: WorkSession, asides: Iterable[GaveWay]) -> list[str]:
    """Write texts of mine that gave way beside the work tree's files; gives their names.

    Under names that nothing has: what somebody put aside before, and goes on with, stays. Called
    before anything is moved, so that nothing is lost where it can't be written.
    """
    root = session.repository.root
    if root is None:
        raise QmsError(Finding("NO-WORK-TREE"))
    names: list[str] = []
    for one in asides:
        names.append(free_name(root, one.path))
        if one.large is None:
            write_work_file(root, names[-1], one.data, session.repository.git_dir)
        else:
            write_large(session.repository, one.large.id, names[-1])
    if names:
        ignore_in_clone(session.repository.common_dir, _ASIDE)
    return names
