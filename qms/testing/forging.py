"""Signatures on the victim's text in review that are not as they should be (see `attacks`)."""

from collections.abc import Iterable
from typing import Any, Final

from qms.domain.kinds.document import Document
from qms.domain.register import next_slots as laying
from qms.formats import cut, slots
from qms.formats.slots import Notice, Slot, Statement
from qms.testing.repo import DocsRepo

_IN_REVIEW: Final = "documents/instruction/LX-WI-02.md"
_FILED: Final = "released/instruction/LX-WI-02/A-0.md"


def given(repo: DocsRepo, document: Document, seat: Notice, **changed: Any) -> Statement:
    """A signature on a document, as somebody gives it who may not."""
    standing = document.statements
    fields: dict[str, Any] = {"after": laying.heads(standing)} | changed
    if seat.act == "publish":
        days = {"published": str(repo.today), "effective": str(repo.today)}
        fields = {"data": days} | fields
    return repo.sign_slot(seat, document.subject, document.content, **fields)


def put(repo: DocsRepo, path: str, listed: Iterable[Slot], status: str) -> None:
    """Write slots into a file, whatever they are worth."""
    tail = slots.render_tail(slots.Tail(status, slots.in_order(listed)))
    repo.write(path, cut.with_tail(repo.read(path), tail))


def approve(repo: DocsRepo, person: str = "li.si", role: str | None = "quality-manager",
            **changed: Any) -> None:  # fmt: skip
    """The text in review gets an approval that is not as it should be."""
    document = repo.document("LX-WI-02")
    slot = given(repo, document, Notice("approve", "2", role, person), **changed)
    put(repo, _IN_REVIEW, (document.slots[0], slot), "approved")


def publish(repo: DocsRepo, person: str = "wang.wu", role: str | None = "document-controller",
            **changed: Any) -> None:  # fmt: skip
    """The text in review, which is approved by now, is filed with a last signature like that."""
    document = repo.document("LX-WI-02")
    standing = document.statements
    slot = given(repo, document, Notice("publish", "3", role, person), **changed)
    put(repo, _IN_REVIEW, (*standing, slot), "published")
    repo.write(_FILED, repo.read(_IN_REVIEW))


def approved(repo: DocsRepo) -> None:
    """What an attack on the last signature begins with: the text in review is approved honestly."""
    repo.sign("LX-WI-02")
