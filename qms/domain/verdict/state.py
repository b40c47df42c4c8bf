"""States: one tree of files, seen as typed items."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar, cast

from qms.domain.kinds.kind import WORKING, Kinds, Value
from qms.domain.kinds.policy import Policy
from qms.domain.kinds.recorded import RELEASED, EffectiveOf, Filed, NoEffect, NoEffectOf
from qms.domain.library.numbers import Use, numbers_in_use
from qms.domain.register.register import Event, Register, Released
from qms.findings import Finding
from qms.formats.paths import Governed
from qms.formats.slots import Statement
from qms.formats.tree import FILE, Tree, TreeEntry

T = TypeVar("T")


class Item(NamedTuple):
    """What lies at a path: its names, its entry in the tree, and its value.

    A file that can't be read is an item too: its value is the finding that says why.
    """

    at: Governed
    entry: TreeEntry
    value: Value | Finding


@dataclass(frozen=True, slots=True)
class Index(Generic[T]):
    """Something that is looked up over a whole state, such as all numbers that were ever used.

    `build` is pure: a function of the state alone. It is called once for a state, however many
    rules ask.
    """

    name: str
    build: Callable[["State"], T]


@dataclass(slots=True, kw_only=True)
class State:
    """One tree seen as typed items, with what was validly recorded up to it and the policy.

    Files are read as they are asked for. What the tree holds without holding in the register has
    no effect; what the register holds may be missing in the tree.
    """

    tree: Tree
    kinds: Kinds
    register: Register
    policy: Policy
    effects: EffectiveOf | None = None
    """What has effect, where the history is there to tell (`effective`)."""
    effects_of_events: NoEffectOf | None = None
    """The same of events of lists (`no_effect`)."""
    sight: Callable[[Statement, str, str], bool] | None = None
    """What signers had seen to be without effect (`seen_without_effect`)."""
    _indexes: dict[str, tuple[Index[object], object]] = field(
        default_factory=dict[str, tuple[Index[object], object]]
    )

    def item(self, path: str) -> Item | None:
        """The item at `path`; None where there is no file of a kind."""
        at = self.kinds.at(path)
        kind, entry = self.kinds.get(at.kind), self.tree.entry(path)
        if kind is None or entry is None or entry.is_folder:
            return None
        # Released bytes were read when they were recorded.
        known = self.register.released(at.number) if kind.name in (RELEASED, WORKING) else ()
        for one in known:
            if one.blob == entry.id and entry.mode == FILE:
                return Item(at, entry, one.document)
        return Item(at, entry, kind.read(self.tree, path, entry))

    def value(self, path: str) -> Value | None:
        """The value at `path`; None where there is none that can be read."""
        item = self.item(path)
        return None if item is None or isinstance(item.value, Finding) else item.value

    def effective(self, number: str) -> tuple[Released, ...]:
        """The revisions of a number that have effect, now or later, in their order.

        None that gave way to another, that nothing decides on, or that a later policy voids; all
        that is recorded where a state stands without its history.
        """
        if self.effects is None:
            return self.register.released(number)
        return self.effects(number)

    def no_effect(self, event: Event | Filed) -> NoEffect | None:
        """Why an event or a filed text has no effect, or None: a ruling, time, a later policy.

        All that is recorded has, where a state stands without its history.
        """
        return None if self.effects_of_events is None else self.effects_of_events(event)

    def seen_without_effect(self, slot: Statement, number: str, content: str) -> bool:
        """Whether the signer of a statement had seen a released text that had no effect by then.

        False where a state stands without its history.
        """
        return self.sight is not None and self.sight(slot, number, content)

    def names(self, kind: str) -> Iterator[Governed]:
        """Where items of a kind lie, by their paths alone, sorted: no file is read."""
        known = self.kinds.get(kind)
        for path, _ in self.tree.files(known.form.folder) if known is not None else ():
            at = self.kinds.at(path)
            if at.kind == kind:
                yield at

    def index(self, index: Index[T]) -> T:
        """What `index` makes of this state."""
        known = self._indexes.get(index.name)
        if known is None or known[0] is not index:
            known = cast("Index[object]", index), index.build(self)
            self._indexes[index.name] = known
        return cast("T", known[1])


def _all_numbers(state: State) -> Mapping[str, tuple[Use, ...]]:
    found = dict(numbers_in_use(state.register, state.tree))
    for kind in state.kinds.brought:
        if not kind.gives_numbers:
            continue
        uses = {at.path: at.number for at in state.names(kind.name)}
        uses.update((one.path, one.key[1]) for one in state.register.every(kind.name))
        for path, number in sorted(uses.items()):
            found[number] = (*found.get(number, ()), Use(number, "", path))
    return found


NUMBERS = Index("numbers", _all_numbers)
"""All numbers that are or were ever used (DC-02), with their uses: what is released first.

Those of plugins' kinds are among them.
"""
