"""Uniting growing lists: the trunk's events in their order, then mine that it lacks.

An event of mine is added only where it is recorded, so where it holds, and stands behind all that
it names. The trunk's lines stay as they are, byte for byte.
"""

from collections.abc import Iterable, Iterator, Mapping

from qms.domain.kinds.kind import COPY, Kind
from qms.domain.kinds.log import Log
from qms.domain.register.register import Register
from qms.domain.uniting.sides import GaveWay, Pair, United, left_out
from qms.findings import Finding, Place, ShellText, shell_word
from qms.formats import cut, slots
from qms.formats.slots import Statement
from qms.formats.tree import PathChange


def unite_list(pair: Pair, kind: Kind, change: PathChange, united: United) -> None:
    """What lies in the place of a list in which both differ."""
    path, theirs, mine = change.path, change.before, change.after
    if mine is None:
        return
    own = kind.read(pair.mine.tree, path, mine)
    if not isinstance(own, Log):
        if theirs is not None or isinstance(own, Finding):
            left_out(pair.mine, path, mine, united)
        return
    held = _held(pair.mine.register, own, path)
    if theirs is None:
        events = tuple(slot for slot in own.events if slot.id in held)
        if events:
            united.files[path] = with_events(pair.mine.tree.blob(mine.id), events)
        _keep_left_out(pair, change, united, own.events, held)
        return
    there = kind.read(pair.theirs.tree, path, theirs)
    if not isinstance(there, Log) or there.content != own.content:
        if held:
            united.conflicts.append(GaveWay(path, b"", Finding("LISTS-DIFFER", Place(path))))
        else:
            left_out(pair.mine, path, mine, united)
        return
    known = {slot.id for slot in there.events}
    is_new = pair.is_unshared and pair.base.entry(path) is None
    if is_new and kind.name == COPY and held and known.isdisjoint(held):
        united.left_behind.append(_copy_taken(path, own))
        return
    new = {one.id: one for one in own.events if one.id in held and one.id not in known}
    if new:
        events = (*there.events, *_in_turn(new))
        united.files[path] = with_events(pair.theirs.tree.blob(theirs.id), events)
    unknown = (one for one in own.events if one.id not in known)
    _keep_left_out(pair, change, united, unknown, held)


def _copy_taken(path: str, own: Log) -> Finding:
    """Two issued one copy number at once: nobody has seen mine yet, so it gets the next number."""
    to = ShellText(shell_word(issued_to(own.events[0])))
    values = {"number": own.number, "copy": own.copy, "to": to}
    return Finding("SYNC-COPY-TAKEN", Place(path), values, own.about)


def issued_to(issue: Statement) -> str:
    """What `qms issue --to` is told to send a paper where this one went."""
    words = (issue.data.get(key) for key in ("department", "holder"))
    return next((one for one in words if isinstance(one, str)), "-")


def _held(register: Register, log: Log, path: str) -> frozenset[str]:
    """The ids of the events of a list that are recorded."""
    lists = register.lists(*log.key)
    return frozenset(event.slot.id for event in lists.get(path, ()))


def _in_turn(events: Mapping[str, Statement]) -> Iterator[Statement]:
    """Each behind those that it names; of several that may come next the smallest id."""
    left = dict(sorted(events.items()))
    while left:
        ready = next((one for one in left.values() if not any(name in left for name in one.after)),
                     None)  # fmt: skip
        one = ready or next(iter(left.values()))
        del left[one.id]
        yield one


def with_events(data: bytes, events: Iterable[Statement]) -> bytes:
    """A list with these events in place of its own."""
    tail = slots.Tail(slots.LOG, tuple(events), log=True)
    return cut.with_tail(data, slots.render_tail(tail))


def _keep_left_out(
    pair: Pair,
    change: PathChange,
    united: United,
    events: Iterable[Statement],
    held: frozenset[str],
) -> None:
    if any(one.id not in held for one in events):
        left_out(pair.mine, change.path, change.after, united)
