"""Taking into the register what a tree brings, and what does not hold.

Policies by number, then revisions along their base, then lists in file order: each judged against
what is in the register by then, never against the tree.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qms.domain.chain import REJECT
from qms.domain.document import Document
from qms.domain.entries import read_document, read_log, read_policy, read_released
from qms.domain.events import event_fault
from qms.domain.judging import Judge
from qms.domain.losses import asset_fault
from qms.domain.policies import policy_fault
from qms.domain.register import Event, Register, Rejection, Released
from qms.domain.revisions import release_fault
from qms.findings import Finding, Place, Refused
from qms.formats.paths import Governed, asset_path, copy_path, parse_path, released_path
from qms.formats.tree import FILE, Tree


@dataclass(slots=True)
class Sorted:
    """Paths of one tree by what lies there."""

    policies: set[str] = field(default_factory=set[str])
    released: list[str] = field(default_factory=list[str])
    logs: list[str] = field(default_factory=list[str])
    working: list[str] = field(default_factory=list[str])


def sort_paths(paths: Iterable[str]) -> Sorted:
    """Governed paths by kind; others are left out."""
    found = Sorted()
    for path in paths:
        governed = governed_path(path)
        if governed is None:
            continue
        match governed.kind:
            case "policy":
                found.policies.add(path.rpartition("/")[0])
            case "released":
                found.released.append(path)
            case "copy":
                found.logs.append(path)
            case "document":
                found.working.append(path)
            case _:
                pass
    return found


def governed_path(path: str) -> Governed | None:
    """What the path codec makes of `path`; None for free ground and for a stray file."""
    governed = parse_path(path)
    return None if governed.kind is None else governed


@dataclass(frozen=True, slots=True)
class Recorder:
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
        by_kind = sort_paths(paths)
        failing: dict[str, Finding] = {}
        for folder in sorted(by_kind.policies):
            failing.update(self._policy(register, tree, folder, commit, at))
        self.rejections(register, tree, [*by_kind.working, *by_kind.released], commit)
        failing.update(self._released(register, tree, by_kind.released, commit, at))
        for path in sorted(by_kind.logs):
            failing.update(self._log(register, tree, path, commit, at))
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
            return {standing or first: replace(entry, about=about_path(path))}
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
            return replace(found, about=found.about or about_path(path))
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
        register.add_released(found)
        return None

    def _log(
        self, register: Register, tree: Tree, path: str, commit: str, at: Sequence[str]
    ) -> dict[str, Finding]:
        entry = tree.entry(path)
        if entry is None:
            return {}
        log = read_log(tree, path, entry)
        if isinstance(log, Finding):
            return {path: replace(log, about=log.about or about_path(path))}
        if not lies_at(path, copy_path, log.class_id, log.number, log.revision, log.copy):
            return {path: _moved(path, log.about)}
        if not log.events:
            return {path: Finding("STRAY", Place(path), about=log.about)}
        known = {event.slot.id for event in register.events(log.number, log.revision, path)}
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
            if entry is None or entry.mode != FILE:
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
    beside = governed_path(path)
    mark = beside.contested if beside is not None else ""
    if lies_at(entry.path, released_path, document.class_id, *document.key) and (
        not mark or mark == entry.beside
    ):
        return None
    return _moved(path, document.about)


def lies_at(path: str, place: Callable[..., str], *head: str) -> bool:
    """Whether the head of a file gives the path it lies at."""
    try:
        return place(*head) == path
    except Refused:
        return False


def _moved(path: str, about: str) -> Finding:
    values = {"signed": about, "found": path, "person": "-", "act": "-"}
    return Finding("MOVED-ENTRY", Place(path), values, about)


def about_path(path: str) -> str:
    """What a file that can't be read is about, as far as its path tells."""
    governed = governed_path(path)
    if governed is None:
        return path
    if governed.kind in ("released", "acts"):
        return f"document {governed.number} {governed.revision}"
    if governed.kind == "copy":
        return f"copy {governed.number} {governed.revision} {governed.copy}"
    if governed.kind == "policy":
        return f"policy {governed.version}"
    return path
