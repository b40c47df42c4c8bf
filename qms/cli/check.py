"""`qms check`: what changed since the shared trunk, before anybody else sees it."""

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import Text, both
from qms.findings import Finding
from qms.formats.tree import Tree


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
        policy = context.filed_policy
        trunk = policy.trunk if policy is not None else "main"
        report = job.check(repository, hooks, trunk, index=index, whole=whole, now=moment)
    if step is None:
        context.name_unfinished()
    return _show(context, report.findings, report.files, report.tree)


def _show(context: Context, findings: tuple[Finding, ...], files: int, tree: Tree) -> int:
    from qms.cli import findings as told  # noqa: PLC0415 - git begins to look before

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
                "files": files,
            }
        )
        return code
    told.print_findings(context, findings, tree.read)
    if findings:
        context.output.line(summary.text.of(context.language))
    else:
        fine = Text(f"没有发现问题，共检查 {files} 个文件", f"nothing is wrong in {_files(files)}")
        context.output.line(fine.of(context.language), "green")
    return code


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
