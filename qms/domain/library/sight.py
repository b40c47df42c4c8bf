"""What somebody could know: what had effect in the commit that their signature names as seen."""

from dataclasses import dataclass, field
from datetime import datetime

from qms.domain.library.effect import Effects
from qms.domain.register.register import Register
from qms.domain.register.source import TreeSource
from qms.domain.register.statement_holds import Judge
from qms.formats.slots import Statement


@dataclass(slots=True, eq=False)
class Sight:
    """Answers from the trees that signers had seen, each looked at once for a number."""

    judge: Judge
    now: datetime | None = None
    _void: dict[tuple[str, str], frozenset[str]] = field(
        default_factory=dict[tuple[str, str], frozenset[str]]
    )

    def without_effect(self, slot: Statement, number: str, content: str) -> bool:
        """Whether a text was released, and had no effect, in what the signer of `slot` had seen.

        False where this clone lacks that commit: nobody is blamed for what can't be known.
        """
        commit = (slot.seen or "").partition(":")[2]
        key = commit, number
        if key not in self._void:
            self._void[key] = self._without_effect(*key)
        return content in self._void[key]

    def _without_effect(self, commit: str, number: str) -> frozenset[str]:
        tree = self.judge.history.tree(commit)
        if tree is None:
            return frozenset()
        register = Register((TreeSource(self.judge, tree),))
        effective = Effects(self.judge, register, self.now).effective(number)
        released = {one.document.content for one in register.released(number)}
        return frozenset(released - {one.document.content for one in effective})
