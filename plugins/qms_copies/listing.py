"""How copies are shown to people: one row each, the count of a revision, what is undecided."""

from collections.abc import Iterable, Mapping
from typing import Final

from qms.api import Reason, Session, Text
from qms_copies.acts import word_of
from qms_copies.holders import Holder
from qms_copies.ledger import Copy, Ledger, policy_issued_under
from qms_copies.life import DAMAGED, CopyState
from qms_copies.reconciliation import Reconciliation

_STATES: Final = {
    CopyState.NEVER: Text("未发放", "never issued"),
    CopyState.ISSUED: Text("已发放，待签收", "issued, not received yet"),
    CopyState.RECEIVED: Text("在用", "in use"),
    CopyState.RECALLED: Text("回收中", "recalled"),
    CopyState.RETURNED: Text("已收回", "back"),
    CopyState.REPLACED: Text("遗失，已补发", "lost, replaced"),
}

_ENDED: Final = Text("发放已裁定作废", "issue annulled")
_UNTIL: Final = {
    "STALE-POLICY": Text("待追认或裁定作废", "until ratified or annulled"),
    "TIME-AHEAD": Text("签署时间未到，或裁定作废", "until its time, or annulled"),
}
_UNTIL_ANNULLED: Final = Text("待裁定作废", "until annulled")
_DAMAGED: Final = Text("（破损）", ", damaged")
_VOID: Final = Text("（该号已作废）", " (number void)")
_WITHOUT_EFFECT: Final = Text("{act}不生效，{until}", "{act} has no effect {until}")
_ELSE: Final = Text("（不计此项：{}）", " (without it: {})")
_COLUMNS: Final = {
    "copy": Text("分发号", "Copy"),
    "revision": Text("版本", "Revision"),
    "department": Text("持有部门", "Department"),
    "holder": Text("持有人", "Holder"),
    "place": Text("存放地点", "Place"),
    "state": Text("状态", "State"),
    "since": Text("自", "Since"),
    "due": Text("限期", "Due"),
}
_NUMBER: Final = Text("编号", "Number")
_DIGITS: Final = 16


def ledger_of(session: Session) -> Ledger:
    """The ledger of copies that a command works on."""
    return Ledger(session.register, session.library.no_effect)


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
    return titled(session, _COLUMNS)


def titled(session: Session, columns: Mapping[str, Text]) -> list[tuple[str, str]]:
    """Keys and titles of columns, in the session's language."""
    return [(key, title.of(session.language)) for key, title in columns.items()]


def rows(session: Session, copies: Iterable[Copy]) -> list[tuple[str, ...]]:
    """What is listed of copies: a row for each paper that is out, and one where none is."""
    return [_row(session, paper) for copy in copies for paper in copy.each()]


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


def _row(session: Session, copy: Copy) -> tuple[str, ...]:
    """One copy in the list."""
    # Of a copy that was never issued with effect it is told whom it was issued to.
    life = copy.recorded if copy.life.state is CopyState.NEVER else copy.life
    holder = life.holder or Holder(None, None)
    named = policy_issued_under(session.register, copy, session.policy)
    return (
        copy.log.copy,
        copy.log.revision,
        holder.department_name(named, session.language),
        holder.person_name(named, session.language),
        life.place or "",
        _state(copy, session.language),
        str(life.since or ""),
        str(life.due or ""),
    )


def _state(copy: Copy, language: str) -> str:
    """What a copy is, and which of its events doesn't count until when."""
    life, unsettled = copy.life, copy.unsettled
    state = _STATES[life.state].of(language)
    if life.state is CopyState.RETURNED and life.condition == DAMAGED:
        state += _DAMAGED.of(language)
    if life.loss is not None and life.state is not CopyState.REPLACED:
        state += _VOID.of(language)
    if unsettled is None:
        return _ENDED.of(language) if life.state is CopyState.NEVER else state
    told = _WITHOUT_EFFECT.of(language).format(
        act=word_of(unsettled.slot.act, language),
        until=_UNTIL.get(unsettled.fault.code, _UNTIL_ANNULLED).of(language),
    )
    return told if life.state is CopyState.NEVER else told + _ELSE.of(language).format(state)


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
