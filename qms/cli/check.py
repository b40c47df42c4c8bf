"""`qms check`: what changed since the shared trunk, before anybody else sees it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.findings import UNTOLD
from qms.texts import Text

if TYPE_CHECKING:
    from qms.jobs.judging.checking import CheckReport


@click.command(help=both(
    "检查自共享主干以来的更改：哪里不对、为什么、怎么处理。",
    "Check what changed since the shared trunk: what is wrong, where, and how to mend it.",
))  # fmt: skip
@click.option("--all", "whole", is_flag=True, help=both("检查全部文件", "look at every file"))
@click.option("--index", is_flag=True, help=both(
    "检查暂存区（提交前）；与 --all 同用则检查全部暂存文件",
    "check what is staged; with --all every file as it is staged",
))  # fmt: skip
@click.option(
    "--step", nargs=2, metavar="OLD NEW",
    help=both("检查两个提交之间（供门禁使用）", "check the commits from OLD to NEW, for gates"),
)  # fmt: skip
@click.argument("files", nargs=-1, metavar="[FILE…]", type=click.Path())
@pass_context
def check(
    context: Context,
    files: tuple[str, ...],
    step: tuple[str, str] | None,
    *,
    whole: bool,
    index: bool,
) -> int:
    """Run the rules on what changed, or on the files that are named, and print what they find."""
    if step is not None and (whole or index):
        raise click.UsageError(
            both("--step 不能与 --all、--index 同用", "--step goes without --all and --index")
        )
    if files and (whole or step is not None):
        raise click.UsageError(
            both("--all、--step 不能与文件同用", "--all and --step go without files")
        )
    repository = context.repository
    if step is None and not index:
        # git looks while we import
        repository.begin_work_tree(trusting=not whole and not files)
    from qms.jobs.dangers.trunk_names import trunk_of  # noqa: PLC0415 - as above
    from qms.jobs.judging import checking as job  # noqa: PLC0415 - not for `--help`

    hooks, moment = context.hooks, context.now
    if step is not None:
        from qms.jobs.judging.steps import check_step  # noqa: PLC0415 - for gates alone

        report = check_step(repository, hooks, *step, now=moment)
    else:
        trunk = trunk_of(context.standing.line)
        named = _named(context, files)
        report = job.check(
            repository, hooks, trunk, index=index, whole=whole, named=named, now=moment
        )
    if step is None:
        context.name_unfinished()
    return _show(context, report)


def _named(context: Context, files: Sequence[str]) -> tuple[str, ...]:
    """The paths from the repo's root of what was named; a usage error for what isn't there."""
    root = os.path.realpath(context.repository.root or context.folder)
    found: list[str] = []
    for file in files:
        where = Path(os.path.normpath(context.folder / file))
        place = Path(os.path.realpath(where.parent)) / where.name
        inside = Path(os.path.relpath(place, root))
        path = "" if inside == Path() else inside.as_posix()
        if inside.parts[:1] in ((os.pardir,), (".git",)) or not _is_there(context, path, place):
            text = both(f"此文件库中没有 {file}", f"there is no {file} in this repo")
            raise click.UsageError(text)
        found.append(path)
    return tuple(found)


def _is_there(context: Context, path: str, place: Path) -> bool:
    """Whether it lies in the work tree, or did at the last commit."""
    if os.path.lexists(place):
        return True
    return context.repository.head_tree().entry(path) is not None


def _show(context: Context, report: "CheckReport") -> int:
    from qms.cli import printed_findings as told  # noqa: PLC0415 - git begins to look before

    findings, tree = report.findings, report.tree
    summary = told.Summary.of(context, findings)
    code = told.exit_code(summary, findings)
    if context.output.as_json:
        unjudged = any(finding.reason in UNTOLD for finding in findings)
        verdict = told.INCOMPLETE if unjudged else told.FINDINGS if findings else told.FINE
        context.output.json(
            {
                "verdict": verdict,
                "findings": told.as_json(context, findings, tree.read),
                "errors": summary.errors,
                "warnings": summary.warnings,
                "files": report.files,
                "since": report.since,
                "stood": told.as_json(context, report.stood, tree.read),
                "free": report.free,
                "others": report.others,
                "proposed": _proposed_as_json(context, report),
            }
        )
        return code
    told.print_findings(context, findings, tree.read)
    told.say_stood(context, report.stood, tree.read)
    _say_unlooked(context, report)
    _say_proposed(context, report)
    if findings:
        context.output.line(summary.text.of(context.language))
    else:
        context.output.line(_fine(report).of(context.language), "green" if report.files else "")
    return code


def _say_unlooked(context: Context, report: "CheckReport") -> None:
    """What was named and no rule looks at, and that other files have findings."""
    for path in report.free:
        text = Text(f"{path}：没有规则检查此文件", f"{path}: no rule looks at this file")
        context.output.line(context.text(text))
    if report.others:
        files = "1 other file" if report.others == 1 else f"{report.others} other files"
        text = Text(
            f"另有 {report.others} 个文件有问题，未列出：qms check",
            f"findings in {files} are not shown: qms check",
        )
        context.output.line(context.text(text), "yellow")


def _proposed_as_json(context: Context, report: "CheckReport") -> object:
    from qms.cli import printed_findings as told  # noqa: PLC0415 - as above

    found = report.proposed
    if found is None:
        return None
    faults = told.as_json(context, found.faults, report.tree.read)
    return {"version": found.version, "missing": found.missing, "faults": faults}


def _say_proposed(context: Context, report: "CheckReport") -> None:
    """That a policy version waits for its keepers: no finding, since nothing goes by it."""
    found = report.proposed
    if found is None:
        return
    zh, en = (", ".join(names[at] for names in found.waiting) or "-" for at in (0, 1))
    text = Text(
        f"提示：策略第 {found.version} 版已提出，还需 {found.missing} 人签署（{zh}）；"
        "在此之前一切仍按现行版本",
        f"note: policy {found.version} is proposed and waits for {found.missing} to sign ({en}); "
        "until then all goes by the version in force",
    )
    context.output.line(context.text(text))
    for one in found.faults[:1]:
        where = f"{one.place.path} {one.code}"
        text = Text(
            f"提示：该版尚不能签署（{where}）：请由提出人改正",
            f"note: it can't be signed as it is ({where}): let whoever proposed it mend it",
        )
        context.output.line(context.text(text))


def _fine(report: "CheckReport") -> Text:
    """That nothing was found, and in what it was looked for: all else wasn't judged."""
    since = (report.since or "")[:10]
    files = "1 file" if report.files == 1 else f"{report.files} files"
    if not since and not report.files:
        return Text("没有检查任何文件", "no file was looked at")
    if not since:
        return Text(f"没有发现问题，共检查 {report.files} 个文件", f"nothing is wrong in {files}")
    if not report.files:
        return Text(
            f"受控文件与 {since} 相比没有不同，因此未作检查；检查全部文件：qms check --all，"
            "验证全部历史：qms verify",
            f"no governed file differs from {since}, so none was looked at; "
            "every file: qms check --all, the whole history: qms verify",
        )
    differ = "differs" if report.files == 1 else "differ"
    return Text(
        f"与 {since} 相比有不同的 {report.files} 个文件没有发现问题（全部文件：qms check --all）",
        f"nothing is wrong in {files} that {differ} from {since} (every file: qms check --all)",
    )
