"""`qms publish`: PDFs and their manifest."""

from pathlib import Path

import click

from qms.cli.languages import both
from qms.findings import Finding, QmsError, Refused
from qms.installed import TOOLS
from qms.jobs import prints
from qms.jobs import publish as job
from qms.jobs.session import WorkSession
from qms.plugins import Hooks


@click.command(
    help=both(
        "生成 PDF：非受控版，以及每一份在外的受控副本；附清单。",
        "Print PDFs: uncontrolled ones, each controlled copy that is out, and a manifest.",
    )
)
@click.argument("numbers", nargs=-1)
@click.option("--out", default="published", type=click.Path(file_okay=False, path_type=Path),
              help=both("输出文件夹", "output folder"))  # fmt: skip
@click.option(
    "--drafts", is_flag=True, help=both("包括草稿和送审稿", "drafts and texts in review too")
)
@click.option("--obsolete", is_flag=True, help=both("包括作废版本", "superseded revisions too"))
@click.option("--unsigned", is_flag=True, help=both("清单不签名", "leave the manifest unsigned"))
@click.pass_obj
def publish(  # noqa: PLR0913 - what can be asked for
    session: WorkSession,
    numbers: tuple[str, ...],
    out: Path,
    *,
    drafts: bool,
    obsolete: bool,
    unsigned: bool,
) -> None:
    """Plan, render, stamp; print what was made."""
    chosen = frozenset(session.find_number(text) for text in numbers)
    wanted = prints.Wanted(numbers=chosen, drafts=drafts, obsolete=obsolete)
    if session.dry_run:
        tools = Hooks(session.policy.plugins, (TOOLS,))
        names = [one.name for one in prints.plan(session, wanted, tools)]
        for name in names:
            session.say(f"{out / name}", f"{out / name}")
        session.say(
            f"试运行，未写入：共 {len(names)} 个文件",
            f"Dry run, nothing written: {len(names)} files",
        )
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        values = {"folder": str(out), "reason": error.strerror or str(error)}
        raise QmsError(Finding("OUT-FOLDER", values=values)) from error
    run = job.publish(session, wanted, out, signed=not unsigned)
    done, faults = run.files, run.faults
    made = sum(1 for one in done if one.made)
    for one in done:
        session.say(f"{out / one.file}", f"{out / one.file}")
    session.say(
        f"共 {len(done)} 个文件，新生成 {made} 个；清单：{out / job.MANIFEST}",
        f"{len(done)} files, {made} made; manifest: {out / job.MANIFEST}",
    )
    if faults:
        session.say(
            f"{len(faults)} 份文件无法输出：{'、'.join(fault.place.path for fault in faults)}",
            f"{len(faults)} could not be printed: {', '.join(f.place.path for f in faults)}",
        )
        raise Refused(faults[0])
