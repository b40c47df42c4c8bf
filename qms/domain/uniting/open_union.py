"""Uniting a text of a plugin's own kind that goes round: the signatures of both sides stay.

The text is taken whole from one side. Where one side signed what the other changed, or both changed
it, the trunk's text stays and mine is laid aside. What either side filed goes round no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qms.domain.kinds.document import DRAFT
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import Kind
from qms.domain.register.next_slots import echo, notices
from qms.domain.uniting.sides import GaveWay, Pair, Side, United, both_texts, left_out
from qms.findings import Finding, Place, Refused
from qms.formats import cut, slots
from qms.formats.slots import Notice, Slot, Statement
from qms.formats.tree import FILE, PathChange


@dataclass(frozen=True, slots=True)
class _OpenSide:
    """The text of one side."""

    data: bytes
    text: FiledText


def drop_filed(pair: Pair, kind: Kind, change: PathChange, united: United) -> bool:
    """Take a text away that either side has filed; whether one has.

    What of mine is not in what was filed is kept beside: an edit, or a signature of a round.
    """
    at, filed = pair.kinds.at(change.path), pair.kinds.texts[kind.of]
    found = [
        entry
        for side in (pair.mine, pair.theirs)
        for entry in side.register.texts(filed.name, at.number)
        if entry.going == change.path
    ]
    if not found:
        return False
    united.files[change.path] = None
    mine = _read(pair.mine, kind, change.path)
    if pair.is_theirs(change) or mine is None:
        return True
    if isinstance(mine, Finding):
        left_out(pair.mine, change.path, change.after, united)
    elif not any(_holds(entry.text, mine.text) for entry in found):
        why = _edited_twice(change.path, found[0].text, mine.text)
        united.aside.append(GaveWay(change.path, mine.data, why))
    return True


def _holds(filed: FiledText, mine: FiledText) -> bool:
    """Whether all that is said and signed in a text is in one that was filed."""
    known = {one.id for one in filed.statements}
    return filed.content == mine.content and known.issuperset(one.id for one in mine.statements)


def unite_open_text(pair: Pair, kind: Kind, change: PathChange, united: United) -> None:
    """What lies where a text of a plugin's kind goes round, and both sides changed."""
    path = change.path
    read = both_texts(
        pair, change, united, _read(pair.mine, kind, path), _read(pair.theirs, kind, path)
    )
    if read is None:
        return
    mine, theirs = read
    taken = _taken(pair.base.read(path), mine, theirs)
    if taken is not None:
        every = (*theirs.text.statements, *mine.text.statements)
        both = tuple({one.id: one for one in every}.values())
        if _is_over_one_text(taken.text, both):
            united.files[path] = with_slots(pair, taken.data, taken.text, both)
            return
    why = _edited_twice(path, theirs.text, mine.text)
    united.aside.append(GaveWay(path, mine.data, why))


def _edited_twice(path: str, theirs: FiledText, mine: FiledText) -> Finding:
    values = {"number": theirs.number, "revision": theirs.revision or "-",
              "person": _author(theirs), "mine": mine.revision or "-"}  # fmt: skip
    return Finding("SYNC-EDITED-TWICE", Place(path), values, theirs.about)


def _read(side: Side, kind: Kind, path: str) -> _OpenSide | Finding | None:
    entry = side.tree.entry(path)
    if entry is None:
        return None
    if entry.mode != FILE:
        return Finding("SYNC-UNREADABLE", Place(path))
    found = kind.read(side.tree, path, entry)
    if isinstance(found, FiledText):
        return _OpenSide(side.tree.blob(entry.id), found)
    return found if isinstance(found, Finding) else Finding("SYNC-UNREADABLE", Place(path))


def _taken(before: bytes | None, mine: _OpenSide, theirs: _OpenSide) -> _OpenSide | None:
    """The side whose text is taken: of one that changed it or went on; None where both did."""
    one, other = mine.text, theirs.text
    old = _content(before)
    if one.content in {other.content, old}:
        return theirs
    return mine if other.content == old else None


def _content(data: bytes | None) -> str | None:
    """The digest of a text, whether it has a body or not; None where it can't be cut."""
    for parts_of in (cut.cut_markdown, cut.cut_yaml):
        try:
            return None if data is None else parts_of(data).content
        except Refused:
            continue
    return None


def _is_over_one_text(text: FiledText, both: Sequence[Statement]) -> bool:
    """Whether nobody signed another text in the last round, unless a rejection ends it."""
    last = max((one.round for one in both), default=0)
    live = [one for one in both if one.round == last]
    reject = "" if text.rounds is None else text.rounds.reject
    is_over = any(one.act == reject for one in live)
    return is_over or all(one.content == text.content for one in live)


def with_slots(pair: Pair, data: bytes, text: FiledText, both: Sequence[Statement]) -> bytes:
    """A text with what is signed of it; who may still sign is asked of the policy anew."""
    last = max((one.round for one in both), default=0)
    live = [one for one in both if one.round == last]
    reject = "" if text.rounds is None else text.rounds.reject
    listed: list[Slot] = [*both]
    status = DRAFT
    if live and not any(one.act == reject for one in live):
        try:
            rule = pair.text_persons(text)
        except Refused:
            listed += [one for one in text.slots if isinstance(one, Notice)]
            status = text.status
        else:
            listed += notices(rule, live)
            status = echo(rule.chain, listed, reject)
    tail = slots.render_tail(slots.Tail(status, slots.in_order(listed)))
    return cut.with_tail(data, tail)


def _author(text: FiledText) -> str:
    return next((one.person for one in text.statements), "-")
