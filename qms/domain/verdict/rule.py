"""Steps and rules: what is handed to a rule, and what a rule is.

A **state** is one tree seen as typed items, each of a **kind**. A **step** is a state, the one
before it, and the **register**: what was validly recorded by then.
A **rule** is a pure function that looks at a change in a step, or at the whole step, and returns
findings. Commands differ only in the steps they hand to the same rules: `check` hands what changed
since the shared trunk, a signing command what it is about to write, `verify` everything that was
ever recorded.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import WORKING, Value
from qms.domain.kinds.log import Log
from qms.domain.kinds.pins import PluginPin
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.recorded import RELEASED, Filed
from qms.domain.register.cited_policy import newest_cited
from qms.domain.register.register import Register
from qms.domain.verdict.state import State
from qms.findings import Finding, Refused
from qms.formats.slots import Statement
from qms.formats.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One item that is new or differs. `before` is what lay there before the step, if anything.

    `kind` is ``document`` (working text), ``released``, ``copy``, or one that a plugin brings.
    `commit` first brought it.
    """

    kind: str
    path: str
    before: Value | None
    after: Value | None
    commit: str = ""

    @property
    def document(self) -> Document | None:
        """The document after the change, where the item is one."""
        return self.after if isinstance(self.after, Document) else None

    @property
    def log(self) -> Log | None:
        """The list after the change, such as a copy's life, where the item is one."""
        return self.after if isinstance(self.after, Log) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a rule may look at: what changed, the state that the step leads to, the one before.

    `before` is None where a step begins with nothing, as that of `verify` does. `today` is None in
    `verify` without a day: a rule that needs a day then keeps silent. `plugin` is the name of the
    plugin whose rule is asked; `absent` are those that judge under the policy and aren't loaded, as
    one that this very policy admits: what they bring, nobody knows. `acts` are those that are known
    and the kind of each, where a policy is judged before anybody signs it; else none.
    """

    changes: Sequence[Change]
    after: State
    before: State | None = None
    today: date | None = None
    plugin: str = ""
    absent: frozenset[str] = frozenset()
    acts: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def register(self) -> Register:
        """All that was validly recorded, what is new in the step included."""
        return self.after.register

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.after.policy

    @property
    def tree(self) -> Tree:
        """The files that the step leads to."""
        return self.after.tree

    def of(self, kind: str) -> Iterator[Change]:
        """Changes of one kind that left something there."""
        return (c for c in self.changes if c.kind == kind and c.after is not None)

    def policy_of(self, change: Change) -> Policy:
        """The policy that a text is judged by.

        Of what was released, or filed, the newest that its signers name; of a working text that
        says what is released already the same; of all else, lists too, the one in force.
        """
        cited = newest_cited(self._signed(change), self.register)
        return self.policy if cited is None else cited.policy

    def is_asked(self, change: Change) -> bool:
        """Whether the plugin whose rule this is has a say: the text's own policy lists it.

        It, and not another release of it: what a stricter one finds was right when it was signed.
        """
        mine = self._mine()
        if not mine:
            return True
        policy = self.policy_of(change)
        return policy is self.policy or not mine.isdisjoint(map(_release, policy.plugins))

    def is_asked_always(self) -> bool:
        """Whether it has a say about every text: no policy lists another release, or none.

        Most often so, and then the policy of each text needn't be looked for.
        """
        mine = self._mine()
        every = (one.policy.plugins for one in self.register.policies())
        return all(not mine or not mine.isdisjoint(map(_release, plugins)) for plugins in every)

    def _mine(self) -> frozenset[PluginPin]:
        """The releases of the plugin that the policy in force lists."""
        return frozenset(_release(one) for one in self.policy.plugins if one.name == self.plugin)

    def _signed(self, change: Change) -> tuple[Statement, ...]:
        """The statements of what holds at a change's path, or of what its text repeats."""
        one, register = change.after, self.register
        if isinstance(one, Document) and change.kind in (RELEASED, WORKING):
            for entry in register.released(one.number):
                same = (entry.document.key, entry.document.content) == (one.key, one.content)
                if entry.path == change.path if change.kind == RELEASED else same:
                    return entry.document.signed()
        if isinstance(one, FiledText):
            for filed in register.under((one.kind, one.number, "")):
                if not isinstance(filed, Filed):
                    continue
                if change.path == filed.path or filed.text.content == one.content:
                    return filed.text.signed()
        return ()


