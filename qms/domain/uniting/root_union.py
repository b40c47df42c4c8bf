"""Uniting the policy that is being written: the three files at the root are one thing.

Whoever signs a version signs all three, and what else it lists (its look, CI files), so none is
ever merged into another: one side's are taken, with what both sides have signed of it; two
different ones are for people to decide.
"""

from collections.abc import Sequence

from qms.domain.kinds.policy_files import open_file, open_version
from qms.domain.uniting.overtaken import proposed_next, who_proposed
from qms.domain.uniting.sides import GaveWay, Pair, Side, United, same_file
from qms.findings import Finding, Place
from qms.formats import cut, slots
from qms.formats.paths import POLICY_FILES
from qms.formats.slots import Slot, Statement, statements_in
from qms.formats.tree import PathChange, Tree, TreeEntry

_MANIFEST = POLICY_FILES[0]


def names_listed(pair: Pair) -> frozenset[str]:
    """The other files that a policy at the root of either side, or of both before, lists."""
    trees = (pair.mine.tree, pair.theirs.tree, pair.base)
    found = (open_file(tree.read(_MANIFEST) or b"") for tree in trees)
    listed = frozenset(name for one in found if one is not None for name in one.listed)
    return listed - frozenset(POLICY_FILES)


def unite_root_files(pair: Pair, bound: Sequence[PathChange], united: United) -> bool:
    """What lies in the root where the two sides differ in these files.

    `bound` is where they differ in others that a policy lists. Tells whether what becomes of those
    is settled with it: they are of one side's version. Else they are files as any other.
    """
    mine, theirs, base = (_entries(one) for one in (pair.mine.tree, pair.theirs.tree, pair.base))
    if mine == base:
        return False
    if theirs == base:
        united.files |= {one: mine[one] for one in POLICY_FILES if mine[one] != theirs[one]}
        return False
    if _contents(pair.mine) == _contents(pair.theirs):
        if _is_filed(pair, mine):
            united.files |= {} if _is_filed(pair, theirs) else mine
        elif not _is_filed(pair, theirs):
            _unite_slots(pair, united)
        return False
    if _is_filed(pair, mine):
        return _go_on(pair, mine, bound, united)
    filed = _is_filed(pair, theirs)
    _conflict(pair, "SYNC-POLICY-FILED" if filed else "SYNC-POLICIES", bound, united)
    return True


def _go_on(
    pair: Pair, mine: dict[str, TreeEntry | None], bound: Sequence[PathChange], united: United
) -> bool:
    """Mine is filed. What lies open on the trunk goes on, if need be as the version after it."""
    manifests = [side.tree.read(_MANIFEST) or b"" for side in (pair.mine, pair.theirs)]
    filed, there = map(open_version, manifests)
    is_fork = _is_filed(pair, _entries(pair.theirs.tree))
    if is_fork or filed is None or there is None or there > filed:
        return False
    values = {"version": str(filed), "person": who_proposed(pair.theirs.tree)}
    following = proposed_next(pair.mine.tree, pair.theirs.tree, pair.base)
    united.files |= {change.path: change.after for change in bound}
    united.files |= mine if following is None else following
    code = "SYNC-POLICY-OVER" if following is None else "SYNC-POLICY-NEXT"
    united.told.append(Finding(code, Place(_MANIFEST), values | {"next": str(filed + 1)}))
    return True


def _conflict(pair: Pair, code: str, bound: Sequence[PathChange], united: United) -> None:
    """Both stay whole: the trunk's in its place, and mine beside it."""
    (mine, mine_by), (theirs, theirs_by) = map(_told, (pair.mine, pair.theirs))
    values = {"mine": mine, "mine_by": mine_by, "theirs": theirs, "theirs_by": theirs_by}
    for name in POLICY_FILES:
        data = pair.mine.tree.read(name)
        if data not in {None, pair.theirs.tree.read(name), pair.base.read(name)} and data:
            united.conflicts.append(GaveWay(name, data, Finding(code, Place(name), values)))
    for change in bound:
        name, entry = change.path, change.after
        if entry is not None and entry != pair.base.entry(name):
            gave = same_file(pair.mine, name, entry)
            united.conflicts.append(gave._replace(why=Finding(code, Place(name), values)))


def _told(side: Side) -> tuple[str, str]:
    """The version that a side writes, and the ids of who has signed it."""
    found = open_file(side.tree.read(_MANIFEST) or b"")
    if found is None:
        return "-", "-"
    signed = dict.fromkeys(one.person for one in statements_in(found.slots))
    return str(found.version), ", ".join(signed) or "-"


def _entries(tree: Tree) -> dict[str, TreeEntry | None]:
    return {name: tree.entry(name) for name in POLICY_FILES}


def _contents(side: Side) -> tuple[object, ...]:
    """What of the three files is signed: all but the manifest's tail."""
    manifest = side.tree.read(_MANIFEST)
    found = None if manifest is None else open_file(manifest)
    others = [side.tree.entry(name) for name in POLICY_FILES[1:]]
    return (None if found is None else found.content, *others)


def _is_filed(pair: Pair, entries: dict[str, TreeEntry | None]) -> bool:
    """Whether the root has the very files of a version that is filed."""
    blobs = tuple(one.id if one is not None else "" for one in entries.values())
    registers = (pair.mine.register, pair.theirs.register)
    return any(one.blobs == blobs for register in registers for one in register.policy_filings())


def _unite_slots(pair: Pair, united: United) -> None:
    """One version that keepers on both sides have agreed to."""
    data = [side.tree.read(_MANIFEST) or b"" for side in (pair.mine, pair.theirs)]
    found = [open_file(one) for one in data]
    own, there = found
    if own is None or there is None:
        return
    known: dict[str, Statement] = {}
    notices: dict[tuple[str, str], Slot] = {}
    for one in (own, there):
        known |= {slot.id: slot for slot in statements_in(one.slots)}
    signed = {(slot.step, slot.person) for slot in known.values()}
    for one in (own, there):
        for slot in one.slots:
            if not isinstance(slot, Statement) and (slot.step, slot.person) not in signed:
                notices[slot.step, slot.person] = slot
    parts = cut.cut_yaml(data[1])
    tail = slots.parse_tail(parts.tail, parts.tail_line)
    laid = slots.in_order((*known.values(), *notices.values()))
    united.files[_MANIFEST] = cut.with_tail(
        data[1], slots.render_tail(slots.Tail(tail.status, laid))
    )
