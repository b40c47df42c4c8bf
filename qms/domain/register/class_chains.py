"""Which texts of a class can be completed at all, by owner and preparer: asked of a policy.

A policy may give every role to somebody and still have classes whose texts never end: a head who
prepares what only the head approves, four signatures of three persons, one person for everything.
A class that is new, or changed, and that nobody could ever complete is refused. What a leaver or
a lost key makes so is told and no more: keepers must be able to say that somebody is gone.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from qms.domain.kinds.answers import Answers
from qms.domain.kinds.chain import Chain
from qms.domain.kinds.distinct_persons import Persons, Short
from qms.domain.kinds.document import DRAFT, Document
from qms.domain.kinds.policy import MEMBER_OF, Policy
from qms.domain.register.endless import told
from qms.findings import Finding, Place, Refused


class Ending(NamedTuple):
    """Whether texts of a class that a department owns can be completed.

    With `able` as preparers they can (of those with no other part in the chain one stands for
    all), with `unable` they can't; `why` tells of the latter the first reason.
    """

    class_id: str
    owner: str
    able: tuple[str, ...]
    unable: tuple[str, ...]
    why: Short | None


def endless_classes(answers: Answers, policy: Policy, before: Policy | None) -> Iterator[Finding]:
    """CLASS-ENDLESS: a new or changed class whose texts nobody could complete, whoever owns one."""
    for at, (class_id, one) in enumerate(policy.classes.items()):
        old = None if before is None else before.classes.get(class_id)
        if old is not None and old.settings == one.settings:
            continue
        found = tuple(endings(answers, policy, class_id))
        if found and not any(ending.able for ending in found):
            short = next((ending.why for ending in found if ending.why is not None), None)
            values = {"class": class_id} | told(short or Short((), 1, ()))
            yield Finding("CLASS-ENDLESS", Place("qms.yaml", f"classes.{at}"), values)


def endings(answers: Answers, policy: Policy, class_id: str) -> Iterator[Ending]:
    """One for each department that has a chain in the class.

    A class whose chain can't be read has none: that is told where the chain is judged.
    """
    for owner in policy.departments:
        try:
            yield _ending(answers, policy, class_id, owner)
        except Refused:
            continue  # another class's department, or told of the chain itself


def _ending(answers: Answers, policy: Policy, class_id: str, owner: str) -> Ending:
    text = _text(class_id, owner)
    plain = answers.chain(policy, text)
    later = {one for step in plain.steps[1:] for one in step.persons}
    able: list[str] = []
    unable: list[str] = []
    why: Short | None = None
    others_can: bool | None = None
    for person in _preparers(policy, plain, owner):
        if person not in later and others_can is not None:
            (able if others_can else unable).append(person)
            continue
        short = _lacking(answers, policy, class_id, owner, person)
        (able if short is None else unable).append(person)
        why = why or short
        if person not in later:
            others_can = short is None
    if not able and not unable:
        why = Short(plain.steps[:1], 1, ())
    return Ending(class_id, owner, tuple(able), tuple(unable), why)


def _preparers(policy: Policy, plain: Chain, owner: str) -> Sequence[str]:
    """Who may prepare and could sign: by the roles of the first step, or whom it names."""
    first = plain.steps[0]
    holders = [one for role in first.vacant for one in policy.holders_from(role, None)]
    named = [one for one in first.persons if one in policy.persons]
    members = policy.holders(f"{MEMBER_OF}{owner}", date.max)
    found = dict.fromkeys(holders or named or (() if first.vacant else members))
    return tuple(one for one in found if policy.may_sign(one))


def _lacking(
    answers: Answers, policy: Policy, class_id: str, owner: str, person: str
) -> Short | None:
    """Why a text of `person` can't be completed, whichever department it lists; None if it can."""
    found: Short | None = None
    for listed in ((), *((one,) for one in policy.departments if one != owner)):
        chain = answers.chain(policy, _text(class_id, owner, person, listed))
        if any(step.unlisted for step in chain.steps):
            continue
        short = Persons.under(policy, chain).lacking({})
        if short is None:
            return None
        found = found or short
        if not listed:
            break  # it lists nobody anyway
    return found or Short((), 1, ())


def _text(
    class_id: str, owner: str, prepared_by: str = "", co_sign: tuple[str, ...] = ()
) -> Document:
    return Document(
        number="-", title="-", class_id=class_id, revision="-", controlled=True, owner=owner,
        prepared_by=prepared_by, co_sign=co_sign, content="", body="", status=DRAFT, slots=(),
        head={},
    )  # fmt: skip
