"""Steps that I signed, that nobody has seen, and that a policy took which came meanwhile.

Shared, each of them would end a round that others are in the middle of. So they stay behind, with
what was signed on top of them, and the round is as the trunk has it; of one that they began only
the text goes on, as a draft. What somebody may have seen stays, for the round's people to end.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from qms.domain.kinds.document import PUBLISHED, Document
from qms.domain.kinds.filed import FiledText, SignedText
from qms.domain.kinds.kind import Kind, Law
from qms.domain.kinds.log import Log
from qms.domain.library.effect import Effects
from qms.domain.uniting import open_union, text_union
from qms.domain.uniting.list_union import with_events
from qms.domain.uniting.sides import GaveWay, Pair, United
from qms.findings import Finding, Place, QmsError, Refused
from qms.formats.slots import Statement
from qms.formats.tree import FILE, Tree


def leave_lost_steps(pair: Pair, effects: Effects, united: United) -> None:
    """Take such steps out of what comes of both sides, and tell each text that had some.

    `effects` are those of both sides together.
    """
    for path in sorted(united.files):
        kind = pair.kinds.get(pair.kinds.at(path).kind)
        if kind is None or not kind.is_working:
            continue
        data = _data(pair, united, path)
        if data is None:
            continue
        text, there = _text(kind, data), _text(kind, _read(pair.theirs.tree, path))
        if text is None or text.status == PUBLISHED:
            continue
        shared = frozenset[str]() if there is None else _ids(there.statements)
        lost = _lost(effects, text, path, shared)
        if lost:
            _leave(pair, united, path, (data, text), there, [one for one, _ in lost])
            _leave_rejections(pair, united, text, _ids(one for one, _ in lost))
            values = {"number": text.number, **lost[0][1].values}
            united.left_behind.append(Finding("SYNC-OUTDATED", Place(path), values, text.about))


def _lost(
    effects: Effects, text: SignedText, path: str, shared: frozenset[str]
) -> list[tuple[Statement, Finding]]:
    """What stays behind of the last round, each with what takes it: itself or one that it names.

    Nothing where somebody who may has ended the round.
    """
    persons = effects.lost_signers(text, path)
    reject = text.rejected()
    if not persons or (reject is not None and reject.person not in persons):
        return []
    found: dict[str, tuple[Statement, Finding]] = {}
    mine = [one for one in text.signed() if one.id not in shared]
    for _ in mine:  # each turn finds what comes after what the one before has found
        for slot in mine:
            why = next((found[one][1] for one in slot.after if one in found), None)
            if why is None and slot.person in persons:
                why = effects.standing.later.fault(slot, (path,))
            if why is not None:
                found.setdefault(slot.id, (slot, why))
    return list(found.values())


def _leave(  # noqa: PLR0913, PLR0917 - what becomes of both, what the trunk has, and what goes
    pair: Pair,
    united: United,
    path: str,
    taken: tuple[bytes, SignedText],
    there: SignedText | None,
    lost: Sequence[Statement],
) -> None:
    data, text = taken
    gone = _ids(lost)
    kept = [one for one in text.statements if one.id not in gone]
    is_as_shared = there is not None and there.content == text.content
    if is_as_shared and there is not None and _ids(kept) == _ids(there.statements):
        del united.files[path]
        return
    last = max((one.round for one in kept), default=0)
    live = [one for one in kept if one.round == last]
    if there is not None and any(one.content != text.content for one in live):
        # A round that others are in, over their text: mine is for whoever wrote it.
        del united.files[path]
        why = Finding("SYNC-EDITED-TWICE", Place(path), _values(text, there), text.about)
        united.aside.append(GaveWay(path, data, why))
        return
    if isinstance(text, Document):
        united.files[path] = text_union.with_slots(pair, data, text, kept)
    else:
        united.files[path] = open_union.with_slots(pair, data, text, kept)


def _values(mine: SignedText, theirs: SignedText) -> dict[str, str]:
    person = next((one.person for one in theirs.statements), "-")
    values = {"number": theirs.number, "revision": theirs.revision or "-"}
    return values | {"person": person, "mine": mine.revision or "-"}


def _leave_rejections(pair: Pair, united: United, text: SignedText, lost: frozenset[str]) -> None:
    """A rejection also stands in a list, with what it comes after: that goes with it."""
    ended = _ids(text.signed())
    for path, log in list(_lists(pair, united, text.number)):
        if lost.isdisjoint(one.id for one in log.events):
            continue
        there = _log(pair.kinds.get(pair.kinds.at(path).kind), _read(pair.theirs.tree, path))
        shared = frozenset[str]() if there is None else _ids(there.events)
        kept = [one for one in log.events if one.id in shared or one.id not in ended]
        if _ids(kept) == shared:
            del united.files[path]
        else:
            united.files[path] = with_events(_data(pair, united, path) or b"", kept)


def _lists(pair: Pair, united: United, number: str) -> Iterator[tuple[str, Log]]:
    for path in united.files:
        at = pair.kinds.at(path)
        log = _log(pair.kinds.get(at.kind), _data(pair, united, path))
        if log is not None and at.number == number:
            yield path, log


def _log(kind: Kind | None, data: bytes | None) -> Log | None:
    if kind is None or kind.law is not Law.GROWS or data is None:
        return None
    try:
        found = kind.parse(data)
    except Refused:
        return None
    return found if isinstance(found, Log) else None


def _ids(slots: Iterable[Statement]) -> frozenset[str]:
    return frozenset(one.id for one in slots)


def _text(kind: Kind, data: bytes | None) -> SignedText | None:
    """The text in a file's bytes; None where it can't be read, which is told where it is judged."""
    try:
        found = None if data is None else kind.parse(data)
    except Refused:
        return None
    return found if isinstance(found, (Document, FiledText)) else None


def _data(pair: Pair, united: United, path: str) -> bytes | None:
    """What lies at a path in what comes of both; what isn't written anew is as my side has it."""
    found = united.files.get(path)
    if found is None or isinstance(found, bytes):
        return found
    return _read(pair.mine.tree, path) if found.mode == FILE else None


def _read(tree: Tree, path: str) -> bytes | None:
    """What lies at a path; None for what can't be read, which is told where it is judged."""
    entry = tree.entry(path)
    with suppress(QmsError):
        return None if entry is None or entry.mode != FILE else tree.blob(entry.id)
    return None
