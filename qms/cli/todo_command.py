"""`qms todo`, and bare `qms`: what waits for me, or for everybody, since when, and the command."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

import click

from qms.cli.context import Context, pass_context
from qms.cli.languages import both
from qms.cli.not_shared import refused_here, untold, waiting_to_be_shared
from qms.cli.printed_findings import as_json, print_findings
from qms.domain.kinds.act import core_act
from qms.domain.library.annulled_texts import annulled_texts
from qms.domain.library.gave_way import gave_way
from qms.domain.library.met_apart import met_apart
from qms.domain.register.gone_classes import may_list_again
from qms.findings import Finding, Reason, shell_word
from qms.formats.paths import parse_path
from qms.jobs.exchange.beside_trunk import beside_trunk
from qms.jobs.exchange.taken_numbers import taken_numbers
from qms.jobs.exchange.unshared import unshared
from qms.jobs.rulings.met_rulings import may_rule
from qms.jobs.rulings.what_waits import Waits, signing_persons, waiting
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import ZH, Text

_TITLES: Final = {
    "person": Text("人员", "Person"),
    "number": Text("编号", "Number"),
    "revision": Text("版本", "Revision"),
    "title": Text("名称", "Title"),
    "act": Text("事项", "What"),
    "since": Text("已等待", "Waits"),
    "command": Text("命令", "Command"),
    "edit": Text("先修改", "Edit first"),
}

_PLUGIN: Final = Text("（插件 {}）", " (plugin {})")
"""Behind what a plugin from elsewhere says: its command is its own word."""
_UNITS: Final = (
    (24 * 60, ("天", "day")),
    (60, ("小时", "hour")),
    (1, ("分钟", "minute")),
)


@click.command(help=both("待办：等我处理的事项。", "What waits for me."))
@click.option(
    "--all", "everybody", is_flag=True, help=both("等每个人处理的事项", "what waits for everybody")
)
@pass_context
def todo(context: Context, *, everybody: bool) -> None:
    """List the steps, drafts, rulings, copies and policies that wait."""
    session, language = context.looking_session, context.language
    persons = signing_persons(session) if everybody else (session.me,)
    count = 0 if everybody else unshared(session)
    refused = () if everybody else refused_here(session, count)
    found = tuple(_undisputed(waiting(session, persons, session.now), refused))
    told = untold(session, refused)
    if told and not context.output.as_json:
        print_findings(context, told, session.work_tree.read)
    elif not found and everybody:
        session.say("没有待办事项。", "Nothing waits for anybody.")
    elif not found:
        name = session.me.name.of(language)
        session.say(f"{name}：没有待办事项。", f"{name}: nothing waits for you.")
    is_edited = context.output.as_json or any(one.task.edit for one in found)
    shown = slice(0 if everybody else 1, None if is_edited else -1)
    titles = [(key, text.of(language)) for key, text in tuple(_TITLES.items())[shown]]
    more: dict[str, object] = {}
    if not everybody:
        more = {"unshared": count, "branch": beside_trunk(session),
                "findings": as_json(context, refused, session.work_tree.read)}  # fmt: skip
    context.output.table(titles, [_row(context, one)[shown] for one in found], more)
    if not everybody:
        _say_met(session)
        _say_gave_way(session)
        _say_annulled(session)
        _say_taken(session)
    if not (everybody or context.output.as_json):
        for line in waiting_to_be_shared(session, count, refused):
            context.output.line(context.text(line))


def _undisputed(found: Iterable[Waits], refused: Sequence[Finding]) -> Iterator[Waits]:
    """What waits, but for what is only asked since something recorded is gone from here."""
    if any(one.reason is Reason.PUT_BACK for one in refused):
        return
    lost = {parse_path(one.place.path).number for one in refused
            if one.place.path.startswith("released/") and "restore" in one.values}  # fmt: skip
    yield from (one for one in found if one.task.number not in lost)


def _say_met(session: WorkSession) -> None:
    """What met what somebody else had done: nothing may have to be done about it.

    Who did it is told, and who may fix by a ruling what counts; on texts of plugins nobody rules.
    """
    for met in met_apart(session.library):
        ruling = may_rule(session, met.number, met.revision) if met.is_ruled else None
        told = {*met.persons, *(ruling.persons if ruling and ruling.is_left_to_them else ())}
        if session.me.id not in told:
            continue
        which = f"{met.number} {met.revision}".strip()
        names = [session.policy.printed_name(one, session.language) for one in met.persons]
        is_one = len(names) == 1  # on two machines, or before a sync
        zh = "在两处先后办理过" if is_one else "分别办理过"
        en = "acted on it twice, in two places" if is_one else "acted on it apart"
        zh = f"{which}：{'、'.join(names)} {zh}（{met.code}），"
        en = f"{which}: {', '.join(names)} {en} ({met.code}), "
        if ruling is None:
            session.say(f"{zh}见 qms check --all", f"{en}see qms check --all")
            continue
        may = [session.policy.printed_name(one, session.language) for one in ruling.persons]
        session.say(
            f"{zh}见 qms check --all；可由 {'、'.join(may)} 裁定：{ruling.command}",
            f"{en}see qms check --all; {', '.join(may)} may rule on it: {ruling.command}",
        )


def _say_gave_way(session: WorkSession) -> None:
    """What I was told is decided, and isn't any more: others signed otherwise meanwhile."""
    for one in gave_way(session.library, session.me.id, session.now):
        names = [session.policy.printed_name(by, session.language) for by in one.by]
        acts = {act: core_act(act).called(session.language) for act in (one.act, one.to)}
        command = f"qms history {shell_word(one.number)}"
        session.say(
            f"{one.number} {one.about}：您签署的裁定（{acts[one.act]}）不再生效，"
            f"以 {'、'.join(names)} 签署的裁定（{acts[one.to]}）为准：{command}",
            f"{one.number} {one.about}: the ruling that you signed ({acts[one.act]}) gave way to "
            f"the one that {', '.join(names)} signed ({acts[one.to]}): {command}",
        )


