"""The next revision of a released document: opened from it, or from an edit of its working text.

The commonest mistake is to edit what is published. Either the edit goes on as the next revision, or
the released text comes back; both are one command, and what was edited is kept either way.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from qms.domain.kinds.chain import PREPARE
from qms.domain.kinds.document import PUBLISHED, Document, parse_document
from qms.domain.kinds.numbering import VersionScheme
from qms.domain.kinds.recorded import RELEASED, Released
from qms.domain.register.gone_classes import gone_class
from qms.domain.register.rejects import rejections
from qms.domain.verdict.working import raised_from
from qms.findings import Finding, Place, Refused, refused
from qms.formats import cut
from qms.formats.head_edit import drop_key, set_text
from qms.formats.names import number_path
from qms.formats.paths import document_path, parse_path
from qms.formats.slips import slip
from qms.formats.tree import FILE, TreeEntry
from qms.jobs.documents.drafts import Working, read_again, refuse_contested
from qms.jobs.sessions.given_words import refuse_unsaid
from qms.jobs.sessions.new_drafts import other_trunk, write_draft
from qms.jobs.sessions.refusals import refusal
from qms.jobs.sessions.work_session import WorkSession

_DRAFT = b"status: draft\napprovals: []\n"


def revise(  # noqa: PLR0913 - the facts of a new revision
    session: WorkSession,
    number: str,
    *,
    summary: str,
    version: bool = False,
    change: str | None = None,
    source: str | None = None,
) -> Working:
    """A new revision of a released document as a draft in the work tree (DC-03).

    A change (修改) raises the count; `version` opens a new edition (换版). Where somebody edited
    the released text, the draft says what they wrote. `source` is the released revision whose text
    it begins with, where that isn't the newest with effect. Raises `Refused` EDIT-OR-SOURCE where
    both are there, REVISION-UNKNOWN, WORDS-MISSING, PREPARER-ELSE.
    """
    refuse_unsaid("--summary", summary)
    with session.writing():
        refuse_contested(session, number)
        newest = _newest(session, number)
        edit = edited_text(session, number)
        opened = _next(session, newest, edit, version=version)
        if edit is not None and source is not None:
            raise Refused(Finding("EDIT-OR-SOURCE", Place(edit.path), {"number": number}))
        written_so = newest.document.change if edit is None else edit.document.change
        data = _begun_with(session, number, source) if edit is None else edit.data
        parts = cut.cut_markdown(data)
        head = set_text(parts.head, "revision", opened)
        head = set_text(head, "prepared_by", session.me.id)
        head = set_text(head, "summary", summary)
        if change is not None:
            head = set_text(head, "change", change)
        elif written_so == newest.document.change:
            head = drop_key(head, "change")
        head = drop_key(head, "legacy")  # what it says is of the revision that was brought in
        path = document_path(newest.document.class_id, number)
        written = cut.join(replace(parts, head=head, tail=_DRAFT))
        draft = read_again(session, path, written)
        _refuse_stranger(session, draft.document)
        write_draft(session, path, written)
        return draft


def _refuse_stranger(session: WorkSession, draft: Document) -> None:
    """Refuse to open a revision for who may not prepare it: no round of it could ever end.

    Raises `Refused` PREPARER-ELSE, with who may, and as `Library.chain`.
    """
    first, policy = session.library.chain(draft).steps[0], session.policy
    if first.act != PREPARE or not first.vacant:
        return
    able = dict.fromkeys(
        person
        for role in first.vacant
        for person in policy.holders(role, session.today)
        if policy.may_sign(person)
    )
    raise refused("PREPARER-ELSE", number=draft.number, person=session.me.id,
                  roles=", ".join(first.vacant), able=", ".join(able) or "-")  # fmt: skip


def own_summary(session: WorkSession, number: str) -> str | None:
    """What an edit of a released text says of itself; None where nobody has written it yet."""
    newest = session.effects.newest(number)
    edit = None if newest is None else edited_text(session, number)
    if newest is None or edit is None or edit.document.summary == newest.document.summary:
        return None
    return edit.document.summary


class RevisionOpen(Refused):
    """The working text is no edit of what was released, but a revision of its own."""


def edited_text(session: WorkSession, number: str) -> Working | None:
    """The working text of a released number, if somebody edited it without opening a revision.

    None where it is the released text, or is not there. Raises `RevisionOpen` where it
    is a revision of its own, `Refused` for and what is wrong with its form.
    """
    newest = _newest(session, number)
    path = document_path(newest.document.class_id, number)
    entry = session.work_tree.entry(path)
    released = session.register.released(number)
    if entry is None or entry.mode != FILE or any(entry.id == one.blob for one in released):
        return None
    data = session.work_tree.blob(entry.id)
    try:
        document = parse_document(data)
    except Refused as error:
        raise refusal(session, slip(error.finding, data).at(path=path)) from None
    if _is_open(session, document, released):
        raise RevisionOpen(Finding("REVISION-OPEN", Place(path), {"number": number}))
    return Working(path, data, document)


class Edit(NamedTuple):
    """A released text as somebody edited it, and as it was released."""

    base: Document
    document: Document


def edit_of(session: WorkSession, number: str) -> Edit | None:
    """An edit of the released text of a number, for whoever compares the two; None elsewhere."""
    newest = session.effects.newest(number)
    if newest is None:
        return None
    try:
        edit = edited_text(session, number)
    except Refused:  # a revision of its own, or what can't be compared
        return None
    return None if edit is None else Edit(newest.document, edit.document)


def _is_open(session: WorkSession, document: Document, released: Iterable[Released]) -> bool:
    """Whether a text is a revision of its own: a name or a signature that nothing released has."""
    filed = {slot.id for one in released for slot in one.document.statements}
    if any(slot.id not in filed for slot in document.statements):
        return True
    if document.status == PUBLISHED or raised_from(session.register, document) is not None:
        return False
    return not session.register.named(document.number, document.revision)


def _newest(session: WorkSession, number: str) -> Released:
    newest = session.effects.newest(number)
    if newest is None:
        raise refused("NOT-RELEASED", number=number)
    return newest


def _begun_with(session: WorkSession, number: str, source: str | None) -> bytes:
    """The text to go on from: nobody goes on from what has no effect but who says so."""
    entry = begins_with(session, number)
    if source is not None:
        found = session.effects.named(number, source)
        if found is None:
            known = ", ".join(dict.fromkeys(
                one.document.revision for one in session.register.released(number)
            ))  # fmt: skip
            raise refused("REVISION-UNKNOWN", number=number, revision=source, known=known)
        entry = found
    return session.repository.objects.blob(entry.blob)


def begins_with(session: WorkSession, number: str) -> Released:
    """What the next revision begins with and is compared with: the newest that has effect.

    Where none has, the newest. Raises `Refused` NOT-RELEASED.
    """
    newest = _newest(session, number)
    standing = session.effects.effective(number)
    return standing[-1] if standing else newest


def _next(session: WorkSession, newest: Released, edit: Working | None, *, version: bool) -> str:
    """The name of the next revision: what a hand has written there already, if it may follow."""
    old = newest.document.revision
    try:
        scheme = session.version_scheme(newest.document.class_id)
    except Refused as error:
        raise gone_class(session.register, session.policy, error) from None
    if version:
        return scheme.next_version(old)
    raised = old if edit is None else edit.document.revision
    return raised if raised in _following(scheme, old) else scheme.next_count(old)


def _following(scheme: VersionScheme, old: str) -> set[str]:
    found: set[str] = set()
    for following in (scheme.next_count, scheme.next_version):
        try:
            found.add(following(old))
        except Refused:  # the scheme is at its end that way
            continue
    return found


class Restored(NamedTuple):
    """What `restore` did: which revision lies there again, and where what was edited is kept."""

    path: str
    revision: str
    in_force: str
    """What has effect in its place, where it has none itself; else empty."""
    kept: tuple[Path, ...] = ()
    commit: str = ""
    filed: tuple[str, ...] = ()
    """Files below ``released/`` that were put back."""
    in_history: str = ""
    """The commit that keeps what was edited, where that was committed: else it is nowhere."""
    left: Finding | None = None
    """Why the working text stays as it is, where what was filed alone was put back."""


def restore(session: WorkSession, number: str) -> Restored:
    """Put the newest released text back in the place of an edit of it, or of a draft that follows.

    What lay there is kept elsewhere; what somebody signed stays.

    What is filed of the number comes back as well, where somebody edited that: as the trunk has it.
    Where the edit was committed, so is that it is undone. Raises `Refused` NOT-RELEASED, CONTESTED,
    REVISION-FORK; REVISION-SIGNED where a revision lies there that somebody signed. Where something
    filed came back these are told and refuse nothing: that alone was asked for then.
    """
    filed, laid, commit = _restore_filed(session, number)
    done = Restored("", "", "", laid, commit, filed)
    try:
        return _restore_text(session, number, done)
    except Refused as error:
        if not filed:
            raise
        return done._replace(left=error.finding)


def _restore_text(session: WorkSession, number: str, done: Restored) -> Restored:
    """Put the released text back in the place of the working text, after what was `done` before."""
    refuse_contested(session, number)
    newest = _newest(session, number)
    path = document_path(newest.document.class_id, number)
    data = session.repository.objects.blob(newest.blob)
    there = session.work_tree.entry(path)
    if there is not None and there.mode != FILE:
        raise Refused(Finding("FILE-IN-THE-WAY", Place(path), {"found": path}))
    edit = None if there is None else session.work_tree.blob(there.id)
    head, at = session.tree.entry(path), session.head
    _refuse_open(session, number)
    kept = done.kept if edit in (None, data) else (*done.kept, *_kept(session, path, edit or b""))
    standing = begins_with(session, number).document.revision
    revision = newest.document.revision
    done = done._replace(
        path=path, revision=revision, in_force=standing if standing != revision else "", kept=kept
    )
    if head is not None and head.id == newest.blob:
        with session.writing():
            if edit != data:
                write_draft(session, path, data)
        return done
    message = f"Restore {number} {newest.document.revision}"
    written = session.write({path: data}, message).commit
    return done._replace(commit=written, in_history=at if head is not None else "")


def _restore_filed(
    session: WorkSession, number: str
) -> tuple[tuple[str, ...], tuple[Path, ...], str]:
    """Put back what was filed of a number and was edited or taken away.

    Gives the paths, where what somebody edited and didn't commit is kept, and the commit, if any.
    """
    trunk = other_trunk(session)
    there = session.tree if trunk is None else session.repository.tree(trunk)
    inside = number_path(number)
    files: dict[str, bytes | None] = {}
    is_committed = False
    for class_id in there.folder("released"):
        for path, entry in there.files(f"released/{class_id}/{inside}"):
            if parse_path(path).kind != RELEASED or entry.mode != FILE:
                continue
            place = path if trunk is None else _place_here(session, trunk, path, entry)
            head = session.tree.entry(place)
            if {head, session.work_tree.entry(place)} != {entry}:
                files[place] = there.blob(entry.id)
                is_committed = is_committed or head != entry
    if not files or session.dry_run:
        return tuple(files), (), ""
    commit = ""
    kept = tuple(one for path in files for one in _kept_if_edited(session, path))
    if is_committed:
        commit = session.write(files, f"Restore {number}").commit
    else:
        with session.writing():
            for path, data in files.items():
                write_draft(session, path, data or b"")
    session.forget()
    failing = session.checker.failing  # what was wrong with it is mended, and told anew if not
    for path in [one for one in failing if parse_path(one).number == number]:
        del failing[path]
    return tuple(files), kept, commit


def _place_here(session: WorkSession, trunk: str, path: str, entry: TreeEntry) -> str:
    """Where a filed text of the trunk's lies here: beside another one that has its place at HEAD.

    That was filed too: in its place the one would only be lost for the other.
    """
    number, head = parse_path(path).number, session.tree.entry(path)
    here = session.register.released(number)
    if head is None or head == entry or all(head.id != one.blob for one in here):
        return path
    known = session.checker.register_at(trunk).released(number)
    found = next((one for one in known if one.blob == entry.id), None)
    return path if found is None else found.places[-1]


def _kept_if_edited(session: WorkSession, path: str) -> tuple[Path, ...]:
    """Where a file is kept as it lies there, if no commit has it so."""
    now = session.work_tree.entry(path)
    if now is None or now.mode != FILE or now == session.tree.entry(path):
        return ()
    return _kept(session, path, session.work_tree.blob(now.id))


def _refuse_open(session: WorkSession, number: str) -> None:
    try:
        edited_text(session, number)
    except RevisionOpen as error:
        released = session.register.released(number)
        _refuse_signed(session, error.finding.place.path, released)
    except Refused as error:
        head = session.tree.entry(error.finding.place.path)
        released = session.register.released(number)
        is_filed = head is not None and any(head.id == one.blob for one in released)
        if not is_filed:
            raise


def _is_rejected(session: WorkSession, document: Document) -> bool:
    """Whether its round was ended by a rejection that is filed: then nothing waits in it."""
    reject = document.rejected()
    filed = rejections(session.register, document.number, document.revision)
    return reject is not None and reject.id in {event.slot.id for event in filed}


def _refuse_signed(session: WorkSession, path: str, released: Iterable[Released]) -> None:
    """Refuse to drop a revision that somebody signed, here or as it is committed.

    But for one that was rejected: who signed it and who sent it back stays filed and in history.
    """
    filed = {slot.id for one in released for slot in one.document.statements}
    for tree in (session.work_tree, session.tree):
        document = parse_document(tree.read(path) or b"")
        if _is_rejected(session, document):
            continue
        persons = {slot.person for slot in document.statements if slot.id not in filed}
        if persons:
            names = (session.policy.printed_name(one, session.language) for one in sorted(persons))
            values = {"number": document.number, "revision": document.revision}
            raise Refused(
                Finding("REVISION-SIGNED", Place(path), {**values, "persons": ", ".join(names)})
            )


def _kept(session: WorkSession, path: str, edit: bytes) -> tuple[Path, ...]:
    if session.dry_run:
        return ()
    from qms.storage.kept import keep  # noqa: PLC0415 - only here

    return (keep(path.rpartition("/")[2], edit),)
