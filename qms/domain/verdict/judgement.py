"""One judgement for all: what is wrong with a tree, given what was recorded before it.

`check`, every command that writes, the gate and `verify` come here; they differ only in which
paths are looked at (what changed, or everything) and in the register they bring.

The stages, in their order. What is named by one folds what later ones find about the same thing.

1. A root that is none of ours: nothing else is looked at.
2. A register that was put back to before what others know (rollback): nothing else is told.
3. A policy in force that this tool can't read: only losses are told beside it.
4. Policies: forks, what is signed ahead of the clock.
5. Losses: what was recorded and is gone or changed.
6. What can't be read, and what lies where nothing of its kind may.
7. History that was rewritten: nothing further.
8. Pictures; then entries that don't hold, without those that follow from another.
9. Working text; the effect of each number concerned; what a later policy doesn't take.
10. The rules of core and plugins, by the policy in force.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import NamedTuple

from qms.domain.kinds.document import APPROVED, IN_REVIEW, Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import FREE_FOR_PLUGINS, Kinds
from qms.domain.kinds.limits import governed_changes, root_fault
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.reading import read_document
from qms.domain.kinds.recorded import POLICY, Filed, NoEffect
from qms.domain.kinds.working_texts import working_texts
from qms.domain.library.effect import Effects
from qms.domain.library.policy_line import waiting
from qms.domain.library.sight import Sight
from qms.domain.register.gone_kinds import gone_kind, gone_pictures, is_plugins
from qms.domain.register.holdings import every_entry
from qms.domain.register.losses import asset_fault, loss_at
from qms.domain.register.misplaced import is_below, misplaced, misplaced_roots
from qms.domain.register.policies import unreadable
from qms.domain.register.register import Event, PolicyEntry, Register, Released
from qms.domain.register.statement_holds import Judge
from qms.domain.register.walk import Position
from qms.domain.verdict.consequences import consequences
from qms.domain.verdict.open_texts import open_faults, open_texts, outdated_text
from qms.domain.verdict.question import Question
from qms.domain.verdict.root_policy import policy_file_faults
from qms.domain.verdict.rule import Change, Rule, Step, Verdict
from qms.domain.verdict.state import State
from qms.domain.verdict.way_back import WayBack
from qms.domain.verdict.working import working_faults
from qms.findings import Finding, Place, Reason, Refused
from qms.formats.paths import GOVERNED, asset_path, document_path, parse_path
from qms.formats.slots import Statement

Guard = Callable[[str], AbstractContextManager[None]]


class Judgement(NamedTuple):
    """Judge and rules together; `guard` wraps each rule (see `qms.purity`).

    `is_error` tells errors from warnings (see `Verdict`), `is_put_back` what may be mended by
    putting a file back (see `WayBack`).
    """

    judge: Judge
    rules: Callable[[PolicyEntry], Sequence[Rule]]
    guard: Guard
    is_error: Callable[[Finding], bool]
    is_put_back: Callable[[Finding], bool]

    def findings(self, question: Question) -> tuple[Finding, ...]:
        """All that is wrong, one finding per cause, by place; each with the way back."""
        found = self._findings(question)
        if not any(map(self.is_put_back, found)):
            return found
        back = WayBack(
            self.judge,
            self.is_put_back,
            question.asked(self.judge),
            question.position.tree,
            tuple(question.at),
            question.states,
        )
        return back.named(found)

    def _findings(self, question: Question) -> tuple[Finding, ...]:
        verdict = Verdict(is_error=self.is_error, folds=question.folded)
        register, tree = question.position.register, question.position.tree
        odd = root_fault(tree)
        if odd is not None:
            return (odd,)
        forms = list(misplaced(tree, register, question.before, question.paths, self._kinds))
        told = {finding.place.path for finding in forms}
        blocked = {f.place.path for f in forms if f.reason is not Reason.OVER_CAP}
        blocked = {path for path in blocked if self._kinds.at(path).kind is None}
        blocked |= {f.place.path for f in forms if f.reason is Reason.UNREADABLE}
        lost = [f for f in self._losses(question) if not is_below(f.place.path, blocked)]
        rollback = _rollback(question, lost) if lost else None
        if rollback is not None:
            return (rollback,)
        effects = question.asked(self.judge)
        unread = unreadable(self.judge.answers, effects.policies.standing)
        if unread is not None:
            verdict.add([unread])  # what holds since that version, and what has effect, is unknown
            verdict.add(lost)
            verdict.add(_unread(question.position))
            return verdict.sorted()
        unread = unreadable(self.judge.answers, effects.policies.rivals)
        if unread is not None:
            verdict.add([unread])
        ahead = waiting(self.judge, register, effects.policies, effects.times.is_ahead)
        verdict.add(effects.times.policy_faults(ahead))
        verdict.add(effects.policies.findings(register))
        verdict.add(lost)
        verdict.add(_unread(question.position))
        verdict.add(self._gone(question))
        verdict.add(forms)
        rewritten = _rewritten(question.position)
        if rewritten is not None:
            verdict.add([rewritten])
            return verdict.sorted()
        looked_at = {one for one in question.paths - told if not is_below(one, blocked)}
        whole, question = question, replace(question, paths=frozenset(looked_at))
        verdict.add(self._pictures(question))
        following = consequences(question.position.failing, tree)
        verdict.explain(about for about in following.abouts)
        told |= {finding.place.path for finding in lost}
        verdict.add(_failing(question.position, told | following.paths))
        verdict.add(f for f in self._working(question, effects) if not following.is_one(f))
        newest = effects.policy
        if newest is None:
            verdict.add([Finding("NO-POLICY", Place("policy"))])
            return verdict.sorted()
        verdict.add(
            f for number in sorted(self._numbers(question)) for f in effects.findings(number)
        )
        verdict.add(self._outdated(question, effects))
        step = self._step(whole, newest.policy, effects)
        found: list[Finding] = []
        for rule in self.rules(newest):
            with self.guard(rule.name):
                found.extend(f for f in rule.judge(step) if f.raised or f.place.path not in told)
        found = self._without_same(found, verdict)
        verdict.add(found, every=True)
        return verdict.sorted()

    def _without_same(self, found: list[Finding], verdict: Verdict) -> list[Finding]:
        """Findings of rules, without what one gave up with where that is an error already."""
        if not any(one.raised for one in found):
            return found
        errors = {_cause(one) for one in verdict.findings if self.is_error(one)}
        return [one for one in found if not (one.raised and _cause(one) in errors)]

    @property
    def _kinds(self) -> Kinds:
        return self.judge.answers.kinds

    def _step(self, question: Question, policy: Policy, effects: Effects) -> Step:
        def effective(number: str) -> tuple[Released, ...]:
            with self.guard(""):  # what the core looks up in history, no rule has touched
                return effects.effective(number)

        def no_effect(event: Event | Filed) -> NoEffect | None:
            with self.guard(""):  # as above
                return effects.no_effect(event)

        sight = Sight(self.judge, question.now)

        def seen_without_effect(slot: Statement, number: str, content: str) -> bool:
            with self.guard(""):  # as above
                return sight.without_effect(slot, number, content)

        after = State(
            tree=question.position.tree,
            kinds=self._kinds,
            register=question.position.register,
            policy=policy,
            effects=effective,
            effects_of_events=no_effect,
            sight=seen_without_effect,
        )
        before = None if question.before is None else replace(after, tree=question.before)
        changes = tuple(self._changes(question, before, after))
        gone = self.judge.answers.absent_under(policy)
        return Step(changes=changes, after=after, before=before, today=question.today, absent=gone)

    def _losses(self, question: Question) -> Iterator[Finding]:
        position = question.position
        seen: set[str] = set()
        for path in (*sorted(position.lost), *sorted(question.paths - set(position.lost))):
            finding = loss_at(self.judge, position.register, position.tree, path)
            key = finding.about if finding is not None else path
            if finding is not None and key not in seen:
                seen.add(key)
                yield finding.at(commit=position.lost.get(path, ""))

    def _gone(self, question: Question) -> Iterator[Finding]:
        """Signed files whose plugin isn't here: nobody can call them stray or wrong."""
        position = question.position
        for path in sorted(filter(is_plugins, question.paths)):
            found = gone_kind(self.judge, position.register, position.tree, path)
            if found is not None:
                yield found

    def _pictures(self, question: Question) -> Iterator[Finding]:
        """Filed pictures that are missing, or not what their name says."""
        tree, register = question.position.tree, question.position.register
        asked = {path for path in question.paths if parse_path(path).kind == "asset"}
        if asked or question.whole:
            gone = gone_pictures(self.judge, register, tree).items()
            yield from (one for path, one in gone if question.whole or path in asked)
        for path in sorted(asked):
            fault = asset_fault(tree, path)
            needed = None if fault is None else _needed_by(self._kinds, question, path)
            if fault is not None and (tree.entry(path) is not None or needed is not None):
                yield replace(fault, about=needed or path)

    def _working(self, question: Question, effects: Effects) -> Iterator[Finding]:
        position = question.position
        for path in sorted(question.paths | self._showing(question)):
            kind = self._kinds.of(path)
            if kind is None or not kind.is_working:
                continue
            if kind.of:
                yield from open_faults(
                    effects, kind, position.tree, path, question.at, question.before
                )
            else:
                yield from working_faults(
                    effects, position.tree, path, question.at, question.today, question.before
                )
        yield from policy_file_faults(position.tree, effects, question.at)

    def _numbers(self, question: Question) -> set[str]:
        """Numbers whose effect is looked at: what the paths concern, and what new policies do.

        A policy judges what its filing signer had not seen, wherever that lies.
        """
        position = question.position
        paths = set(question.paths)
        versions = {parse_path(path).version for path in paths if parse_path(path).kind == POLICY}
        for entry in () if question.whole else position.register.policy_filings():
            seen = entry.filing.seen
            if entry.version not in versions or seen is None:
                continue
            older = self.judge.history.tree(seen.partition(":")[2])
            if older is not None:
                for folder in ("released", "copies", *FREE_FOR_PLUGINS):
                    changes = governed_changes(position.tree, older, folder)
                    paths.update(change.path for change in changes)
        return {self._kinds.at(path).number for path in paths} - {""}

    def _outdated(self, question: Question, effects: Effects) -> Iterator[Finding]:
        """Texts in review whose signatures a later policy doesn't take."""
        for path in sorted(question.paths):
            kind, found = self._kinds.of(path), None
            if kind is not None and kind.of and kind.is_working:
                found = outdated_text(effects, kind, question.position.tree, path)
            document = _working_text(self._kinds, question.position, path)
            if document is not None and document.status in (IN_REVIEW, APPROVED):
                try:
                    found = effects.outdated(document, path)
                except Refused:
                    continue  # a class without a chain is told where its texts are judged
            if found is not None:
                yield found

    def _showing(self, question: Question) -> frozenset[str]:
        """Working texts that show a picture which the step changes."""
        tree, before = question.position.tree, question.before
        if before is None or tree.entry("assets") == before.entry("assets"):
            return frozenset()
        found: set[str] = set()
        for text in working_texts(tree):
            document = text.read()
            shown = document.assets if isinstance(document, Document) else ()
            if any(tree.entry(one.path) != before.entry(one.path) for one in shown):
                found.add(text.path)
        for path, one in open_texts(self._kinds, tree):
            if any(tree.entry(it.path) != before.entry(it.path) for it in one.assets):
                found.add(path)
        return frozenset(found)

    def _changes(self, question: Question, before: State | None, after: State) -> Iterator[Change]:
        commits = self._commits(question) if question.whole else {}
        for path in sorted(question.paths):
            kind = self._kinds.get(self._kinds.at(path).kind)
            if kind is None:
                continue
            new, old = after.value(path), None
            if before is not None:
                same = before.tree.entry(path) == after.tree.entry(path)
                old = new if same else before.value(path)
            if new is not None or old is not None:
                commit = commits.get(path, "")
                yield Change(kind=kind.name, path=path, before=old, after=new, commit=commit)

    def _commits(self, question: Question) -> dict[str, str]:
        entries = every_entry(question.position.register, self._kinds)
        return {one.path: one.commit for one in entries}