def _say_annulled(session: WorkSession) -> None:
    """What I prepared and a ruling annulled, as long as nothing newer is there."""
    for one in annulled_texts(session.library, session.me.id, session.now):
        revision, standing = one.revision, one.standing
        zh = f"有效的是 {standing}" if standing else "目前没有有效版本"
        en = f"in effect is {standing}" if standing else "none is in effect"
        zh = f"您编制的 {one.number} {revision} 已裁定作废，{zh}"
        en = f"{one.number} {revision}, which you prepared, was annulled; {en}"
        if one.class_id not in session.policy.classes:
            keepers = may_list_again(session.policy)
            names = [session.policy.printed_name(who, session.language) for who in keepers]
            session.say(
                f"{zh}；其类别 {one.class_id} 已不在策略中，须由 {'、'.join(names)} 重新列入后"
                "才能修订",
                f"{en}; its class {one.class_id} is no longer in the policy: nobody can revise it "
                f"until {', '.join(names)} list it again",
            )
            continue
        command = f"qms revise {shell_word(one.number)} --summary …"
        day = session.policy.day(one.until)
        session.say(
            f"{zh}：{command}（以其文本为起点：加 --from {revision}；"
            f"不再修订的不必处理，{day} 起不再提示）",
            f"{en}: {command} (--from {revision} begins with its text; where none is wanted, "
            f"nothing need be done: this is said until {day})",
        )


def _say_taken(session: WorkSession) -> None:
    """Papers that I gave out under a number that another has: nobody else knows of them."""
    for one in taken_numbers(session):
        command = f"qms issue {shell_word(one.number)} --to {shell_word(one.to)}"
        drop = f"git branch -D {one.branch.removeprefix('refs/heads/')}"
        session.say(
            f"您发放的 {one.number} {one.revision} 第 {one.copy} 号与他人的重号，不作数："
            f"请收回，用下一个分发号重新发放：{command}（不再发放的：{drop}）",
            f"{one.number} {one.revision}: the copy {one.copy} that you issued has the number of "
            f"another and counts for nothing: take it back, and issue it under the next number: "
            f"{command} (where none is to go out any more: {drop})",
        )


def _row(context: Context, one: Waits) -> tuple[str, ...]:
    """Its cells. JSON has the id of a person and the time, people read a name and how long ago."""
    person, task, plugin = one
    as_json, language = context.output.as_json, context.language
    since = task.since.isoformat(timespec="seconds")
    owner = _PLUGIN.of(language).format(plugin)
    return (
        person.id if as_json else person.name.of(language),
        task.number,
        task.revision,
        task.title,
        task.what.of(language) + (owner if plugin and not as_json else ""),
        since if as_json else age(context.session.now - task.since, language),
        task.command,
        task.edit,
    )


def age(span: timedelta, language: str) -> str:
    """How long something waits, in its largest unit; what is still ahead has just begun to."""
    minutes = max(span // timedelta(minutes=1), 0)
    count, (zh, en) = next(
        (minutes // size, words) for size, words in _UNITS if minutes >= size or size == 1
    )
    return f"{count} {zh}" if language == ZH else f"{count} {en}{'' if count == 1 else 's'}"
