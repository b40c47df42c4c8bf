"""`qms verify`: the whole history, from the pinned root to the tip, by nothing but a clone."""

from typing import TYPE_CHECKING

import click

from qms import __version__
from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.cli.printed_findings import (
    FINDINGS,
    FINE,
    INCOMPLETE,
    Summary,
    as_json,
    exit_code,
    print_findings,
)
from qms.findings import Finding, QmsError
from qms.formats.digests import parse_time
from qms.texts import Text, counted

if TYPE_CHECKING:
    from qms.installed import Found
    from qms.jobs.judging.verification import Report

_COMMANDS = Text(
    "用系统自带工具核对（将报文存为 message，签名存为 message.sig，公钥存为 signers）：",
    "By hand (message saved as `message`, signature as `message.sig`, key in `signers`):",
)


@click.command(help=both(
    "验证全部历史：谁签署了什么、当时是否有权，以及没有任何内容丢失。",
    "Verify the whole history: who signed what, that they were entitled to, and that nothing "
    "is missing.",
))  # fmt: skip
@click.option(
    "--root", metavar="COMMIT",
    help=both("信任的根提交（请从可靠渠道取得）", "first commit, as you know it from elsewhere"),
)  # fmt: skip
@click.option("--tip", default="HEAD", metavar="COMMIT", hidden=True)
@click.option(
    "--explain", metavar="NUMBER",
    help=both("打印某文件的每条签名报文", "print the signed messages of one document"),
)  # fmt: skip
@click.option(
    "--at", metavar="INSTANT",
    help=both(
        "以此时刻为准（默认为本机时钟）：晚于它的签名尚无效力",
        "judge as of this instant, not this machine's clock: what is signed later has no effect",
    ),
)  # fmt: skip
@pass_context
def verify(
    context: Context, root: str | None, tip: str, explain: str | None, at: str | None
) -> int:
    """Walk the history and print what does not hold."""
    from qms.jobs.judging.verification import verify as job  # noqa: PLC0415 - not for `--help`
    from qms.storage.clock import system_now  # noqa: PLC0415 - not for `--help`

    context.takes_anybodys = True
    moment = context.now if at is None else parse_time(at)
    _say_other_modules(context)
    repository = context.repository
    if tip == "HEAD" and repository.head() is None:
        repository.refuse_orphan()
        branch = repository.branch() or "HEAD"
        raise QmsError(Finding("HEAD-UNBORN", values={"branch": branch}))
    report = job(repository, root=root, tip=tip, now=moment, clock=system_now())
    summary = Summary.of(context, report.findings)
    code = exit_code(summary, report.findings) or (0 if report.complete else 1)
    tree = repository.tree(report.tip)
    if context.output.as_json:
        findings = as_json(context, report.findings, tree.read)
        context.output.json(_json(report, findings, summary) | _explained(context, explain))
        return code
    if repository.is_shallow:
        pass  # no root was looked for
    elif not report.pinned:
        _say_unpinned(context, report.root)
    else:
        pinned = Text(f"根提交（已指定）：{report.root}", f"root, as pinned: {report.root}")
        context.output.line(context.text(pinned))
        if _has_older_policy(context, report.root):
            _say_late_root(context)
    print_findings(context, report.findings, tree.read)
    _say_ahead(context, report)
    _say_verdict(context, report, summary)
    if explain is not None:
        _explain(context, explain)
    return code


def _say_other_modules(context: Context) -> None:
    """On stderr: whoever verifies may have been handed the modules that do it."""
    from qms.storage.programs import isolated, other_modules  # noqa: PLC0415 - as above

    folders = ", ".join(other_modules())
    if folders:
        again = isolated("verify")
        text = Text(
            f"注意：{folders} 中的模块优先于 qms 自带的模块；不使用它们：{again}",
            f"note: modules in {folders} come before those of qms; to take none of them: {again}",
        )
        context.output.error(text.of(context.quick_language))


def _verdict(report: "Report") -> str:
    if not report.complete:
        return INCOMPLETE
    return FINDINGS if report.findings else FINE


def _json(report: "Report", findings: list[object], summary: Summary) -> dict[str, object]:
    return {
        "verdict": _verdict(report),
        "tool": __version__,
        "rulebooks": list(report.rulebooks),
        "plugins": [_plugin_json(one) for one in report.plugins],
        "root": report.root,
        "tip": report.tip,
        "pinned": report.pinned,
        "commits": report.commits,
        "policies": report.policies,
        "revisions": report.revisions,
        "texts": report.texts,
        "events": report.events,
        "signatures": report.signatures,
        "incidents": report.incidents,
        "ahead": [
            {"path": path, "act": slot.act, "person": slot.person, "at": slot.at}
            for path, slot in report.ahead
        ],
        "errors": summary.errors,
        "warnings": summary.warnings,
        "findings": findings,
    }


