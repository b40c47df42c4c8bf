"""Whether what is recorded now was there, and held, in the tree of an older commit."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from qms.domain.kinds.recorded import Filed
from qms.domain.register.register import Event, Register, Released
from qms.domain.register.source import TreeSource
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding
from qms.formats.paths import GOVERNED
from qms.formats.tree import Tree, TreeEntry

_KEPT: Final = 32
"""Trees of which the lists are remembered: whoever adds a thousand events adds them in a few."""

K = TypeVar("K")
IsThere = Callable[[Tree], bool]
"""Tells whether a tree holds something."""
_State = tuple[str, str, str, tuple[TreeEntry | None, ...]]


@dataclass(slots=True, eq=False)
class Past:
    """Gives, for an entry, what tells whether a tree holds it."""

    judge: Judge
    _held: OrderedDict[_State, frozenset[str]] = field(
        default_factory=OrderedDict[_State, frozenset[str]]
    )
    _listed: OrderedDict[TreeEntry, frozenset[str]] = field(
        default_factory=OrderedDict[TreeEntry, frozenset[str]]
    )

    def of(self, entry: Released | Filed) -> tuple[str, IsThere]:
        """What was filed: its name for the memory of what was met, and what tells whether it is.

        The name is the same wherever it is asked about, so that each tree is looked at once.
        """
        if isinstance(entry, Filed):
            return f"filed {entry.id}", self.filed_text(entry)
        return f"released {entry.id}", self.filed(entry)

    def filed(self, entry: Released) -> IsThere:
        """Tells whether a revision is released in a tree."""
        document = entry.document

        def is_there(tree: Tree) -> bool:
            if all(tree.entry(path) is None for path in entry.places):
                return False
            register = Register((TreeSource(self.judge, tree),))
            found = register.filings(document.number, document.content)
            return any(one.filing.id == entry.filing.id for one in found)

        return is_there

    def filed_text(self, entry: Filed) -> IsThere:
        """Tells whether a text of a plugin's kind is filed in a tree."""

        def is_there(tree: Tree) -> bool:
            if all(tree.entry(path) is None for path in entry.places):
                return False
            register = Register((TreeSource(self.judge, tree),))
            return any(one.id == entry.id for one in register.held(entry.key, entry.place))

        return is_there

    def listed(self, event: Event) -> IsThere:
        """Tells whether an act or a rejection holds in a tree."""

        def is_there(tree: Tree) -> bool:
            entry = tree.entry(event.path)
            if entry is None or event.slot.id not in self._ids(tree, event, entry):
                return False
            return event.slot.id in self._holding(tree, event)

        return is_there

    def _ids(self, tree: Tree, event: Event, entry: TreeEntry) -> frozenset[str]:
        """What stands in a list, whether it holds or not."""

        def ids() -> frozenset[str]:
            kind = self.judge.answers.kinds.lists[event.log.kind]
            log = kind.read_log(tree, event.path, entry)
            events = () if isinstance(log, Finding) else log.events
            return frozenset(slot.id for slot in events)

        return _remembered(self._listed, entry, ids)

    def _holding(self, tree: Tree, event: Event) -> frozenset[str]:
        """What holds in a tree of all such lists."""
        log = event.log

        def ids() -> frozenset[str]:
            register = Register((TreeSource(self.judge, tree),))
            lists = register.lists(log.kind, log.number, log.revision)
            return frozenset(one.slot.id for events in lists.values() for one in events)

        state = tuple(tree.entry(folder) for folder in GOVERNED)
        return _remembered(self._held, (log.kind, log.number, log.revision, state), ids)


def _remembered(
    known: OrderedDict[K, frozenset[str]], key: K, make: Callable[[], frozenset[str]]
) -> frozenset[str]:
    if key not in known:
        known[key] = make()
        if len(known) > _KEPT:
            known.popitem(last=False)
    return known[key]
