"""Commands of a round: submit, sign, reject, release, and what waits for me."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Final

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
from qms.domain.library.met_apart import met_apart
from qms.domain.library.texts_due import texts_due
from qms.domain.library.todo import DRAFTED, ENDLESS, LEFT_BEHIND, SENT_BACK, Due, due
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
@click.argument("numbers", nargs=-1, required=True)
@click.option(
    "--effective",
    metavar="DAY|+N",
    type=Day(),
    default="today",
    help=both("实施日期，或若干天后；默认当天", "day it comes into force, or days from now; today"),
)
@click.pass_obj
def release(session: WorkSession, numbers: tuple[str, ...], effective: date | timedelta) -> None:
    """Sign the chain's last step of each of the documents named."""
    for text in numbers:
        number = session.library.number_meant(text)
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
        ("edit", "先修改" if zh else "Edit first"),
    ]
    rows = [
        (*one.document.key, one.document.title, _what(session, one.what), *_way(session, one))
        for one in found
    ]
    rows += [
        (one.text.number, one.text.revision, one.path, _what(session, what),
         _text_command(one, what), "")
        for one, what in texts
    ]  # fmt: skip
    rows += [
        (one.number, one.revision, one.title, one.what.of(session.language), one.command, "")
        for one in besides
    ]
    session.table(titles, rows)
    for met in met_apart(session.library, session.me.id):
        names = [session.policy.printed_name(one, session.language) for one in met.persons]
        session.say(
            f"{met.number} {met.revision}：{'、'.join(names)} 分别办理过（{met.code}），"
            "见 qms check --all",
            f"{met.number} {met.revision}: {', '.join(names)} acted on it apart ({met.code}), "
            "see qms check --all",
        )


_DRAFTS: Final = {
    DRAFTED: Text("草稿", "draft"),
    SENT_BACK: Text("被退回", "rejected"),
    LEFT_BEHIND: Text("接手（编制人不能再签署）", "take over: who prepared it can't sign"),
    ENDLESS: Text(
        "请他人编制（否则审批无法完成）", "somebody else must prepare it, or it can't end"
    ),
}


def _what(session: WorkSession, what: str) -> str:
    """What is to be done with a text: an act, or a word of `todo`."""
    draft = _DRAFTS.get(what)
    if draft is None:
        return act_word(session.hooks, what, session.language)
    return draft.of(session.language)


def _way(session: WorkSession, one: Due) -> tuple[str, str]:
    """The command that does what waits for somebody, and the line that is to be edited before."""
    verbs = {PUBLISH: "release", REJECT: "reject"} | dict.fromkeys(_DRAFTS, "submit")
    reason = " --reason …" if one.what == REJECT else ""
    command = f"qms {verbs.get(one.what, 'sign')} {shell_word(one.document.number)}{reason}"
    edited = one.what in {LEFT_BEHIND, ENDLESS}
    return command, _preparer_line(session, one.document) if edited else ""


def _text_command(one: TextAt, what: str) -> str:
    """What does what waits, of a text of a plugin's kind."""
    word = shell_word(one.path)
    if one.kind.rounds is not None and what == one.kind.rounds.reject:
        return f"qms reject {word} --reason …"
    return f"qms {'submit' if what in (DRAFTED, SENT_BACK) else 'sign'} {word}"


def _preparer_line(session: WorkSession, document: Document) -> str:
    """Where a draft says who prepares it: whoever is named there then calls the command."""
    path = session.library.text_path(document.number) or ""
    data = session.library.texts.read(path) or b""
    lines = data.split(b"\n")
    line = next((at for at, one in enumerate(lines, 1) if one.startswith(b"prepared_by:")), 1)
    return f"{path}:{line} prepared_by"
