"""The life of a document: new, revise, submit, sign, reject, release (DC-03, DC-04, DC-38).

Each function decides from the policy what may be done, lays the slots, has them signed, and hands
the files to the session, which judges and writes them. Nothing here is a rule.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from qms.domain import laying
from qms.domain.chain import PREPARE, PUBLISH, REJECT, Chain, ChainStep
from qms.domain.document import DRAFT, PUBLISHED, Document, parse_document
from qms.domain.entries import read_document
from qms.findings import Finding, Place, Refused, refused
from qms.formats import cut, slots, strict_yaml
from qms.formats.digests import sha256
from qms.formats.head_edit import drop_key, set_key, set_text
from qms.formats.paths import asset_path, document_path, released_path
from qms.formats.slots import Base, Slot
from qms.jobs.numbers import known_numbers
from qms.jobs.session import Statement, WorkSession
from qms.session import Written

MEANINGS = {
    "prepare": "prepared",
    "review": "reviewed",
    "co-sign": "co-signed",
    "approve": "approved",
    "publish": "published",
    "reject": "rejected",
}
_PICTURE = re.compile(r"!\[[^\]\n]*\]\((assets/[^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Working:
    """A working text as it lies in the work tree: what is edited, signed and filed."""

    path: str
    data: bytes
    document: Document


def working(session: WorkSession, number: str) -> Working:
    """The working text of a number; raises `Refused` NUMBER-UNKNOWN or what is wrong with it."""
    known = known_numbers(session.register, session.work_tree)
    class_id = known.get(number)
    path = document_path(class_id, number) if class_id is not None else ""
    entry = session.work_tree.entry(path) if path else None
    if entry is None:
        raise refused("NUMBER-UNKNOWN", found=number, close="-")
    found = read_document(session.work_tree, path, entry)
    if isinstance(found, Finding):
        raise Refused(found)
    return Working(path, session.work_tree.blob(entry.id), found)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """What somebody asks for; `given` are parts of the number that the pattern needs."""

    class_id: str
    title: str
    title_en: str | None = None
    number: str | None = None
    owner: str | None = None
    given: Mapping[str, str] = field(default_factory=dict)


def new(session: WorkSession, asked: NewDocument) -> Working:
    """A new draft with the next free number of its class, in the work tree (DC-02)."""
    class_id, number = asked.class_id, asked.number
    policy = session.policy
    found = policy.classes.get(class_id)
    if found is None:
        known = ", ".join(policy.classes)
        raise refused("CLASS-UNKNOWN", **{"class": class_id, "known": known})
    me = session.me
    numbering = session.numbering(class_id)
    if number is None:
        number = numbering.next_free(
            _taken(session), _date_parts(session.today) | dict(asked.given)
        )
    else:
        number = numbering.canonical(number)
    fault = numbering.fault(number)
    if fault is not None:
        raise Refused(fault)
    head = b""
    for key, text in (
        ("number", number),
        ("title", asked.title),
        ("title_en", asked.title_en),
        ("class", class_id),
        ("revision", session.version_scheme(class_id).first),
    ):
        if text is not None:
            head = set_text(head, key, text)
    head = set_key(head, "controlled", "true")
    head = set_text(head, "owner", asked.owner or me.department)
    head = set_text(head, "prepared_by", me.id)
    language = policy.organisation.language  # the document's, whatever its editor's terminal speaks
    head = set_text(head, "summary", "首次发布" if language == "zh" else "First issue")
    body = _first_body(asked.title, language)
    data = b"---\n" + head + b"status: draft\napprovals: []\n---\n" + body
    path = document_path(class_id, number)
    if session.work_tree.entry(path) is not None:
        raise Refused(Finding("NUMBER-TAKEN", Place(path), {"number": number, "other": path}))
    write_work_file(session, path, data)
    return Working(path, data, parse_document(data))


def _taken(session: WorkSession) -> set[str]:
    """Every number in use: here, and on the trunk as far as this clone knows it."""
    taken = set(known_numbers(session.register, session.work_tree))
    try:
        trunk = session.repository.trunk(session.policy.trunk)
    except Refused:
        trunk = None
    if trunk is not None and trunk != session.head:
        there = session.repository.tree(trunk)
        taken |= known_numbers(session.checker.register_at(trunk), there).keys()
    return taken


def _date_parts(day: date) -> dict[str, str]:
    return {"year": f"{day.year}", "yy": f"{day:%y}", "mmdd": f"{day:%m%d}"}


def _first_body(title: str, language: str) -> bytes:
    sections = (
        ("目的", "范围", "职责", "工作程序", "相关文件", "记录")
        if language == "zh"
        else ("Purpose", "Scope", "Responsibilities", "Procedure", "Related documents", "Records")
    )
    none = "无" if language == "zh" else "None"
    parts = [f"# {title}\n"]
    parts += [f"\n## {number} {name}\n\n{none}\n" for number, name in enumerate(sections, 1)]
    return "".join(parts).encode()


def write_work_file(session: WorkSession, path: str, data: bytes) -> None:
    """Write a file of the work tree that is not committed yet."""
    from qms.storage.files import write_file  # noqa: PLC0415 - only drafts are written so

    root = session.repository.root
    if root is None:
        raise refused("NO-WORK-TREE")
    if not session.dry_run:
        write_file(root / path, data)
    session.__dict__.pop("work_tree", None)


def revise(
    session: WorkSession, number: str, *, summary: str, version: bool = False, change: str | None
) -> Working:
    """A new revision of a released document as a draft in the work tree (DC-03).

    A change (修改) raises the count; `version` opens a new edition (换版).
    """
    newest = session.register.newest(number)
    if newest is None:
        raise refused("NOT-RELEASED", number=number)
    path = document_path(newest.document.class_id, number)
    entry = session.work_tree.entry(path)
    if entry is not None and entry.id != newest.blob:
        raise Refused(Finding("REVISION-OPEN", Place(path), {"number": number}))
    scheme = session.version_scheme(newest.document.class_id)
    old = newest.document.revision
    revision = scheme.next_version(old) if version else scheme.next_count(old)
    data = session.repository.objects.blob(newest.blob)
    parts = cut.cut_markdown(data)
    head = set_text(parts.head, "revision", revision)
    head = set_text(head, "prepared_by", session.me.id)
    head = set_text(head, "summary", summary)
    head = drop_key(head, "change") if change is None else set_text(head, "change", change)
    fresh = replace(parts, head=head, tail=b"status: draft\napprovals: []\n")
    written = cut.join(fresh)
    write_work_file(session, path, written)
    return Working(path, written, parse_document(written))


def chain_for(session: WorkSession, document: Document) -> Chain:
    """The chain that the policy in force gives a document."""
    return session.hooks.chain(session.policy, document)


def submit(session: WorkSession, number: str) -> Written:
    """Sign `prepare` and lay the chain's slots: the text goes round (DC-04)."""
    found = _with_pictures(session, working(session, number))
    document = found.document
    if document.status == PUBLISHED:
        raise refused("NOTHING-TO-SUBMIT", number=number, revision=document.revision)
    me = session.me
    if document.prepared_by != me.id:
        raise Refused(
            Finding(
                "PREPARED-BY",
                Place(found.path, "prepared_by"),
                {"person": me.id, "named": document.prepared_by},
            )
        )
    chain = chain_for(session, document)
    _refuse_vacant(chain)
    kept = laying.kept_by_submit(document)
    rounds = [slot.signed.round for slot in kept if slot.signed is not None]
    statement = _statement(session, document, chain.steps[0], kept, max(rounds, default=0) + 1)
    (signed,) = session.sign([statement])
    laid = laying.in_order((*kept, signed, *laying.notices(chain, [signed])))
    files: dict[str, bytes | None] = {found.path: _with_slots(found.data, chain, laid)}
    for asset in document.assets:
        data = session.work_tree.read(asset.path)
        if data is not None and session.tree.read(asset.path) != data:
            files[asset.path] = data
    return session.write(files, f"Submit {number} {document.revision} for approval")


