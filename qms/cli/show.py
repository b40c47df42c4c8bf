"""`qms show`: one document as it stands: facts, status, who waits, signatures."""

import json
from collections.abc import Iterator
from datetime import date

import click

from qms.cli.context import Context, pass_context
from qms.cli.filed_shown import show_texts
from qms.cli.languages import both
from qms.cli.shown import (
    class_name,
    department_name,
    listed_json,
    paper_facts,
    person_name,
    policy_of,
    status_word,
)
from qms.cli.shown_slots import SIGNATURES, slot_json, slot_row
from qms.cli.words import act_word
from qms.domain.kinds.document import Document
from qms.domain.kinds.policy import DocumentClass
from qms.domain.library.controlled_list import Listed, listed_now, listed_revision
from qms.domain.library.filed_texts import text_meant
from qms.domain.library.status import Status
from qms.domain.library.terms import keep_until, review_by
from qms.formats.slots import Statement
from qms.jobs.paper.particulars import particulars
from qms.printing import PrintedField, PrintedLine
from qms.texts import Text


@click.command(help=both(
    "一份文件：基本信息、状态、等待谁、签名。不写版本时显示现行版本和未完成的版本。",
    "One document: facts, status, who waits, signatures. Without REVISION the one in force and "
    "those to come.",
))  # fmt: skip
@click.argument("number")
@click.argument("revision", required=False)
@pass_context
def show(context: Context, number: str, revision: str | None) -> None:
    """Print what is known of a document's revisions."""
    session = context.session_on(number)
    library = session.library
    meant = text_meant(library, number)
    if meant is not None:
        show_texts(context, meant, revision)
        return
    number = library.number_meant(number)
    found = (
        tuple(listed_now(library, number))
        if revision is None
        else (listed_revision(library, number, revision),)
    )
    if context.output.as_json:
        context.output.json({"revisions": [_json(context, *one) for one in found]})
        return
    for at, one in enumerate(found):
        if at:
            context.output.line()
        _print(context, *one)


def _facts(context: Context, one: Listed, document: Document) -> list[tuple[Text, str]]:
    session, language = context.session, context.language
    named = policy_of(session, document)
    preparer = named.printed_name(document.prepared_by, language)
    called = class_name(named, language, document.class_id)
    known = session.policy.classes.get(document.class_id)
    if known is not None:
        called += Text("（{} 级）", " (level {})").of(language).format(known.level)
    facts = [
        (Text("类别", "Class"), called),
        (Text("归口部门", "Owner"), department_name(named, language, document.owner)),
        *_custodian(context, known),
        (Text("编制人", "Prepared by"), preparer),
        (Text("状态", "Status"), status_word(one, context.language)),
    ]
    if one.row.path is not None:
        facts += [
            (Text("发布日期", "Published"), str(one.row.published)),
            (Text("实施日期", "Effective"), str(one.row.effective)),
            (Text("在外副本", "Copies out"), str(one.row.copies_out)),
        ]
    facts += [(name, str(day)) for name, day in _terms(context, one) if day is not None]
    facts += paper_facts(document.legacy, context.language)
    extra = (
        (Text("修改内容", "Changes"), document.summary),
        (Text("更改单", "Change"), document.change),
        (Text("条款", "Clauses"), ", ".join(document.clauses)),
        (Text("相关文件", "Related"), ", ".join(document.related)),
    )
    facts += [(name, value) for name, value in extra if value]
    facts += [(_called(one), _said(one)) for one in particulars(session.hooks, named, document)]
    facts.append((Text("文件", "File"), one.row.lies_at))
    facts += [(Text("等待", "Waits for"), text) for text in _waiting(context, document)]
    return facts


def _called(one: PrintedField) -> Text:
    """A key of a plugin by its name, and as it is spelled: that was signed."""
    if not one.name.by_tag:
        return Text(one.key)
    return Text(f"{one.name.of('zh')}（{one.key}）", f"{one.name.of('en')} ({one.key})")


