"""Which texts of a class can be completed at all, by owner and preparer: asked of a policy.

A policy may give every role to somebody and still have classes whose texts never end: a head who
prepares what only the head approves, four signatures of three persons, one person for everything.
A class that is new, or changed, and that nobody could ever complete is refused. What a leaver or
a lost key makes so is told and no more: keepers must be able to say that somebody is gone.

Chains that differ in nothing but who is who are asked about once. Whoever proposes a policy has it
checked by everybody, and departments times persons times classes are more than anybody waits for:
so the work is bound, and what could not be asked is not taken for answered.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from qms.domain.kinds.answers import Answers
from qms.domain.kinds.chain import Chain
from qms.domain.kinds.distinct_persons import Persons, Short
from qms.domain.kinds.document import DRAFT, Document
from qms.domain.kinds.policy import HEAD_OF, MEMBER_OF, Policy
from qms.domain.register.endless import told
from qms.findings import Finding, Place, Refused
from qms.formats.strict_yaml import Value

MOST: Final = 100_000
"""So many seats are looked at for one policy, matchings among them: a second or two."""
_MATCHED: Final = 16
"""For so many pairs of kinds of persons and steps, one seat could be looked at."""

_READ: Final = 8
"""For so many words of a class, or preparers, one seat could be looked at."""
_EITHER: Final = 2
"""Of departments with the same heads so many are enough: one of them is not the owner's."""


class TooManyChains(Exception):  # noqa: N818 - says what there is, as `StopIteration` does
    """More chains would have to be asked about than `MOST` allows."""


class Ending(NamedTuple):
    """Whether texts of a class that a department owns can be completed.

    With `able` as preparers they can (of those with no other part in the chain one stands for
    all), with `unable` they can't; where nobody is able `why` tells the first reason.
    """

    class_id: str
    owner: str
    able: tuple[str, ...]
    unable: tuple[str, ...]
    why: Short | None


def endless_classes(answers: Answers, policy: Policy, before: Policy | None) -> Iterator[Finding]:
    """CLASS-ENDLESS: a new or changed class whose texts nobody could complete, whoever owns one.

    CLASS-UNASKED where that would take too long to find out; nothing is asked of later ones then.
    """
    asked = Endings(answers, policy)
    for at, (class_id, one) in enumerate(policy.classes.items()):
        old = None if before is None else before.classes.get(class_id)
        if old is not None and old.settings == one.settings:
            continue
        place, values = Place("qms.yaml", f"classes.{at}"), {"class": class_id}
        found: list[Ending] = []
        try:
            for ending in asked.of(class_id):
                found.append(ending)
                if ending.able:
                    break
        except TooManyChains:
            yield Finding("CLASS-UNASKED", place, values)
            return
        if found and not found[-1].able:
            short = next((ending.why for ending in found if ending.why is not None), None)
            yield Finding("CLASS-ENDLESS", place, values | told(short or Short((), 1, ())))


