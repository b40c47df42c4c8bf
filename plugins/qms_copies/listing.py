"""How copies are shown to people: one row each, the count of a revision, what is undecided."""

from collections.abc import Sequence
from typing import Final

from qms.api import Reason, Session
from qms_copies.holders import Holder
from qms_copies.ledger import Copy, Ledger
from qms_copies.life import CopyState, Reconciliation

_STATES: Final = {
    CopyState.NEVER: ("未发放", "never issued"),
    CopyState.ISSUED: ("已发放，待签收", "issued, not received yet"),
    CopyState.RECEIVED: ("在用", "in use"),
    CopyState.RECALLED: ("回收中", "recalled"),
    CopyState.RETURNED: ("已收回", "back"),
    CopyState.REPLACED: ("遗失，已补发", "lost, replaced"),
}

_ENDED: Final = ("发放已裁定作废", "issue annulled")
_UNTIL: Final = {
    "STALE-POLICY": ("待追认或裁定作废", "until ratified or annulled"),
    "TIME-AHEAD": ("签署时间未到，或裁定作废", "until its time, or annulled"),
}
_UNTIL_ANNULLED: Final = ("待裁定作废", "until annulled")
_DIGITS: Final = 16

ACTS: Final = {
    "issue": "发放",
    "receive": "签收",
    "recall": "通知回收",
    "return": "收回",
    "replace": "补发",
}


def ledger_of(session: Session) -> Ledger:
    """The ledger of copies that a command works on."""
    return Ledger(session.register, session.no_effect)


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
    """The keys and titles of what `row` gives."""
    return words(
        session,
        (
            ("copy", "分发号", "Copy"),
            ("revision", "版本", "Revision"),
            ("department", "持有部门", "Department"),
            ("holder", "持有人", "Holder"),
            ("place", "存放地点", "Place"),
            ("state", "状态", "State"),
            ("since", "自", "Since"),
            ("due", "限期", "Due"),
        ),
    )


def text(session: Session, zh: str, en: str) -> str:
    """The one of both that the session speaks."""
    return en if session.language == "en" else zh


def words(session: Session, columns: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Keys and titles of columns, in the session's language."""
    return [(key, text(session, zh, en)) for key, zh, en in columns]


def row(session: Session, copy: Copy) -> tuple[str, ...]:
    """One copy in the list."""
    # Of a copy that was never issued with effect it is told whom it was issued to.
    life = copy.recorded if copy.life.state is CopyState.NEVER else copy.life
    holder = life.holder or Holder(None, None)
    zh, en = _state(copy)
    return (
        copy.log.copy,
        copy.log.revision,
        holder.department_name(session.policy, session.language),
        holder.person_name(session.policy, session.language),
        life.place or "",
        text(session, zh, en),
        str(life.since or ""),
        str(life.due or ""),
    )


def _state(copy: Copy) -> tuple[str, str]:
    """What a copy is, in both languages, and which of its events doesn't count until when."""
    life, unsettled = copy.life, copy.unsettled
    zh, en = _STATES[life.state]
    if life.loss is not None and life.state is not CopyState.REPLACED:
        zh, en = f"{zh}（该号已作废）", f"{en} (number void)"
    if unsettled is None:
        return _ENDED if life.state is CopyState.NEVER else (zh, en)
    act = unsettled.slot.act
    until_zh, until_en = _UNTIL.get(unsettled.fault.code, _UNTIL_ANNULLED)
    zh = f"{ACTS.get(act, act)}不生效，{until_zh}" + (
        "" if life.state is CopyState.NEVER else f"（不计此项：{zh}）"
    )
    en = f"{act} has no effect {until_en}" + (
        "" if life.state is CopyState.NEVER else f" (without it: {en})"
    )
    return zh, en


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
        f"分发号 {log.copy}（{log.revision}）：{name} 的{ACTS.get(slot.act, slot.act)}"
        f"不生效（{unsettled.fault.code}）；由审批链裁定：{'，或 '.join(commands)}",
        f"copy {log.copy} of {log.revision}: the {slot.act} by {name} has no effect "
        f"({unsettled.fault.code}); its chain decides: {' or '.join(commands)}",
    )
