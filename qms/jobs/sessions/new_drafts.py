"""Drafts that are begun: the number taken, the path and the head right, and nothing written over.

`qms new`, `qms legacy` and every plugin that writes working text begin it here (`Session.draft`).
It lies in the work tree and is not committed: `submit` does that.
"""

import re
from collections.abc import Container, Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from qms.domain.kinds.document import Document, parse_document
from qms.domain.kinds.legacy_paper import spelled
from qms.domain.kinds.near import near
from qms.domain.kinds.numbering import Numbering
from qms.domain.kinds.policy import Policy, id_called
from qms.domain.library.numbers import known_numbers
from qms.domain.register.gone_classes import gone_class
from qms.domain.register.register import Register
from qms.findings import Finding, Place, Refused, refused
from qms.formats.head_edit import set_key, set_text
from qms.formats.paths import document_path
from qms.formats.strict_yaml import Value, scalar
from qms.formats.tree import Tree
from qms.jobs.sessions.given_words import refuse_unsaid
from qms.jobs.sessions.refusals import refusal
from qms.session import Drafted, NewDraft
from qms.texts import Text

if TYPE_CHECKING:
    from qms.jobs.sessions.work_session import WorkSession

_SUMMARIES: Final = {
    False: Text("首次发布", "First issue"),
    True: Text("代录体系建立前批准的版本", "Approved before this system, attested"),
}
"""What the amendment record says of a first revision, and of one that is legacy."""

_MARK: Final = re.compile(
    r"[*`<\[~^]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,40};)|(?<=\s)#(?=#*\s*$)|\\(?=[!-/:-@\[-`{-~])"
)
"""What of a title Markdown may take for a mark: 长*宽*高, A & B <C>."""

_OURS: Final = frozenset((
    "approvals", "assets", "class", "legacy", "number", "owner", "prepared_by", "revision",
    "status", "title", "title_en",
))  # fmt: skip
"""The keys of a head that a draft gets from what else is asked for, or from who begins it."""


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


def begun(session: "WorkSession", asked: NewDraft) -> Drafted:
    """A new draft in the work tree: see `Session.draft`.

    Two that begin one at once get two numbers. Raises `Refused` WORDS-MISSING besides.
    """
    refuse_unsaid("--title", asked.title)
    if asked.legacy is not None:
        refuse_unsaid("--by", asked.legacy.by)
    with session.writing():
        return _begun(session, asked)


def _begun(session: "WorkSession", asked: NewDraft) -> Drafted:
    policy = session.policy
    owner = session.me.department
    try:
        class_id = class_called(policy, asked.class_id)
    except Refused as error:
        raise gone_class(session.register, policy, error) from None
    if asked.owner:
        owner = department_called(policy, asked.owner)
    numbering = session.numbering(class_id)
    number = _number(session, numbering, asked)
    path = document_path(class_id, number)
    revision = asked.revision or session.version_scheme(class_id).first
    head = b""
    for key, text in (
        ("number", number),
        ("title", asked.title),
        ("title_en", asked.title_en),
        ("class", class_id),
        ("revision", revision),
    ):
        if text is not None:
            head = set_text(head, key, text)
    head = set_key(head, "controlled", "true")
    head = set_text(head, "owner", owner)
    head = set_text(head, "prepared_by", session.me.id)
    language = policy.organisation.language  # the document's, whatever its editor's terminal speaks
    head = set_text(head, "summary", _SUMMARIES[asked.legacy is not None].of(language))
    begun = {
        one.field.name: one.begin
        for one in session.hooks.head_fields(policy, class_id) if one.begin
    }  # fmt: skip
    for key, text in (begun | dict(_asked(asked, path))).items():
        head = set_key(head, key, text)
    if asked.legacy is not None:
        head = set_key(head, "legacy", spelled(asked.legacy))
    body = _lines(asked.body) if asked.body else _first_body(asked.title, language)
    data = b"---\n" + head + b"status: draft\napprovals: []\n---\n" + body
    if session.work_tree.entry(path) is not None:
        raise Refused(Finding("NUMBER-TAKEN", Place(path), {"number": number, "other": path}))
    try:
        _refuse_others(session, parse_document(data), asked.head)
    except Refused as error:
        raise refusal(session, error.finding.at(path=path)) from None
    write_draft(session, path, data)
    return Drafted(number, revision, path)


