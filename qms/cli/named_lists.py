"""`qms lists`: the lists that people and auditors ask for by name, on screen or as files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.findings import Finding, QmsError, refused
from qms.jobs.paper.asked_lists import offered, page_of, table_of
from qms.jobs.sessions.work_session import WorkSession
from qms.lists.table import Table
from qms.storage.files import write_file
from qms.texts import Text

_NAMES: Final = (
    ("name", Text("名称", "Name")),
    ("title", Text("清单", "List")),
    ("help", Text("内容", "What it lists")),
)
_Made = Callable[[WorkSession, Table, str], bytes]


@click.command("lists", help=both(
    "按名称列清单：屏幕表格，或写成 CSV、XLSX、HTML、JSON、PDF 文件（按 -o 的后缀）。",
    "Lists by name: as a table, or as a CSV, XLSX, HTML, JSON or PDF file, by the ending of -o. "
    "Without a name: which lists there are.",
))  # fmt: skip
@click.argument("name", required=False)
@click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help=both("写入此文件", "write it into this file"),
)  # fmt: skip
@click.option(
    "--only", "conditions", multiple=True, metavar="KEY=WORD",
    help=both("只列某列为某值的行，可多次", "only rows with this in a column; several times: all"),
)  # fmt: skip
@click.option("--sort", "key", metavar="KEY", help=both("按某列排序", "in the order of a column"))
@pass_context
def lists(
    context: Context,
    name: str | None,
    out: Path | None,
    conditions: tuple[str, ...],
    key: str | None,
) -> None:
    """Print or write one list, or the names of all."""
    session = context.looking_session
    if name is None:
        _names(context, session)
        return
    table = table_of(session, name, conditions, key)
    for path in table.unread:
        context.output.error(
            Text(f"无法读取，未列入：{path}", f"could not be read, and isn't listed: {path}").of(
                context.language
            )
        )
    if out is not None:
        _write(context, session, table, out)
    elif context.output.as_json:
        context.output.json(as_json(table))
    else:
        _print(context, table)


def _names(context: Context, session: WorkSession) -> None:
    language = context.language
    found = offered(session)
    rows = [(one.name, one.title.of(language), one.help.of(language)) for one in found]
    if context.output.as_json:
        columns = {one.name: [column.key for column in one.columns] for one in found}
        context.output.json({"lists": columns})
        return
    context.output.table([(key, title.of(language)) for key, title in _NAMES], rows)


def as_json(table: Table) -> dict[str, object]:
    """A list as JSON values: of one shape for all lists, the same in every language."""
    return {
        "list": table.listing.name,
        "day": table.day.isoformat(),
        "commit": table.commit,
        "uncommitted": table.uncommitted,
        "only": list(table.kept),
        "columns": [column.key for column in table.columns],
        "rows": table.values(),
        "unreadable": list(table.unread),
    }


def _print(context: Context, table: Table) -> None:
    language = context.language
    titles = [(one.key, one.title.of(language)) for one in table.columns]
    context.output.table(titles, list(table.words(language)))
    if not table.rows:
        context.output.line(Text("没有符合条件的条目", "nothing to list").of(language))


def _write(context: Context, session: WorkSession, table: Table, out: Path) -> None:
    make = _MAKERS.get(out.suffix.lower())
    if make is None:
        raise refused("LIST-ENDING", found=out.name, known=" ".join(_MAKERS))
    place = (context.folder / out).resolve()
    root = session.repository.root
    if root is not None and place.is_relative_to(root.resolve()):
        inside = place.relative_to(root.resolve()).as_posix()
        if session.tree.entry(inside) is not None:
            raise QmsError(Finding("LIST-PLACE", values={"path": inside}))
    write_file(place, make(session, table, context.language))
    count = len(table.rows)
    rows = "row" if count == 1 else "rows"
    said = Text(f"已写入 {out}：{count} 行", f"Wrote {out}: {count} {rows}")
    context.output.line(said.of(context.language))


def _csv(_: WorkSession, table: Table, language: str) -> bytes:
    """Raises `Refused` LIST-UNREAD for a list that isn't whole: nothing in a CSV could say so."""
    if table.unread:
        raise refused("LIST-UNREAD", list=table.listing.name, files=", ".join(table.unread))
    from qms.lists.csv_file import csv_file  # noqa: PLC0415 - each form is loaded where asked for

    return csv_file(table, language)


def _xlsx(_: WorkSession, table: Table, language: str) -> bytes:
    from qms.lists.xlsx_file import xlsx_file  # noqa: PLC0415 - as above

    return xlsx_file(table, language)


def _html(_: WorkSession, table: Table, language: str) -> bytes:
    from qms.lists.html_file import html_file  # noqa: PLC0415 - as above

    return html_file(table, language)


def _json(_: WorkSession, table: Table, _language: str) -> bytes:
    import json  # noqa: PLC0415 - as above

    return (json.dumps(as_json(table), ensure_ascii=False, indent=2) + "\n").encode()


_MAKERS: Final[Mapping[str, _Made]] = {
    ".csv": _csv, ".xlsx": _xlsx, ".html": _html, ".json": _json, ".pdf": page_of,
}  # fmt: skip
"""What makes a file of a list, by the ending of its name."""
