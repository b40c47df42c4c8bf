"""Taking into the register what a tree brings, and what does not hold.

Policies by number, then revisions along their base, then lists in file order: each judged against
what is in the register by then, never against the tree.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from qms.domain.behind import Behind, turns
from qms.domain.document import Document
from qms.domain.entries import read_policy, read_released
from qms.domain.events import event_fault
from qms.domain.judging import Judge
from qms.domain.kind import RELEASED_KIND, Kind, Kinds, Value
from qms.domain.listed_rounds import Rounds
from qms.domain.log import ACTS, REJECTS, Log
from qms.domain.losses import asset_fault
from qms.domain.policies import policy_fault
from qms.domain.register import Event, Register, Released
from qms.domain.revisions import release_fault
from qms.domain.rulings import named_by
from qms.findings import Finding, Place, Refused, ShellText, shell_word
from qms.formats.paths import asset_path, parse_path
from qms.formats.tree import Tree

if TYPE_CHECKING:
    from qms.formats.slots import Statement

T = TypeVar("T")


@dataclass(slots=True)
class Sorted:
    """Paths of one tree by what lies there."""

    policies: set[str] = field(default_factory=set[str])
    released: list[str] = field(default_factory=list[str])
    lists: list[str] = field(default_factory=list[str])


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
        for folder in sorted(by_kind.policies, key=_turn):
            failing.update(self._policy(register, tree, folder, commit, at))
        revision = partial(self._revision, register, tree, commit, at)
        failing.update(_settled(register, sorted(by_kind.released), revision))
        opened = [self._opened(register, tree, path) for path in sorted(by_kind.lists)]
        failing.update(one for one in opened if isinstance(one, tuple))
        together: dict[tuple[str, str], list[_Opened]] = {}
        for one in opened:
            if isinstance(one, _Opened):
                together.setdefault(one.group, []).append(one)
        lists = partial(self._lists, register, commit, at)
        failing.update(_settled(register, tuple(together.values()), lists))
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
        known = [o for o in register.policy_versions(entry.version) if o.content == entry.content]
        if any(one.id == entry.id for one in known):
            return {}
        fault = policy_fault(self.judge, entry, register, at)
        if fault is not None:
            return {path: fault.at(path=path)}
        register.add(entry)
        return {}

    def _revision(
        self, register: Register, tree: Tree, commit: str, at: Sequence[str], path: str
    ) -> dict[str, Finding]:
        fault = self._revision_fault(register, tree, commit, at, path)
        return {} if fault is None else {path: fault}

    def _revision_fault(
        self, register: Register, tree: Tree, commit: str, at: Sequence[str], path: str
    ) -> Finding | None:
        entry = tree.entry(path)
        if entry is None:
            return None
        found = read_released(tree, path, entry, commit)
        if isinstance(found, Finding):
            return replace(found, about=found.about or parse_path(path).about)
        document = found.document
        fault = _place_fault(tree, path, found)
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
        register.add(found if day is None else replace(found, signed_on=day))
        return None

    def _opened(
        self, register: Register, tree: Tree, path: str
    ) -> "_Opened | tuple[str, Finding] | None":
        """The list at a path, with its events that are not recorded yet, or why it is none."""
        governed = self.judge.answers.kinds.at(path)
        kind = self.judge.answers.kinds.lists[governed.kind or ""]
        entry = tree.entry(path)
        if entry is None:
            return None
        log = kind.read_log(tree, path, entry)
        if isinstance(log, Finding):
            return path, replace(log, about=log.about or governed.about)
        if not lies_at(path, kind, log):
            return path, moved(tree, path, kind, log)
        if not log.events:
            return path, Finding("STRAY", Place(path), about=log.about)
        recorded = register.lists(kind.name, log.number, log.revision).get(path, ())
        slots = (event.slot for event in recorded)
        return _Opened(path, log, Rounds(slots) if kind.name == REJECTS else Behind(slots))

    def _lists(
        self, register: Register, commit: str, at: Sequence[str], lists: "Sequence[_Opened]"
    ) -> dict[str, Finding]:
        """Judge what lists hold that depend on each other; add what holds, and tell the others.

        Each event behind those it names, in whichever of them, or whoever lays a list the wrong
        way round could make every verification take hours.
        """
        waiting = _in_turn(lists)
        faults: dict[tuple[str, int], Finding] = {}
        new: dict[str, list[Event]] = {}
        known: dict[str, Statement] = {}
        while waiting:
            left: list[tuple[_Opened, int]] = []
            for one, index in waiting:
                slot = one.log.events[index]
                fault = event_fault(self.judge, one.log, index, register, at, one.held, known)
                if fault is None:
                    new.setdefault(one.path, []).append(Event(one.log, slot, one.path, commit))
                    one.held.add(slot)
                    known[slot.id] = slot
                else:
                    left.append((one, index))
                    faults[one.path, index] = fault
            if len(left) == len(waiting):
                break
            waiting = left
        for found in new.values():
            register.add(*found)
        first: dict[str, Finding] = {}
        for one, index in sorted(waiting, key=lambda found: found[1]):
            first.setdefault(one.path, faults[one.path, index].at(path=one.path))
        return first


@dataclass(frozen=True, slots=True)
class _Opened:
    """A list that is looked at; `held` are its events that hold."""

    path: str
    log: Log
    held: Behind | Rounds

    @property
    def group(self) -> tuple[str, str]:
        """What it is judged together with: acts come after acts in other lists of their number."""
        return (ACTS, self.log.number) if self.log.kind == ACTS else (self.log.kind, self.path)


def _in_turn(lists: Sequence[_Opened]) -> list[tuple[_Opened, int]]:
    """What of these lists doesn't hold yet, each event behind those that it names."""
    waiting = [
        (one, index)
        for one in lists
        for index, slot in enumerate(one.log.events)
        if slot.id not in one.held
    ]
    slots = [(one, one.log.events[index]) for one, index in waiting]
    names = {
        slot.id: (*slot.after, *(named_by(slot) if one.log.kind == ACTS else ()))
        for one, slot in slots
    }
    place = turns(names)
    turn = [place.get(slot.id, 0) for _, slot in slots]
    return [one for _, one in sorted(zip(turn, waiting, strict=True), key=lambda pair: pair[0])]


