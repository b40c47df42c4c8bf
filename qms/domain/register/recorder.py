"""Taking into the register what a tree brings, and what does not hold.

Kind by kind, each behind those by which it is judged: policies by number, then what is filed as a
whole, along its base, then lists in file order. All is judged against what is in the register by
then, never against the tree.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import Kinds, Value
from qms.domain.kinds.log import ACTS, Log
from qms.domain.kinds.own_place import lies_at, moved
from qms.domain.kinds.reading import read_policy
from qms.domain.kinds.recorded import POLICY, Event, Filed, Released
from qms.domain.register.behind import Behind, turns
from qms.domain.register.events import event_fault
from qms.domain.register.filings import filing_fault
from qms.domain.register.listed_rounds import Rounds
from qms.domain.register.losses import asset_fault
from qms.domain.register.policies import policy_fault
from qms.domain.register.register import Register
from qms.domain.register.revisions import release_fault
from qms.domain.register.rulings import named_by
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Place, Reason, Refused
from qms.formats.paths import asset_path, parse_path, unmarked
from qms.formats.tree import Tree

if TYPE_CHECKING:
    from qms.formats.slots import Statement

T = TypeVar("T")


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
        kinds = self.judge.answers.kinds
        brought = _Brought(self.judge, register, tree, commit, at)
        policies, texts, lists = _sorted(kinds, paths)
        failing = _settled(register, policies, brought.policy)
        failing.update(_settled(register, texts, brought.text))
        opened = [brought.opened(path) for path in lists]
        failing.update(one for one in opened if isinstance(one, tuple))
        together: dict[tuple[str, str], list[_Opened]] = {}
        for one in opened:
            if isinstance(one, _Opened):
                together.setdefault(one.group, []).append(one)
        failing.update(_settled(register, tuple(together.values()), brought.lists))
        return failing


def _sorted(
    kinds: Kinds, paths: Iterable[str]
) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Folders of policies, paths of texts and of lists; what is never recorded is left out."""
    policies: set[str] = set()
    texts: list[str] = []
    lists: list[str] = []
    for path in paths:
        name = kinds.at(path).kind
        if name == POLICY:
            policies.add(path.rpartition("/")[0])
        elif name in kinds.texts:
            texts.append(path)
        elif name in kinds.lists:
            lists.append(path)
    return sorted(policies, key=_turn), sorted(texts), sorted(lists)


class _Brought(NamedTuple):
    """What lies in a tree, and is judged against a register that it gets into."""

    judge: Judge
    register: Register
    tree: Tree
    commit: str
    at: Sequence[str]

    def policy(self, folder: str) -> dict[str, Finding]:
        """Judge the policy version in a folder."""
        names = self.tree.folder(folder)
        if not names:
            return {}
        entry = read_policy(self.tree, folder, self.commit)
        if isinstance(entry, Finding):
            path = entry.place.path
            standing = path if self.tree.entry(path) is not None else f"{folder}/{min(names)}"
            return {standing: replace(entry, about=parse_path(path).about)}
        known = self.register.held(entry.key, entry.place)
        if any(one.identity == entry.identity for one in known):
            return {}
        fault = policy_fault(self.judge, entry, self.register, self.at)
        if fault is not None:
            return {entry.path: fault.at(path=entry.path)}
        self.register.add(entry)
        return {}

    def text(self, path: str) -> dict[str, Finding]:
        """Judge a text that is filed as a whole, of whatever kind."""
        fault = self._text_fault(path)
        return {} if fault is None else {path: fault.at(path=path)}

    def _text_fault(self, path: str) -> Finding | None:
        kinds, entry = self.judge.answers.kinds, self.tree.entry(path)
        governed = kinds.at(path)
        kind = kinds.texts[governed.kind or ""]
        if entry is None:
            return None
        value = kind.read(self.tree, path, entry)
        if isinstance(value, Finding):
            return replace(value, about=value.about or governed.about)
        place, _ = unmarked(path)
        found = filed_entry(value, place, entry.id, self.commit, kind.going(value))
        if not lies_at(place, kind, value) or governed.contested not in ("", found.beside):
            return moved(self.tree, path, kind, value)
        known = self.register.held(found.key, found.place)
        if any(isinstance(one, Released | Filed) and one.blob == found.blob for one in known):
            return None
        try:
            if isinstance(found, Released):
                fault = release_fault(self.judge, found.document, self.register, self.at)
            else:
                fault = filing_fault(self.judge, kind, found.text, self.register, self.at)
        except Refused as refused:  # what can't be judged at all is a fault too
            fault = refused.finding
        if fault is None and kind.has_pictures:
            fault = _picture_fault(self.tree, path, found.value)
        if fault is None and isinstance(found, Released):
            found = found.noted(self.register.day(found.filing))
        if fault is not None:
            return replace(fault, about=fault.about or value.about)
        self.register.add(found)
        return None

    def opened(self, path: str) -> "_Opened | tuple[str, Finding] | None":
        """The list at a path, with its events that are not recorded yet, or why it is none."""
        kinds, entry = self.judge.answers.kinds, self.tree.entry(path)
        governed = kinds.at(path)
        kind = kinds.lists[governed.kind or ""]
        if entry is None:
            return None
        log = kind.read_log(self.tree, path, entry)
        if isinstance(log, Finding):
            return path, replace(log, about=log.about or governed.about)
        if not lies_at(path, kind, log):
            return path, moved(self.tree, path, kind, log)
        if not log.events:
            return path, Finding("STRAY", Place(path), about=log.about, reason=Reason.STRAY)
        slots = (slot for one in self.register.held(log.key, path) for slot in one.statements)
        return _Opened(path, log, Rounds(slots, kind.rounds) if kind.has_rounds else Behind(slots))

    def lists(self, lists: "Sequence[_Opened]") -> dict[str, Finding]:
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
                fault = event_fault(
                    self.judge, one.log, index, self.register, self.at, one.held, known
                )
                if fault is None:
                    new.setdefault(one.path, []).append(Event(one.log, slot, one.path, self.commit))
                    one.held.add(slot)
                    known[slot.id] = slot
                else:
                    left.append((one, index))
                    faults[one.path, index] = fault
            if len(left) == len(waiting):
                break
            waiting = left
        for found in new.values():
            self.register.add(*found)
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


def filed_entry(
    value: Value, place: str, blob: str, commit: str, going: str = ""
) -> Released | Filed:
    """The entry that a text makes at a place. TypeError for a list.

    `going` is where a text of a plugin's kind lay while it went round.
    """
    if isinstance(value, Document):
        return Released(document=value, path=place, blob=blob, commit=commit)
    if isinstance(value, FiledText):
        return Filed(text=value, path=place, blob=blob, commit=commit, going=going)
    raise TypeError(f"{value.kind} is a list")


def _picture_fault(tree: Tree, path: str, text: Document | FiledText) -> Finding | None:
    """What is wrong with the pictures that were filed with a text: the last one of them."""
    fault: Finding | None = None
    for asset in text.assets:
        filed = asset_path(asset.sha256)
        if tree.entry(filed) is None:
            fault = Finding("ASSET-MISSING", Place(path), {"asset": asset.path})
        elif (changed := asset_fault(tree, filed)) is not None:
            fault = replace(changed, about=text.about)
    return fault


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
    waiting: Sequence[T] = found
    while waiting:
        before = register.grown
        told: list[tuple[T, dict[str, Finding]]] = [(one, judged(one)) for one in waiting]
        failing = {path: fault for _, faults in told for path, fault in faults.items()}
        if not failing or register.grown == before:
            return failing
        waiting = [one for one, faults in told if faults]
    return {}
