"""Commands of a round: submit, sign, reject, release, and what waits for me."""

from contextlib import suppress
from datetime import date, timedelta

import click

from qms.cli.languages import both
from qms.cli.text_written import say_text_signed, show_text_written
from qms.cli.typed_day import Day
from qms.cli.what_is_signed import say_empty, say_what_is_signed
from qms.cli.words import act_word
from qms.cli.written import show_written
from qms.domain.kinds.chain import PUBLISH, REJECT
from qms.domain.kinds.document import Document
from qms.domain.library.filed_texts import TextAt, text_meant
from qms.domain.library.texts_due import texts_due
from qms.domain.library.todo import DRAFTED, LEFT_BEHIND, SENT_BACK, Due, due
from qms.findings import Refused, shell_word
from qms.jobs.documents import drafts, going_round, rounds
from qms.jobs.rulings.tasks import tasks
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import Text


@click.command(
    help=both("送审：以编制人签署，按审批链送出。", "Sign as preparer and send the text round.")
)
@click.argument("number")
@click.pass_obj
def submit(session: WorkSession, number: str) -> None:
    """Sign `prepare` and lay the chain's slots."""
    one = text_meant(session.library, number, going_round.with_digests(session))
    if one is not None:
        show_text_written(session, going_round.submit(session, one), one)
        return
    number = session.library.number_meant(number)
    with suppress(Refused):  # a list of pictures is written anew before the head can be read
        say_empty(session, drafts.working(session, number).document)
    show_written(session, rounds.submit(session, number), number)


@click.command(help=both("签署轮到我的步骤。", "Sign the step that is open for me."))
@click.argument("numbers", nargs=-1, required=True)
@click.pass_obj
def sign(session: WorkSession, numbers: tuple[str, ...]) -> None:
    """Sign each of the documents named."""
    for text in numbers:
        one = text_meant(session.library, text)
        if one is not None:
            going_round.refuse_not_mine(session, one)
            say_text_signed(session, one)
            show_text_written(session, going_round.sign(session, one), one)
            continue
        number = session.library.number_meant(text)
        rounds.refuse_not_mine(session, number, is_last=False)
        say_what_is_signed(session, number)
        show_written(session, rounds.sign(session, number), number)


@click.command(
    help=both("退回，写明理由；理由永久保留。", "Reject a text in review, with a reason.")
)
@click.argument("number")
@click.option("--reason", required=True, help=both("退回理由", "why; it is kept for ever"))
@click.pass_obj
def reject(session: WorkSession, number: str, reason: str) -> None:
    """Sign a rejection: it ends the round."""
    one = text_meant(session.library, number)
    if one is not None:
        show_text_written(session, going_round.reject(session, one, reason), one)
        return
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
    rounds.refuse_not_mine(session, number, is_last=True)
    say_what_is_signed(session, number)
    show_written(session, rounds.release(session, number, effective), number)


@click.command(help=both("待办：等我处理的事项。", "What waits for me."))
@click.pass_obj
def todo(session: WorkSession) -> None:
    """List the steps, drafts, rulings, copies and policies that wait for who holds my key."""
    found = tuple(due(session.library, session.me.id))
    texts = tuple(texts_due(session.library, session.me.id))
    besides = tasks(session)
    name = session.me.name.of(session.language)
    if not found and not texts and not besides:
        session.say(f"{name}：没有待办事项。", f"{name}: nothing waits for you.")
    zh = session.language == "zh"
    titles = [
        ("number", "编号" if zh else "Number"),
        ("revision", "版本" if zh else "Revision"),
        ("title", "名称" if zh else "Title"),
        ("act", "事项" if zh else "What"),
        ("command", "命令" if zh else "Command"),
    ]
    words = {
        DRAFTED: "草稿" if zh else "draft",
        SENT_BACK: "被退回" if zh else "rejected",
        LEFT_BEHIND: "接手（编制人不能再签署）" if zh else "take over: who prepared it can't sign",
    }
    rows = [
        (*one.document.key, one.document.title,
         words.get(one.what) or act_word(session.hooks, one.what, session.language),
         _command(session, one))
        for one in found
    ]  # fmt: skip
    rows += [
        (one.text.number, one.text.revision, one.path,
         words.get(what) or act_word(session.hooks, what, session.language),
         _text_command(one, what))
        for one, what in texts
    ]  # fmt: skip
    rows += [
        (one.number, one.revision, one.title, one.what.of(session.language), one.command)
        for one in besides
    ]
    session.table(titles, rows)


def _command(session: WorkSession, one: Due) -> str:
    """What does what waits for somebody."""
    if one.what == LEFT_BEHIND:
        return _take_over(session, one.document)
    verbs = {DRAFTED: "submit", SENT_BACK: "submit", PUBLISH: "release", REJECT: "reject"}
    reason = " --reason …" if one.what == REJECT else ""
    return f"qms {verbs.get(one.what, 'sign')} {shell_word(one.document.number)}{reason}"


def _text_command(one: TextAt, what: str) -> str:
    """What does what waits, of a text of a plugin's kind."""
    word = shell_word(one.path)
    if one.kind.rounds is not None and what == one.kind.rounds.reject:
        return f"qms reject {word} --reason …"
    return f"qms {'submit' if what in (DRAFTED, SENT_BACK) else 'sign'} {word}"


def _take_over(session: WorkSession, document: Document) -> str:
    """How a draft gets another preparer: the line of its head, and the command then."""
    path = session.library.text_path(document.number) or ""
    data = session.library.texts.read(path) or b""
    lines = data.split(b"\n")
    line = next((at for at, one in enumerate(lines, 1) if one.startswith(b"prepared_by:")), 1)
    then = f"qms submit {shell_word(document.number)}"
    told = Text(
        f"{path}:{line} 的 prepared_by 改为接手人，再由其 {then}",
        f"{path}:{line} prepared_by: who takes it over, who then runs {then}",
    )
    return told.of(session.language)
