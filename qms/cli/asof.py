"""`qms asof`: what people had to work by on a day."""

from collections.abc import Sequence
from datetime import date, timedelta

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.cli.typed_day import Day
from qms.domain.kinds.days import on
from qms.domain.library.called import DEPARTMENT, name_of, policy_on
from qms.domain.library.cards import CardRow
from qms.texts import Text

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
    session = context.looking_session if number is None else context.session_on(number)
    wanted = on(session.today, day)
    chosen = session.library.number_meant(number) if number is not None else None
    found = tuple(session.library.as_of(wanted, chosen))
    attested = tuple(session.library.attested_on(wanted, chosen))
    rows = [_row(number, row) for number, row in found]
    papers = [_on_paper(*one) for one in attested]
    if context.output.as_json:
        day_of = wanted.isoformat()
        context.output.json({"day": day_of, "documents": rows, "attested": papers})
        return
    if rows or not papers:
        nothing = Text(f"{wanted} 没有有效的文件", f"nothing was in force on {wanted}")
        _print(context, wanted, list(zip(rows, _policies(found), strict=True)), nothing)
    if papers:
        text = Text(
            "代录（依据纸质文件，本系统不能证明）：", "Attested (on paper; not proved here):"
        )
        context.output.line(context.text(text))
        told = list(zip(papers, _policies(attested), strict=True))
        _print(context, wanted, told, Text("", ""))


def _row(number: str, row: CardRow) -> dict[str, str]:
    return {
        "number": number,
        "title": row.title,
        "revision": row.revision,
        "published": str(row.published),
        "effective": str(row.effective),
        "owner": row.owner,
        "path": row.lies_at,
    }


def _on_paper(number: str, row: CardRow) -> dict[str, str]:
    """As `_row`, with the days of the time before the system, and who approved it then."""
    paper = row.legacy
    if paper is None:
        raise TypeError("only a legacy revision has a paper")
    days = {"published": str(paper.published), "effective": str(paper.effective)}
    return _row(number, row) | days | {"approved": str(paper.approved), "by": paper.by}


def _policies(found: Sequence[tuple[str, CardRow]]) -> list[str]:
    """The policies that the revisions were signed under: they know owners that are gone since."""
    return [row.policy for _, row in found]


def _print(
    context: Context, day: date, rows: Sequence[tuple[dict[str, str], str]], nothing: Text
) -> None:
    """The rows, each owner as it was called on that day."""
    if not rows:
        context.output.line(context.text(nothing))
        return
    library, language = context.session.library, context.language
    of_day = policy_on(library, day)
    named = [
        row
        | {
            "owner": name_of(of_day, DEPARTMENT, row["owner"], library.policy_under(policy)).of(
                language
            )
        }
        for row, policy in rows
    ]
    titles = [(key, title.of(context.language)) for key, title in _TITLES]
    context.output.table(titles, [tuple(row[key] for key, _ in _TITLES) for row in named])
