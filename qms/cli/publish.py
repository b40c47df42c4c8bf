"""`qms publish`: PDFs and their manifest."""

import sys
from pathlib import Path

import click

from qms.cli.context import Context
from qms.cli.group import context_of
from qms.cli.languages import both
from qms.cli.out_folders import PUBLISHED, place_of
from qms.cli.output import one_line
from qms.cli.printed_findings import Summary, as_json, exit_code, print_findings
from qms.findings import Finding
from qms.formats.paths import parse_path
from qms.installed import TOOLS
from qms.jobs.paper import planned
from qms.jobs.paper import publishing as job
from qms.jobs.paper.printed import MANIFEST
from qms.jobs.paper.sheets import number_printed
from qms.jobs.paper.uncommitted import uncommitted
from qms.jobs.sessions.work_session import WorkSession
from qms.plugins import Hooks
from qms.storage.out_folder import OutFolder
from qms.storage.own_cache import OwnCache
from qms.texts import Text, counted


@click.command(
    help=both(
        "生成 PDF：非受控版，以及每一份在外的受控副本；附清单。",
        "Print PDFs: uncontrolled ones, each controlled copy that is out, and a manifest.",
    )
)
@click.argument("numbers", nargs=-1)
@click.option("--out", default=PUBLISHED, type=click.Path(file_okay=False, path_type=Path),
              help=both("输出文件夹", "output folder"))  # fmt: skip
@click.option(
    "--drafts", is_flag=True, help=both("包括草稿和送审稿", "drafts and texts in review too")
)
@click.option("--obsolete", is_flag=True, help=both("包括作废版本", "superseded revisions too"))
@click.option("--unsigned", is_flag=True, help=both("清单不签名", "leave the manifest unsigned"))
@click.option(
    "--at", "at", is_flag=True,
    help=both(
        "主干已有更新时，仍按当前提交输出：每页注明，清单不签名",
        "where the trunk has gone on, print this commit's state all the same: "
        "marked on each page, the manifest unsigned",
    ),
)  # fmt: skip
@click.option(
    "--root", metavar="COMMIT",
    help=both(
        "信任的根提交，如同 verify --root", "first commit, as you know it: as for `verify --root`"
    ),
)  # fmt: skip
@click.pass_obj
def publish(  # noqa: PLR0913 - what can be asked for
    session: WorkSession,
    numbers: tuple[str, ...],
    out: Path,
    *,
    drafts: bool,
    obsolete: bool,
    unsigned: bool,
    at: bool,
    root: str | None,
) -> int:
    """Plan, render, stamp; print what was made, and all that is wrong with the rest."""
    context = context_of(click.get_current_context())
    tools = Hooks(session.policy.plugins, (TOOLS,))
    chosen = frozenset(number_printed(session, tools, text) for text in numbers)
    wanted = planned.Wanted(numbers=chosen, drafts=drafts, obsolete=obsolete, at=at)
    for path in uncommitted(session, wanted):
        named = parse_path(path).number
        session.say(
            f"未提交的改动不会打印：{path}"
            f"（先 git add、git commit；只想看版面：qms preview {named}）",
            f"not committed, so not printed as it is now: {path} (git add and git commit it first; "
            f"only to see the page: qms preview {named})",
        )
    if session.dry_run:
        return _dry_run(context, session, wanted, out, root)
    cache = OwnCache.open()
    run = job.publish(
        session,
        wanted,
        OutFolder(place_of(context, session, out)),
        cache,
        root=root,
        signed=not unsigned,
        progress=_progress(context),
    )
    cache.prune()
    return _told(context, session, run, out)


def _dry_run(
    context: Context, session: WorkSession, wanted: planned.Wanted, out: Path, root: str | None
) -> int:
    ahead = job.outlook(session, wanted, root)
    if ahead.newer is not None or ahead.unfit:
        return _told(context, session, job.Run(newer=ahead.newer, unfit=ahead.unfit), out)
    paths = [str(out / one.name) for one in ahead.prints]
    code = exit_code(Summary.of(context, ahead.faults), ahead.faults)
    if context.output.as_json:
        found = as_json(context, ahead.faults, session.tree.read)
        context.output.json({"verdict": "planned", "files": paths, "findings": found})
        return code
    for path in paths:
        context.output.line(path)
    print_findings(context, ahead.faults, session.tree.read)
    session.say(
        f"试运行，未写入：共 {len(paths)} 个文件",
        f"Dry run, nothing written: {counted(len(paths), 'file')}",
    )
    return code


def _progress(context: Context) -> job.Progress | None:
    """A line that counts, for somebody who watches."""
    if context.output.as_json or not sys.stderr.isatty():
        return None
    words = Text("已完成 {}/{}", "{}/{} done").of(context.language)

    def tell(done: int, whole: int) -> None:
        if not whole:
            return
        end = "\n" if done == whole else ""
        sys.stderr.write(f"\r{words.format(done, whole)}{end}")
        sys.stderr.flush()

    return tell


def _say_newer(session: WorkSession, newer: str) -> None:
    session.say(
        f"已知主干有更新的提交 {newer[:12]}，未输出任何文件；"
        "请更新后重试，或用 --at 按当前提交输出（每页注明）",
        f"A newer trunk is known ({newer[:12]}): nothing published. Update and run this again, or "
        "print the state of this commit with --at (each page says so)",
    )


def _told(context: Context, session: WorkSession, run: job.Run, out: Path) -> int:
    findings = run.unfit or run.faults
    summary = Summary.of(context, findings)
    incomplete = run.unfit and not summary.errors
    code = 1 if incomplete else exit_code(summary, findings)
    if context.output.as_json:
        context.output.json(_json(context, session, run, out, findings))
        return code
    if run.newer is not None:
        _say_newer(session, run.newer)
        return 0
    for one in run.files:
        context.output.line(f"{out / one.file}")
    print_findings(context, findings, session.tree.read)
    if run.unfit:
        session.say("文件库有问题，未输出任何文件", "The repo is not in order: nothing published")
        return code
    if run.files or not run.faults:
        session.say(
            f"共 {len(run.files)} 个文件，新生成 {len(run.made)} 个；清单：{out / MANIFEST}",
            f"{counted(len(run.files), 'file')}, {len(run.made)} made; manifest: {out / MANIFEST}",
        )
    if run.faults:
        failed = len({one.place.path for one in run.faults})
        session.say(f"{failed} 份文件无法输出", f"{failed} could not be printed")
    for name in run.others.removed:
        path = one_line(str(out / name))
        session.say(f"已不再有效，已移除：{path}", f"no longer true, taken out: {path}")
    for name in run.others.left:  # whoever laid it there chose its name
        path = one_line(str(out / name))
        session.say(f"不在清单中，保留原样：{path}", f"not in the manifest, left there: {path}")
    return code


def _json(
    context: Context,
    session: WorkSession,
    run: job.Run,
    out: Path,
    findings: tuple[Finding, ...],
) -> dict[str, object]:
    verdict = "newer" if run.newer else "refused" if run.unfit else "published"
    return {
        "verdict": verdict,
        "newer": run.newer,
        "files": [{**one.json(), "path": str(out / one.file), "made": one.file in run.made}
                  for one in run.files],
        "removed": [str(out / name) for name in run.others.removed],
        "foreign": [str(out / name) for name in run.others.left],
        "findings": as_json(context, findings, session.tree.read),
    }  # fmt: skip