def _with_pictures(session: WorkSession, found: Working) -> Working:
    """The working text with the pictures that it shows listed in its head, with their digests."""
    shown = set(_PICTURE.findall(found.document.body))
    paths = sorted(shown | {asset.path for asset in found.document.assets})
    rows: list[str] = []
    for path in paths:
        data = session.work_tree.read(path)
        if data is None:
            raise Refused(Finding("ASSET-MISSING", Place(found.path), {"asset": path}))
        rows.append(f'{{path: {strict_yaml.scalar(path)}, sha256: "{sha256(data)}"}}')
    listed = {(asset.path, asset.sha256) for asset in found.document.assets}
    if {(p, sha256(session.work_tree.read(p) or b"")) for p in paths} == listed:
        return found
    parts = cut.cut_markdown(found.data)
    data = cut.join(replace(parts, head=set_key(parts.head, "assets", f"[{', '.join(rows)}]")))
    return Working(found.path, data, parse_document(data))


def _refuse_vacant(chain: Chain) -> None:
    for step in chain.steps:
        if step.vacant or len(step.seats) < step.need:
            roles = ", ".join(step.vacant) or "-"
            values = {"step": str(step.number), "act": step.act, "roles": roles}
            raise Refused(Finding("CHAIN-VACANT", Place(), values))


