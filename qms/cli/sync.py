"""`qms sync`: everything that most people need of git."""

from typing import TYPE_CHECKING

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.cli.not_shared import refused_here, said_beside, some, untold, written_only
from qms.cli.printed_findings import as_json, print_findings
from qms.findings import Finding, QmsError
from qms.jobs.exchange import syncing
from qms.jobs.exchange.beside_trunk import beside_trunk
from qms.jobs.exchange.next_release import policies_of_trunk
from qms.jobs.exchange.own_policy import policies_before_mine
from qms.jobs.exchange.syncing import Synced
from qms.jobs.policies.next_plugins import shares_only_policy
from qms.texts import Text

if TYPE_CHECKING:
    from qms.jobs.sessions.work_session import WorkSession


@click.command(help=both(
    "同步：取回别人的改动，按文件含义合并（签名一个不丢），再共享自己的。",
    "Fetch what others did, unite it by what files mean (no signature is lost), share yours.",
))  # fmt: skip
@click.option(
    "--no-share", is_flag=True, help=both("只取回并合并，不共享", "fetch and unite, share nothing")
)
@click.option(
    "--theirs", is_flag=True,
    help=both(
        "双方改了同一处时采用已共享的一份，自己的另存为 *.mine.*",
        "where both changed the same, take what is shared; yours is kept as *.mine.*",
    ),
)  # fmt: skip
@click.option(
    "--to-trunk", is_flag=True,
    help=both(
        "在其他分支上时：把此处所签并入主干，并回到主干",
        "on another branch: bring what is signed here into the trunk, and go back to it",
    ),
)  # fmt: skip
@pass_context
def sync(context: Context, *, no_share: bool, theirs: bool, to_trunk: bool) -> None:
    """Fetch, unite and push, in words without git."""
    session, unfit = _session(context)
    done = syncing.sync(
        session, share=not no_share, theirs_first=theirs, to_trunk=to_trunk, unfit_policy=unfit
    )
    known = {(one.code, one.place) for one in done.unfit}
    met = (one for one in done.met if (one.code, one.place) not in known)
    findings = (*done.told, *met, *done.unfit)
    if context.output.as_json:
        context.output.json(
            {
                "came": list(done.came),
                "united": done.commit,
                "shared": done.shared,
                "sent": done.sent,
                "aside": done.asides,
                "kept": done.kept,
                "branch": beside_trunk(session),
                "findings": as_json(context, findings, session.tree.read),
            }
        )
    else:
        refused = refused_here(session)
        for line in (*_lines(done), *written_only(session, refused), *said_beside(session)):
            context.output.line(context.text(line))
        known |= {(one.code, one.place) for one in findings}
        more = (one for one in untold(session, refused) if (one.code, one.place) not in known)
        print_findings(context, (*findings, *more), session.work_tree.read)
    if done.unfit:
        raise click.exceptions.Exit(1)


def _session(context: Context) -> "tuple[WorkSession, Finding | None]":
    """The session; without what judges where only the policy that replaces it is to be shared.

    Where the shared policy lists the release that is here, it judges by that one. Where a policy
    that this clone filed alone is what stops it, what is wrong with that is told too: then all is
    judged by the policies before it.
    """
    try:
        return context.session, None
    except QmsError as error:
        session, fault = context.keepers_session, error.finding
        if not shares_only_policy(session):
            policies = policies_of_trunk(session)
            if policies is not None:
                context.stand_by(policies)
                return context.session, None
            policies = policies_before_mine(session, fault)
            if policies is None:
                raise
            context.stand_by(policies)
            return context.session, fault
    names = ", ".join(sorted({one.values["name"] for one in session.hooks.absent}))
    context.output.error(context.text(Text(
        f"注意：现行版本的插件 {names} 在本机已由下一版取代，此处不作判断；门禁会判断",
        f"note: the release of {names} that is in force is not here, but that of the open version: "
        "nothing is judged by it here; the gate does",
    )))  # fmt: skip
    return session, None


def _lines(done: Synced) -> list[Text]:
    lines: list[Text] = []
    if done.came:
        shown = some(list(done.came))
        count = len(done.came)
        files = "file" if count == 1 else "files"
        lines.append(Text(f"取回 {count} 个文件：{shown}", f"{count} {files} came in: {shown}"))
    lines += (
        Text(f"您的文本另存为 {name}", f"your text is kept as {name}") for name in done.asides
    )
    if done.kept:
        lines.append(Text(
            f"未共享的签署保留在本机分支 {done.kept}",
            f"what was signed and is not shared is kept here, in branch {done.kept}",
        ))  # fmt: skip
    if done.sent:
        commits = "commit" if done.sent == 1 else "commits"
        lines.append(Text(f"已共享 {done.sent} 次提交", f"shared: {done.sent} {commits}"))
    if done.shared and not done.came and not done.sent:
        lines.append(Text("已是最新", "all is up to date"))
    elif not done.shared:
        lines.append(Text("尚未共享", "not shared yet"))
    return lines
