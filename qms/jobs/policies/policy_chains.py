"""What of a policy's classes can't be completed: told before it is signed."""

from collections.abc import Iterator
from typing import Final

from qms.domain.kinds.act import core_act
from qms.domain.kinds.distinct_persons import Short
from qms.domain.kinds.policy import Policy
from qms.domain.register.class_chains import MOST, Ending, Endings, TooManyChains
from qms.jobs.policies.said_lines import say_lines
from qms.jobs.sessions.work_session import WorkSession
from qms.texts import EN, ZH, counted

_SHOWN: Final = 40
"""So many lines are shown; a company of fifty departments has some hundred chains."""
_PATIENCE: Final = 2
"""Who signs waits longer than who only pulled."""


def say_endless(session: WorkSession, policy: Policy, before: Policy | None) -> None:
    """Tell, by class and department, who can't prepare what because nobody could complete it.

    What was so under the policy `before` is counted alone, as it hides what this one changes:
    `qms policy chains` says it (`endless_lines`).
    """
    lines = endless_lines(session, policy)
    if not lines:
        return
    known = frozenset(() if before is None else endless_lines(session, before))
    new = [one for one in lines if one not in known]
    if not new:
        session.say(
            f"按此策略无法走完审批的：与现行策略相同（{len(lines)} 项，见 qms policy chains）",
            "What can't be completed under this policy is as under the one in force "
            f"({counted(len(lines), 'line')}: qms policy chains)",
        )
        return
    session.say("按此策略无法走完审批的：", "What can't be completed under this policy:")
    say_lines(session, new, _SHOWN)
    same = len(lines) - len(new)
    if same:
        session.say(
            f"  其余 {same} 项与现行策略相同（见 qms policy chains）",
            f"  {counted(same, 'other')} as under the policy in force: qms policy chains",
        )


def endless_lines(session: WorkSession, policy: Policy) -> list[tuple[str, str]]:
    """A line for each class and department, in Chinese and English, whose texts can't be completed.

    So many alone as can be asked about in a second or two.
    """
    asked = Endings(session.hooks, policy, _PATIENCE * MOST)
    lines: list[tuple[str, str]] = []
    for class_id in policy.classes:
        try:
            lines += _lines(session, policy, tuple(asked.of(class_id)))
        except TooManyChains:
            zh = f"{class_id} 及其后的类别：部门和人员太多，未逐一查明"
            en = f"{class_id} and the classes behind it: too many departments and persons to ask"
            return [*lines[: _SHOWN - 1], (zh, en)]
    return lines


def _lines(
    session: WorkSession, policy: Policy, found: tuple[Ending, ...]
) -> Iterator[tuple[str, str]]:
    language = session.language
    unable: dict[str, None] = {}
    for one in found:
        if one.able:
            unable.update(dict.fromkeys(one.unable))
            continue
        name = f"{one.class_id}/{policy.departments[one.owner].name.of(language)}"
        zh, en = _why(session, policy, one.why)
        yield f"{name}：{zh}", f"{name}: {en}"
    if unable:
        class_id = found[0].class_id
        names = [policy.printed_name(one, language) for one in unable]
        yield (
            f"{class_id}：不能由 {'、'.join(names)} 编制（后面的步骤离不开他们）",
            f"{class_id}: not when prepared by {', '.join(names)}, whom a later step needs",
        )


def _why(session: WorkSession, policy: Policy, short: Short | None) -> tuple[str, str]:
    if short is None or not short.steps:
        return "没有可会签的部门", "there is no department that could co-sign"
    names = [policy.printed_name(one, session.language) for one in short.persons]
    steps = [
        ", ".join(f"{one.number} ({core_act(one.act).called(tag)})" for one in short.steps)
        for tag in (ZH, EN)
    ]
    step, need = ("steps", "need") if len(short.steps) > 1 else ("step", "needs")
    needing = f"{step} {steps[1]} {need} {counted(short.need, 'signer')}"
    who = f"{len(names)}: {', '.join(names)}" if names else "nobody"
    return (
        f"步骤 {steps[0]} 须 {short.need} 人签署（一人不计两步），"
        + (f"只有 {len(names)} 人（{'、'.join(names)}）" if names else "无人可签"),
        f"{needing}, nobody counting twice; there is {who}",
    )
