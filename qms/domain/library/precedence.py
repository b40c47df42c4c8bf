"""Which of several that claim one place came first, and for whom others have spoken.

Neither claimed times nor the order of a merge's parents tell who was first: anybody can choose
them. What can't be made up afterwards is what a signer had *seen*: a commit, named in the
signature, whose ancestors are fixed by its id. So of several contenders those drop out whose own
signers had seen another that had not seen them; then a later policy tells; then the people who had
no part in it, by what they signed since. Where nothing tells, or this clone lacks the commits that
would, none is chosen: whatever rule picked one of two that nobody ever saw alone could be aimed at
(trust.md 4b).

What was signed is public, and one person alone can file it once more. So something was seen by a
contender, or by a policy version, only where it was by each of its filings.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from qms.domain.kinds.answers import History
from qms.domain.register.everything_signed import Recorded, Views
from qms.formats.slots import Statement
from qms.formats.tree import Tree

WITNESSES: Final = 2
"""So many people outside a chain must have signed since: one alone could be its friend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One of several that claim a place.

    `key` names it for the memory of what was met; `is_there` tells whether a tree holds it.
    `filings` are the signatures that brought it, once or, where the same text was filed again,
    several times; `parties` are people who had a part in it besides. `citations` are the policies
    that only who works under it cites.
    """

    key: str
    filings: tuple[tuple[Statement, ...], ...]
    is_there: Callable[[Tree], bool]
    citations: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()

    @property
    def signers(self) -> frozenset[str]:
        """Who had a part in it."""
        return self.parties.union(slot.person for slots in self.filings for slot in slots)


class Precedence(NamedTuple):
    """Compares contenders by history."""

    history: History

    def chosen(
        self,
        contenders: Sequence[Contender],
        policies: Sequence[tuple[Statement, ...]],
        statements: Callable[[], Views],
        is_heard: Callable[[Recorded], bool],
    ) -> Contender | None:
        """The one that stands; None where nothing tells.

        `policies` are the filings of each later standing version. `statements` gives everything
        that was ever recorded as signed, what was signed with one view together: it is asked only
        where nothing else tells. `is_heard` says whose word counts.
        """
        try:
            return self._chosen(contenders, policies, statements, is_heard)
        except _UnknownError:
            return None

    def _chosen(
        self,
        contenders: Sequence[Contender],
        policies: Sequence[tuple[Statement, ...]],
        statements: Callable[[], Views],
        is_heard: Callable[[Recorded], bool],
    ) -> Contender | None:
        left = [
            one for one in contenders
            if not any(self.is_later(one, other) for other in contenders if other is not one)
        ]  # fmt: skip
        left = [
            one for one in left
            if not any(self._is_told(other, one, policies) for other in left if other is not one)
        ]  # fmt: skip
        if len(left) > 1:
            told = statements()
            left = [
                one for one in left
                if all(
                    self._is_backed(one, other, told, is_heard)
                    for other in left
                    if other is not one
                )
            ]  # fmt: skip
        return left[0] if len(left) == 1 else None

    def had_seen(self, slot: Statement, contender: Contender) -> bool:
        """Whether the signer had seen a contender: it was in what the signature names, or before.

        Raises where a shallow clone can't tell.
        """
        seen = slot.seen
        if seen is None:
            return False
        commit = seen.partition(":")[2]
        found = self.history.met(commit, contender.key, contender.is_there)
        if found is None:
            raise _UnknownError
        return found

    def are_apart(self, one: Contender, other: Contender) -> bool:
        """Whether neither's signers had seen the other, whatever others have told since."""
        try:
            return not self._saw(one, other) and not self._saw(other, one)
        except _UnknownError:
            return False

    def is_later(self, one: Contender, other: Contender) -> bool:
        """Whether signers of `one` had seen `other`, and the other's had not seen it."""
        return self._saw(one, other) and not self._saw(other, one)

    def _saw(self, one: Contender, other: Contender) -> bool:
        return all(any(self.had_seen(slot, other) for slot in filing) for filing in one.filings)

    def _is_told(
        self, one: Contender, other: Contender, policies: Sequence[tuple[Statement, ...]]
    ) -> bool:
        """Whether a later policy was filed by who had seen `one` and not `other`."""
        return any(
            all(self.had_seen(slot, one) and not self.had_seen(slot, other) for slot in filings)
            for filings in policies
        )

    def _is_backed(
        self,
        one: Contender,
        other: Contender,
        statements: Views,
        is_heard: Callable[[Recorded], bool],
    ) -> bool:
        """Whether enough people spoke for `one`, and more than for `other`.

        Somebody speaks for what they had no part in, by signing anything after having seen it and
        not the other; who did that for both speaks for neither.
        """
        for_one: set[str] = set()
        for_other: set[str] = set()
        for told in statements:
            side = self._side(told[0].slot, one, other)
            persons = for_one if side is one else for_other
            for said in told if side is not None else ():
                if said.slot.person not in persons and is_heard(said):
                    persons.add(said.slot.person)
        mine = for_one - for_other - one.signers
        theirs = for_other - for_one - other.signers
        return len(mine) >= WITNESSES and len(mine) > len(theirs)

    def _side(self, slot: Statement, one: Contender, other: Contender) -> Contender | None:
        cited = slot.policy
        for contender in (one, other):
            if cited in contender.citations:
                return contender
        had_one, had_other = self.had_seen(slot, one), self.had_seen(slot, other)
        if had_one is had_other:
            return None
        return one if had_one else other


class _UnknownError(Exception):
    """This clone lacks the commits that would tell."""
