"""What is asked of the one judgement: which state, what changed in it, and what tells its past."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from qms.domain.library.effect import Effects
from qms.domain.register.statement_holds import Judge
from qms.domain.register.walk import Position
from qms.formats.tree import Tree

States = Callable[[], Iterable[tuple[str, Tree]]]
Older = Callable[[AbstractSet[str]], Iterable[tuple[str, Tree]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be judged: a position of the walk, and which of its paths.

    `before` is the tree of the step's beginning; `paths` are the governed paths that differ from
    it (for `verify`: all there are, in the tree and in the register). `at` are the commits that
    hold the tree. `older` gives earlier states, newest first, to tell a state that was put back by
    one of some commits; what a merge may choose from, its parents, is none. `states` gives all of
    them. `now` is the clock of
    whoever asks: what is later is ahead of it. `today` is a day that is handed in for rules.
    `folded` asks for one finding for one cause. `effects` is what was asked of this very register
    by this clock before; it only saves time.
    """

    position: Position
    before: Tree | None
    paths: frozenset[str]
    at: Sequence[str]
    whole: bool = False
    folded: bool = True
    now: datetime | None = None
    today: date | None = None
    older: Older = lambda _since: ()
    states: States = tuple
    effects: Effects | None = None

    def asked(self, judge: Judge) -> Effects:
        """What tells the effect of all that the register holds."""
        return self.effects or Effects(judge, self.position.register, self.now)
