"""Taking into the register what a tree brings, and what does not hold.

Policies by number, then revisions along their base, then lists in file order: each judged against
what is in the register by then, never against the tree.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from qms.domain.chain import REJECT
from qms.domain.document import Document
from qms.domain.entries import may_hold_reject, read_document, read_policy, read_released
from qms.domain.events import event_fault
from qms.domain.judging import Judge
from qms.domain.kind import RELEASED_KIND, Kind, Kinds, Value
from qms.domain.losses import asset_fault
from qms.domain.policies import policy_fault
from qms.domain.register import Event, Register, Rejection, Released
from qms.domain.revisions import release_fault
from qms.findings import Finding, Place, Refused
from qms.formats.paths import asset_path, parse_path
from qms.formats.tree import FILE, Tree


@dataclass(slots=True)
class Sorted:
    """Paths of one tree by what lies there."""

    policies: set[str] = field(default_factory=set[str])
    released: list[str] = field(default_factory=list[str])
    lists: list[str] = field(default_factory=list[str])
    working: list[str] = field(default_factory=list[str])


def sort_paths(kinds: Kinds, paths: Iterable[str]) -> Sorted:
    """Governed paths by kind; others are left out."""
    found = Sorted()
    for path in paths:
        name = kinds.at(path).kind
        match name:
            case "policy":
                found.policies.add(path.rpartition("/")[0])
            case "released":
                found.released.append(path)
            case "document":
                found.working.append(path)
            case _ if name in kinds.lists:
                found.lists.append(path)
            case _:
                pass
    return found


class Recorder(NamedTuple):
    """Adds to a register what holds; gives back what doesn't, by path."""

    judge: Judge

    def record(
        self,
        register: Register,
        tree: Tree,
        paths: Iterable[str],
        commit: str,
        at: Sequence[str],
    ) -> Mapping[str, Finding]:
        """Judge what lies at `paths` of `tree` and is not in `register` yet; add what holds.

        `at` are the commits that hold it. The answer is the first fault of each path.
        """
        by_kind = sort_paths(self.judge.answers.kinds, paths)
        failing: dict[str, Finding] = {}
        for folder in sorted(by_kind.policies):
            failing.update(self._policy(register, tree, folder, commit, at))
        self.rejections(register, tree, [*by_kind.working, *by_kind.released], commit)
        failing.update(self._released(register, tree, by_kind.released, commit, at))
        for path in sorted(by_kind.lists):
            failing.update(self._list(register, tree, path, commit, at))
        return failing

    def _policy(
        self, register: Register, tree: Tree, folder: str, commit: str, at: Sequence[str]
    ) -> dict[str, Finding]:
        path = f"{folder}/policy.yaml"
        if not tree.folder(folder):
            return {}
        entry = read_policy(tree, folder, commit)
        if isinstance(entry, Finding):
            standing = entry.place.path if tree.entry(entry.place.path) is not None else ""
            first = f"{folder}/{min(tree.folder(folder))}"
            return {standing or first: replace(entry, about=parse_path(path).about)}
        if register.policy(entry.content) is not None:
            return {}
        fault = policy_fault(self.judge, entry, register, at)
        if fault is not None:
            return {path: fault.at(path=path)}
        register.add_policy(entry)
        return {}

    def _released(
        self, register: Register, tree: Tree, paths: list[str], commit: str, at: Sequence[str]
    ) -> dict[str, Finding]:
        failing: dict[str, Finding] = {}
        waiting = sorted(paths)
        while waiting:
            left: list[str] = []
            for path in waiting:
                fault = self._revision(register, tree, path, commit, at)
                if fault is None:
                    failing.pop(path, None)
                    continue
                failing[path] = fault
                if fault.code == "BASE":
                    left.append(path)
            if len(left) == len(waiting):
                break
            waiting = left
        return failing

    def _revision(
        self, register: Register, tree: Tree, path: str, commit: str, at: Sequence[str]
    ) -> Finding | None:
        entry = tree.entry(path)
        if entry is None:
            return None
        found = read_released(tree, path, entry, commit)
        if isinstance(found, Finding):
            return replace(found, about=found.about or parse_path(path).about)
        document = found.document
        fault = _place_fault(path, found)
        if fault is None:
            known = (
                other for other in register.released(document.number) if other.path == found.path
            )
            if any(other.blob == found.blob for other in known):
                return None
            fault = _judged(release_fault, self.judge, document, register, at)
        for asset in document.assets if fault is None else ():
            filed = asset_path(asset.sha256)
            if tree.entry(filed) is None:
                fault = Finding("ASSET-MISSING", Place(path), {"asset": asset.path})
            elif (changed := asset_fault(tree, filed)) is not None:
                fault = replace(changed, about=document.about)
        if fault is not None:
            return replace(fault.at(path=path), about=fault.about or document.about)
        day = register.day(found.filing)
        register.add_released(found if day is None else replace(found, signed_on=day))
        return None

    def _list(
        self, register: Register, tree: Tree, path: str, commit: str, at: Sequence[str]
    ) -> dict[str, Finding]:
        governed = self.judge.answers.kinds.at(path)
        kind = self.judge.answers.kinds.lists[governed.kind or ""]
        entry = tree.entry(path)
        if entry is None:
            return {}
        log = kind.read_log(tree, path, entry)
        if isinstance(log, Finding):
            return {path: replace(log, about=log.about or governed.about)}
        if not lies_at(path, kind, log):
            return {path: _moved(path, log.about)}
        if not log.events:
            return {path: Finding("STRAY", Place(path), about=log.about)}
        recorded = register.lists(kind.name, log.number, log.revision).get(path, ())
        known = {event.slot.id for event in recorded}
        new: list[Event] = []
        fault: Finding | None = None
        for index, slot in enumerate(log.events):
            if slot.signed is not None and slot.id in known:
                continue
            found = event_fault(self.judge, log, index, register, at)
            if found is None:
                new.append(Event(log=log, slot=slot, path=path, commit=commit))
                known.add(slot.id)
            else:
                fault = fault or found
        register.add_events(tuple(new))
        return {} if fault is None else {path: fault.at(path=path)}

    def rejections(self, register: Register, tree: Tree, paths: Iterable[str], commit: str) -> None:
        """Add the signed rejections that documents at `paths` of `tree` hold."""
        for path in paths:
            entry = tree.entry(path)
            if entry is None or entry.mode != FILE or not may_hold_reject(tree, entry):
                continue
            document = read_document(tree, path, entry)
            if isinstance(document, Finding) or not document.has_reject:
                continue
            for slot in document.slots:
                if slot.act != REJECT or self.judge.rejection(slot, register) is not None:
                    continue
                subject = slot.signed.subject if slot.signed is not None else None
                if subject == document.subject:
                    register.add_rejection(
                        Rejection(
                            number=document.number,
                            revision=document.revision,
                            slot=slot,
                            commit=commit,
                        )
                    )


def _judged(
    judging: Callable[[Judge, Document, Register, Sequence[str]], Finding | None],
    judge: Judge,
    document: Document,
    register: Register,
    at: Sequence[str],
) -> Finding | None:
    """The fault of a document; what can't be judged at all is a fault too."""
    try:
        return judging(judge, document, register, at)
    except Refused as refused:
        return replace(refused.finding, about=document.about)


def _place_fault(path: str, entry: Released) -> Finding | None:
    document = entry.document
    mark = parse_path(path).contested
    if lies_at(entry.path, RELEASED_KIND, document) and (not mark or mark == entry.beside):
        return None
    return _moved(path, document.about)


def lies_at(path: str, kind: Kind, value: Value) -> bool:
    """Whether the head of a file gives the path it lies at."""
    try:
        return kind.place(value) == path
    except Refused:
        return False


def _moved(path: str, about: str) -> Finding:
    values = {"signed": about, "found": path, "person": "-", "act": "-"}
    return Finding("MOVED-ENTRY", Place(path), values, about)