def _asked(asked: NewDraft, path: str) -> Iterator[tuple[str, str]]:
    """The keys of the head that somebody gives, as they are written. Raises `Refused` DRAFT-KEY."""
    for key, value in asked.head.items():
        if key in _OURS:
            raise refused("DRAFT-KEY", Place(path, field=key), key=key, path=path)
        yield key, _written(value)


def _refuse_others(session: "WorkSession", document: Document, given: Container[str]) -> None:
    """Raises `Refused` for what was `given` under a key that no plugin knows, or takes otherwise.

    What a plugin wants besides, its author is told by `check`.
    """
    for fault in session.hooks.head_faults(session.policy, document):
        if fault.place.field.partition(".")[0] in given:
            raise Refused(fault)


def _number(session: "WorkSession", numbering: Numbering, asked: NewDraft) -> str:
    """The number that is asked for, if nobody has it; else the next free one."""
    if asked.number is None:
        given = date_parts(session.today) | dict(asked.given)
        number = numbering.next_free(taken_numbers(session), given)
    else:
        number = numbering.canonical(asked.number)
    fault = numbering.fault(number)
    if fault is not None:
        raise Refused(fault)
    twin = numbering.twin_key(number)
    other = next((one for one in _in_use(session) if numbering.twin_key(one) == twin), None)
    if other is not None:
        raise refused("NUMBER-TAKEN", number=number, other=other)
    return number


def _written(value: Value) -> str:
    """A value of a head in one line."""
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    rows = (f"{scalar(key)}: {_written(one)}" for key, one in value.items())
    return f"{{{', '.join(rows)}}}"


def _lines(body: str) -> bytes:
    """Text as files hold it: lines that end as ours do, the last one too."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    return (text if text.endswith("\n") else f"{text}\n").encode()


def taken_numbers(session: "WorkSession") -> frozenset[str]:
    """Every number that somebody has or had, of plugins' kinds too: here, and on the known trunk.

    Also of drafts that somebody shared and took away again: people may have noted it.
    """
    from qms.storage.past_names import taken_away  # noqa: PLC0415 - only a new one needs it

    tips = [one for one in (session.repository.head(), other_trunk(session)) if one is not None]
    kinds = session.hooks.kinds
    ours = (one.form.folder for one in kinds.brought if one.gives_numbers)
    folders = dict.fromkeys(("documents", *ours))
    gone = taken_away(session.repository, tips, *folders) if tips else frozenset[str]()
    return _in_use(session) | {number for path in gone if (number := kinds.at(path).number)}


def _in_use(session: "WorkSession") -> frozenset[str]:
    trunk = other_trunk(session)
    found = set(session.library.numbers)
    found |= _of_kinds(session, session.register, session.work_tree)
    if trunk is not None:
        there, register = session.repository.tree(trunk), session.checker.register_at(trunk)
        found |= known_numbers(register, there).keys() | _of_kinds(session, register, there)
    return frozenset(found)


def _of_kinds(session: "WorkSession", register: Register, tree: Tree) -> set[str]:
    """The numbers that plugins' kinds have given, of what is filed and of what goes round."""
    found: set[str] = set()
    for kind in session.hooks.kinds.brought:
        if kind.gives_numbers:
            found.update(entry.key[1] for entry in register.every(kind.name))
            paths = (path for path, _ in tree.files(kind.form.folder))
            found.update(session.hooks.kinds.at(path).number for path in paths)
    return found - {""}


def other_trunk(session: "WorkSession") -> str | None:
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
    parts = [f"# {_MARK.sub(_as_letter, title)}\n"]
    parts += [f"\n## {number} {name}\n\n{none}\n" for number, name in enumerate(sections, 1)]
    return "".join(parts).encode()


def _as_letter(mark: re.Match[str]) -> str:
    return f"\\{mark[0]}"


def write_draft(session: "WorkSession", path: str, data: bytes) -> None:
    """Write a file of the work tree that is not committed yet, inside of `session.writing`."""
    from qms.storage.workfolder import write_work_file  # noqa: PLC0415 - only drafts are so

    root = session.repository.root
    if root is None:
        raise refused("NO-WORK-TREE")
    if not session.dry_run:
        write_work_file(root, path, data, session.repository.git_dir)
    session.forget_texts()