def _statement(  # noqa: PLR0913, PLR0917 - the facts of one statement
    session: WorkSession,
    document: Document,
    step: ChainStep,
    kept: Sequence[Slot],
    round_number: int,
    act: str | None = None,
) -> Statement:
    seat = step.seat(session.me.id)
    newest = session.register.newest(document.number)
    base = None if newest is None else newest.document
    name = act or step.act
    return Statement(
        act=name,
        step=str(step.number),
        role=None if seat is None else seat.role,
        subject=document.subject,
        content=document.content,
        base=None if base is None else Base(base.revision, base.content),
        round=round_number,
        after=laying.heads(kept, base),
        meaning=MEANINGS[name],
        not_before=[slot.at for slot in kept if slot.at is not None],
    )


def _with_slots(data: bytes, chain: Chain, laid: Sequence[Slot]) -> bytes:
    status = laying.echo(chain, laid)
    return cut.with_tail(data, slots.render_tail(slots.Tail(status, tuple(laid))))


def _my_task(session: WorkSession, found: Working, chain: Chain) -> laying.Task:
    """What I may do now; refused with who is waited for. The text must be as it is committed."""
    document = found.document
    committed = session.tree.entry(found.path)
    if committed is None or session.tree.blob(committed.id) != found.data:
        raise Refused(Finding("WORKTREE-DIFFERS", Place(found.path)))
    mine = laying.task(chain, document, session.me.id)
    if mine is None or document.round == 0 or document.rejected() is not None:
        raise laying.why_not(chain, document, session.me.id)
    return mine


def sign(session: WorkSession, number: str) -> Written:
    """Sign the open step of a document that is in review."""
    found = working(session, number)
    document = found.document
    chain = chain_for(session, document)
    mine = _my_task(session, found, chain)
    if mine.step is chain.last and mine.step.act == PUBLISH:
        raise refused("USE-RELEASE", number=number, revision=document.revision)
    statement = _statement(session, document, mine.step, document.slots, document.round)
    (signed,) = session.sign([statement])
    if mine.step is chain.last:
        return _file(session, found, chain, signed)
    kept = [slot for slot in document.slots if slot.signed is not None]
    current = [*document.signed(), signed]
    laid = laying.in_order((*kept, signed, *laying.notices(chain, current)))
    message = f"{mine.step.act.capitalize()} {number} {document.revision}"
    return session.write({found.path: _with_slots(found.data, chain, laid)}, message)


