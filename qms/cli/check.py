"""`qms check`: what changed since the shared trunk, before anybody else sees it."""

from typing import TYPE_CHECKING

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import Text, both

if TYPE_CHECKING:
    from qms.jobs.check import CheckReport


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
@pass_context
def check(context: Context, step: tuple[str, str] | None, *, whole: bool, index: bool) -> int:
    """Run the rules on what changed and print what they find."""
    if step is not None and (whole or index):
        raise click.UsageError(
            both("--step 不能与 --all、--index 同用", "--step goes without --all and --index")
        )
    repository = context.repository
    if step is None and not index:
        repository.begin_work_tree()  # git looks while we import
    from qms.jobs import check as job  # noqa: PLC0415 - not for `--help`

    hooks, moment = context.hooks, context.now
    if step is not None:
        report = job.check_step(repository, hooks, *step, now=moment)
    else:
        policy = context.standing_policy
        trunk = policy.trunk if policy is not None else "main"
        report = job.check(repository, hooks, trunk, index=index, whole=whole, now=moment)
    if step is None:
        context.name_unfinished()
    return _show(context, report)


def _show(context: Context, report: "CheckReport") -> int:
    from qms.cli import findings as told  # noqa: PLC0415 - git begins to look before

    findings, tree = report.findings, report.tree
    summary = told.Summary.of(context, findings)
    code = told.exit_code(summary, findings)
    if context.output.as_json:
        from qms.jobs.verify import INCOMPLETE  # noqa: PLC0415 - only here

        unjudged = any(finding.code in INCOMPLETE for finding in findings)
        verdict = told.INCOMPLETE if unjudged else told.FINDINGS if findings else told.FINE
        context.output.json(
            {
                "verdict": verdict,
                "findings": told.as_json(context, findings, tree.read),
                "errors": summary.errors,
                "warnings": summary.warnings,
                "files": report.files,
                "since": report.since,
            }
        )
        return code
    told.print_findings(context, findings, tree.read)
    if findings:
        context.output.line(summary.text.of(context.language))
    else:
        context.output.line(_fine(report).of(context.language), "green" if report.files else "")
    return code


def _fine(report: "CheckReport") -> Text:
    """That nothing was found, and in what it was looked for: all else wasn't judged."""
    since = (report.since or "")[:10]
    files = "1 file" if report.files == 1 else f"{report.files} files"
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