def _release(pin: PluginPin) -> PluginPin:
    """Which plugin a row lists, and which release of what judges."""
    return pin._replace(version=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: its name, the codes it may give, and the function that judges.

    `judge` gets the whole step; `on_each` makes one out of a function that gets one change at a
    time. Its findings are silent where something else is already said `about` the same thing (one
    cause, one finding). `since` and `until` are rulebook numbers of the policy: a better rule of
    2031 never turns 2026 red.
    """

    name: str
    codes: tuple[str, ...]
    judge: Callable[[Step], Iterable[Finding]]
    since: int = 1
    until: int | None = None

    def holds_in(self, rulebook: int) -> bool:
        """Whether the rule belongs to this rulebook."""
        return self.since <= rulebook and (self.until is None or rulebook <= self.until)

    def by(self, plugin: str) -> "Rule":
        """The same rule, whose steps say which plugin brings it.

        Where it gives up with a `Refused`, that is a finding of it: all other rules still judge.
        """
        judge = self.judge

        def asked(step: Step) -> Iterable[Finding]:
            return _told(lambda: judge(replace(step, plugin=plugin)))

        return replace(self, judge=asked)


def on_each(
    kind: str, judge: Callable[[Change, Step], Iterable[Finding]]
) -> Callable[[Step], Iterable[Finding]]:
    """A `Rule.judge` that calls `judge` for each change of `kind` that the rule is asked about.

    A text that was released before the plugin was admitted, or another release of it, is not:
    see `Step.is_asked`. A `Refused` is a finding about the change that it was raised for.
    """

    def judge_step(step: Step) -> Iterator[Finding]:
        always = step.is_asked_always()
        for change in step.of(kind):
            if not always and not step.is_asked(change):
                continue
            for finding in _told(partial(judge, change, step)):
                yield finding.at(path=change.path, commit=change.commit)

    return judge_step


def _told(judge: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What is found, and last what it gave up with, if it did."""
    try:
        yield from judge()
    except Refused as refused:
        yield replace(refused.finding, raised=True)


@dataclass(slots=True, eq=False)
class Verdict:
    """Findings by the stage that found them: a later stage's are folded under an earlier one's.

    An error is never folded under a warning: `is_error` tells them apart, and is asked only where
    there are findings. Where nothing `folds`, all stay.
    """

    findings: list[Finding] = field(default_factory=list[Finding])
    is_error: Callable[[Finding], bool] = lambda _finding: True
    folds: bool = True
    _known: set[Finding] = field(default_factory=set[Finding])
    _explained: set[str] = field(default_factory=set[str])
    _warned: set[str] = field(default_factory=set[str])

    def add(self, findings: Iterable[Finding], *, every: bool = False) -> None:
        """Findings of one more stage.

        Nearly every attack on a released file also fires on its working text: of several findings
        about one thing only the first of the earliest stage stays (one cause, one finding).
        `every` keeps all of this stage: faults of one text that are independent of each other.
        """
        errors: set[str] = set()
        warnings: set[str] = set()
        for finding in findings:
            about = finding.about if self.folds else ""
            if about and (about in self._explained or (about in errors and not every)):
                continue
            if about and self.is_error(finding):
                errors.add(about)
            elif about and (about in self._warned or (about in warnings and not every)):
                continue
            elif about:
                warnings.add(about)
            if finding not in self._known:
                self._known.add(finding)
                self.findings.append(finding)
        self._explained |= errors
        self._warned |= warnings

    def explain(self, abouts: Iterable[str]) -> None:
        """Say that something is said already of what these findings would be about."""
        self._explained.update(abouts)

    def sorted(self) -> tuple[Finding, ...]:
        """All that stayed, by place."""
        return tuple(sorted(self.findings, key=lambda f: (f.place, f.code)))
