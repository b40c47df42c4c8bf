"""What is said of a command line that can't be read, and of a fault in qms itself."""

import platform
import shlex
import traceback
from collections.abc import Sequence

import click

from qms.cli.context import Context
from qms.cli.languages import ZH, Text
from qms.cli.output import one_line


def report_usage(context: Context, error: click.ClickException) -> None:
    """``error USAGE``: what is wrong with the command line, and where its help is."""
    language = context.quick_language
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    path = ctx.command_path if ctx is not None else "qms"
    message = _chinese(error) if language == ZH else error.format_message()
    context.output.error(f"{Text('错误', 'error').of(language)} USAGE: {one_line(message)}")
    context.output.error(f"    {Text('处理：', 'mend: ').of(language)}{path} --help")


def _chinese(error: click.ClickException) -> str:
    match error:
        case click.exceptions.NoSuchCommand():
            return f"没有命令 {error.command_name}"
        case click.NoSuchOption():
            return f"没有选项 {error.option_name}"
        case click.MissingParameter():
            name = error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""
            return f"缺少参数 {name}"
        case click.BadParameter():
            name = error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""
            return f"参数 {name} 的值不对：{error.message}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 用法不对：{error.message}"
        case _:
            return error.format_message()


def report_trace(context: Context, error: Exception) -> None:
    """Where in the program an error arose, and what it followed from."""
    context.output.error("".join(traceback.format_exception(error)).rstrip("\n"))


def report_fault(context: Context, error: Exception, arguments: Sequence[str]) -> None:
    """A fault in qms: version, command and how to report it; the traceback under ``--debug``."""
    language = context.quick_language
    say = context.output.error
    say(
        Text("qms 内部故障：", "a fault in qms: ").of(language) + f"{type(error).__name__}: {error}"
    )
    say(f"    qms {_version()}, Python {platform.python_version()}, {platform.system()}")
    say(f"    qms {shlex.join(arguments)}")
    if context.debug:
        report_trace(context, error)
        return
    say(
        Text(
            "    请加 --debug 重新运行，并将输出报告给 qms 的维护者；`qms check` 可确认库是否完好",
            "    run it again with --debug and report what it prints to those who maintain qms; "
            "`qms check` tells whether the repo is sound",
        ).of(language)
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - 25 ms

    try:
        return version("qms")
    except PackageNotFoundError:
        return "?"
