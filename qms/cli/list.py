"""`qms list`: the list of controlled documents (受控文件清单)."""

from collections.abc import Callable
from typing import Final

import click

from qms.cli.context import Context, pass_context
from qms.cli.filed_shown import list_texts
from qms.cli.languages import both
from qms.cli.shown import listed_json, status_word
from qms.domain.kinds.policy import Policy
from qms.domain.library.called import CLASS, DEPARTMENT, ids_called, name_of
from qms.domain.library.controlled_list import Listed, listed
from qms.domain.library.status import Status
from qms.jobs.sessions.new_drafts import class_called, department_called
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import Text

_TITLES = (
    ("number", Text("编号", "Number")),
    ("title", Text("名称", "Title")),
    ("revision", Text("版本", "Revision")),
    ("status", Text("状态", "Status")),
    ("effective", Text("实施日期", "Effective")),
    ("owner", Text("归口部门", "Owner")),
    ("copies", Text("在外副本", "Copies out")),
)
_NO_DOCUMENTS: Final = Text(
    "尚无文件。新建：qms new 类别 --title 名称",
    "No documents yet. To begin one: qms new CLASS --title TITLE",
)
_NONE_LIKE_IT: Final = Text("没有符合条件的文件。", "No document is like that.")


@click.command("list", help=both(
    "受控文件清单：编号、名称、版本、状态、实施日期、归口部门、在外副本。",
    "The list of controlled documents: number, title, revision, status, effective day, owner, "
    "copies out.",
))  # fmt: skip
@click.option("--department", metavar="ID", help=both("只列此归口部门", "only of this owner"))
@click.option("--class", "class_id", metavar="ID", help=both("只列此类别", "only of this class"))
@click.option(
    "--status", "wanted", type=click.Choice([one.value for one in Status]),
    help=both("只列此状态", "only with this status"),
)  # fmt: skip
@click.option("--kind", metavar="KIND", help=both(
    "改列插件的一种文本", "the texts of a plugin's kind instead",
))  # fmt: skip
@pass_context
def list_(
    context: Context,
    department: str | None,
    class_id: str | None,
    wanted: str | None,
    kind: str | None,
) -> None:
    """Print one row per revision that people work by or are working on."""
    if kind is not None:
        list_texts(context, kind)
        return
    session = context.looking_session
    owners = _meant(session, DEPARTMENT, department, department_called)
    classes = _meant(session, CLASS, class_id, class_called)
    rows = [
        one
        for one in listed(session.library, Status(wanted) if wanted else None)
        if (owners is None or one.row.owner in owners)
        and (classes is None or one.row.class_id in classes)
    ]
    if context.output.as_json:
        left_out = session.library.unreadable
        documents = [listed_json(context, one) for one in rows]
        context.output.json({"documents": documents, "unreadable": list(left_out)})
        return
    titles = [(key, title.of(context.language)) for key, title in _TITLES]
    context.output.table(titles, [_row(session, one) for one in rows])
    if not rows:
        is_all = department is None and class_id is None and wanted is None
        context.output.line(context.text(_NO_DOCUMENTS if is_all else _NONE_LIKE_IT))


def _meant(
    session: WorkSession, kind: str, word: str | None, called: Callable[[Policy, str], str]
) -> tuple[str, ...] | None:
    """The ids that a filter asks for, whatever they were called; `called` refuses none at all."""
    if word is None:
        return None
    return ids_called(session.library, kind, word) or (called(session.policy, word),)


def _row(session: WorkSession, one: Listed) -> tuple[str, ...]:
    out, then = str(one.row.copies_out), session.library.policy_under(one.row.policy)
    if one.older_copies_out:
        older = Text("（旧版 {}）", " (+{} old)").of(session.language)
        out += older.format(one.older_copies_out)
    return (
        one.number,
        _title(session, one),
        one.row.revision,
        status_word(one, session.language),
        "-" if one.row.effective is None else one.row.effective.isoformat(),
        name_of(session.policy, DEPARTMENT, one.row.owner, then).of(session.language),
        out,
    )


def _title(session: WorkSession, one: Listed) -> str:
    return one.row.title_en or one.row.title if session.language == "en" else one.row.title
