"""`qms fix`: what can be set right in a working text without knowing what somebody meant.

An encoding, line ends, the colon of Chinese text in a head, a status that slid up, a name where an
id belongs, a number in another spelling, the status word. All of it is in the work tree, and only
in what nobody signed, unless what comes out is the very text that was signed last.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final, NamedTuple

from qms.domain.kinds.document import HEAD_KEYS, PUBLISHED, Document, parse_document
from qms.domain.kinds.kind import WORKING
from qms.domain.kinds.near import is_same_number, meant
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.working_texts import working_texts
from qms.domain.register import next_slots as laying
from qms.findings import Finding, Refused
from qms.formats import cut, slots
from qms.formats.encodings import as_utf8, is_utf8
from qms.formats.head_edit import set_key
from qms.formats.paths import POLICY_FILES, parse_path
from qms.formats.slips import mended
from qms.formats.strict_yaml import scalar
from qms.formats.tree import FILE
from qms.jobs.documents.laid_lines import put_back_line_ends
from qms.jobs.sessions.new_drafts import write_draft
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import Text

_SIGNED: Final = re.compile(rb"^    signed: \{", re.MULTILINE)


class Mended(NamedTuple):
    """A file that was set right; where it stood in no UTF-8, the place of what it was before."""

    path: str
    kept: str | None = None


def fix(session: WorkSession, numbers: frozenset[str]) -> tuple[Mended, ...]:
    """Set right what needs no signature; what was mended.

    `numbers` empty means all documents, and the policy's files at the root.
    """
    with session.writing():
        laid = tuple(map(Mended, put_back_line_ends(session, numbers)))
        spelled = (*laid, *_spelled(session, numbers))
        known = {one.path for one in spelled}
        echoes = (one for one in _echoed(session, numbers) if one not in known)
        return (*spelled, *map(Mended, echoes))


def _spelled(session: WorkSession, numbers: frozenset[str]) -> Iterator[Mended]:
    """Files whose bytes differ from what they may be only by what an editor or a slip left."""
    tree = session.work_tree
    files = [(one.path, one.entry) for one in working_texts(tree)
             if one.at.kind == WORKING and (not numbers or one.number in numbers)]  # fmt: skip
    roots = () if numbers else POLICY_FILES
    files += [(name, entry) for name in roots if (entry := tree.entry(name)) is not None]
    for path, entry in files:
        if entry.mode != FILE:
            continue
        with suppress(Refused):  # what else is wrong is told, and not ours to mend
            data = tree.read(path) or b""
            plain = _plain_root(data) if path in roots else _mended(session, path, data)
            if plain != data:
                kept = _kept(session, path, data)
                write_draft(session, path, plain)
                yield Mended(path, kept)


def _plain_root(data: bytes) -> bytes:
    try:
        return cut.in_unix_lines(as_utf8(data))
    except UnicodeError:
        return data


def _kept(session: WorkSession, path: str, data: bytes) -> str | None:
    """Where the file is kept as it was, if somebody must be able to look it up again."""
    if is_utf8(data) or session.dry_run:
        return None
    from qms.storage.kept import keep  # noqa: PLC0415 - seldom needed

    return str(keep(path.rpartition("/")[2], data))


def _mended(session: WorkSession, path: str, data: bytes) -> bytes:
    plain = next((one for one in _plainer(data) if _may_be(one)), data)
    try:
        document = parse_document(plain)
    except Refused:
        return plain
    if document.statements or document.status == PUBLISHED:
        return plain
    named = _renamed(session, path, document)
    if not named:
        return plain
    parts = cut.cut_markdown(plain)
    head = parts.head
    for key, spelled in named.items():
        head = set_key(head, key, spelled)
    return cut.join(replace(parts, head=head))


def _plainer(data: bytes) -> Iterator[bytes]:
    """What a text may be instead, the plainest first."""
    try:
        plain = cut.in_unix_lines(as_utf8(data))
    except UnicodeError:
        return
    if not plain.strip():
        return
    slipped = mended(plain, HEAD_KEYS)
    for one in (slipped, plain):
        yield cut.without_padding(one)
        yield one


def _may_be(data: bytes) -> bool:
    """Whether nobody signed a text, or it is what was signed last."""
    if _SIGNED.search(data) is None:
        return True
    try:
        document = parse_document(data)
    except Refused:
        return False
    last = [one.content for one in document.signed()]
    return not last or last[-1] == document.content


def _renamed(session: WorkSession, path: str, document: Document) -> Mapping[str, str]:
    """The keys of a draft's head that hold a name, or a number, where one thing only is meant."""
    policy = session.policy
    found: dict[str, str] = {}
    departments = {one.id: one.name for one in policy.departments.values()}
    people = {one.id: one.name for one in policy.persons.values()}
    for key, text, known in (
        ("owner", document.owner, departments),
        ("prepared_by", document.prepared_by, people),
        ("class", document.class_id, _class_at(policy, path)),
    ):
        one = meant(known, text)
        if one is not None:
            found[key] = scalar(one)
    signers = [meant(departments, one) or one for one in document.co_sign]
    if signers != list(document.co_sign):
        found["co_sign"] = f"[{', '.join(map(scalar, signers))}]"
    number = parse_path(path).number
    if document.number != number and is_same_number(document.number, number):
        with suppress(Refused):
            if session.numbering(parse_path(path).class_id).fault(number) is None:
                found["number"] = scalar(number)
    return found


def _class_at(policy: Policy, path: str) -> Mapping[str, Text]:
    """The class in whose folder a text lies: no other is meant by a name in its head."""
    found = policy.classes.get(parse_path(path).class_id)
    return {} if found is None else {found.id: found.name}


def _echoed(session: WorkSession, numbers: frozenset[str]) -> Iterator[str]:
    """Texts whose status word doesn't agree with their slots."""
    tree = session.work_tree
    for one in tuple(working_texts(tree)):
        document = one.read()
        if isinstance(document, Finding) or document.status == PUBLISHED:
            continue
        if session.register.revision(*document.key) is not None:
            continue  # released under a chain of its own, whatever is asked by now
        if numbers and document.number not in numbers:
            continue
        try:
            status = laying.echo(session.library.chain(document), document.slots)
        except Refused:
            continue
        if status not in (document.status, PUBLISHED):
            data = slots.render_tail(slots.Tail(status, document.slots))
            write_draft(session, one.path, cut.with_tail(tree.blob(one.entry.id), data))
            yield one.path
