"""Bare `qms` in a repo where a first policy lies and is not in force: what it waits for."""

from qms.cli.context import Context
from qms.findings import QmsError
from qms.jobs.policies.founding import Founding, founding, whose_key
from qms.texts import EN, ZH, Text


def say_founding(context: Context) -> bool:
    """Say who must sign the first policy, who has, and what comes next; False where none lies."""
    try:
        session = context.keepers_session
        found = founding(session)
    except QmsError:
        return False
    if found is None:
        return False
    mine = whose_key(session, found.policy)
    for line in (*_state(found), _next(found, mine)):
        context.output.line(context.text(line))
    return True


def _state(found: Founding) -> tuple[Text, ...]:
    policy, quorum = found.policy, found.policy.quorum
    role = Text(policy.role_name(quorum.role, ZH), policy.role_name(quorum.role, EN))
    told = [
        Text(
            f"体系尚未建立：第一版策略须由 {role.of(ZH)} 中的 {quorum.need} 人签署",
            f"Nothing is founded yet: {quorum.need} of {role.of(EN)} must sign the first policy",
        )
    ]
    if found.agreed:
        told.append(
            Text(
                f"已签：{_names(found, found.agreed, ZH)}；还须 {found.missing} 人："
                f"{_names(found, found.waiting, ZH)}",
                f"Signed so far: {_names(found, found.agreed, EN)}; {found.missing} more of: "
                f"{_names(found, found.waiting, EN)}",
            )
        )
    if found.unkeyed:
        told.append(
            Text(
                f"尚未登记公钥：{_names(found, found.unkeyed, ZH)}（qms policy key 人员 公钥文件）",
                f"Without a key yet: {_names(found, found.unkeyed, EN)} "
                "(qms policy key PERSON KEY.pub)",
            )
        )
    return tuple(told)


def _next(found: Founding, mine: str | None) -> Text:
    command = "qms policy sign" if found.agreed else "qms init"
    if mine in found.waiting:
        return Text(f"下一步：{command}", f"Next: {command}")
    if not found.waiting:
        return Text("登记公钥后：qms init", "Once they have keys: qms init")
    zh, en = (_names(found, found.waiting, tag) for tag in (ZH, EN))
    return Text(
        f"请由 {zh} 在本目录或其副本中运行：{command}",
        f"For {en}, in this folder or in a copy of it: {command}",
    )


def _names(found: Founding, persons: tuple[str, ...], language: str) -> str:
    between = "、" if language == ZH else ", "
    return between.join(found.policy.printed_name(one, language) for one in persons)
