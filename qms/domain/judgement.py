"""One judgement for all: what is wrong with a tree, given what was recorded before it.

`check`, every command that writes, the gate and `verify` come here; they differ only in which
paths are looked at (what changed, or everything) and in the register they bring.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date

from qms.domain.effect import Effects
from qms.domain.entries import read_document, read_log
from qms.domain.judging import Judge
from qms.domain.losses import asset_fault
from qms.domain.register import PolicyEntry, Register
from qms.domain.rule import COPY, RELEASED, WORKING, Change, Rule, Step, Value, Verdict
from qms.domain.walk import GOVERNED_FOLDERS, Position, loss_at
from qms.domain.working import policy_file_faults, working_faults
from qms.findings import Finding, Place
from qms.formats.paths import document_path, fold, parse_path
from qms.formats.tree import FILE, Tree

Guard = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is to be judged: a position of the walk, and which of its paths.

    `before` is the tree of the step's beginning; `paths` are the governed paths that differ from
    it (for `verify`: all there are, in the tree and in the register). `at` are the commits that
    hold the tree. `older` are earlier states, newest first, to tell a state that was put back.
    """

    position: Position
    before: Tree | None
    paths: frozenset[str]
    at: Sequence[str]
    whole: bool = False
    today: date | None = None
    older: Iterable[tuple[str, Tree]] = ()
    first_failed: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bench:
    """Judge and rules together; `guard` wraps each rule (see `qms.purity`)."""

    judge: Judge
    rules: Callable[[PolicyEntry], Sequence[Rule]]
    guard: Guard

    def findings(self, case: Case) -> tuple[Finding, ...]:
        """All that is wrong, one finding per cause, by place."""
        verdict = Verdict()
        register, tree = case.position.register, case.position.tree
        lost = list(self._losses(case))
        rollback = _rollback(case, len(lost)) if lost else None
        if rollback is not None:
            return (rollback,)
        verdict.add(lost)
        verdict.add(self._forms(case))
        verdict.add(self._working(case))
        newest = register.newest_policy
        if newest is None:
            verdict.add([Finding("NO-POLICY", Place("policy"))])
            return verdict.sorted()
        effects = Effects(self.judge, register)
        numbers = {parse_path(path).number for path in case.paths} - {""}
        verdict.add(f for number in sorted(numbers) for f in effects.findings(number))
        step = Step(
            changes=tuple(self._changes(case)),
            register=register,
            policy=newest.policy,
            tree=tree,
            today=case.today,
        )
        found: list[Finding] = []
        for rule in self.rules(newest):
            with self.guard(rule.name):
                found.extend(rule.judge(step))
        verdict.add(found, every=True)
        return verdict.sorted()

    def _losses(self, case: Case) -> Iterator[Finding]:
        position = case.position
        seen: set[str] = set()
        for path in sorted(case.paths | set(position.lost)):
            finding = loss_at(self.judge, position.register, position.tree, path)
            key = finding.about if finding is not None else path
            if finding is not None and key not in seen:
                seen.add(key)
                yield finding.at(commit=position.lost.get(path, ""))

    def _forms(self, case: Case) -> Iterator[Finding]:
        """Modes, strays, look-alikes, filed pictures; then what was filed and does not hold."""
        tree = case.position.tree
        folds: dict[str, dict[str, str]] = {}
        for path in sorted(case.paths):
            entry = tree.entry(path)
            governed = parse_path(path)
            commit = case.first_failed.get((path, entry.id if entry else ""), "")
            if governed.kind == "asset" and (entry is None or entry.mode == FILE):
                fault = asset_fault(tree, path)
                if fault is not None and (entry is not None or _is_needed(case, path)):
                    yield fault.at(commit=commit)
            if entry is None:
                continue
            if entry.mode != FILE:
                about = _about(path)
                yield Finding("BAD-MODE", Place(path), {"mode": f"{entry.mode:06o}"}, about)
            elif governed.kind is None and governed.stray is not None:
                yield replace(governed.stray, about=path).at(path=path)
            else:
                yield from _collision(tree, path, folds)
        for path, finding in sorted(case.position.failing.items()):
            if tree.entry(path) is not None:
                yield finding.at(path=path)

    def _working(self, case: Case) -> Iterator[Finding]:
        position = case.position
        for path in sorted(case.paths):
            if path.startswith("documents/") and parse_path(path).kind == "document":
                yield from working_faults(
                    self.judge, position.tree, path, position.register, case.at
                )
        yield from policy_file_faults(position.tree, position.register)

    def _changes(self, case: Case) -> Iterator[Change]:
        position = case.position
        kinds = {"document": WORKING, "released": RELEASED, "copy": COPY}
        commits = self._commits(case) if case.whole else {}
        for path in sorted(case.paths):
            kind = kinds.get(parse_path(path).kind or "")
            if kind is None:
                continue
            after = _value(position.tree, path, kind)
            before = None if case.before is None else _value(case.before, path, kind)
            if after is not None or before is not None:
                yield Change(
                    kind=kind,
                    path=path,
                    before=before,
                    after=after,
                    commit=commits.get(path, ""),
                )

    def _commits(self, case: Case) -> dict[str, str]:
        register = case.position.register
        found = {entry.path: entry.commit for entry in register.all_released()}
        found.update((event.path, event.commit) for event in register.all_events())
        return found


