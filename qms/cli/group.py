"""The `qms` group: commands are imported when they are called, plugins' among them."""

import copy
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn

import click

from qms.cli.catalogue import CORE, PLUGINS, CommandRow, core_row
from qms.cli.context import Context
from qms.cli.languages import both, side
from qms.cli.output import Unread
from qms.cli.plugin_commands import is_own, listed
from qms.findings import Finding, QmsError
from qms.texts import LANGUAGES, ZH, Text

if TYPE_CHECKING:
    from qms.jobs.sessions.work_session import WorkSession

_HELP: Final = {"Show this message and exit.": "显示此帮助"}


class ChineseFormatter(click.HelpFormatter):
    """Help with Chinese headings."""

    _NAMES: ClassVar = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line."""
        for word, chinese in (("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 [参数]…")):
            args = args.replace(word, chinese)
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        super().write_heading(self._NAMES.get(heading, heading))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """A list of options or commands."""
        super().write_dl([(a, _HELP.get(b, b)) for a, b in rows], col_max, col_spacing)


class ChineseContext(click.Context):
    """A click context whose help is in Chinese."""

    formatter_class = ChineseFormatter


def _set(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    """A callback that keeps an option's value in the call's `Context`."""

    def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        context = ctx.find_object(Context)
        if context is not None and value not in (None, False):
            setattr(context, name, value)

    return keep


def _as_json(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    context = ctx.find_object(Context)
    if context is not None and value:
        context.output.as_json = True


def _option(names: tuple[str, ...], callback: Callable[..., None], **more: Any) -> click.Option:
    return click.Option(names, callback=callback, expose_value=False, **more)


def everywhere() -> list[click.Option]:
    """Options that may stand before a command and behind it."""
    return [
        _option(
            ("--lang",), _set("asked_language"), type=click.Choice(LANGUAGES), is_eager=True,
            help=both("输出语言", "language of what is printed"),
        ),
        _option(
            ("--key",), _set("key"), type=click.Path(path_type=Path), metavar="FILE",
            help=both("用此私钥签署", "sign with this private key"),
        ),
        _option(
            ("--debug",), _set("debug"), is_flag=True,
            help=both("出错时显示程序内部信息", "show where a fault in qms happened"),
        ),
    ]  # fmt: skip


def json_option() -> click.Option:
    """``--json``: one object instead of text for people."""
    return _option(
        ("--json",),
        _as_json,
        is_flag=True,
        help=both("输出一个 JSON 对象", "print one JSON object"),
    )


def no_cache_option() -> click.Option:
    """``--no-cache``: find out all anew, and keep nothing."""
    return _option(
        ("--no-cache",), _set("no_cache"), is_flag=True,
        help=both("不用本机保存的结果，全部重新验证", "look at all anew, as if never seen here"),
    )  # fmt: skip


def dry_run_option() -> click.Option:
    """``--dry-run``: judge and say what would be written, and write nothing."""
    return _option(
        ("--dry-run",), _set("dry_run"), is_flag=True,
        help=both("只检查，不写入", "judge, and write nothing"),
    )  # fmt: skip


def prepared(command: click.Command, context: Context, row: CommandRow) -> click.Command:
    """The same command in the language of this call, with the options that every command has.

    Where `row` says so its click object is the `Session`, made when it runs.
    """
    language, session = context.quick_language, row.session
    may_write = session and not row.only_shows
    made = copy.copy(command)
    made.help = side(command.help, language) if command.help else command.help
    made.short_help = side(command.short_help, language) if command.short_help else None
    extra = [json_option(), *([dry_run_option()] if may_write else [])]
    extra += [no_cache_option()] if row.looks else []
    hidden = everywhere()
    for option in hidden:
        option.hidden = not (may_write and option.name == "key")
    params = [copy.copy(param) for param in command.params]
    taken = {name for param in params for name in param.opts}
    added = [] if isinstance(command, click.Group) else [*extra, *hidden]
    made.params = [*params, *(o for o in added if not taken.intersection(o.opts))]
    for param in made.params:
        if isinstance(param, click.Option) and param.help:
            param.help = side(param.help, language)
    if language == ZH:
        made.context_class = ChineseContext
    if isinstance(made, click.Group):
        made.commands = {
            name: prepared(sub, context, row.of(name)) for name, sub in made.commands.items()
        }
    # A group makes no session: options behind its commands are still to be read by then.
    if session and command.callback is not None and not isinstance(command, click.Group):
        made.callback = _with_session(command.callback, context, row)
    return made


def _with_session(
    callback: Callable[..., Any], context: Context, row: CommandRow
) -> Callable[..., Any]:
    def run(*arguments: Any, **options: Any) -> Any:
        with context.begun() if row.begins else nullcontext():
            context.writes = row.writes and not context.dry_run
            session = _session(context, row)
            if context.writes:
                session.before_writing(session)
                context.name_unfinished()
            click.get_current_context().obj = session
            answer = callback(*arguments, **options)
            context.output.is_due = True
            return answer

    def run_plugin(*arguments: Any, **options: Any) -> Any:
        try:
            return run(*arguments, **options)
        except (QmsError, Unread, click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            values = {"command": row.name, "target": row.target}
            values["reason"] = f"{type(error).__name__}: {error}"
            raise QmsError(Finding("COMMAND-FAILED", values=values)) from error

    return run if _is_core(row) else run_plugin


def _session(context: Context, row: CommandRow) -> "WorkSession":
    if row.keeps:
        return context.keepers_session
    if row.looks:
        return context.looking_session
    return context.session if row.reads else context.whole_session


def _is_core(row: CommandRow) -> bool:
    return row.target.startswith("qms.cli.")


class QmsGroup(click.Group):
    """Finds commands in the catalogue and at the admitted plugins; imports the one that is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the core's commands and of those that plugins add."""
        core = [row.name for section in CORE for row in section.rows]
        return [*core, *(row.name for row in self._plugins(ctx) if row.name not in core)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported; None where neither core nor plugins have it."""
        context = context_of(ctx)
        row = core_row(cmd_name) or _from_plugins(context, cmd_name)
        if row is None:
            return None
        context.command_path = f"qms {cmd_name}"
        return prepared(_imported(row), context, row)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named; of one that there isn't the names that are like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            _say_absent(context_of(ctx))
            names = self.list_commands(ctx)
            raise click.exceptions.NoSuchCommand(
                error.command_name, possibilities=names, ctx=ctx
            ) from None

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help: usage, commands in sections, options."""
        language = context_of(ctx).quick_language
        usage = Text("[选项] 命令 …", "[OPTIONS] COMMAND …").of(language)
        formatter.write_usage("qms", usage, Text("用法：", "Usage: ").of(language))
        formatter.write_paragraph()
        formatter.write_text(side(self.help or "", language))
        sections = [(section.title, section.rows) for section in CORE]
        own = self._plugins(ctx)
        for title, rows in (*sections, *([(PLUGINS, own)] if own else [])):
            with formatter.section(title.of(language)):
                formatter.write_dl([(row.name, row.help.of(language)) for row in rows])
        with formatter.section(Text("选项", "Options").of(language)):
            records = [param.get_help_record(ctx) for param in self.get_params(ctx)]
            formatter.write_dl([(a, _side(b, language)) for a, b in filter(None, records)])

    def _plugins(self, ctx: click.Context) -> tuple[CommandRow, ...]:
        return listed(context_of(ctx))


def _side(text: str, language: str) -> str:
    text = side(text, language)
    return _HELP.get(text, text) if language == ZH else text


def context_of(ctx: click.Context) -> Context:
    """The call's own `Context`."""
    found = ctx.find_object(Context)
    if found is None:
        message = "the qms group runs without its context"
        raise RuntimeError(message)
    return found


def _from_plugins(context: Context, name: str) -> CommandRow | None:
    found = [command for command in context.tools.commands() if command.name == name]
    if len(found) > 1:
        raise QmsError(Finding("COMMAND-TWICE", values={"command": name}))
    for command in found:
        return CommandRow(name, command.target, command.help, session=True)
    if is_own(name):
        raise QmsError(Finding("COMMAND-UNADMITTED", values={"command": name}))
    return None


def _say_absent(context: Context) -> None:
    """Name the plugins that the policy demands and that aren't here: a command may be theirs."""
    named = ", ".join(dict.fromkeys(one.values["pin"] for one in context.tools.absent))
    if named:
        context.output.error(context.text(Text(
            f"注意：策略要求的插件 {named} 未安装，该命令可能由其提供",
            f"note: the policy demands {named}, which is not installed: the command may be its own",
        )))  # fmt: skip


def _imported(row: CommandRow) -> click.Command:
    module, _, name = row.target.partition(":")
    if _is_core(row):
        found: object = getattr(import_module(module), name)
    else:
        found = _imported_from_plugin(row, module, name)
    if not isinstance(found, click.Command):
        _broken(row, f"no click command: {type(found).__name__}")
    return found


def _imported_from_plugin(row: CommandRow, module: str, name: str) -> object:
    try:
        return getattr(import_module(module), name)
    except Exception as error:  # noqa: BLE001 - a plugin may fail in any way; it is named
        _broken(row, f"{type(error).__name__}: {error}")


def _broken(row: CommandRow, reason: str) -> NoReturn:
    raise QmsError(
        Finding(
            "COMMAND-BROKEN", values={"command": row.name, "target": row.target, "reason": reason}
        )
    )
