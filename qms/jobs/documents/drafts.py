"""Working texts before they go round: begin one, open the next revision, mend its status.

They are written into the work tree and not committed: `submit` does that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from qms.domain.kinds.document import Document, parse_document
from qms.domain.kinds.legacy_paper import Legacy, spelled
from qms.domain.kinds.near import near
from qms.domain.kinds.policy import Policy, id_called
from qms.domain.kinds.reading import read_document
from qms.domain.library.numbers import known_numbers
from qms.domain.register.register import Register
from qms.findings import Finding, Place, Reason, Refused, refused
from qms.formats.head_edit import set_key, set_text
from qms.formats.paths import document_path
from qms.formats.slips import slip
from qms.formats.tree import Tree
from qms.jobs.sessions.refusals import refusal
from qms.jobs.sessions.work_session import WorkSession
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
        raise refusal(session, slip(found, session.work_tree.blob(entry.id)))
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
        raise refused("CLASS-UNKNOWN", **{"class": text, "known": near(names, text)})
    return found


def department_called(policy: Policy, text: str) -> str:
    """The department, in the same way; raises `Refused` DEPARTMENT-UNKNOWN."""
    names = {one.id: one.name for one in policy.departments.values()}
    found = id_called(names, text)
    if found is None:
        raise refused("DEPARTMENT-UNKNOWN", department=text, known=near(names, text))
    return found


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
    """Every number in use, of plugins' kinds too: here, and on the trunk as this clone knows it.

    Also of drafts that somebody shared and took away again: people may have noted it.
    """
    from qms.storage.past_names import taken_away  # noqa: PLC0415 - only a new one needs it

    found = set(session.library.numbers)
    trunk = other_trunk(session)
    tips = [one for one in (session.repository.head(), trunk) if one is not None]
    kinds = [one for one in session.hooks.kinds.brought if one.gives_numbers]
    folders = dict.fromkeys(("documents", *(one.form.folder for one in kinds)))
    gone = taken_away(session.repository, tips, *folders) if tips else frozenset[str]()
    found |= {number for path in gone if (number := session.hooks.kinds.at(path).number)}
    found |= _numbers_of_kinds(session, session.register, session.work_tree)
    if trunk is not None:
        there, register = session.repository.tree(trunk), session.checker.register_at(trunk)
        found |= known_numbers(register, there).keys()
        found |= _numbers_of_kinds(session, register, there)
    return frozenset(found)


def _numbers_of_kinds(session: WorkSession, register: Register, tree: Tree) -> set[str]:
    """The numbers that plugins' kinds have given, filed or not."""
    found: set[str] = set()
    for kind in session.hooks.kinds.brought:
        if kind.gives_numbers:
            found.update(entry.key[1] for entry in register.every(kind.name))
            paths = (path for path, _ in tree.files(kind.form.folder))
            found.update(session.hooks.kinds.at(path).number for path in paths)
    return found - {""}


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


def refuse_contested(session: WorkSession, number: str) -> None:
    """Refuse to go on from a line that nothing has decided. Raises CONTESTED, REVISION-FORK."""
    if session.effects.line(number).is_contested:
        for finding in session.effects.findings(number):
            if finding.reason is Reason.UNDECIDED:
                raise Refused(finding)