def _about(path: str) -> str:
    governed = parse_path(path)
    if governed.kind == "released":
        return f"document {governed.number} {governed.revision}"
    if governed.kind == "copy":
        return f"copy {governed.number} {governed.revision} {governed.copy}"
    return f"policy {governed.version}" if governed.kind == "policy" else path


def _is_needed(case: Case, path: str) -> bool:
    """Whether a released revision shows the picture that is filed at `path`."""
    digest = f"sha256:{path.rpartition('/')[2]}"
    return any(
        asset.sha256 == digest
        for entry in case.position.register.all_released()
        for asset in entry.document.assets
    )


def _value(tree: Tree, path: str, kind: str) -> Value | None:
    entry = tree.entry(path)
    if entry is None or entry.mode != FILE:
        return None
    found = read_log(tree, path, entry) if kind == COPY else read_document(tree, path, entry)
    return None if isinstance(found, Finding) else found


def _collision(tree: Tree, path: str, folds: dict[str, dict[str, str]]) -> Iterator[Finding]:
    """Another name in the same folder that differs only by case, width or dash."""
    folder, _, name = path.rpartition("/")
    if folder not in folds:
        known: dict[str, str] = {}
        for other in tree.folder(folder):
            known.setdefault(fold(other), other)
        folds[folder] = known
    first = folds[folder].get(fold(name), name)
    if first != name:
        yield Finding("PATH-COLLISION", Place(path), {"other": first}, f"collision {path}")


def _rollback(case: Case, losses: int) -> Finding | None:
    """ROLLBACK where the tree's governed folders equal those of an earlier state."""
    tree = case.position.tree
    for commit, older in case.older:
        if all(tree.entry(folder) == older.entry(folder) for folder in GOVERNED_FOLDERS):
            values = {"earlier": commit[:12], "count": str(losses)}
            since = next(iter(case.position.lost.values()), "")
            return Finding("ROLLBACK", Place(commit=since), values)
    return None


def everything(position: Position) -> frozenset[str]:
    """All governed paths of a tree and of a register: what `verify` looks at."""
    tree, register = position.tree, position.register
    paths = {path for folder in GOVERNED_FOLDERS for path, _ in tree.files(folder)}
    for entry in register.all_released():
        document = entry.document
        paths.add(entry.path)
        paths.add(document_path(document.class_id, document.number))
        paths.update(f"released/assets/{a.sha256.partition(':')[2]}" for a in document.assets)
    paths.update(event.path for event in register.all_events())
    for policy in register.policies():
        paths.add(f"{policy.folder}/policy.yaml")
    return frozenset(paths)
