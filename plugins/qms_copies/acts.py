"""The acts in a copy's life, their closed facts, and who may sign them (DC-09, DC-25).

Who hands a paper out or takes it back signs `issue`, `recall`, `return` and `replace`: a holder of
the class's issuing role on the day of the signature. `receive` is the holder's: signed by the
holder, by somebody of the holding department, or by the issuing role, which then names under `by`
who took the paper. That holder and signer fit is a rule: it needs the copy's earlier events.
"""

from typing import Final

from qms.api import HEAD_OF, IN_CHARGE_OF, MEMBER_OF, Act, Policy, Statement, Text
from qms_copies.holders import Holder
from qms_copies.life import fact, holder_of
from qms_copies.schemes import issuers

_CONDITIONS: Final = {"good": Text("完好", "in good condition"), "damaged": Text("破损", "damaged")}
_HOLDING: Final = (HEAD_OF, IN_CHARGE_OF, MEMBER_OF)


def may_issue(policy: Policy, class_id: str, event: Statement) -> bool:
    """Whether the signer held, on that day, a role that issues copies of this class."""
    role = event.role
    return (
        role is not None
        and role in issuers(policy, class_id)
        and event.person in policy.holders(role, policy.day(event.time))
    )


def may_receive(policy: Policy, class_id: str, event: Statement) -> bool:
    """Whether the signer acted as an issuer, for a department, or for no one but themselves."""
    role = event.role
    if role is None:
        return event.person in policy.persons
    if role.startswith(_HOLDING):
        return event.person in policy.holders(role, policy.day(event.time))
    return may_issue(policy, class_id, event)


def _to_whom(policy: Policy, event: Statement, language: str) -> str:
    told = Text("发给 {}", "to {}").of(language).format(holder_of(event).printed(policy, language))
    place = fact(event, "place")
    kept = Text("，存放于 {}", ", kept at {}").of(language)
    return told if place is None else told + kept.format(place)


def _by_whom(policy: Policy, event: Statement, language: str) -> str:
    name = Holder(None, fact(event, "by")).person_name(policy, language)
    return Text("领取人 {}", "taken by {}").of(language).format(name)


def _until(policy: Policy, event: Statement, language: str) -> str:
    del policy
    return Text("限期 {}", "back by {}").of(language).format(fact(event, "due"))


def _in_what_state(policy: Policy, event: Statement, language: str) -> str:
    del policy
    condition = fact(event, "state") or "-"
    return _CONDITIONS.get(condition, Text(condition, condition)).of(language)


def _under_which(policy: Policy, event: Statement, language: str) -> str:
    del policy
    return Text("补发 {}", "replaced by {}").of(language).format(fact(event, "by"))


ACTS: Final = (
    Act(
        name="issue",
        kind="copy",
        meaning="issued",
        word=Text("发放", "issue"),
        data=frozenset({"content", "department", "holder", "place", "quantity"}),
        may=may_issue,
        tell=_to_whom,
    ),
    Act(
        name="receive",
        kind="copy",
        meaning="received",
        word=Text("签收", "receive"),
        data=frozenset({"by"}),
        may=may_receive,
        tell=_by_whom,
    ),
    Act(
        name="recall",
        kind="copy",
        meaning="recalled",
        word=Text("通知回收", "recall"),
        data=frozenset({"due"}),
        may=may_issue,
        tell=_until,
    ),
    Act(
        name="return",
        kind="copy",
        meaning="returned",
        word=Text("收回", "return"),
        data=frozenset({"state"}),
        may=may_issue,
        tell=_in_what_state,
    ),
    Act(
        name="replace",
        kind="copy",
        meaning="replaced",
        word=Text("补发", "replace"),
        data=frozenset({"by"}),
        may=may_issue,
        tell=_under_which,
    ),
)


def word_of(act: str, language: str) -> str:
    """What people call an act of these."""
    return next((one.called(language) for one in ACTS if one.name == act), act)