def reject(session: WorkSession, number: str, reason: str) -> Written:
    """Reject a document in review, with a reason: it ends the round."""
    if not reason.strip():
        raise refused(
            "REASON-MISSING", act=REJECT, person=session.me.id, step="-", role="-", at="-"
        )
    found = working(session, number)
    document = found.document
    chain = chain_for(session, document)
    mine = _my_task(session, found, chain)
    statement = _statement(session, document, mine.step, document.slots, document.round, act=REJECT)
    (signed,) = session.sign([replace(statement, reason=reason)])
    laid = laying.with_signed(document.slots, signed)
    message = f"Reject {number} {document.revision}"
    return session.write({found.path: _with_slots(found.data, chain, laid)}, message)


def release(session: WorkSession, number: str, effective: date) -> Written:
    """Publish (发布): sign the last step, fix the days, file the revision (DC-05, DC-38)."""
    found = working(session, number)
    document = found.document
    chain = chain_for(session, document)
    mine = _my_task(session, found, chain)
    if mine.step is not chain.last:
        raise laying.why_not(chain, document, "")
    if effective < session.today:
        raise refused(
            "EFFECTIVE-BEFORE-APPROVAL",
            number=number,
            revision=document.revision,
            published=session.today.isoformat(),
            effective=effective.isoformat(),
            signed=session.today.isoformat(),
        )
    statement = _statement(session, document, mine.step, document.slots, document.round)
    if mine.step.act == PUBLISH:
        days = {"published": session.today.isoformat(), "effective": effective.isoformat()}
        statement = replace(statement, data=days)
    (signed,) = session.sign([statement])
    return _file(session, found, chain, signed)


def _file(session: WorkSession, found: Working, chain: Chain, signed: Slot) -> Written:
    document = found.document
    kept = [slot for slot in document.slots if slot.signed is not None]
    data = _with_slots(found.data, chain, laying.in_order((*kept, signed)))
    filed = released_path(document.class_id, document.number, document.revision)
    files: dict[str, bytes | None] = {found.path: data, filed: data}
    for asset in document.assets:
        content = session.tree.read(asset.path)
        if content is None or sha256(content) != asset.sha256:
            code = "ASSET-MISSING" if content is None else "ASSET-CHANGED"
            raise Refused(Finding(code, Place(found.path), {"asset": asset.path}))
        files[asset_path(asset.sha256)] = content
    return session.write(files, f"Release {document.number} {document.revision}")


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits for me, and the command that does it."""

    document: Document
    what: str
    command: str


def todo(session: WorkSession) -> tuple[Todo, ...]:
    """What waits for me: steps of chains I may sign, my drafts, my rejected texts."""
    me = session.me.id
    found: list[Todo] = []
    tree = session.work_tree
    for path, entry in tree.files("documents"):
        document = read_document(tree, path, entry)
        if isinstance(document, Finding) or document.status == PUBLISHED:
            continue
        number = document.number
        if document.status == DRAFT:
            if document.prepared_by == me:
                what = "rejected" if document.rejected() is not None else "draft"
                found.append(Todo(document, what, f"qms submit {number}"))
            continue
        try:
            mine = laying.task(chain_for(session, document), document, me)
        except Refused:
            continue
        if mine is not None and mine.step.act != PREPARE:
            verb = "release" if mine.step.act == PUBLISH else "sign"
            found.append(Todo(document, mine.step.act, f"qms {verb} {number}"))
    return tuple(found)


def fix(session: WorkSession, numbers: frozenset[str]) -> tuple[str, ...]:
    """Set status words right that don't agree with the slots; the paths that were mended.

    Only the echo is touched, in the work tree; `numbers` empty means all documents.
    """
    mended: list[str] = []
    tree = session.work_tree
    for path, entry in list(tree.files("documents")):
        document = read_document(tree, path, entry)
        if isinstance(document, Finding) or document.status == PUBLISHED:
            continue
        if numbers and document.number not in numbers:
            continue
        try:
            status = laying.echo(chain_for(session, document), document.slots)
        except Refused:
            continue
        if status not in (document.status, PUBLISHED):
            data = slots.render_tail(slots.Tail(status, document.slots))
            write_work_file(session, path, cut.with_tail(tree.blob(entry.id), data))
            mended.append(path)
    return tuple(mended)
