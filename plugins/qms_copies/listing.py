"""How copies are shown to people: one row each, the count of a revision, what is undecided."""

from collections.abc import Iterable, Mapping
from typing import Final

from qms.api import Reason, Session, Text, cell_word
from qms_copies.acts import word_of
from qms_copies.copy_cells import COLUMNS, cells
from qms_copies.holders import Holder, has_left
from qms_copies.ledger import Copy, Ledger
from qms_copies.reconciliation import Reconciliation

_NUMBER: Final = Text("编号", "Number")
_DIGITS: Final = 16


def ledger_of(session: Session) -> Ledger:
    """The ledger of copies that a command works on."""
    return Ledger(session.register, session.library.no_effect)


def say_left(session: Session, holder: Holder | None) -> None:
    """Tell who gave a new paper to somebody who has left that it waits to go to another."""
    if holder is not None and has_left(session.policy, holder.name):
        name = holder.person_name(session.policy, session.language)
        session.say(
            f"{name} 已离任，无法签收：见 qms", f"{name} has left and can sign for nothing: see qms"
        )


def say_count(session: Session, number: str, revision: str) -> None:
    """Account for all papers of a revision, in one line."""
    count = Reconciliation()
    for copy in ledger_of(session).copies_of(number):
        if copy.log.revision == revision:
            count.add(copy.log.copy, copy.life, copy.void_papers)
    session.say(
        f"{number} {revision}：{count.sentence('zh')}",
        f"{number} {revision}: {count.sentence('en')}",
    )


def titles(session: Session) -> list[tuple[str, str]]:
    """The keys and titles of what `rows` gives."""
    return titled(session, COLUMNS)


def titled(session: Session, columns: Mapping[str, Text]) -> list[tuple[str, str]]:
    """Keys and titles of columns, in the session's language."""
    return [(key, title.of(session.language)) for key, title in columns.items()]


def rows(session: Session, copies: Iterable[Copy]) -> list[tuple[str, ...]]:
    """What is listed of copies: a row for each paper that is out, and one where none is."""
    papers = (paper for copy in copies for paper in copy.each())
    found = (cells(session.register, session.policy, one) for one in papers)
    return [tuple(cell_word(one[key], session.language) for key in COLUMNS) for one in found]


def say_all_out(session: Session) -> None:
    """All papers that are out, of whatever document."""
    ledger = ledger_of(session)
    found = [
        (number, *one)
        for number in sorted(session.register.numbers())
        for one in rows(session, (c for c in ledger.copies_of(number) if c.life.is_out))
    ]
    columns = [("number", _NUMBER.of(session.language)), *titles(session)]
    session.table(columns, found)
    session.say(f"在外 {len(found)} 份", f"{len(found)} out")


def say_what_ends(session: Session, copy: Copy) -> None:
    """The commands that decide about an event without effect."""
    unsettled = copy.unsettled
    if unsettled is None:
        return
    slot, log = unsettled.slot, copy.log
    entry = slot.id.partition(":")[2][:_DIGITS]
    ways = ("ratify", "annul") if unsettled.fault.reason is Reason.LATER_POLICY else ("annul",)
    commands = [f"qms {act} {log.number} {entry} --reason …" for act in ways]
    who = session.policy.persons.get(slot.person)
    name = slot.person if who is None else who.name.of(session.language)
    session.say(
        f"分发号 {log.copy}（{log.revision}）：{name} 的{word_of(slot.act, 'zh')}"
        f"不生效（{unsettled.fault.code}）；由审批链裁定：{'，或 '.join(commands)}",
        f"copy {log.copy} of {log.revision}: the {slot.act} by {name} has no effect "
        f"({unsettled.fault.code}); its chain decides: {' or '.join(commands)}",
    )
