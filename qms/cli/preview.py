"""`qms preview`: working texts on paper, for their author."""

from pathlib import Path

import click

from qms.cli.context import Context
from qms.cli.group import context_of
from qms.cli.languages import both
from qms.cli.out_folders import PUBLISHED, place_of
from qms.cli.output import one_line
from qms.cli.printed_findings import Summary, as_json, exit_code, in_work_tree, print_findings
from qms.findings import Finding, QmsError
from qms.installed import TOOLS
from qms.jobs.paper import previews as job
from qms.jobs.paper.sheets import number_printed
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.storage.out_folder import OutFolder, out_fault
from qms.texts import counted


@click.command(
    help=both(
        "预览：把工作区中的草稿、送审稿打印成 PDF，不必提交，也不必推送；每页注明预览，不得使用。",
        "Print drafts and texts in review as they lie in the work tree, committed or not: "
        "to look at, each page says so.",
    )
)
@click.argument("numbers", nargs=-1, metavar="[NUMBER…]")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path),
    help=both("输出文件夹（默认：工作区中的 preview）", "output folder (preview in the work tree)"),
)  # fmt: skip
@click.pass_obj
def preview(session: WorkSession, numbers: tuple[str, ...], out: Path | None) -> int:
    """Print the working texts, and all that is wrong with them."""
    context = context_of(click.get_current_context())
    root = session.repository.root
    if root is None:
        raise QmsError(Finding("NO-WORK-TREE"))
    tools = Hooks(session.policy.plugins, (TOOLS,))
    chosen = frozenset(number_printed(session, tools, text) for text in numbers)
    shown = root / job.FOLDER if out is None else context.folder / out
    place = place_of(context, session, shown)
    if place == (context.folder / PUBLISHED).resolve():
        raise out_fault(shown, "`qms publish` prints there")
    folder = OutFolder(place)
    make = job.planned if session.dry_run else job.preview
    return _told(context, session, make(session, chosen, folder), shown)


def _told(context: Context, session: WorkSession, found: job.Previews, out: Path) -> int:
    read = in_work_tree(context)
    code = exit_code(Summary.of(context, found.findings), found.findings)
    if context.output.as_json:
        files = [
            {
                "path": str(out / one.name),
                "number": one.mark.number,
                "revision": one.mark.revision,
                "mark": one.mark.kind,
            }
            for one in found.prints
        ]
        context.output.json(
            {
                "verdict": "planned" if session.dry_run else "previewed",
                "files": files,
                "older": [str(out / name) for name in found.older],
                "findings": as_json(context, found.findings, read),
            }
        )
        return code
    for one in found.prints:
        context.output.line(str(out / one.name))
    print_findings(context, found.findings, read)
    for name in found.older:
        path = one_line(str(out / name))
        session.say(f"此文件是以前的预览，未更新：{path}", f"an older preview, left there: {path}")
    if found.open:
        top = found.open[0].partition("/")[0]
        session.say(
            f"git 未忽略 {top}/：请在 .gitignore 中加一行 /{top}/",
            f"git does not ignore {top}/: add the line /{top}/ to .gitignore",
        )
    if session.dry_run:
        session.say(
            f"试运行，未写入：共 {len(found.prints)} 个文件",
            f"Dry run, nothing written: {counted(len(found.prints), 'file')}",
        )
    elif not found.prints and not found.findings:
        session.say("没有草稿或送审稿", "No draft and nothing in review")
    return code