def _said(one: PrintedField) -> str:
    """All that it says in one line; in quotes what could be taken for more than one text."""
    texts: list[PrintedLine] = []
    for line in one.lines:
        if texts and not line.way:
            line = PrintedLine(texts[-1].way, f"{texts.pop().text}\n{line.text}")  # noqa: PLW2901
        texts.append(line)
    return "; ".join(f"{way}: {_quoted(text)}" if way else _quoted(text) for way, text in texts)


def _quoted(text: str) -> str:
    is_odd = any(sign in text for sign in ("\n", "; ", ": ", '"', "  "))
    return json.dumps(text, ensure_ascii=False) if is_odd else text


def _custodian(context: Context, known: DocumentClass | None) -> Iterator[tuple[Text, str]]:
    """Who keeps the papers of its class, as it says today: a department, role or person."""
    policy = context.session.policy
    if known is not None and known.custodian is not None:
        rows = (policy.departments, policy.roles, policy.persons)
        names = (ids[known.custodian].name for ids in rows if known.custodian in ids)
        found = next(names, Text(known.custodian)).of(context.language)
        yield Text("文件保管", "Papers kept by"), found


def _terms(context: Context, one: Listed) -> tuple[tuple[Text, date | None], ...]:
    """When it is to be reviewed, or how long to be kept, as its class says today."""
    library = context.session.library
    found = library.policy.classes.get(one.row.class_id)
    entry = library.named(one.number, one.row.revision) if one.row.path is not None else None
    over = entry is not None and one.status is Status.SUPERSEDED
    until = keep_until(found, entry, library.effective(one.number)) if entry and over else None
    due = review_by(found, one.row.effective) if one.status is Status.IN_FORCE else None
    return (Text("复审期限", "Review by"), due), (Text("保存至", "Keep until"), until)


def _waiting(context: Context, document: Document) -> list[str]:
    session, language = context.session, context.language
    between = Text("、", ", ").of(language)
    nobody = Text("无人可签，见 qms check", "nobody can, see qms check").of(language)
    return [
        (between.join(person_name(session, person) for person in persons) or nobody)
        + Text("（{}）", " ({})").of(language).format(act_word(session.hooks, step.act, language))
        for step, persons in session.library.waiting(document)
    ]


def _refusals(context: Context, one: Listed) -> tuple[Statement, ...]:
    """The rejections that keep a released revision from effect: it lacks them."""
    library = context.session.library
    entry = library.named(one.number, one.row.revision) if one.row.path is not None else None
    if entry is None:
        return ()
    return tuple(one.slot for one in library.effects.standing.binding_rejects(entry))


def _print(context: Context, one: Listed, document: Document) -> None:
    out = context.output
    out.line(f"{document.number}  {document.revision}  {document.title}", "bold")
    if document.title_en:
        out.line(document.title_en)
    for name, value in _facts(context, one, document):
        out.line(f"  {name.of(context.language)}{Text('：', ': ').of(context.language)}{value}")
    slots = (*document.slots, *_refusals(context, one))
    rows = [slot_row(context, slot) for slot in slots]
    if rows:
        out.line()
        out.table([(key, title.of(context.language)) for key, title in SIGNATURES], rows)


def _json(context: Context, one: Listed, document: Document) -> dict[str, object]:
    (_, due), (_, until) = _terms(context, one)
    told: dict[str, object] = {
        "review_by": None if due is None else due.isoformat(),
        "keep_until": None if until is None else until.isoformat(),
        "path": one.row.lies_at,
        "prepared_by": document.prepared_by,
        "summary": document.summary,
        "change": document.change,
        "clauses": list(document.clauses),
        "related": list(document.related),
        "extra": dict(document.extra),
        "content": document.content,
        "waiting": [
            {"step": str(step.number), "act": step.act, "persons": list(persons)}
            for step, persons in context.session.library.waiting(document)
        ],
        "slots": [slot_json(context, slot) for slot in document.slots],
        "rejections": [slot_json(context, slot) for slot in _refusals(context, one)],
    }
    return listed_json(context, one) | told
