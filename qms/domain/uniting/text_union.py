"""Uniting working texts: signatures by rounds, words by lines, and never a text nobody wrote.

Head and body are taken whole from one side, or merged by lines where nobody has signed either; the
signatures of both sides stay, each in its round. Where one side signed what the other changed, the
trunk's text stays, since others work by it, and mine is laid aside, whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qms.domain.kinds.document import DRAFT, PUBLISHED, Document, parse_document
from qms.domain.kinds.recorded import Released
from qms.domain.register.next_slots import echo, notices
from qms.domain.uniting.line_merge import Clash, merged_lines
from qms.domain.uniting.sides import GaveWay, Pair, Side, United, both_texts, same_lines
from qms.findings import Finding, Place, Reason, Refused
from qms.formats import cut, slots
from qms.formats.slots import Slot, Statement
from qms.formats.tree import FILE, PathChange, TreeEntry


@dataclass(frozen=True, slots=True)
class _SideText:
    """A working text of one side; `filing` is the released revision whose bytes it has."""

    data: bytes
    document: Document
    filing: Released | None

    @property
    def is_signed(self) -> bool:
        """Whether the round that it is in has signatures over this very text."""
        document = self.document
        return document.rejected() is None and any(
            one.content == document.content for one in document.signed()
        )


def unite_text(pair: Pair, change: PathChange, united: United) -> None:
    """What lies in the place of a working text that both sides changed."""
    path = change.path
    read = both_texts(pair, change, united, _read(pair.mine, path), _read(pair.theirs, path))
    if read is None:
        return
    mine, theirs = read
    before = pair.base.read(path)
    if mine.filing is not None or theirs.filing is not None:
        _unite_filings(path, mine, theirs, united)
    elif before is None and mine.document.content != theirs.document.content:
        _give_way(path, mine, theirs, "BEGUN-TWICE", united, reason=Reason.BEGUN_TWICE)
    elif mine.document.subject != theirs.document.subject:
        _give_way(path, mine, theirs, "SYNC-EDITED-TWICE", united)
    else:
        _unite_rounds(pair, path, before, mine, theirs, united)


def _read(side: Side, path: str) -> _SideText | Finding | None:
    entry = side.tree.entry(path)
    if entry is None:
        return None
    if entry.mode != FILE:
        return Finding("SYNC-UNREADABLE", Place(path))
    data = side.tree.blob(entry.id)
    try:
        document = parse_document(data)
    except Refused as error:
        return error.finding.at(path=path)
    return _SideText(data, document, _filing(side, document, entry))


def _filing(side: Side, document: Document, entry: TreeEntry) -> Released | None:
    known = side.register.released(document.number)
    return next((one for one in known if one.blob == entry.id), None)


def _unite_filings(path: str, mine: _SideText, theirs: _SideText, united: United) -> None:
    """One of them is a released revision, and lies in `released/` too."""
    if mine.filing is None:
        if mine.document.key != theirs.document.key or mine.document.content != (
            theirs.document.content
        ):
            _give_way(path, mine, theirs, "SYNC-RELEASED", united)
        return
    if theirs.filing is not None:
        base = mine.filing.base_content
        if base == theirs.document.content:
            united.files[path] = mine.data  # mine follows it
    elif theirs.document.key == mine.document.key:
        united.files[path] = mine.data


def _unite_rounds(  # noqa: PLR0913, PLR0917 - both sides, and what they come from
    pair: Pair, path: str, before: bytes | None, mine: _SideText, theirs: _SideText, united: United
) -> None:
    """Both are on one revision: the text of the side that went on with it, signed by both."""
    one, other = mine.document, theirs.document
    old = _content(before)
    if one.content == other.content:
        taken = theirs
    elif one.round != other.round:
        taken, left = (mine, theirs) if one.round > other.round else (theirs, mine)
        if left.document.content not in {old, taken.document.content} and not _is_kept(left, taken):
            _give_way(path, mine, theirs, "SYNC-EDITED-TWICE", united)
            return
    elif one.content == old:
        taken = theirs
    elif other.content == old:
        taken = mine
    elif mine.is_signed or theirs.is_signed:
        _give_way(path, mine, theirs, _why(mine, theirs), united)
        return
    else:
        merged = _merged(path, before, mine, theirs)
        if isinstance(merged, Finding):
            united.conflicts.append(GaveWay(path, mine.data, merged))
            return
        taken = merged
    both = _signed_by_both(one.statements, other.statements)
    last = max((slot.round for slot in both), default=0)
    live = [slot for slot in both if slot.round == last]
    over = {slot.content for slot in live if slot.act != "reject"}
    is_over = any(slot.act == "reject" for slot in live)
    if not is_over and over - {taken.document.content}:
        _give_way(path, mine, theirs, _why(mine, theirs), united)
        return
    united.files[path] = with_slots(pair, taken.data, taken.document, both)


def _why(mine: _SideText, theirs: _SideText) -> str:
    """Why one text gives way: both went round, or one side changed what the other signed."""
    return "SUBMITTED-TWICE" if mine.is_signed and theirs.is_signed else "SYNC-EDITED-TWICE"


def _is_kept(left: _SideText, taken: _SideText) -> bool:
    """Whether the other side's last round begins over what this side has: it was read there."""
    return any(one.content == left.document.content for one in taken.document.statements)


