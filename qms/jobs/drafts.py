"""Working texts before they go round: begin one, open the next revision, mend its status.

They are written into the work tree and not committed: `submit` does that.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from qms.domain.kinds.document import PUBLISHED, Document, parse_document
from qms.domain.kinds.kind import WORKING
from qms.domain.kinds.legacy_paper import Legacy, spelled
from qms.domain.kinds.policy import Policy, id_called
from qms.domain.kinds.reading import read_document
from qms.domain.kinds.working_texts import working_texts
from qms.domain.library.numbers import known_numbers
from qms.domain.register import next_slots as laying
from qms.findings import Finding, Place, Reason, Refused, refused
from qms.formats import cut, slots
from qms.formats.head_edit import drop_key, set_key, set_text
from qms.formats.paths import POLICY_FILES, document_path
from qms.formats.tree import FILE
from qms.jobs.refusals import refusal
from qms.jobs.work_session import WorkSession
from qms.texts import Text

_SUMMARIES: Final = {
    False: Text("首次发布", "First issue"),
    True: Text("代录体系建立前批准的版本", "Approved before this system, attested"),
}
"""What the amendment record says of a first revision, and of one that is legacy."""


@dataclass(frozen=True, slots=True)
class Working:
    """A working text as it lies in the work tree: what is edited, signed and filed."""

    path: str
    data: bytes
    document: Document


def working(session: WorkSession, number: str) -> Working:
    """The working text of a number; raises `Refused` NUMBER-UNKNOWN or what is wrong with it."""
    path = place_of(session, number)
    entry = session.work_tree.entry(path)
    if entry is None:
        raise refused("NUMBER-UNKNOWN", found=number, close="-")
    found = read_document(session.work_tree, path, entry)
    if isinstance(found, Finding):
        raise refusal(session, found)
    return Working(path, session.work_tree.blob(entry.id), found)


def place_of(session: WorkSession, number: str) -> str:
    """Where the working text of a number lies; raises `Refused` NUMBER-UNKNOWN."""
    class_id = session.library.numbers.get(number)
    if class_id is None:
        raise refused("NUMBER-UNKNOWN", found=number, close="-")
    return document_path(class_id, number)


def read_again(session: WorkSession, path: str, data: bytes) -> Working:
    """The working text at `path` as `data`, which is not written yet; raises as `working`."""
    try:
        return Working(path, data, parse_document(data))
    except Refused as error:
        raise refusal(session, error.finding.at(path=path)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """What somebody asks for; `given` are parts of the number that the pattern needs.

    `legacy` is what a paper says of a document that begins with another `revision` than the first.
    """

    class_id: str
    title: str
    title_en: str | None = None
    number: str | None = None
    owner: str | None = None
    revision: str | None = None
    legacy: Legacy | None = None
    given: Mapping[str, str] = field(default_factory=dict[str, str])


def class_called(policy: Policy, text: str) -> str:
    """The class that somebody typed, by id or name; raises `Refused` CLASS-UNKNOWN."""
    names = {one.id: one.name for one in policy.classes.values()}
    found = id_called(names, text)
    if found is None:
        raise refused("CLASS-UNKNOWN", **{"class": text, "known": _listed(names)})
    return found


def department_called(policy: Policy, text: str) -> str:
    """The department, in the same way; raises `Refused` DEPARTMENT-UNKNOWN."""
    names = {one.id: one.name for one in policy.departments.values()}
    found = id_called(names, text)
    if found is None:
        raise refused("DEPARTMENT-UNKNOWN", department=text, known=_listed(names))
    return found


def _listed(names: Mapping[str, Text]) -> str:
    return ", ".join(f"{one} ({name.of(name.home)})" for one, name in names.items())


def new(session: WorkSession, asked: NewDocument) -> Working:
    """A new draft with the next free number of its class, in the work tree (DC-02).

    Two that begin one at once get two numbers.
    """
    with session.writing():
        return _begun(session, asked)


def _begun(session: WorkSession, asked: NewDocument) -> Working:
    number, policy, me = asked.number, session.policy, session.me
    class_id, owner = class_called(policy, asked.class_id), me.department
    if asked.owner:
        owner = department_called(policy, asked.owner)
    numbering = session.numbering(class_id)
    if number is None:
        number = numbering.next_free(
            taken_numbers(session), date_parts(session.today) | dict(asked.given)
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
        ("revision", asked.revision or session.version_scheme(class_id).first),
    ):
        if text is not None:
            head = set_text(head, key, text)
    head = set_key(head, "controlled", "true")
    head = set_text(head, "owner", owner)
    head = set_text(head, "prepared_by", me.id)
    language = policy.organisation.language  # the document's, whatever its editor's terminal speaks
    head = set_text(head, "summary", _SUMMARIES[asked.legacy is not None].of(language))
    if asked.legacy is not None:
        head = set_key(head, "legacy", spelled(asked.legacy))
    body = _first_body(asked.title, language)
    data = b"---\n" + head + b"status: draft\napprovals: []\n---\n" + body
    path = document_path(class_id, number)
    if session.work_tree.entry(path) is not None:
        raise Refused(Finding("NUMBER-TAKEN", Place(path), {"number": number, "other": path}))
    write_draft(session, path, data)
    return Working(path, data, parse_document(data))


def taken_numbers(session: WorkSession) -> frozenset[str]:
    """Every number in use: here, and on the trunk as far as this clone knows it."""
    found = set(session.library.numbers)
    trunk = other_trunk(session)
    if trunk is not None:
        there = session.repository.tree(trunk)
        found |= known_numbers(session.checker.register_at(trunk), there).keys()
    return frozenset(found)


def other_trunk(session: WorkSession) -> str | None:
    """The trunk's newest commit that this clone knows, where that is not HEAD."""
    try:
        trunk = session.repository.trunk(session.trunk)
    except Refused:
        return None
    return None if trunk == session.head else trunk


