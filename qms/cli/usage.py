"""What is said of a command line that can't be read, and of a fault in qms itself."""

import platform
import re
import shlex
import traceback
from collections.abc import Sequence
from typing import Final

import click

from qms import __version__
from qms.cli.context import Context
from qms.cli.languages import side
from qms.cli.output import one_line
from qms.texts import ZH, Text


def report_usage(context: Context, error: click.ClickException) -> None:
    """``error USAGE``: what is wrong with the command line, and where its help is."""
    language = context.quick_language
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    path = ctx.command_path if ctx is not None else context.command_path
    said = _said(error.message, language)
    if language == ZH:
        message = _chinese(error, said)
    else:
        message = error.format_message().replace(error.message or said, said)
    context.output.error(f"{Text('错误', 'error').of(language)} USAGE: {one_line(message)}")
    context.output.error(f"    {Text('处理：', 'mend: ').of(language)}{path} --help")


def _chinese(error: click.ClickException, said: str) -> str:
    match error:
        case click.exceptions.NoSuchCommand():
            return f"没有命令 {error.command_name}{_perhaps(error.possibilities)}"
        case click.NoSuchOption():
            return f"没有选项 {error.option_name}{_perhaps(error.possibilities)}"
        case click.MissingParameter():
            return f"缺少参数 {_named(error)}"
        case click.BadParameter():
            return f"参数 {_named(error)} 的值不对：{said}"
        case _:
            return said


def _named(error: click.BadParameter) -> str:
    """The option or argument that is meant, as it is typed."""
    if error.param is not None and error.ctx is not None:
        return str(error.param.get_error_hint(error.ctx))
    hint = error.param_hint or ""
    return f"'{hint}'" if isinstance(hint, str) else " / ".join(map(repr, hint))


def _perhaps(names: Sequence[str] | None) -> str:
    return f"；是否为 {'、'.join(sorted(names))}？" if names else ""


def _said(message: str, language: str) -> str:
    """What we or click say is wrong, in one language: click speaks English only.

    Its sentence on days shows Python's name of the form, so that one is ours in English too.
    """
    message = side(message, language)
    for pattern, text in _SENTENCES.items():
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match is not None:
            return match.expand(text.of(language))
    return message


_SAME: Final = r"\g<0>"
_SENTENCES: Final = {
    pattern: Text(zh, en)
    for pattern, zh, en in (
        (r"Got unexpected extra arguments? \((.*)\)", r"多余的参数：\1", _SAME),
        (r"Option '(.*)' requires an argument\.", r"选项 \1 缺少值", _SAME),
        (r"Option '(.*)' requires (\d+) arguments\.", r"选项 \1 需要 \2 个值", _SAME),
        (r"Option '(.*)' does not take a value\.", r"选项 \1 不带值", _SAME),
        (r"Argument '(.*)' takes (\d+) values\.", r"参数 \1 需要 \2 个值", _SAME),
        (r"(.*) is not one of (.*)\.", r"\1 不在可选值 \2 之中", _SAME),
        (r"(.*) is not in the range (.*)\.", r"\1 不在范围 \2 之内", _SAME),
        (r"(.*) is not a valid integer\.", r"\1 不是整数", _SAME),
        (r"(.*) is not a valid integer range\.", r"\1 不是整数", _SAME),
        (r"(?:File|Directory|Path) (.*) does not exist\.", r"\1 不存在", _SAME),
        (r"(?:File|Directory|Path) (.*) is a directory\.", r"\1 是目录", _SAME),
        (r"(?:File|Directory|Path) (.*) is a file\.", r"\1 是文件", _SAME),
        (r"(?:File|Directory|Path) (.*) is not readable\.", r"\1 无法读取", _SAME),
        (r"(?:File|Directory|Path) (.*) is not writable\.", r"\1 无法写入", _SAME),
        (
            r"'(.*)' does not match the formats? '%Y-%m-%d'\.",
            r"\1 不是形如 2026-12-01 的日期",
            r"\1 is no day like 2026-12-01",
        ),
        (r"Missing command\.", "缺少命令", _SAME),
    )
}


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
    say(f"    qms {__version__}, Python {platform.python_version()}, {platform.system()}")
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