def _cause(finding: Finding) -> tuple[str, str, str]:
    """What is wrong where, whatever it is about."""
    return finding.code, finding.place.path, finding.place.field


def _needed_by(kinds: Kinds, question: Question, path: str) -> str | None:
    """What a finding is about that concerns the picture at `path`: a filed text that shows it."""
    digest = f"sha256:{path.rpartition('/')[2]}"
    for text in _illustrated(question.position.register, kinds):
        if any(asset.sha256 == digest for asset in text.assets):
            return text.about
    return None


def _illustrated(register: Register, kinds: Kinds) -> Iterator[Document | FiledText]:
    """The filed texts of all kinds that have pictures."""
    for kind in kinds.texts.values():
        if kind.has_pictures:
            entries = register.every(kind.name)
            yield from (one.value for one in entries if isinstance(one, Released | Filed))


def _working_text(kinds: Kinds, position: Position, path: str) -> Document | None:
    """The working text at a path; None where there is none that can be read."""
    entry = position.tree.entry(path)
    kind = kinds.of(path)
    if entry is None or kind is None or not kind.is_working or kind.of:
        return None
    found = read_document(position.tree, path, entry)
    return None if isinstance(found, Finding) else found


def _unread(position: Position) -> Iterator[Finding]:
    """What an earlier commit had and nobody can read: taken away since, it would not be missed."""
    for (path, blob), finding in sorted(position.unread.items()):
        told = position.failing.get(path)
        here = position.tree.entry(path)
        stands = here is not None
        if finding.reason is Reason.NO_PLUGIN and here is not None and here.id == blob:
            continue  # told with what is looked at
        if told is None or told.code != finding.code or not stands:
            yield finding


