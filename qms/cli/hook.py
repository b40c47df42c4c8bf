"""`qms hook`: the gate of the shared repository, and what git calls there."""

import shlex
import sys
from itertools import islice
from typing import TYPE_CHECKING

import click

from qms.cli import printed_findings as told
from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.cli.output import Unread
from qms.findings import refused
from qms.jobs.policies.start import TRUNK
from qms.texts import Text

if TYPE_CHECKING:
    from datetime import datetime

    from qms.jobs.judging.gate import Judged


_TRUNK = click.option(
    "--trunk", default=TRUNK, show_default=True, metavar="BRANCH",
    help=both("受守护的主干分支", "the branch that is guarded"),
)  # fmt: skip

_CUT = Text(
    "…（其余从略：qms check 可逐一列出）",
    "… (the rest is left out: `qms check` names all)",
)
_MOST_TOLD = 20
"""So many refs that have to be renamed are told at a time."""


@click.group(help=both(
    "门禁：在共享仓库中检查每次推送。", "The gate: the shared repository judges each push."
))  # fmt: skip
def hook() -> None:
    """See the help above: it is in two languages."""


@hook.command(short_help=both("安装门禁", "Put the gate into the shared repository"), help=both(
    "在共享仓库（裸仓库）中安装门禁：有错误的推送不予接收。",
    "Put the gate into the shared (bare) repository: a push with errors is not taken.",
))  # fmt: skip
@click.option(
    "--server", is_flag=True, required=True,
    help=both("此仓库为共享仓库", "this is the shared repository"),
)  # fmt: skip
@_TRUNK
@pass_context
def install(context: Context, trunk: str, *, server: bool) -> None:
    """Write the hook that git calls before it takes a push."""
    from qms.jobs.dangers.trunk_names import can_be_branch  # noqa: PLC0415 - as above
    from qms.jobs.judging.guarded import guards_here  # noqa: PLC0415 - once in a server's life
    from qms.storage.hooks import install_gate  # noqa: PLC0415 - as above

    del server
    context.is_named = True
    if not can_be_branch(trunk):
        raise refused("TRUNK-NO-BRANCH", name=trunk)
    others = guards_here(context.repository, trunk).names[1:]
    path = install_gate(context.repository, trunk)
    text = Text(
        f"已安装门禁，守护主干 {trunk}：{path}",
        f"the gate is in place, for the trunk {trunk}: {path}",
    )
    context.output.line(context.text(text), "green")
    if others:
        text = Text(
            f"按策略一并守护：{'、'.join(others)}",
            f"guarded too, since policies name them: {', '.join(others)}",
        )
        context.output.line(context.text(text))
    _say_head(context, trunk)
    _say_shadowing(context, (trunk, *others))


def _say_shadowing(context: Context, names: tuple[str, ...]) -> None:
    """Refs that the gate would refuse and that are there already: who owns the server renames."""
    from qms.jobs.dangers.ref_names import standing  # noqa: PLC0415 - once in a server's life

    git = f"git -C {shlex.quote(str(context.folder))} update-ref"
    for fault, found in islice(standing(context.repository, names), _MOST_TOLD):
        ref, name, what = (fault.values[key] for key in ("ref", "name", "what"))
        # With nothing for its old id: what is called so already is not written over.
        command = f"{git} {shlex.quote(fault.values['other'])} {found} '' && {git} -d "
        text = Text(
            f"注意：{ref} 早已在此，门禁不接收这样的名称（{name} 也指 {what}），请改名：",
            f"note: {ref} is here already, and the gate takes no such name "
            f"({name} is also {what}); rename it: ",
        )
        context.output.line(f"{context.text(text)}{command}{shlex.quote(ref)}", "yellow")


def _say_head(context: Context, trunk: str) -> None:
    """Where HEAD is on a branch that nobody may ever push, each clone is empty."""
    repository = context.repository
    branch = repository.branch()
    if branch is None or branch == trunk or repository.head() is not None:
        return
    command = f"git -C {shlex.quote(str(context.folder))} symbolic-ref HEAD refs/heads/{trunk}"
    text = Text(
        f"注意：默认分支是 {branch}，克隆出来会是空的：{command}",
        f"note: HEAD is on {branch}, so that clones will be empty: {command}",
    )
    context.output.line(context.text(text), "yellow")


@hook.command(hidden=True, help=both("由 git 调用", "called by git"))
@_TRUNK
@pass_context
def receive(context: Context, trunk: str) -> int:
    """Judge what git is about to take; 1 where it shall not."""
    from qms.storage.pusher import Gone, while_there  # noqa: PLC0415 - not for `--help`

    context.is_named = True
    try:
        with while_there():
            return _received(context, trunk)
    except Gone:
        raise Unread from None


def _received(context: Context, trunk: str) -> int:
    from qms.jobs.judging import gate  # noqa: PLC0415 - not for `--help`
    from qms.storage.turns import take_turn  # noqa: PLC0415 - as above

    pushed = gate.updates(sys.stdin)
    context.founded_in = gate.founders_language(context.repository, pushed, trunk)
    turn = take_turn(context.repository)
    # What is said is said when others may go on: who pushed may not read it.
    with context.output.held(context.text(_CUT)):
        code = 1
        try:
            now = _server_now(context)
            found = gate.judged(context.repository, pushed, trunk, now=now)
            code = max((_show(context, one) for one in found), default=0)
        finally:
            if code:
                turn.refused()
        if not code:
            turn.judged({one.ref: (one.old, one.new) for one in pushed})
    return code


def _server_now(context: Context) -> "datetime":
    """The time that a push is judged by: whoever pushes by path hands their environment over."""
    from qms.storage import clock  # noqa: PLC0415 - not for `--help`

    if not clock.is_set() or context.repository.own_switch(clock.REHEARSAL):
        return context.now
    text = Text(
        "注意：门禁以本机时钟为准，不采用 QMS_NOW",
        "note: the gate goes by the system's clock, not by QMS_NOW",
    )
    context.output.error(context.text(text))
    return clock.system_now()


def _show(context: Context, one: "Judged") -> int:
    summary = told.Summary.of(context, one.findings)
    code = told.exit_code(summary, one.findings)
    told.print_findings(context, one.findings, one.tree.read if one.tree is not None else None)
    told.say_stood(context, one.stood, one.tree.read if one.tree is not None else None)
    name = one.ref.removeprefix("refs/heads/")
    if one.findings:
        context.output.line(f"{name}: {context.text(summary.text)}")
    if not code:
        return 0
    if not one.is_trunk:
        text = Text(f"{name} 为工作分支：已接收", f"{name} is a working branch: taken all the same")
        context.output.line(context.text(text))
        return 0
    text = Text(f"{name} 未被接收：请先处理以上错误", f"{name} is not taken: mend the errors first")
    context.output.line(context.text(text), "red")
    return code
