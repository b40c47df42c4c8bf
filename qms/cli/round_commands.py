"""Commands of a round: submit, sign, reject, release."""

from contextlib import suppress
from datetime import date, timedelta

import click

from qms.cli.languages import both
from qms.cli.text_written import say_text_signed, show_text_written
from qms.cli.typed_day import Day
from qms.cli.what_is_signed import say_empty, say_what_is_signed
from qms.cli.written import show_written
from qms.domain.library.filed_texts import text_meant
from qms.findings import Refused
from qms.jobs.documents import drafts, going_round, rounds
from qms.jobs.sessions.work_session import WorkSession

_YES = click.option("--yes", is_flag=True, help=both("不询问即签署", "sign without being asked"))


@click.command(
    help=both("送审：以编制人签署，按审批链送出。", "Sign as preparer and send the text round.")
)
@click.argument("number")
@_YES
@click.pass_obj
def submit(session: WorkSession, number: str, *, yes: bool) -> None:
    """Sign `prepare` and lay the chain's slots."""
    one = text_meant(session.library, number, going_round.with_digests(session))
    if one is not None:
        show_text_written(session, going_round.submit(session, one), one)
        return
    number = session.library.number_meant(number)
    with suppress(Refused):  # a list of pictures is written anew before the head can be read
        say_empty(session, drafts.working(session, number).document, yes=yes)
    show_written(session, rounds.submit(session, number), number)


@click.command(help=both("签署轮到我的步骤。", "Sign the step that is open for me."))
@click.argument("numbers", nargs=-1, required=True)
@_YES
@click.pass_obj
def sign(session: WorkSession, numbers: tuple[str, ...], *, yes: bool) -> None:
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
        say_what_is_signed(session, number, yes=yes)
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
@_YES
@click.pass_obj
def release(
    session: WorkSession, numbers: tuple[str, ...], effective: date | timedelta, *, yes: bool
) -> None:
    """Sign the chain's last step of each of the documents named."""
    for text in numbers:
        number = session.library.number_meant(text)
        rounds.refuse_not_mine(session, number, is_last=True)
        say_what_is_signed(session, number, yes=yes)
        show_written(session, rounds.release(session, number, effective), number)
