"""Commands that write: new, revise, submit, sign, reject, release, fix, and what waits for me."""

import shlex
from datetime import date, timedelta

import click

from qms.cli.languages import both
from qms.cli.shown import paper_facts
from qms.cli.typed_day import Day
from qms.cli.words import act_word, field_word
from qms.cli.written import show_written
from qms.domain.kinds.chain import PUBLISH
from qms.domain.kinds.kind import WORKING
from qms.domain.library.differences import body_differences, head_differences
from qms.domain.library.todo import DRAFTED, SENT_BACK, Due, due
from qms.findings import commit_word, shell_word
from qms.formats.paths import parse_path
from qms.jobs import drafts, leftovers, merged, rounds
from qms.jobs.tasks import tasks
from qms.jobs.work_session import WorkSession


@click.command(
    help=both(
        "新建文件：分配该类别的下一个编号，生成草稿。",
        "Begin a document: the next free number of its class, and a draft to fill in.",
    )
)
@click.argument("class_id", metavar="CLASS")
@click.option("--title", required=True, help=both("文件名称", "the title, as printed"))
@click.option("--title-en", help=both("英文名称", "the title in English"))
@click.option("--number", help=both("指定编号", "a number of your own, not the next free one"))
@click.option(
    "--owner", help=both("归口部门；默认为本人部门", "owning department; yours by default")
)
@click.option(
    "--with",
    "parts",
    multiple=True,
    metavar="KEY=VALUE",
    help=both("编号中的其他部分", "a part of the number, such as clause=4.2.3"),
)
@click.pass_obj
def new(  # noqa: PLR0913 - the facts of a new document
    session: WorkSession,
    *,
    class_id: str,
    title: str,
    title_en: str | None,
    number: str | None,
    owner: str | None,
    parts: tuple[str, ...],
) -> None:
    """Allocate a number and write a first draft into the work tree."""
    for part in parts:
        if "=" not in part:
            zh, en = "不是形如 clause=4.2.3 的赋值", "is no assignment like clause=4.2.3"
            raise click.BadParameter(both(f"{part} {zh}", f"{part} {en}"), param_hint="--with")
    asked = drafts.NewDocument(
        class_id=class_id,
        title=title,
        title_en=title_en,
        number=number,
        owner=owner,
        given=dict(part.split("=", 1) for part in parts),
    )
    made = drafts.new(session, asked)
    say_made(session, made)


@click.command(
    help=both(
        "修改（A/0 → A/1）或换版（--version，→ B/0）已发布的文件：打开新版本的草稿。",
        "Open the next revision of a released document as a draft: A/0 → A/1, or B/0.",
    )
)
@click.argument("number")
@click.option(
    "--summary",
    required=True,
    help=both("修改内容，记入修改记录", "what changes, for the amendment record"),
)
@click.option("--version", is_flag=True, help=both("换版", "a new edition, not a change"))
@click.option("--change", help=both("更改申请单编号", "number of the change request"))
@click.pass_obj
def revise(
    session: WorkSession, number: str, summary: str, change: str | None, *, version: bool
) -> None:
    """Write the next revision's draft into the work tree."""
    number = session.library.number_meant(number)
    made = drafts.revise(session, number, summary=summary, version=version, change=change)
    say_made(session, made)


def say_made(session: WorkSession, made: drafts.Working) -> None:
    """Tell where a draft lies, and what comes next."""
    number, revision = made.document.key
    if session.dry_run:
        session.say(
            f"试运行，未写入：{number} {revision} 草稿 {made.path}",
            f"Dry run, nothing written: {number} {revision}, a draft, {made.path}",
        )
        return
    session.say(
        f"{number} {revision} 草稿：{made.path}\n下一步：编写正文，然后 qms submit {number}",
        f"{number} {revision}, a draft: {made.path}\nNext: write it, then qms submit {number}",
    )


@click.command(
    help=both("送审：以编制人签署，按审批链送出。", "Sign as preparer and send the text round.")
)
@click.argument("number")
@click.pass_obj
def submit(session: WorkSession, number: str) -> None:
    """Sign `prepare` and lay the chain's slots."""
    number = session.library.number_meant(number)
    show_written(session, rounds.submit(session, number), number)


@click.command(help=both("签署轮到我的步骤。", "Sign the step that is open for me."))
@click.argument("numbers", nargs=-1, required=True)
@click.pass_obj
def sign(session: WorkSession, numbers: tuple[str, ...]) -> None:
    """Sign each of the documents named."""
    for text in numbers:
        number = session.library.number_meant(text)
        _say_what_is_signed(session, number)
        show_written(session, rounds.sign(session, number), number)


SHOWN_PARAGRAPHS = 8


def _say_what_is_signed(session: WorkSession, number: str) -> None:
    """What you see is what you sign: the text, its digest, what differs from the last release."""
    document = drafts.working(session, number).document
    session.say(
        f"签署 {number} {document.revision}《{document.title}》 {document.content}",
        f"Signing {number} {document.revision} “{document.title}” {document.content}",
    )
    for name, value in paper_facts(document.legacy, session.language):
        session.say(f"  {name.zh}：{value}", f"  {name.en}: {value}")
    newest = session.effects.newest(number)
    if newest is None:
        return
    changed = [p for p in body_differences(newest.document.body, document.body) if p.is_changed]
    keys = [change.key for change in head_differences(newest.document, document)]
    named = "、".join(field_word(key, "zh") for key in keys)
    zh, en = (f"{named}不同；", f"{', '.join(keys)} differ; ") if keys else ("", "")
    old = newest.document.revision
    session.say(
        f"与 {old} 相比：{zh}正文改动 {len(changed)} 处（全部：qms diff {number}）",
        f"Against {old}: {en}{len(changed)} paragraphs changed (all: qms diff {number})",
    )
    for paragraph in changed[:SHOWN_PARAGRAPHS]:
        session.say(f"  {paragraph.plain().strip()}", f"  {paragraph.plain().strip()}")


