"""The two branches that are united, and what comes of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from qms.domain.kinds.distinct_persons import Persons
from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.kind import Kinds
from qms.domain.register.register import Register
from qms.findings import Finding, Place, Refused
from qms.formats.tree import EXECUTABLE, FILE, PathChange, Tree, TreeEntry

T = TypeVar("T")


class Side(NamedTuple):
    """One branch: its files, and what is validly recorded in them."""

    tree: Tree
    register: Register


class GaveWay(NamedTuple):
    """My text that gave way to another: where it lay, its bytes, and why, as a finding says it.

    Of a file that is larger than what anybody reads whole there is its `large` entry instead.
    """

    path: str
    data: bytes
    why: Finding
    large: TreeEntry | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it can be laid aside."""
        return bool(self.data) or self.large is not None


def same_file(side: Side, path: str, entry: TreeEntry | None) -> GaveWay:
    """The conflict about a file of mine that is no text to us."""
    why = Finding("SYNC-SAME-FILE", Place(path))
    if entry is None or entry.mode not in (FILE, EXECUTABLE):
        return GaveWay(path, b"", why)
    try:
        return GaveWay(path, side.tree.blob(entry.id), why)
    except Refused:
        return GaveWay(path, b"", why, entry)


def left_out(side: Side, path: str, entry: TreeEntry | None, united: "United") -> None:
    """Carry what holds nowhere, or has no place, to nobody: it is kept beside, and named."""
    gave = same_file(side, path, entry)._replace(why=Finding("SYNC-LEFT-OUT", Place(path)))
    if gave.is_whole:
        united.aside.append(gave)
    else:  # a link, or nothing at all
        united.told.append(gave.why)


def same_lines(path: str, lines: Sequence[int]) -> Finding:
    """SYNC-SAME-LINES at the first place, with all: ``documents/x.md:17, 25``."""
    places = f"{path}:{', '.join(map(str, lines))}" if lines else path
    return Finding("SYNC-SAME-LINES", Place(path, line=next(iter(lines), 0)), {"places": places})


@dataclass(frozen=True, slots=True)
class Pair:
    """`mine` is what I work on, `theirs` the trunk: what lies there was shared first.

    `base` is what both come from. `persons` tells who may sign a document, `text_persons` who a
    text of a plugin's kind; both raise `Refused` where nobody can tell.
    """

    mine: Side
    theirs: Side
    base: Tree
    kinds: Kinds
    persons: Callable[[Document], Persons]
    text_persons: Callable[[FiledText], Persons]
    is_unjudged: Callable[[str], bool]
    """Whether a file of mine is signed and the plugin that could judge it isn't here."""
    is_unshared: bool = False
    """Whether nobody else has seen what is mine alone: what lost its number may be left behind."""

    def changes(self) -> Iterator[PathChange]:
        """Where both differ: `before` is theirs, `after` mine."""
        return self.mine.tree.changes(self.theirs.tree)

    def is_by_both(self, change: PathChange) -> bool:
        """Whether both sides changed a path."""
        return self.base.entry(change.path) not in {change.before, change.after}

    def is_theirs(self, change: PathChange) -> bool:
        """Whether they alone changed it."""
        return self.base.entry(change.path) == change.after


@dataclass(slots=True)
class United:
    """What lies in the united tree otherwise than in theirs, by path; None: nothing.

    `aside` are texts of mine that gave way; `conflicts` what people must decide first, with my
    side's bytes, or none where they can't be laid aside. `told` is what was left out.
    """

    files: dict[str, TreeEntry | bytes | None] = field(
        default_factory=dict[str, TreeEntry | bytes | None]
    )
    aside: list[GaveWay] = field(default_factory=list[GaveWay])
    conflicts: list[GaveWay] = field(default_factory=list[GaveWay])
    told: list[Finding] = field(default_factory=list[Finding])
    left_behind: list[Finding] = field(default_factory=list[Finding])
    """What of mine stays in a branch of its own: the number it has was given to another first."""


def both_texts(
    pair: Pair,
    change: PathChange,
    united: United,
    mine: T | Finding | None,
    theirs: T | Finding | None,
) -> tuple[T, T] | None:
    """The texts of both sides, as they were read; None where either can't be, or is gone.

    Then `united` has what comes of it: of a text that can't be read a conflict; one that somebody
    went on with is not gone.
    """
    path, entry = change.path, change.after
    if isinstance(mine, Finding) or isinstance(theirs, Finding):
        data = None if entry is None else pair.mine.tree.blob(entry.id)
        why = mine if isinstance(mine, Finding) else Finding("SYNC-UNREADABLE", Place(path))
        united.conflicts.append(GaveWay(path, data or b"", why))
        return None
    if mine is None or theirs is None:
        if mine is not None:
            united.files[path] = entry
        return None
    return mine, theirs
