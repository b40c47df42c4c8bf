"""The command line: `qms`. Parses, calls a job, prints; no rule and no git is here."""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from qms import __version__
from qms.cli.context import Context
from qms.cli.group import QmsGroup, everywhere, no_cache_option
from qms.cli.languages import asked_for, both
from qms.cli.output import Output, Unread
from qms.findings import QmsError, Reason
from qms.texts import Text

if TYPE_CHECKING:
    from qms.findings import Finding

USAGE: Final = 2
BROKEN: Final = 3
INTERRUPTED: Final = 130
UNREAD: Final = 141
"""Nobody reads our output any more (``qms list | head``): as if ended by SIGPIPE."""


def main() -> None:
    """Run `qms` as the process's command line says, and end the process with its exit code."""
    # Values are frozen and hardly ever in cycles: looking for some every 700 objects is waste.
    gc.set_threshold(200_000, 20, 20)
    _forget_relative_path()
    sys.exit(run(sys.argv[1:]))


def _forget_relative_path() -> None:
    """Whoever has ``.`` on PATH would run programs of the folder they are in, and so would we."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    os.environ["PATH"] = os.pathsep.join(filter(os.path.isabs, folders))


def run(arguments: Sequence[str]) -> int:
    """One call of `qms`; gives its exit code.

    0 fine, 1 findings or refused, 2 usage, 3 the repo or the environment is broken, 130
    interrupted. The only place where errors end.
    """
    output = Output.standard(os.environ)
    context = Context(output, _here(), asked_for(arguments))
    try:
        code = _run(arguments, context)
        _say_beside(context)
        failing = _failing(context)
        code = code or failing
        output.end()
        output.flush()
        context.keep_facts()
    except Unread:
        output.abandon()
        return UNREAD
    except OSError as error:  # where our output goes to takes no more
        output.abandon()
        return _fault(context, error, arguments)
    finally:
        context.close()
    return code


def _here() -> Path:
    """The folder one is in; the root where somebody removed it meanwhile."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path(os.sep)


def _run(arguments: Sequence[str], context: Context) -> int:
    try:
        result: object = qms.main([*arguments], prog_name="qms", standalone_mode=False, obj=context)
    except QmsError as error:
        _report(context, error.finding, error.exit_code)
        if context.debug:
            from qms.cli.usage import report_trace  # noqa: PLC0415 - only when something is wrong

            report_trace(context, error)
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        context.output.error(error.format_message())
        return USAGE
    except click.ClickException as error:
        from qms.cli.usage import report_usage  # noqa: PLC0415 - only when something is wrong

        report_usage(context, error)
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        context.output.error(Text("已中断", "interrupted").of(context.quick_language))
        return INTERRUPTED
    except Unread:
        raise
    except Exception as error:  # noqa: BLE001 - the one place; anything that gets here is our fault
        return _fault(context, error, arguments)
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def _fault(context: Context, error: Exception, arguments: Sequence[str]) -> int:
    """What nobody foresaw is a fault in qms; not a limit of the system, as a full disk is."""
    from qms.cli.usage import report_fault  # noqa: PLC0415 - only when something is wrong
    from qms.storage.disk import fault_of  # noqa: PLC0415 - only when something is wrong

    found = fault_of(error) if isinstance(error, OSError) else None
    if found is None:
        report_fault(context, error, arguments)
    else:
        _report(context, found, BROKEN)
    return BROKEN


def _failing(context: Context) -> int:
    """1 where the answer lacks what could not be shown, once that was told."""
    session = context.opened_session
    if session is None or not session.checker.failing:
        return 0
    from qms.cli.failing_shown import say_failing  # noqa: PLC0415 - only when something is wrong

    return say_failing(context, session)


def _say_beside(context: Context) -> None:
    """Say where a command has signed, unless that is the trunk that others work by."""
    session = context.opened_session
    if session is None or not session.has_written or context.command_path == "qms sync":
        return
    from qms.cli.not_shared import said_beside  # noqa: PLC0415 - only for who writes

    say = context.output.error if context.output.as_json else context.output.line
    with suppress(QmsError):  # it is done all the same
        for line in said_beside(session):
            say(context.text(line))


def _report(context: Context, finding: "Finding", code: int) -> None:
    from qms.cli.printed_findings import (  # noqa: PLC0415 - only when something is wrong
        as_json,
        in_work_tree,
        print_error,
    )

    print_error(context, finding)
    if context.output.as_json:
        verdict = "refused" if code == 1 else "broken"
        found = as_json(context, [finding], in_work_tree(context))
        context.output.json({"verdict": verdict, "findings": found})


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value and not ctx.resilient_parsing:
        click.echo(f"qms {__version__}")
        ctx.exit()


def _folder(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    """Taken before the command is looked up: plugins' ones hang on the policy of that folder."""
    context = ctx.find_object(Context)
    if context is not None and value is not None:
        context.folder, context.is_named = value.resolve(), True


@click.group(
    cls=QmsGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=both(
        "在 git 中管理体系文件：编号、审批签名、受控发放、验证。直接运行 qms 显示待办事项。",
        "A quality management system in git: numbers, signatures, controlled copies, proof. "
        "Plain `qms` shows what waits for you.",
    ),
)
@click.option(
    "-C", "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path),
    callback=_folder, expose_value=False, is_eager=True,
    help=both("如同在此目录中运行", "run as if started in this folder"),
)  # fmt: skip
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True,
    help=both("显示版本号", "print the version"),
)  # fmt: skip
@click.pass_context
def qms(ctx: click.Context) -> None:
    """See the help above: it is in two languages."""
    context = ctx.find_object(Context)
    if context is not None and ctx.invoked_subcommand is None:
        _bare(ctx, context)


_FOUND: Final = Text(
    "此处没有生效的策略。建立体系：qms init；其余应签署者：qms policy sign；"
    "已有的体系：qms -C 目录",
    "No policy is in force here. Found a system: qms init; whoever must sign it too: "
    "qms policy sign; one that there is already: qms -C DIR",
)


def _bare(ctx: click.Context, context: Context) -> None:
    """What waits for me inside a docs repo; elsewhere the help, and how one is founded."""
    is_unfounded = True
    try:
        there = context.standing_policy is not None
    except QmsError as error:
        there, is_unfounded = False, error.finding.reason is Reason.NO_REPOSITORY
    command = qms.get_command(ctx, "todo") if there else None
    if is_unfounded and not there:
        from qms.cli.founding_shown import say_founding  # noqa: PLC0415 - once in a repo's life

        if say_founding(context):
            return
    if command is None:
        context.output.help(ctx.get_help())
        if is_unfounded and not there:
            context.output.line(context.text(_FOUND))
        return
    with command.make_context("todo", [], parent=ctx) as inner:
        command.invoke(inner)


qms.params.extend([*everywhere(), no_cache_option()])

__all__ = ["main", "run"]
