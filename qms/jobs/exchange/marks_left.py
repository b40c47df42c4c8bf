"""Working texts that were committed with the marks of a merge in them.

Nothing that is signed is in question: they go round only without. So one side stays, the other one
is laid aside whole, and who wrote it brings it in again; or who has both in sight decides by hand.
"""

from collections.abc import Iterator
from contextlib import suppress

from qms.domain.kinds.working_texts import working_texts
from qms.domain.uniting.sides import GaveWay, same_lines
from qms.findings import Finding, QmsError, Reason, Refused
from qms.formats.merge_markers import conflict_in_text
from qms.formats.tree import Tree, TreeEntry
from qms.jobs.exchange.joining import Joined, lay_aside
from qms.jobs.judging.conflicts import Conflicts
from qms.jobs.sessions.refusals import refusal
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.advance import advance, refuse_edited
from qms.storage.trees import CommitTree, OverlayTree


def marked(tree: CommitTree, older: Tree) -> Iterator[tuple[str, Finding]]:
    """The working texts with marks among those that differ from an `older` tree, each with where.

    A list or a released text with marks can't be read: that is told where it is judged.
    """
    for change in tree.changes(older, "documents"):
        data = None if change.after is None else tree.read(change.path)
        conflict = None if data is None else conflict_in_text(data)
        if conflict is not None:
            yield change.path, conflict.at(path=change.path)


def refuse_marked(session: WorkSession, numbers: frozenset[str]) -> None:
    """Refuse to say that all is well while a text waits for people to decide.

    Without `numbers` any text. Raises `Refused` MERGE-UNSETTLED where both sides can be told, else
    MARKS-LEFT with the line; as `check` says it where git itself still has both.
    """
    for one in working_texts(session.work_tree):
        if not one.is_file or (numbers and one.number not in numbers):
            continue
        found = conflict_in_text(session.work_tree.read(one.path) or b"")
        if found is None:
            continue
        at = found.at(path=one.path)
        if session.repository.is_unmerged(one.path):
            raise refusal(session, at)
        unsettled = as_unsettled(session, at)
        raise Refused(Finding("MARKS-LEFT", at.place) if unsettled is at else unsettled)


def as_unsettled(session: WorkSession, finding: Finding) -> Finding:
    """MERGE-UNSETTLED for marks of a merge in a working text at HEAD, which `take_theirs` decides.

    The finding itself for anything else.
    """
    path = finding.place.path
    kind = session.hooks.kinds.of(path)
    if finding.reason is not Reason.CONFLICT or kind is None or not kind.is_working:
        return finding
    if _conflicts(session).sides(path) is None:
        return finding
    return Finding("MERGE-UNSETTLED", finding.place, {"why": finding.code}, finding.about)


def take_theirs(session: WorkSession, theirs: str) -> list[str]:
    """Let the side stay that others have, where HEAD has both with the marks of a merge.

    Mine is laid aside; gives the names. What no merge is known of is left as it is.
    """
    repository, head = session.repository, session.head
    tree, conflicts = repository.tree(head), _conflicts(session)
    entries: dict[str, TreeEntry | None] = {}
    asides: list[GaveWay] = []
    for path, _ in marked(tree, repository.tree(theirs)):
        sides = conflicts.sides(path)
        if sides is not None:
            stays, other = (repository.tree(one) for one in sides)
            entries[path] = stays.entry(path)
            asides.append(GaveWay(path, other.read(path) or b"", same_lines(path, ())))
    if not entries:
        return []
    taken = Joined(OverlayTree(tree, entries, {}), (), (), ())
    commit = taken.commit(session, (head,), "Take what is shared where a merge left both")
    refuse_edited(repository, head, commit)
    names = lay_aside(session, asides)
    advance(repository, head, commit, "unite")
    session.forget()
    return names


def _conflicts(session: WorkSession) -> Conflicts:
    repository, head, trunk = session.repository, session.head, None
    with suppress(QmsError):  # a clone that doesn't know the trunk
        trunk = session.checker.trunk(session.trunk)
    return Conflicts(repository, session.hooks.kinds, repository.tree(head), (head,), trunk)