@dataclass(slots=True, eq=False)
class Endings:
    """Whether the texts of a policy's classes can be completed, and what is known of that so far.

    `left` is what may still be asked; where it is used up `of` raises `TooManyChains`.
    """

    answers: Answers
    policy: Policy
    left: int = MOST
    _known: dict[object, bool] = field(default_factory=dict[object, bool])
    _may_sign: dict[str, bool] = field(default_factory=dict[str, bool])
    _preparing: int = 0
    """So many may prepare what is asked about: who gives a chain goes through them each time."""
    _said: dict[str, int] = field(default_factory=dict[str, int])
    """How much each class says: who gives a chain may read all of it each time."""
    _headed: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    """For each set of heads the first departments that they head, two at most."""

    def of(self, class_id: str) -> Iterator[Ending]:
        """One for each department that has a chain in the class.

        A class whose chain can't be read has none: that is told where the chain is judged.
        """
        for owner in self.policy.departments:
            self._spend(1)  # for whoever has no chain, too
            try:
                yield self._ending(class_id, owner)
            except Refused:
                continue  # another class's department, or told of the chain itself

    def _ending(self, class_id: str, owner: str) -> Ending:
        self._preparing = 0
        plain = self._chain(_text(class_id, owner))
        preparers = self._preparers(plain, owner)
        self._preparing = len(preparers)
        later = {one for step in plain.steps[1:] for one in step.persons}
        able: list[str] = []
        unable: list[str] = []
        others_can: bool | None = None
        for person in filter(self._can_sign, preparers):
            if person not in later and others_can is not None:
                (able if others_can else unable).append(person)
                continue
            can = any(self._ends(one) for one in self._chains(class_id, owner, person))
            (able if can else unable).append(person)
            if person not in later:
                others_can = can
        why: Short | None = None
        if not able:
            why = self._why(class_id, owner, unable[0]) if unable else Short(plain.steps[:1], 1, ())
        return Ending(class_id, owner, tuple(able), tuple(unable), why)

    def _preparers(self, plain: Chain, owner: str) -> Sequence[str]:
        """Who may prepare: by the roles of the first step, or whom it names."""
        policy, first = self.policy, plain.steps[0]
        holders = [one for role in first.vacant for one in policy.holders_from(role, None)]
        named = [one for one in first.persons if one in policy.persons]
        members = policy.holders(f"{MEMBER_OF}{owner}", date.max)
        found = dict.fromkeys(holders or named or (() if first.vacant else members))
        self._spend(len(found))
        return tuple(found)

    def _chains(self, class_id: str, owner: str, person: str) -> Iterator[Chain]:
        """The chains that a text of `person` may have, by the department that it lists, if any.

        Of departments that the same persons head one is listed.
        """
        for listed in ((), *((one,) for one in self._unlike(owner))):
            chain = self._chain(_text(class_id, owner, person, listed))
            if any(step.unlisted for step in chain.steps):
                continue
            yield chain
            if not listed:
                return  # it lists nobody anyway

    def _unlike(self, owner: str) -> Iterator[str]:
        if not self._headed:
            headed: dict[tuple[str, ...], list[str]] = {}
            for one in self.policy.departments:
                alike = headed.setdefault(self.policy.holders_from(f"{HEAD_OF}{one}", None), [])
                if len(alike) < _EITHER:
                    alike.append(one)
            self._headed += map(tuple, headed.values())
        for first, *others in self._headed:
            yield from others if first == owner else (first,)

    def _chain(self, text: Document) -> Chain:
        self._spend((self._length(text.class_id) + self._preparing) // _READ)
        chain = self.answers.chain(self.policy, text)
        self._spend(sum(1 + len(step.seats) + len(step.vacant) for step in chain.steps))
        return chain

    def _length(self, class_id: str) -> int:
        if class_id not in self._said:
            self._said[class_id] = _words(dict(self.policy.classes[class_id].settings))
        return self._said[class_id]

    def _ends(self, chain: Chain) -> bool:
        """Whether distinct persons can take all steps: the same for chains of the same pattern."""
        stands: dict[str, int] = {}
        for at, step in enumerate(chain.steps):
            for one in step.persons:
                stands[one] = stands.get(one, 0) | 1 << at
        alike = Counter(places for one, places in stands.items() if self._can_sign(one))
        pattern = (
            frozenset(alike.items()),
            tuple(one._replace(seats=(), vacant=("",) * len(one.vacant)) for one in chain.steps),
            chain._replace(steps=()),
        )
        if pattern not in self._known:
            self._spend_matching(len(alike), chain)
            short = Persons.under(self.policy, chain).lacking({})
            self._known[pattern] = short is None
        return self._known[pattern]

    def _why(self, class_id: str, owner: str, person: str) -> Short:
        """What keeps a text of `person` from being completed, the first department listed."""
        chain = next(self._chains(class_id, owner, person), None)
        if chain is None:
            return Short((), 1, ())
        self._spend_matching(len({one for step in chain.steps for one in step.persons}), chain)
        short = Persons.under(self.policy, chain).lacking({})
        return short or Short((), 1, ())

    def _can_sign(self, person: str) -> bool:
        if person not in self._may_sign:
            self._may_sign[person] = self.policy.may_sign(person)
        return self._may_sign[person]

    def _spend_matching(self, kinds: int, chain: Chain) -> None:
        self._spend(kinds**2 * len(chain.steps) // _MATCHED)

    def _spend(self, much: int) -> None:
        self.left -= much
        if self.left < 0:
            raise TooManyChains


def _words(said: Value) -> int:
    """How many words there are in what a class says, at any depth."""
    if isinstance(said, dict):
        return sum(1 + _words(one) for one in said.values())
    return sum(map(_words, said)) if isinstance(said, tuple) else 1


def _text(
    class_id: str, owner: str, prepared_by: str = "", co_sign: tuple[str, ...] = ()
) -> Document:
    return Document(
        number="-", title="-", class_id=class_id, revision="-", controlled=True, owner=owner,
        prepared_by=prepared_by, co_sign=co_sign, content="", body="", status=DRAFT, slots=(),
        head={},
    )  # fmt: skip
