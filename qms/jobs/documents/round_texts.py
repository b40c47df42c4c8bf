"""The texts that went round, round by round: what was signed in each, as history has it.

A working text holds the signatures of all its rounds, and the words of the last one alone. Those of
earlier rounds lie in the commits that brought them, and are found by the digest that was signed.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from qms.domain.kinds.document import Document, parse_document
from qms.findings import QmsError
from qms.formats.paths import document_path
from qms.formats.tree import FILE
from qms.jobs.documents.drafts import working
from qms.jobs.sessions.work_session import WorkSession


class RoundText(NamedTuple):
    """A text and the round that it was signed in; 0 for what nobody has signed yet."""

    number: int
    document: Document


def round_texts(session: WorkSession, document: Document) -> tuple[RoundText, ...]:
    """The texts of a document's rounds, in their order, and the one that lies there now.

    Rounds whose text no commit here holds are left out.
    """
    signed = {slot.round: slot.content for slot in reversed(document.statements)
              if slot.subject == document.subject}  # fmt: skip
    texts = texts_of(session, document, signed.values())
    found = [RoundText(at, texts[content]) for at, content in sorted(signed.items())
             if content in texts]  # fmt: skip
    if document.content not in signed.values():
        found.append(RoundText(0, document))
    return tuple(found)


def working_rounds(session: WorkSession, number: str) -> tuple[RoundText, ...]:
    """The same of the working text of a number; raises as `working` does."""
    return round_texts(session, working(session, number).document)


def last_seen(session: WorkSession, document: Document) -> RoundText | None:
    """The text that I signed last, in an earlier round of this revision; None where I didn't."""
    mine = [
        slot for slot in document.statements
        if slot.person == session.me.id and slot.round < document.round
        and slot.subject == document.subject
    ]  # fmt: skip
    last = max(mine, key=lambda slot: slot.round, default=None)
    if last is None:
        return None
    found = texts_of(session, document, [last.content]).get(last.content)
    return None if found is None else RoundText(last.round, found)


def texts_of(
    session: WorkSession, document: Document, contents: Iterable[str]
) -> Mapping[str, Document]:
    """The texts with these digests that ever lay in the document's place, as far as they did."""
    left = set(contents)
    found = {document.content: document} if document.content in left else {}
    path = document_path(document.class_id, document.number)
    seen: set[str] = set()
    for commit in reversed(session.repository.commits(session.head)):
        if left <= found.keys():
            break
        tree = session.repository.tree(commit.tree)
        entry = tree.entry(path)
        if entry is None or entry.mode != FILE or entry.id in seen:
            continue
        seen.add(entry.id)
        try:
            text = parse_document(tree.blob(entry.id))
        except QmsError:  # what once lay there and can't be read was signed by nobody
            continue
        if text.content in left:
            found.setdefault(text.content, text)
    return found