def _plugin_json(one: "Found") -> dict[str, object]:
    if one.is_bundled:
        return {"name": one.name, "distribution": None, "version": __version__, "digest": None}
    return {
        "name": one.name,
        "distribution": one.distribution,
        "version": one.version,
        "digest": one.digest,
    }


def _say_by_what(context: Context, report: "Report") -> None:
    """A verdict is one by a tool, its rulebooks and what judges: another one may know more."""
    own = ", ".join(one.name for one in report.plugins if one.is_bundled)
    books = ", ".join(map(str, report.rulebooks)) or "-"
    text = Text(
        f"由 qms {__version__} 判断，规则集 {books}，自带插件 {own}",
        f"by qms {__version__}, rulebook {books}, own plugins {own}",
    )
    context.output.line(context.text(text))
    for one in report.plugins:
        if not one.is_bundled:
            name = f"{one.name} ({one.distribution} {one.version} {one.digest})"
            context.output.line(context.text(Text(f"及插件 {name}", f"and plugin {name}")))


def _say_unpinned(context: Context, root: str) -> None:
    text = Text(
        f"未指定根提交：取 {root}；要信任结果，请与从可靠渠道得到的根提交核对（--root）",
        f"root not pinned: taking {root}; to trust it compare this id with the one you know from "
        "elsewhere (--root)",
    )
    context.output.line(context.text(text), "yellow")


def _has_older_policy(context: Context, root: str) -> bool:
    """Whether policy version 1 was there before the pinned commit: then it isn't the founding."""
    repository = context.repository
    parents = repository.objects.commit(root).parents
    return any(repository.tree(one).entry("policy/0001") is not None for one in parents)


def _say_late_root(context: Context) -> None:
    text = Text(
        "根提交不是建立体系的提交：此前丢失的内容看不到",
        "the root is not the founding commit: what was lost before it can't be seen",
    )
    context.output.line(context.text(text), "yellow")


def _say_ahead(context: Context, report: "Report") -> None:
    """What is signed later than today, also where the verdict is one as of a later day."""
    for path, slot in report.ahead:
        text = Text(
            f"{path}：{slot.person} 的签署（{slot.at}）晚于本机时钟",
            f"{path}: {slot.person} signed at {slot.at}, later than this machine's clock",
        )
        context.output.line(context.text(text), "yellow")


def _say_verdict(context: Context, report: "Report", summary: Summary) -> None:
    filed = Text("", "")  # most systems have documents alone
    if report.texts:
        filed = Text(f"{report.texts} 份已归档文本，", f"{counted(report.texts, 'filed text')}, ")
    seen = Text(
        f"{report.commits} 个提交，{report.policies} 版策略，{report.revisions} 个已发布版本，"
        f"{filed.of('zh')}"
        f"{report.events} 条清单记录，{report.signatures} 个签名",
        f"{counted(report.commits, 'commit')}, {counted(report.policies, 'policy', 'policies')}, "
        f"{counted(report.revisions, 'released revision')}, "
        f"{filed.of('en')}"
        f"{counted(report.events, 'event in lists', 'events in lists')}, "
        f"{counted(report.signatures, 'signature')}",
    )
    context.output.line(context.text(seen))
    _say_by_what(context, report)
    if not report.complete:
        text = Text("验证不完整：不能断言没有问题", "incomplete: this is no proof that all is well")
        context.output.line(context.text(text), "yellow")
    told = summary.text
    if summary.errors or (summary.warnings and not report.complete):
        context.output.line(context.text(told), "red" if summary.errors else "yellow")
    elif report.complete:
        zh, en = f"验证通过，至 {report.tip[:12]}", f"verified: all holds up to {report.tip[:12]}"
        if summary.warnings:
            zh, en = f"{zh}；另有 {told.zh}", f"{en}; {told.en}"
        context.output.line(context.text(Text(zh, en)), "yellow" if summary.warnings else "green")


def _explained(context: Context, explain: str | None) -> dict[str, object]:
    from qms.jobs.sessions.explain import explained  # noqa: PLC0415 - seldom asked for

    if explain is None:
        return {}
    return {"explained": [one.as_json() for one in explained(context.session, explain)]}


def _explain(context: Context, number: str) -> None:
    from qms.jobs.sessions.explain import explained  # noqa: PLC0415 - seldom asked for

    out = context.output
    for one in explained(context.session, number):
        out.line()
        out.line(f"{one.path} {one.field}", "bold")
        out.line(f"  {one.id}")
        out.line(f"  {one.message}")
        out.line(f"  {one.armoured}".replace("\n", "\n  "))
        out.line(f"  {one.signer}")
    out.line()
    out.line(context.text(_COMMANDS))
    out.line("  ssh-keygen -Y verify -f signers -I PERSON -n qms-ACT-v1 -s message.sig < message")
