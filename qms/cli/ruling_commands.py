"""Commands that decide about entries: settle, annul, ratify."""

import click

from qms.cli.languages import both
from qms.jobs.rulings import ruling
from qms.jobs.sessions.work_session import WorkSession

_OTHERWISE = click.option(
    "--otherwise",
    is_flag=True,
    help=both("虽已签署相反的裁定", "though I signed the opposite, which is open"),
)
_REASON = click.option("--reason", help=both("理由（永久保留）", "why; it is kept for ever"))


@click.command(
    help=both(
        "裁定：多个条目争同一位置时，以哪一个为准。已提出同样的裁定时，即签署该裁定；不带选项则签署"
        "唯一待签的裁定。",
        "Decide which of several entries for one place stands, or that none does. If that is open "
        "already it is signed; without a choice the one open ruling is.",
    )
)
@click.argument("number")
@click.option("--stands", help=both("有效的条目（版本或标识）", "the entry that stands"))
@click.option("--none", is_flag=True, help=both("均不采用", "none of them stands"))
@_REASON
@_OTHERWISE
@click.pass_obj
def settle(  # noqa: PLR0913, PLR0917 - each is an option
    session: WorkSession,
    number: str,
    stands: str | None,
    none: bool,  # noqa: FBT001 - a flag of the command line
    reason: str | None,
    otherwise: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Sign a settlement."""
    if stands is not None and none:
        message = "--stands 与 --none 只能取其一 ¦ --stands and --none exclude each other"
        raise click.UsageError(message)
    found = session.library.number_meant(number)
    _show(
        session,
        found,
        ruling.settle(session, found, stands=stands, none=none, reason=reason, otherwise=otherwise),
    )


@click.command(
    help=both(
        "裁定某条目作废（永久不生效）：可写版本、分发号或标识的前几位。已提出同样的裁定时，即签署该裁定，"
        "不必再写理由。",
        "Rule an entry out for good: a revision, a copy's number, or the first digits of an id. If "
        "that is open already it is signed; no reason is needed.",
    )
)
@click.argument("number")
@click.argument("entry")
@_REASON
@_OTHERWISE
@click.pass_obj
def annul(
    session: WorkSession, number: str, entry: str, *, reason: str | None, otherwise: bool
) -> None:
    """Sign an annulment."""
    found = session.library.number_meant(number)
    _show(session, found, ruling.annul(session, found, entry, reason, otherwise=otherwise))


@click.command(
    help=both(
        "追认：使后来的策略不再认可的条目重新有效；可写版本、分发号或标识的前几位。已提出同样的追认时，"
        "即签署该追认，不必再写理由。",
        "Let an entry stand that a later policy does not take: a revision, a copy's number, or the "
        "first digits of an id. If that is open already it is signed; no reason is needed.",
    )
)
@click.argument("number")
@click.argument("entry")
@_REASON
@_OTHERWISE
@click.pass_obj
def ratify(
    session: WorkSession, number: str, entry: str, *, reason: str | None, otherwise: bool
) -> None:
    """Sign a ratification."""
    found = session.library.number_meant(number)
    _show(session, found, ruling.ratify(session, found, entry, reason, otherwise=otherwise))


def _show(session: WorkSession, number: str, done: ruling.RulingLeft) -> None:
    paths = ", ".join(done.written.paths)
    if not done.written.commit:
        session.say(f"试运行，未写入：{paths}", f"Dry run, nothing written: {paths}")
        return
    commit = done.written.commit[:10]
    session.say(f"已提交 {commit}：{paths}", f"Committed {commit}: {paths}")
    if not done.complete:
        names = [session.policy.printed_name(one, session.language) for one in done.waiting]
        session.say(
            f"{number} 的裁定还需签署：{'、'.join(names) or '-'}。下一步：qms sync",
            f"The ruling on {number} waits for {', '.join(names) or '-'}. Next: qms sync",
        )
    else:
        session.say(
            f"{number} 的裁定已完成。下一步：qms sync",
            f"The ruling on {number} is complete. Next: qms sync",
        )
    for command in done.against:
        session.say(
            f"相反的裁定尚未签完（{command}）：一旦签完，以那一项为准",
            f"the opposite is open too ({command}): once its chain has signed it, that counts "
            "instead",
        )
