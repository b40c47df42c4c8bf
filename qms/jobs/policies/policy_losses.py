"""What loses effect under the policy that is to be signed: told before anybody agrees to it."""

from collections.abc import Iterator
from typing import Final

from qms.domain.kinds.policy import HEAD_OF, IN_CHARGE_OF, MEMBER_OF, Policy
from qms.domain.kinds.working_texts import working_texts
from qms.domain.register.register import PolicyEntry
from qms.findings import Finding
from qms.formats.slots import Statement
from qms.jobs.sessions.work_session import WorkSession

_SHOWN: Final = 20


def say_losses(session: WorkSession, before: PolicyEntry, policy: Policy) -> None:
    """Tell whose signatures on texts that go round count no more, and which classes are gone.

    What was released and what was signed in lists stays: its signers could not have seen this.
    """
    lines = [
        *_signatures(session, before.policy, policy),
        *_classes(session, before.policy, policy),
    ]
    if not lines:
        return
    session.say("按此策略不再有效的：", "What has no effect under this policy:")
    for zh, en in lines[:_SHOWN]:
        session.say(f"  {zh}", f"  {en}")
    more = len(lines) - _SHOWN
    if more > 0:
        session.say(f"  …另有 {more} 项", f"  … {more} more")


def _signatures(session: WorkSession, old: Policy, new: Policy) -> Iterator[tuple[str, str]]:
    for one in working_texts(session.tree):
        document = one.read()
        if isinstance(document, Finding) or session.register.revision(*document.key) is not None:
            continue
        for slot in document.signed():
            if not _counts(session, old, slot) or _counts(session, new, slot):
                continue
            number, revision = document.key
            zh, en = (old.printed_name(slot.person, language) for language in ("zh", "en"))
            yield (
                f"{number} {revision}：{zh} 的签署（须重新提交）",
                f"{number} {revision}: the signature of {en} (to be submitted again)",
            )


def _counts(session: WorkSession, policy: Policy, slot: Statement) -> bool:
    """Whether somebody signs with a key and in a role that are theirs under a policy."""
    if not policy.knows(slot):
        return False
    role = slot.role
    if role is None or not (
        role in policy.roles or role.startswith((HEAD_OF, IN_CHARGE_OF, MEMBER_OF))
    ):
        return role is None or role not in session.policy.roles
    day = policy.day(slot.time)
    return slot.person in policy.holders(role, day)


def _classes(session: WorkSession, old: Policy, new: Policy) -> Iterator[tuple[str, str]]:
    gone = {one: names.name for one, names in old.classes.items() if one not in new.classes}
    if not gone:
        return
    counts = dict.fromkeys(gone, 0)
    for number in session.register.numbers():
        entry = session.library.in_force(number, session.today)
        if entry is not None and entry.document.class_id in counts:
            counts[entry.document.class_id] += 1
    for one, found in counts.items():
        if found:
            yield (
                f"类别 {gone[one].of('zh')}（{one}）删除后，其 {found} 份现行文件不能再修订",
                f"class {gone[one].of('en')} ({one}): nobody can revise the {found} in force",
            )