def _turn(folder: str) -> tuple[int, str]:
    """Versions by number: each is judged under the one before it."""
    version = parse_path(f"{folder}/policy.yaml").version
    return version, folder


def _settled(
    register: Register, found: Sequence[T], judged: Callable[[T], dict[str, Finding]]
) -> dict[str, Finding]:
    """What fails still when nothing more gets into the register.

    What one entry names may be brought by another of these, whichever is looked at first.
    """
    waiting = found
    while True:
        before = register.grown
        told = [(one, judged(one)) for one in waiting]
        failing = {path: fault for _, faults in told for path, fault in faults.items()}
        if not failing or register.grown == before:
            return failing
        waiting = [one for one, faults in told if faults]


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


def _place_fault(tree: Tree, path: str, entry: Released) -> Finding | None:
    document = entry.document
    mark = parse_path(path).contested
    if lies_at(entry.path, RELEASED_KIND, document) and (not mark or mark == entry.beside):
        return None
    return moved(tree, path, RELEASED_KIND, document)


def lies_at(path: str, kind: Kind, value: Value) -> bool:
    """Whether the head of a file gives the path it lies at."""
    try:
        return kind.place(value) == path
    except Refused:
        return False


def moved(tree: Tree, path: str, kind: Kind, value: Value) -> Finding:
    """MOVED-ENTRY for a file whose head gives another path; DRAFT-PLACE where nobody signed it.

    With the command that puts it there; where a file lies there already, out of the way.
    """
    about = value.about
    word, name = shell_word(path), shell_word(path.rpartition("/")[2])
    values = {"signed": about, "found": path, "person": "-", "act": "-"}
    try:
        place = kind.place(value)
    except Refused:
        place = ""
    if place:
        is_taken = tree.entry(place) is not None
        folder = shell_word(place.rpartition("/")[0])
        made = "" if tree.folder(place.rpartition("/")[0]) else f"mkdir -p {folder} && "
        back = f"mv -n {word} {name}" if is_taken else f"{made}mv -n {word} {shell_word(place)}"
        if is_taken and tree.entry(place) == tree.entry(path):
            back = f"rm {word}"  # a copy
        values |= {"restore": ShellText(back), "place": place}
    is_draft = isinstance(value, Document) and not value.signed() and place
    return Finding("DRAFT-PLACE" if is_draft else "MOVED-ENTRY", Place(path), values, about)