def date_parts(day: date) -> dict[str, str]:
    """What a day gives to the parts of a number."""
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


def write_draft(session: WorkSession, path: str, data: bytes) -> None:
    """Write a file of the work tree that is not committed yet, inside of `session.writing`."""
    from qms.storage.workfolder import write_work_file  # noqa: PLC0415 - only drafts are so

    root = session.repository.root
    if root is None:
        raise refused("NO-WORK-TREE")
    if not session.dry_run:
        write_work_file(root, path, data, session.repository.git_dir)
    session.forget_texts()


def revise(
    session: WorkSession, number: str, *, summary: str, version: bool = False, change: str | None
) -> Working:
    """A new revision of a released document as a draft in the work tree (DC-03).

    A change (修改) raises the count; `version` opens a new edition (换版).
    """
    with session.writing():
        return _opened(session, number, summary=summary, version=version, change=change)


def _opened(
    session: WorkSession, number: str, *, summary: str, version: bool, change: str | None
) -> Working:
    refuse_contested(session, number)
    newest = session.effects.newest(number)
    if newest is None:
        raise refused("NOT-RELEASED", number=number)
    path = document_path(newest.document.class_id, number)
    entry = session.work_tree.entry(path)
    released = session.register.released(number)
    if entry is not None and all(entry.id != one.blob for one in released):
        raise Refused(Finding("REVISION-OPEN", Place(path), {"number": number}))
    scheme = session.version_scheme(newest.document.class_id)
    old = newest.document.revision
    revision = scheme.next_version(old) if version else scheme.next_count(old)
    standing = session.effects.effective(number)
    source = standing[-1] if standing else newest  # nobody goes on from what has no effect
    data = session.repository.objects.blob(source.blob)
    parts = cut.cut_markdown(data)
    head = set_text(parts.head, "revision", revision)
    head = set_text(head, "prepared_by", session.me.id)
    head = set_text(head, "summary", summary)
    head = drop_key(head, "change") if change is None else set_text(head, "change", change)
    head = drop_key(head, "legacy")  # what it says is of the revision that was brought in
    fresh = replace(parts, head=head, tail=b"status: draft\napprovals: []\n")
    written = cut.join(fresh)
    write_draft(session, path, written)
    return Working(path, written, parse_document(written))


def refuse_contested(session: WorkSession, number: str) -> None:
    """Refuse to go on from a line that nothing has decided. Raises CONTESTED, REVISION-FORK."""
    if session.effects.line(number).is_contested:
        for finding in session.effects.findings(number):
            if finding.reason is Reason.UNDECIDED:
                raise Refused(finding)


def fix(session: WorkSession, numbers: frozenset[str]) -> tuple[str, ...]:
    """Set status words right that don't agree with the slots; the paths that were mended.

    Only the echo is touched, and line ends, marks and soft hyphens that an editor put where nobody
    signed, in the work tree; `numbers` empty means all documents, and the policy's files at the
    root.
    """
    with session.writing():
        spelled = tuple(_spelled(session, numbers))
        return (*spelled, *(one for one in _mended(session, numbers) if one not in spelled))


def _spelled(session: WorkSession, numbers: frozenset[str]) -> Iterator[str]:
    """Files whose bytes differ from what they may be only by what an editor or a paste left.

    Nothing that anybody signed is touched, unless it is what they signed again by this.
    """
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
            plain = next(_plainer(data, is_root=path in roots), data)
            if plain != data:
                write_draft(session, path, plain)
                yield path


def _plainer(data: bytes, *, is_root: bool) -> Iterator[bytes]:
    """What a file may be instead, the plainest first."""
    plain = cut.in_unix_lines(data)
    if is_root:
        yield plain
        return
    for one in (cut.without_padding(plain), plain):
        with suppress(Refused):
            if _may_spell(one):
                yield one


def _may_spell(data: bytes) -> bool:
    document = parse_document(data)
    last = [one.content for one in document.signed()]
    return not last or last[-1] == document.content


def _mended(session: WorkSession, numbers: frozenset[str]) -> Iterator[str]:
    tree = session.work_tree
    for one in tuple(working_texts(tree)):
        document = one.read()
        if isinstance(document, Finding) or document.status == PUBLISHED:
            continue
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
