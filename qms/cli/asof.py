"""`qms asof`: what people had to work by on a day."""

from datetime import date, timedelta

import click

from qms.cli.context import Context, pass_context
from qms.cli.days import Day
from qms.cli.languages import Text, both
from qms.cli.reading import department_name
from qms.domain.days import on
from qms.jobs.browse import as_of

_TITLES = (
    ("number", Text("编号", "Number")),
    ("title", Text("名称", "Title")),
    ("revision", Text("版本", "Revision")),
    ("published", Text("发布日期", "Published")),
    ("effective", Text("实施日期", "Effective")),
    ("owner", Text("归口部门", "Owner")),
    ("path", Text("文件", "File")),
)


@click.command(help=both(
    "某日有效的文件：全部，或一份（DAY 如 2026-12-01，或 today）。",
    "What was in force on a day: all documents, or one (DAY like 2026-12-01, or `today`).",
))  # fmt: skip
@click.argument("day", type=Day())
@click.argument("number", required=False)
@pass_context
def asof(context: Context, day: date | timedelta, number: str | None) -> None:
    """Print the revisions in force on a day, from signed days alone."""
    session = context.session
    wanted = on(session.today, day)
    found = as_of(session, wanted, session.find_number(number) if number is not None else None)
    rows = [
        {
            "number": entry.document.number,
            "title": entry.document.title,
            "revision": entry.document.revision,
            "published": entry.published.isoformat(),
            "effective": entry.effective.isoformat(),
            "owner": entry.document.owner,
            "path": entry.path,
        }
        for entry in found
    ]
    if context.output.as_json:
        context.output.json({"day": wanted.isoformat(), "documents": rows})
        return
    if not rows:
        text = Text(f"{wanted} 没有有效的文件", f"nothing was in force on {wanted}")
        context.output.line(context.text(text))
        return
    for row in rows:
        row["owner"] = department_name(session, row["owner"])
    titles = [(key, title.of(context.language)) for key, title in _TITLES]
    context.output.table(titles, [tuple(row[key] for key, _ in _TITLES) for row in rows])