def _failing(position: Position, told: set[str]) -> Iterator[Finding]:
    """What was filed and does not hold, as far as it still stands and nothing else is said."""
    for path, finding in sorted(position.failing.items()):
        if path not in told and position.tree.entry(path) is not None:
            yield finding.at(path=path)


def _rewritten(position: Position) -> Finding | None:
    """One finding for all that follows from a rewritten history: later entries can't hold either.

    HISTORY-REWRITTEN where what signers had seen is not in this clone, SEEN-MISSING where it is
    there, but several entries do not descend from it.
    """
    standing = [
        finding.at(path=path)
        for path, finding in position.failing.items()
        if position.tree.entry(path) is not None
    ]
    gone = [finding for finding in standing if finding.reason is Reason.REWRITTEN]
    unseen = [finding for finding in standing if finding.reason is Reason.UNSEEN]
    if gone:
        return gone[0]
    return unseen[0] if len(unseen) > 1 else None


def _rollback(question: Question, lost: Sequence[Finding]) -> Finding | None:
    """ROLLBACK where the tree's governed folders equal those of an earlier state."""
    if len(lost) == 1 and lost[0].reason is Reason.LINES_LOST:
        return None
    tree = question.position.tree
    for commit, older in question.older(set(question.position.lost.values())):
        if all(tree.entry(folder) == older.entry(folder) for folder in GOVERNED):
            values = {"earlier": commit[:12], "count": str(len(lost))}
            place = min(finding.place for finding in lost)
            return Finding(
                "ROLLBACK", place._replace(field="", line=0), values, "", Reason.PUT_BACK
            )
    return None


def everything(position: Position, kinds: Kinds) -> frozenset[str]:
    """All governed paths of a tree and of a register: what `verify` looks at."""
    tree, register = position.tree, position.register
    paths = {path for folder in GOVERNED for path, _ in tree.files(folder)}
    paths |= misplaced_roots(tree)
    paths.update(entry.path for entry in every_entry(register, kinds))
    for entry in register.all_released():
        paths.add(document_path(entry.document.class_id, entry.document.number))
    for text in _illustrated(register, kinds):
        paths.update(asset_path(one.sha256) for one in text.assets)
    return frozenset(paths)