@click.command(
    help=both("退回，写明理由；理由永久保留。", "Reject a text in review, with a reason.")
)
@click.argument("number")
@click.option("--reason", required=True, help=both("退回理由", "why; it is kept for ever"))
@click.pass_obj
def reject(session: WorkSession, number: str, reason: str) -> None:
    """Sign a rejection: it ends the round."""
    number = session.library.number_meant(number)
    show_written(session, rounds.reject(session, number, reason), number)


@click.command(
    help=both(
        "发布：确定发布与实施日期，归档已批准的版本。",
        "Publish: fix the days and file the approved text in the register.",
    )
)
@click.argument("number")
@click.option(
    "--effective",
    metavar="DAY|+N",
    type=Day(),
    default="today",
    help=both("实施日期，或若干天后；默认当天", "day it comes into force, or days from now; today"),
)
@click.pass_obj
def release(session: WorkSession, number: str, effective: date | timedelta) -> None:
    """Sign the chain's last step."""
    number = session.library.number_meant(number)
    _say_what_is_signed(session, number)
    show_written(session, rounds.release(session, number, effective), number)


@click.command(
    help=both(
        "修正不需签名的小问题：状态字样与签名不一致；编辑器留下的 CRLF 换行和 BOM；"
        "未签署文本中粘贴进来的软连字符和零宽空格；"
        "提交被中断的命令留下的已签署内容。",
        "Mend what needs no signature: a status word that doesn't agree with the slots; CRLF line "
        "ends and a byte order mark that an editor left; soft hyphens and blanks of no width that "
        "were pasted into a text that nobody signed; commit what a killed command left signed.",
    )
)
@click.argument("numbers", nargs=-1)
@click.option(
    "--drop",
    is_flag=True,
    help=both(
        "改为删除被中断的命令留下的文件", "take away what a killed command left, don't commit it"
    ),
)
@click.pass_obj
def fix(session: WorkSession, numbers: tuple[str, ...], *, drop: bool) -> None:
    """Finish or drop what was left half-done; set the echo of the slots right."""
    if drop:
        _drop(session)
        return
    finished = leftovers.finish(session)
    for one in finished:
        session.say(
            f"已提交被中断的命令留下的内容 {one.commit[:10]}：{one.subject}",
            f"Committed what a killed command left, {one.commit[:10]}: {one.subject}",
        )
    settled = merged.settle_merge(session)
    if settled is not None:
        _say_settled(session, settled)
    chosen = frozenset(session.library.number_meant(text) for text in numbers)
    mended = drafts.fix(session, chosen)
    for path in mended:
        if session.dry_run:
            session.say(f"试运行，未写入：将修正 {path}", f"Dry run, nothing written: {path}")
        else:
            session.say(f"已修正 {path}", f"Mended {path}")
    if not mended and not finished and settled is None:
        session.say("没有可修正的内容。", "Nothing to mend.")


def _say_settled(session: WorkSession, settled: merged.Settled) -> None:
    if settled.commit:
        session.say(
            f"已按文件含义合并双方 {settled.commit[:10]}",
            f"United both sides by what their files mean, {settled.commit[:10]}",
        )
    for name in settled.asides:
        session.say(f"您的文本另存为 {name}", f"Your text is kept as {name}")


def _drop(session: WorkSession) -> None:
    if session.dry_run:
        session.say("试运行，未写入。", "Dry run, nothing written.")
        return
    dropped = leftovers.drop(session)
    for path in dropped:
        session.say(f"已删除 {path}", f"Removed {path}")
    back = [path for path in dropped if leftovers.is_committed(session, path)]
    if back:
        command = f"git restore -- {shlex.join(back)}"
        session.say(f"取回已提交的文本：{command}", f"For the text as committed: {command}")
    for path, commit in dropped.items():
        if parse_path(path).kind == WORKING:  # it may be all there is of an hour's work
            command = f"git show {commit_word(commit)}:{shell_word(path)}"
            session.say(f"已删除的文本：{command}", f"For the text that was removed: {command}")
    if not dropped:
        session.say("没有被中断的命令留下的内容。", "No killed command left anything.")


@click.command(help=both("待办：等我处理的事项。", "What waits for me."))
@click.pass_obj
def todo(session: WorkSession) -> None:
    """List the steps, drafts, rulings, copies and policies that wait for who holds my key."""
    found = tuple(due(session.library, session.me.id))
    besides = tasks(session)
    name = session.me.name.of(session.language)
    if not found and not besides:
        session.say(f"{name}：没有待办事项。", f"{name}: nothing waits for you.")
    zh = session.language == "zh"
    titles = [
        ("number", "编号" if zh else "Number"),
        ("revision", "版本" if zh else "Revision"),
        ("title", "名称" if zh else "Title"),
        ("act", "事项" if zh else "What"),
        ("command", "命令" if zh else "Command"),
    ]
    words = {DRAFTED: "草稿" if zh else "draft", SENT_BACK: "被退回" if zh else "rejected"}
    rows = [
        (*one.document.key, one.document.title,
         words.get(one.what) or act_word(session.hooks, one.what, session.language), _command(one))
        for one in found
    ]  # fmt: skip
    rows += [
        (one.number, one.revision, one.title, one.what.of(session.language), one.command)
        for one in besides
    ]
    session.table(titles, rows)


def _command(one: Due) -> str:
    """What does what waits for somebody."""
    verbs = {DRAFTED: "submit", SENT_BACK: "submit", PUBLISH: "release"}
    return f"qms {verbs.get(one.what, 'sign')} {shell_word(one.document.number)}"