def _content(data: bytes | None) -> str | None:
    try:
        return None if data is None else cut.cut_markdown(data).content
    except Refused:
        return None


def _signed_by_both(
    mine: Sequence[Statement], theirs: Sequence[Statement]
) -> tuple[Statement, ...]:
    return tuple({one.id: one for one in (*mine, *theirs)}.values())


def with_slots(pair: Pair, data: bytes, text: Document, signed: Sequence[Statement]) -> bytes:
    """A text with what is signed of it; who may still sign is asked of the policy anew."""
    document = replace(text, slots=tuple(signed))
    listed: list[Slot] = [*signed]
    status = DRAFT
    live = document.signed()
    if live and document.rejected() is None:
        try:
            rule = pair.persons(document)
        except Refused:
            listed += [one for one in text.slots if not isinstance(one, Statement)]
            status = text.status
        else:
            listed += notices(rule, live)
            status = echo(rule.chain, listed)
    if status == PUBLISHED:  # only whoever signs last files a text
        status = text.status
    tail = slots.render_tail(slots.Tail(status, slots.in_order(listed)))
    return cut.with_tail(data, tail)


def _merged(
    path: str, before: bytes | None, mine: _SideText, theirs: _SideText
) -> _SideText | Finding:
    """Both edits in one text. What people did to the same lines is a conflict, with its line."""
    try:
        parts = [cut.cut_markdown(one) for one in (before or b"", mine.data, theirs.data)]
        own = parts[1]
        head = merged_lines(*(part.head.decode() for part in parts))
        body = merged_lines(*((part.body or b"").decode() for part in parts))
        if isinstance(head, Clash) or isinstance(body, Clash):
            above = own.head_line - 1, own.tail_line + own.tail.count(b"\n")
            met = [
                start + line
                for start, part in zip(above, (head, body), strict=True)
                if isinstance(part, Clash)
                for line in part.lines
            ]
            return same_lines(path, met)
        data = cut.join(replace(own, head=head.encode(), body=body.encode()))
        document = parse_document(data)
    except Refused as error:
        return error.finding.at(path=path)
    return _SideText(data, document, None)


def _give_way(  # noqa: PLR0913 - whose text, to which, and why
    path: str,
    mine: _SideText,
    theirs: _SideText,
    code: str,
    united: United,
    *,
    reason: Reason | None = None,
) -> None:
    """The trunk's text stays; mine is handed back to whoever wrote it."""
    one, other = mine.document, theirs.document
    if not mine.data.strip() or one.content == other.content:
        return
    values = {
        "number": other.number,
        "revision": other.revision,
        "person": other.prepared_by,
        "mine": one.revision,
    }
    why = Finding(code, Place(path), values, other.about, reason)
    united.aside.append(GaveWay(path, mine.data, why))
