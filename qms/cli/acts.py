"""Commands that write: new, revise, submit, sign, reject, release, and what waits for me."""

from datetime import date, timedelta

import click

from qms.cli.written import show_written
from qms.findings import refused
from qms.formats.digests import parse_day
from qms.jobs import documents
from qms.jobs.session import WorkSession


@click.command()
@click.argument("class_id", metavar="CLASS")
@click.option("--title", required=True, help="Title, as printed. 文件名称。")
@click.option("--title-en", help="Title in English. 英文名称。")
@click.option("--number", help="A number of your own, instead of the next free one. 指定编号。")
@click.option("--owner", help="Owning department; yours where left out. 归口部门。")
@click.option("--with", "parts", multiple=True, metavar="KEY=VALUE", help="Part of the number.")
@click.pass_obj
def new(  # noqa: PLR0913 - the facts of a new document
    session: WorkSession,
    class_id: str,
    title: str,
    title_en: str | None,
    number: str | None,
    owner: str | None,
    parts: tuple[str, ...],
) -> None:
    """Begin a document: the next free number of its class, and a draft to fill in.

    新建文件：分配下一个编号并生成草稿。
    """
    given = dict(part.split("=", 1) for part in parts if "=" in part)
    made = documents.new(
        session, class_id, title, number=number, given=given, owner=owner, title_en=title_en
    )
    number = made.document.number
    session.say(
        f"已建立 {number} {made.document.revision}：{made.path}\n下一步：编写正文，然后 qms submit {number}",
        f"Made {number} {made.document.revision}: {made.path}\nNext: write it, then qms submit {number}",
    )


@click.command()
@click.argument("number")
@click.option("--summary", required=True, help="What changes; for the amendment record. 修改内容。")
@click.option("--version", is_flag=True, help="A new edition (换版), not a change (修改).")
@click.option("--change", help="Number of the change request. 更改申请单编号。")
@click.pass_obj
def revise(
    session: WorkSession, number: str, summary: str, change: str | None, *, version: bool
) -> None:
    """Open the next revision of a released document as a draft.  修改或换版。"""
    number = session.find_number(number)
    made = documents.revise(session, number, summary=summary, version=version, change=change)
    session.say(
        f"已打开 {number} {made.document.revision}：{made.path}\n下一步：修改正文，然后 qms submit {number}",
        f"Opened {number} {made.document.revision}: {made.path}\n"
        f"Next: edit it, then qms submit {number}",
    )


@click.command()
@click.argument("number")
@click.pass_obj
def submit(session: WorkSession, number: str) -> None:
    """Sign as preparer and send the text round for approval.  送审。"""
    number = session.find_number(number)
    show_written(session, documents.submit(session, number), number)


@click.command()
@click.argument("numbers", nargs=-1, required=True)
@click.pass_obj
def sign(session: WorkSession, numbers: tuple[str, ...]) -> None:
    """Sign the step that is open for me.  签署。"""
    for text in numbers:
        number = session.find_number(text)
        _show_what_is_signed(session, number)
        show_written(session, documents.sign(session, number), number)


def _show_what_is_signed(session: WorkSession, number: str) -> None:
    document = documents.working(session, number).document
    session.say(
        f"签署 {number} {document.revision}《{document.title}》 {document.content[:23]}…",
        f"Signing {number} {document.revision} “{document.title}” {document.content[:23]}…",
    )


@click.command()
@click.argument("number")
@click.option("--reason", required=True, help="Why; kept for ever. 退回理由。")
@click.pass_obj
def reject(session: WorkSession, number: str, reason: str) -> None:
    """Reject a text in review, with a reason.  退回。"""
    number = session.find_number(number)
    show_written(session, documents.reject(session, number, reason), number)


@click.command()
@click.argument("number")
@click.option("--effective", metavar="DAY|+N", help="Day it comes into force; today. 实施日期。")
@click.pass_obj
def release(session: WorkSession, number: str, effective: str | None) -> None:
    """Publish: fix the days and file the approved text in the register.  发布。"""
    number = session.find_number(number)
    day = _day(session.today, effective)
    _show_what_is_signed(session, number)
    show_written(session, documents.release(session, number, day), number)


def _day(today: date, text: str | None) -> date:
    if text is None:
        return today
    if text.startswith("+"):
        if not text[1:].isdecimal():
            raise refused("DAY-FORM", found=text)
        return today + timedelta(days=int(text[1:]))
    return parse_day(text)


@click.command()
@click.pass_obj
def todo(session: WorkSession) -> None:
    """What waits for me.  待办。"""
    found = documents.todo(session)
    name = session.me.name.of(session.language)
    if not found:
        session.say(f"{name}：没有待办事项。", f"{name}: nothing waits for you.")
        return
    titles = (
        (
            ("number", "编号"),
            ("revision", "版本"),
            ("title", "名称"),
            ("act", "事项"),
            ("command", "命令"),
        )
        if session.language == "zh"
        else (
            ("number", "Number"),
            ("revision", "Revision"),
            ("title", "Title"),
            ("act", "What"),
            ("command", "Command"),
        )  # fmt: skip
    )
    rows = [
        (t.document.number, t.document.revision, t.document.title, t.what, t.command) for t in found
    ]
    session.table(titles, rows)
