"""What lists say of one copy: who has it, where it is, what it is, since when."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from qms.api import DEPARTMENT, PERSON, Cells, Named, Policy, Register, Text, name_of
from qms_copies.acts import word_of
from qms_copies.holders import Holder
from qms_copies.ledger import Copy, policy_issued_under
from qms_copies.life import DAMAGED, CopyState

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
COLUMNS: Final[Mapping[str, Text]] = {
    "copy": Text("分发号", "Copy"),
    "revision": Text("版本", "Revision"),
    "department": Text("持有部门", "Department"),
    "holder": Text("持有人", "Holder"),
    "place": Text("存放地点", "Place"),
    "state": Text("状态", "State"),
    "since": Text("自", "Since"),
    "due": Text("限期", "Due"),
}
"""The keys of `cells`, and their titles."""


def cells(register: Register, policy: Policy, copy: Copy) -> Cells:
    """One copy in a list, its holder as the policy in force calls them: one name in one table.

    Who isn't in it any more is called as when the copy was issued. Of one that was never issued
    with effect it is told whom it was issued to.
    """
    life = copy.recorded if copy.life.state is CopyState.NEVER else copy.life
    holder = life.holder or Holder(None, None)
    then = policy_issued_under(register, copy, policy)
    department, name = holder.department, holder.name
    is_one_of_us = name in policy.persons or name in then.persons
    return {
        "copy": copy.log.copy,
        "revision": copy.log.revision,
        "department": None
        if department is None
        else Named(department, name_of(policy, DEPARTMENT, department, then), DEPARTMENT),
        "holder": None
        if name is None
        else Named(name, name_of(policy, PERSON, name, then), PERSON if is_one_of_us else ""),
        "place": life.place,
        "state": _named(life.state.value, partial(_state, copy)),
        "since": life.since,
        "due": life.due,
    }


def _named(found: str | None, shown: Callable[[str], str]) -> Named | None:
    return None if found is None else Named(found, Text(shown("zh"), shown("en")))


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
