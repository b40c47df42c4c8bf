"""Two people began one number: whose text was shared first keeps it, the other's gets the next."""

from qms.domain.library.library import Library
from qms.domain.library.numbers import known_numbers
from qms.domain.uniting.sides import GaveWay, Pair, United
from qms.findings import Finding, Reason, Refused
from qms.formats import cut
from qms.formats.head_edit import set_text
from qms.formats.paths import document_path, parse_path
from qms.jobs.sessions.new_drafts import date_parts, taken_numbers
from qms.jobs.sessions.work_session import WorkSession


def renumbered(session: WorkSession, library: Library, pair: Pair, found: United) -> list[GaveWay]:
    """Give each text of mine whose number is taken the next free one of its class, as a draft.

    Gives those that are laid aside instead: what gave way to somebody else's edit, and numbers
    whose parts nobody can guess.
    """
    if not found.aside:
        return []
    taken = set(known_numbers(library.register, pair.theirs.tree))
    taken |= known_numbers(library.register, pair.mine.tree).keys() | taken_numbers(session)
    left: list[GaveWay] = []
    for number, one in enumerate(found.aside):
        if one.why.reason is not Reason.BEGUN_TWICE:
            left.append(one)
            continue
        at = parse_path(one.path)
        try:
            new = session.numbering(at.class_id).next_free(
                frozenset(taken), date_parts(session.today)
            )
            data = _with_number(one.data, new)
        except Refused:
            left.append(one)
            continue
        taken.add(new)
        found.files[document_path(at.class_id, new)] = data
        told = {**one.why.values, "new": new}
        why = Finding("SYNC-RENUMBERED", one.why.place, told, one.why.about)
        found.aside[number] = one._replace(why=why)
    return left


def _with_number(data: bytes, number: str) -> bytes:
    """The text as a draft under another number: what was signed named the one it had."""
    parts = cut.cut_markdown(data)
    head = set_text(parts.head, "number", number)
    draft = b"status: draft\napprovals: []\n"
    return cut.join(cut.Cut(
        head=head, tail=draft, body=parts.body, text=parts.text, content="",
        head_line=parts.head_line, tail_line=parts.tail_line,
    ))  # fmt: skip
