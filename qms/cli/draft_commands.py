"""Commands that write drafts: new, revise, restore, fix."""

import shlex

import click

from qms.cli.asking import can_ask
from qms.cli.languages import both
from qms.domain.kinds.kind import WORKING
from qms.findings import commit_word, shell_word
from qms.formats.paths import parse_path
from qms.jobs.documents import mends, revising
from qms.jobs.exchange import merged
from qms.jobs.exchange.marks_left import refuse_marked
from qms.jobs.sessions import leftovers
from qms.jobs.sessions.work_session import WorkSession
from qms.session import Drafted, NewDraft


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
    asked = NewDraft(
        class_id=class_id,
        title=title,
        title_en=title_en,
        number=number,
        owner=owner,
        given=dict(part.split("=", 1) for part in parts),
    )
    say_made(session, session.draft(asked))


@click.command(
    help=both(
        "修改（A/0 → A/1）或换版（--version，→ B/0）已发布的文件：打开新版本的草稿；"
        "已直接改动已发布文本的，改动带入新版本。",
        "Open the next revision of a released document as a draft: A/0 → A/1, or B/0. An edit of "
        "the released text that is there already goes into it.",
    )
)
@click.argument("number")
@click.option(
    "--summary",
    help=both("修改内容，记入修改记录", "what changes, for the amendment record; asked for else"),
)
@click.option("--version", is_flag=True, help=both("换版", "a new edition, not a change"))
@click.option("--change", help=both("更改申请单编号", "number of the change request"))
@click.option(
    "--from", "source", metavar="REVISION",
    help=both(
        "以此版本的文本为起点；默认为最新有效的版本",
        "begin with the text of this revision; by default the newest that has effect",
    ),
)  # fmt: skip
@click.pass_obj
def revise(  # noqa: PLR0913 - the facts of a new revision
    session: WorkSession,
    number: str,
    summary: str | None,
    change: str | None,
    source: str | None,
    *,
    version: bool,
) -> None:
    """Write the next revision's draft into the work tree."""
    number = session.library.number_meant(number)
    summary = summary or revising.own_summary(session, number) or _asked_summary(session)
    is_edit = revising.edited_text(session, number) is not None
    made = revising.revise(
        session, number, summary=summary, version=version, change=change, source=source
    )
    if is_edit:
        session.say(
            "已直接改动的文本带入新版本。", "What was edited in the released text is in it."
        )
    elif source is None:
        _say_passed_over(session, number)
    say_made(session, Drafted(*made.document.key, made.path))


def _say_passed_over(session: WorkSession, number: str) -> None:
    """Tell that the newest text is not the one that the draft begins with, and how it would be."""
    newest, base = session.effects.newest(number), revising.begins_with(session, number)
    if newest is None or newest.document.revision == base.document.revision:
        return
    last, first, word = newest.document.revision, base.document.revision, shell_word(number)
    session.say(
        f"{number} {last} 已作废或不成立：新版本以 {first} 的文本为起点"
        f"（以 {last} 的文本为起点：qms restore {word}，再 qms revise {word} --from {last}）",
        f"{number} {last} was annulled or has no effect: the draft begins with the text of {first} "
        f"(with that of {last}: qms restore {word}, then qms revise {word} --from {last})",
    )


def _asked_summary(session: WorkSession) -> str:
    if not can_ask():
        raise click.MissingParameter(param_type="option", param_hint="--summary")
    return str(click.prompt("What changes" if session.language == "en" else "修改内容"))


@click.command(
    help=both(
        "撤销对已发布文本的改动或误开的版本：恢复最新已发布的文本，改动另存。",
        "Undo an edit of a released text, or a revision opened by mistake: what lay there is kept.",
    )
)
@click.argument("number")
@click.pass_obj
def restore(session: WorkSession, number: str) -> None:
    """Put the newest released text back in its place."""
    number = session.library.number_meant(number)
    done = revising.restore(session, number)
    if session.dry_run:
        paths = ", ".join(filter(None, (*done.filed, done.path)))
        session.say(f"试运行，未写入：{paths}", f"Dry run, nothing written: {paths}")
        return
    for path in done.filed:
        session.say(f"{path}：已恢复", f"{path}: as it was filed")
    _say_text(session, number, done)
    for kept in done.kept:
        session.say(f"改动另存于：{kept}", f"What was edited is kept: {kept}")
    if done.in_history:
        show = f"git show {done.in_history[:10]}:{shell_word(done.path)}"
        session.say(f"已提交的改动在历史中：{show}", f"What was committed is in history: {show}")
    if done.commit:
        session.say(f"已提交 {done.commit[:10]}", f"Committed {done.commit[:10]}")


def _say_text(session: WorkSession, number: str, done: revising.Restored) -> None:
    """Tell what lies in the place of the working text now."""
    now, left = done.in_force, done.left
    if left is not None:
        signed = left.values.get("revision", "")
        why = (f"{signed} 已有签署", f"{signed} is signed") if signed else (left.code, left.code)
        path = left.place.path or number
        session.say(f"{path}：保持不变（{why[0]}）", f"{path}: left as it is ({why[1]})")
        return
    session.say(
        f"{done.path}：已恢复 {number} {done.revision} 的已发布文本"
        + (f"（该版本已作废或不成立，有效的是 {now}）" if now else ""),
        f"{done.path}: {number} {done.revision} as it was released"
        + (f" (annulled or without effect: {now} is what has it)" if now else ""),
    )


def say_made(session: WorkSession, made: Drafted) -> None:
    """Tell where a draft lies, and what comes next."""
    number, revision, path = made
    if session.dry_run:
        session.say(
            f"试运行，未写入：{number} {revision} 草稿 {path}",
            f"Dry run, nothing written: {number} {revision}, a draft, {path}",
        )
        return
    session.say(
        f"{number} {revision} 草稿：{path}\n下一步：编写正文，然后 qms submit {number}",
        f"{number} {revision}, a draft: {path}\nNext: write it, then qms submit {number}",
    )


@click.command(
    help=both(
        "修正不需签名的小问题：状态字样与签名不一致；编辑器留下的编码、CRLF 换行和 BOM；"
        "未签署文本中的软连字符和零宽空格，文件头中的全角冒号和空格、位置靠上的 status、"
        "写成名称的部门和人员、写法不同的编号；提交被中断的命令留下的已签署内容。",
        "Mend what needs no signature: a status word that doesn't agree with the slots; encoding, "
        "CRLF line ends and a byte order mark that an editor left. In a text that nobody signed: "
        "soft hyphens and blanks of no width; in its head full-width colons and blanks, a status "
        "above other fields, names in place of ids, a number in another spelling. And commit what "
        "a killed command left signed.",
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
    mended = mends.fix(session, chosen)
    for path, kept in mended:
        if session.dry_run:
            session.say(f"试运行，未写入：将修正 {path}", f"Dry run, nothing written: {path}")
        else:
            session.say(f"已修正 {path}", f"Mended {path}")
        if kept is not None:
            session.say(
                f"已转为 UTF-8，请通读一遍；原文件：{kept}",
                f"It is UTF-8 now: look at the text; the file as it was: {kept}",
            )
    refuse_marked(session, chosen)
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
