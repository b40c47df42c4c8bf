"""The commands on copies: parse, plan, record, say what was written and what comes next."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

import click

from qms.api import CONDITIONS, HeldCopy, NewEvent, Refused, Session, Text, Written, day_on
from qms_copies.acts import word_of
from qms_copies.distribution import (
    Order,
    event_on,
    issues,
    issuing_role,
    receiver,
    revision_to_issue,
)
from qms_copies.due_day import DueDay
from qms_copies.holders import Holder, find_holder, outside, person_called
from qms_copies.ledger import Copy
from qms_copies.listing import (
    ledger_of,
    rows,
    say_all_out,
    say_count,
    say_left,
    say_what_ends,
    titled,
    titles,
)
from qms_copies.loss import Loss, lost_with, own_number, replacement
from qms_copies.which_copy import copies_out, copies_to_recall, find_copy

_HOLDER: Final = click.option(
    "--holder",
    metavar="HOLDER",
    help="一号两份时，谁的那份 ¦ whose paper, where a number is out twice",
)
_REVISION: Final = click.option("--revision", metavar="A/1", help="哪个版本 ¦ of which revision")
_RECORDED: Final = {
    "act": Text("事项", "Act"),
    "copy": Text("分发号", "Copy"),
    "revision": Text("版本", "Revision"),
    "holder": Text("持有者", "Holder"),
}
_MOST: Final = 200
"""Papers for one holder in one call: a slip of the finger gives nobody ten thousand."""


@click.command(
    help="发放受控文件：一份一个分发号，自动分配。"
    " ¦ Issue controlled copies: each paper under a number of its own, by the class's scheme."
)
@click.argument("number")
@click.option(
    "--to",
    "holders",
    multiple=True,
    metavar="HOLDER",
    help="部门或人员，可多次（多次即多份） ¦ a department or a person; each time one paper",
)
@click.option(
    "--outside",
    "strangers",
    multiple=True,
    metavar="NAME",
    help="外部单位或人员的全称，可多次 ¦ somebody outside the company, by full name",
)
@_REVISION
@click.option("--copy", metavar="003", help="指定分发号 ¦ this copy number, not the next one")
@click.option("--place", metavar="TEXT", help="存放地点 ¦ where it is kept")
@click.option(
    "--quantity",
    type=click.IntRange(1, _MOST),
    default=1,
    help="每个持有人的份数，各有分发号 ¦ papers for each holder, each with its number",
)
@click.pass_obj
def issue(  # noqa: PLR0913 - each is an option
    session: Session,
    number: str,
    *,
    holders: tuple[str, ...],
    strangers: tuple[str, ...],
    revision: str | None,
    copy: str | None,
    place: str | None,
    quantity: int,
) -> None:
    """Issue controlled copies of a released revision."""
    named = len(holders) + len(strangers)
    if not named:
        raise click.UsageError(
            "请用 --to 或 --outside 指定持有人 ¦ name a holder: --to or --outside"
        )
    if copy is not None and named * quantity > 1:
        raise click.UsageError("--copy 只能发放一份 ¦ --copy goes with one paper only")
    number = session.library.number_meant(number)
    entry = revision_to_issue(session, number, revision)
    class_id = entry.document.class_id
    role = issuing_role(session.policy, class_id, session.me, session.today, "issue")
    found = [
        *(find_holder(session.policy, text) for text in holders),
        *(outside(session.policy, text) for text in strangers),
    ]
    papers = tuple(holder for holder in found for _ in range(quantity))
    order = Order(papers, copy, place=None if place is None else place.strip())
    events = issues(ledger_of(session), session.policy, entry, role, order)
    _record(session, events, f"Issue {number} {entry.document.revision}: {_numbers(events)}")
    session.say(
        f"下一步：qms sync，qms publish {number} 打印，持有人签收：qms receive {number} 分发号",
        f"Next: qms sync, print with qms publish {number}; each holder: qms receive {number} COPY",
    )


@click.command(help="签收一份受控文件。 ¦ Sign for a copy received.")
@click.argument("number")
@click.argument("copy")
@_REVISION
@_HOLDER
@click.option("--by", metavar="NAME", help="实际领取人 ¦ who took the paper; you, if left out")
@click.pass_obj
def receive(  # noqa: PLR0913 - each is an option
    session: Session,
    number: str,
    copy: str,
    *,
    revision: str | None,
    holder: str | None,
    by: str | None,
) -> None:
    """Sign for a copy received: the holder, its department, or the issuer on their behalf."""
    number = session.library.number_meant(number)
    ledger = ledger_of(session)
    found = find_copy(ledger, number, copy, revision, "receive", _whose(session, holder))
    role = receiver(ledger, session.policy, found, session.me, session.today)
    taker = session.me.id if by is None else person_called(session.policy, by.strip())
    event = event_on(found, "receive", role, {"by": taker})
    _say_sync(session, _record(session, (event,), f"Receive {_named(found)}"))


@click.command(
    help="通知回收：一份，或全部被代替版本。"
    " ¦ Start a recall of copies: of one, or of all superseded ones that are out."
)
@click.argument("number")
@click.argument("copy", required=False)
@click.option(
    "--all", "all_", is_flag=True, help="所有被代替版本 ¦ all copies of superseded revisions"
)
@_REVISION
@_HOLDER
@click.option("--due", type=DueDay(), required=True, metavar="DAY", help="限期 ¦ back by this day")
@click.option("--reason", required=True, metavar="TEXT", help="回收原因 ¦ why")
@click.pass_obj
def recall(  # noqa: PLR0913 - each is an option
    session: Session,
    number: str,
    copy: str | None,
    *,
    all_: bool,
    revision: str | None,
    holder: str | None,
    due: date | timedelta,
    reason: str,
) -> None:
    """Start a recall of copies."""
    if all_ == (copy is not None):
        raise click.UsageError("分发号与 --all 请给出其一 ¦ give a copy number, or --all")
    day = day_on(session.today, due)
    if day < session.today:
        message = f"{day} 已过 ¦ {day} is over"
        raise click.BadParameter(message, param_hint="--due")
    number = session.library.number_meant(number)
    if copy is None:
        found = copies_to_recall(
            ledger_of(session), number, revision, session.today, session.library.effective(number)
        )
    else:
        whose = _whose(session, holder)
        found = (find_copy(ledger_of(session), number, copy, revision, "recall", whose),)
    facts = {"due": day.isoformat()}
    events = [
        event_on(one, "recall", _issuer(session, one, "recall"), facts, reason) for one in found
    ]
    _record(session, events, f"Recall {number}: {_numbers(events)}, due {day}")
    session.say(
        f"下一步：qms sync；收回后 qms return {number} 分发号",
        f"Next: qms sync; as each comes back: qms return {number} COPY",
    )


@click.command("return", help="登记收回的一份文件。 ¦ Record that a copy is back.")
@click.argument("number")
@click.argument("copy")
@_REVISION
@_HOLDER
@click.option(
    "--state",
    type=click.Choice(CONDITIONS),
    default=CONDITIONS[0],
    help="完好或破损 ¦ its condition",
)
@click.pass_obj
def return_copy(  # noqa: PLR0913 - each is an option
    session: Session,
    number: str,
    copy: str,
    *,
    revision: str | None,
    holder: str | None,
    state: str,
) -> None:
    """Record that a copy is back; signed by who takes it back, not by who had it."""
    number = session.library.number_meant(number)
    whose = _whose(session, holder)
    found = find_copy(ledger_of(session), number, copy, revision, "return", whose)
    event = event_on(found, "return", _issuer(session, found, "return"), {"state": state})
    written = _record(session, [event], f"Return {_named(found)}: {state}")
    say_count(session, number, found.log.revision)
    _say_sync(session, written)


@click.command(
    help="遗失补发：原分发号作废，以新号补发同一版本。"
    " ¦ Replace a lost copy: its number is void, the holder gets a new one."
)
@click.argument("number")
@click.argument("copy")
@_REVISION
@click.option(
    "--all", "all_", is_flag=True, help="该分发号的各版本均遗失 ¦ each paper of this number is lost"
)
@click.option("--reason", required=True, metavar="TEXT", help="遗失经过 ¦ how it was lost")
@click.pass_obj
def replace(  # noqa: PLR0913 - each is an option
    session: Session, number: str, copy: str, *, revision: str | None, all_: bool, reason: str
) -> None:
    """Replace a lost copy under a new number."""
    number = session.library.number_meant(number)
    if all_:
        found = copies_out(ledger_of(session), number, copy, revision, "replace")[-1]
    else:
        found = find_copy(ledger_of(session), number, copy, revision, "replace")
    lost = lost_with(ledger_of(session), found, everything=all_)
    loss = Loss(lost, _issuer(session, found, "replace"), reason)
    in_force, effective = session.library.in_force(number), session.library.effective(number)
    events = replacement(ledger_of(session), session.policy, loss, in_force, effective)
    written = _record(session, events, f"Replace {_named(found)} by {events[0].data['by']}")
    say_left(session, found.life.holder)
    _say_sync(session, written, f"，qms publish {number}", f", then qms publish {number}")


@click.command(
    help="重号换号：收回其中一份，以新号换发给同一持有者。"
    " ¦ Where a number is out twice: exchange one of the papers for one under its own number."
)
@click.argument("number")
@click.argument("copy")
@_REVISION
@click.option("--holder", required=True, metavar="HOLDER", help="谁的那份 ¦ whose paper")
@click.pass_obj
def renumber(
    session: Session, number: str, copy: str, *, revision: str | None, holder: str
) -> None:
    """Give one of two papers under one number a number of its own."""
    number, ledger = session.library.number_meant(number), ledger_of(session)
    found = find_copy(ledger, number, copy, revision, "return", _whose(session, holder))
    role = _issuer(session, found, "return")
    in_force, effective = session.library.in_force(number), session.library.effective(number)
    back, new = own_number(ledger, session.policy, found, role, in_force, effective)
    _record(session, (back, new), f"Exchange {_named(found)} for {new.copy}")
    session.say(
        f"下一步：qms sync，qms publish {number} 打印 {new.copy}，换回 {back.copy}",
        f"Next: qms sync, print {new.copy} with qms publish {number}, and take {back.copy} for it",
    )
    say_count(session, number, new.revision)


@click.command(
    help="发放回收记录：谁持有哪一份；不给编号则列出全部在外的。"
    " ¦ Who has which copies, and what is accounted for; without a number, all that are out."
)
@click.argument("number", required=False)
@_REVISION
@click.option("--out", "only_out", is_flag=True, help="只列在外的 ¦ only those that are out")
@click.pass_obj
def copies(session: Session, number: str | None, *, revision: str | None, only_out: bool) -> None:
    """List the copies of a document, and reconcile them revision by revision."""
    if number is None:
        if revision is not None:
            raise click.UsageError("--revision 须与编号同用 ¦ --revision goes with a number")
        say_all_out(session)
        return
    number = session.library.number_meant(number)
    all_copies = ledger_of(session).copies_of(number)
    listed = [
        copy
        for copy in all_copies
        if revision in (None, copy.log.revision) and (copy.life.is_out or not only_out)
    ]
    session.table(titles(session), rows(session, listed))
    for one in dict.fromkeys(copy.log.revision for copy in listed):
        say_count(session, number, one)
    for copy in listed:
        say_what_ends(session, copy)
    if not listed:
        session.say(f"{number} 没有符合条件的发放记录", f"{number} has no such copies")


def _whose(session: Session, text: str | None) -> Holder | None:
    """The holder that somebody names, whom a paper has: somebody of us, or a stranger."""
    if text is None:
        return None
    try:
        return find_holder(session.policy, text)
    except Refused:
        return Holder(None, text.strip())


def _issuer(session: Session, copy: Copy, act: str) -> str:
    return issuing_role(session.policy, copy.log.class_id, session.me, session.today, act)


def _papers(session: Session, events: Sequence[NewEvent]) -> Iterator[HeldCopy]:
    """The papers that are about to be issued, with their holders as printed."""
    language = session.policy.organisation.language
    for event in events:
        if event.act == "issue":
            held = {name: event.data[name] for name in ("department", "holder")}
            named = {name: None if text is None else str(text) for name, text in held.items()}
            holder = Holder(named["department"], named["holder"])
            yield HeldCopy(
                number=event.number,
                revision=event.revision,
                content=str(event.data["content"]),
                copy=event.copy,
                holder=holder.person_name(session.policy, language),
                department=holder.department_name(session.policy, language),
                issued=session.today,
                statement="",
                seen="",
                named=(),
            )


def _record(session: Session, events: Sequence[NewEvent], message: str) -> Written:
    session.refuse_unmarkable(_papers(session, events))
    written = session.record_events(events, message)
    paths = ", ".join(written.paths)
    if written.commit:
        commit = written.commit[:10]
        session.say(f"已提交 {commit}：{paths}", f"Committed {commit}: {paths}")
    else:
        session.say(f"试运行，未写入：{paths}", f"Dry run, nothing written: {paths}")
    holders = _holders(session, events)
    rows = [
        (word_of(event.act, session.language), event.copy, event.revision, holder)
        for event, holder in zip(events, holders, strict=True)
    ]
    session.table(titled(session, _RECORDED), rows)
    return written


def _say_sync(session: Session, written: Written, zh: str = "", en: str = "") -> None:
    if written.commit:
        session.say(f"下一步：qms sync{zh}", f"Next: qms sync{en}")


def _holders(session: Session, events: Sequence[NewEvent]) -> Iterator[str]:
    known = {
        (copy.log.number, copy.log.revision, copy.log.copy, copy.alone): copy.life.holder
        for number in {event.number for event in events}
        for one in ledger_of(session).copies_of(number)
        for copy in (one, *one.each())
    }
    for event in events:
        holder = known.get((event.number, event.revision, event.copy, event.alone))
        if event.act == "issue":
            department, name = event.data.get("department"), event.data.get("holder")
            holder = Holder(
                department if isinstance(department, str) else None,
                name if isinstance(name, str) else None,
            )
        yield "" if holder is None else holder.printed(session.policy, session.language)


def _numbers(events: Sequence[NewEvent]) -> str:
    return ", ".join(event.copy for event in events)


def _named(copy: Copy) -> str:
    return f"{copy.log.number} {copy.log.revision} copy {copy.log.copy}"
