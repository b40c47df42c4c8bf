"""Whether a statement holds under the policies that came after the one it was signed under.

What a later version's signer had seen stands for ever; what they had not seen must hold under that
version too. So a thief of a key that a policy voids can't branch off before it, and nobody's
honest signature is lost because a role ends (trust.md 2.4).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qms.domain.kinds.policy import Policy
from qms.domain.library.policy_line import PolicyLine
from qms.domain.register.register import PolicyEntry, Register
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding
from qms.formats.slots import Statement
from qms.formats.tree import Tree


@dataclass(slots=True, eq=False)
class Later:
    """Asks the versions that stand, and each side of a fork that nothing decided."""

    judge: Judge
    register: Register
    line: PolicyLine
    _asked: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])

    def fault(self, slot: Statement, places: Sequence[str]) -> Finding | None:
        """What keeps a signature at one of `places` from holding under a later version, or None."""
        cited = self.judge.cited(slot, self.register)
        if cited is None:
            return None
        for policy in self.unseen(slot, places, cited):
            fault = self.judge.under(slot, policy.policy, self.register.day(slot))
            if fault is not None:
                return fault
        return None

    def fault_under(
        self, slot: Statement, places: Sequence[str], policy: Policy, seen: str
    ) -> Finding | None:
        """What would keep a signature from holding under a version that nobody filed yet.

        `seen` is what whoever files it will name as seen.
        """
        if self._was_there(seen, slot, places):
            return None
        return self.judge.under(slot, policy, self.register.day(slot))

    def unseen(
        self, slot: Statement, places: Sequence[str], cited: PolicyEntry
    ) -> Iterator[PolicyEntry]:
        """Later versions, up to the first one of each line whose filing signer had seen it."""
        for line in self.line.later_than(cited):
            for policy in line:
                if self._had_seen(policy, slot, places):
                    break
                yield policy

    def _had_seen(self, policy: PolicyEntry, slot: Statement, places: Sequence[str]) -> bool:
        """Whether all had seen it who filed the version: one alone can file it once more."""
        key = f"{policy.base} {policy.content}", slot.id
        if key not in self._asked:
            filings = self.register.heard(policy)
            self._asked[key] = all(
                self._was_there(one.filing.seen or "", slot, places) for one in filings
            )
        return self._asked[key]

    def _was_there(self, seen: str, slot: Statement, places: Sequence[str]) -> bool:
        """Whether a signature lay at one of `places` in the commit that somebody had `seen`."""
        commit = seen.partition(":")[2]
        tree = self.judge.history.tree(commit)

        def is_there(older: Tree) -> bool:
            return any(self._holds(older, path, slot) for path in places)

        # Only a shallow clone lacks that commit; what can't be known there is no fault.
        if tree is None or is_there(tree):
            return True
        # Somebody may have taken it away for a while: what was there before counts.
        return self.judge.history.met(commit, f"statement {slot.id}", is_there) is not False

    def _holds(self, tree: Tree, path: str, slot: Statement) -> bool:
        kinds = self.judge.answers.kinds
        kind, entry = kinds.get(kinds.at(path).kind), tree.entry(path)
        if kind is None or entry is None:
            return False
        found = kind.read(tree, path, entry)
        if isinstance(found, Finding):
            return False
        return any(other.id == slot.id for other in found.statements)
