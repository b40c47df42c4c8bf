"""Refusals that a rebase or squash laid on top of a filing, brought in as they were made.

What a signer had seen is a commit that everybody has. A commit on that one which brings the refusal
alone says no more than its signature does, and a merge brings both sides together (trust.md,
Rejections).
"""

from collections.abc import Iterable

from qms.domain.register.behind import Behind
from qms.findings import Finding, Reason
from qms.formats import cut, slots
from qms.formats.slots import Statement
from qms.formats.tree import FILE, Tree, TreeEntry
from qms.jobs.judging.grown import list_in
from qms.jobs.sessions.signing import author
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.new_objects import write_commit, write_objects
from qms.storage.trees import OverlayTree
from qms.storage.workrepo import Author


def is_on_top(finding: Finding) -> bool:
    """Whether it tells of a refusal that lies on top of what it refuses."""
    return finding.reason is Reason.ON_TOP


def beside(session: WorkSession, tree: Tree, on_top: Iterable[Finding]) -> tuple[str, ...]:
    """Commits that bring these refusals of `tree`, each on what its signer had seen.

    Nothing refers to them yet.
    """
    found: list[str] = []
    for path, refusal in dict.fromkeys((one.place.path, one.about) for one in on_top):
        log = list_in(session.hooks.kinds, path, tree.read(path))
        events = () if log is None else log.events
        mine = (one for one in events if one.id == refusal and one.seen is not None)
        found += [_brought(session, tree, path, one) for one in mine]
    return tuple(found)


def _brought(session: WorkSession, tree: Tree, path: str, refusal: Statement) -> str:
    """A commit that adds to a list one refusal, with all that it comes after."""
    repository, kinds = session.repository, session.hooks.kinds
    seen = (refusal.seen or "").partition(":")[2]
    older = repository.tree(seen)
    data = tree.read(path) or b""
    before, after = (list_in(kinds, path, one) for one in (older.read(path), data))
    kept = () if before is None else before.events
    events = () if after is None else after.events
    behind = Behind(events)
    wanted = behind.bit(refusal.id) | behind.before(refusal)
    ids = {slot.id for slot in behind.slots(wanted)} - {slot.id for slot in kept}
    added = tuple(slot for slot in events if slot.id in ids)
    tail = slots.render_tail(slots.Tail("log", (*kept, *added), log=True))
    (blob,) = write_objects(repository, "blob", [cut.with_tail(data, tail)])
    person = Author(*author(repository, lambda: session.me), session.now)
    return write_commit(
        repository,
        OverlayTree(older, {path: TreeEntry(FILE, blob)}, {}),
        (seen,),
        f"Bring in what was refused: {kinds.at(path).number}",
        person.environment(),
    )
