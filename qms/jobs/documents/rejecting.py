"""Filing a rejection beside the released revisions of its number, where nobody can drop it."""

from collections.abc import Iterable

from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import SignedText
from qms.domain.kinds.log import REJECTS, REJECTS_HEAD, parse_log, render_head
from qms.formats import cut, slots
from qms.formats.paths import REJECTS_FORM
from qms.formats.slots import Statement


def list_of_rejects(document: Document) -> str:
    """Where the rejections of a document's number lie."""
    return REJECTS_FORM.path(document.class_id, document.number)


def with_reject(before: bytes | None, document: Document, reject: Statement) -> bytes:
    """The list of rejects with a new one and the statements that it reaches.

    `before` is the list that is there. Raises `Refused` with what is wrong with it.
    """
    data = _empty(document) if before is None else before
    found = parse_log(data, REJECTS, REJECTS_HEAD)
    known = {slot.id for slot in found.events}
    added = [slot for slot in reached(document, reject) if slot.id not in known]
    tail = slots.Tail("log", (*found.events, *added), log=True)
    return cut.with_tail(data, slots.render_tail(tail))


def _empty(document: Document) -> bytes:
    names = {"number": document.number, "class": document.class_id}
    return render_head(REJECTS_HEAD, names) + b"status: log\nevents: []\n"


def reached(document: SignedText, reject: Statement) -> Iterable[Statement]:
    """The statements of a text that a reject comes after, each behind those it names; then it."""
    by_id = {slot.id: slot for slot in document.statements}
    found: dict[str, Statement] = {}

    def reach(slot: Statement) -> None:
        for one in slot.after:
            if one in by_id and one not in found:
                reach(by_id[one])
        found[slot.id] = slot

    reach(reject)
    return found.values()
