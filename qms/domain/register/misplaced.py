"""What may lie where: modes, strays and look-alikes under the governed folders.

Asked of paths alone, before anything is read: a link, a file without a form, a name that somebody
could take for another one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from qms.domain.kinds.kind import Kinds
from qms.domain.kinds.limits import limit_fault
from qms.domain.kinds.reading import bad_mode
from qms.domain.register.register import Register
from qms.domain.register.strays import told_stray
from qms.findings import Finding, Place
from qms.formats.names import fold
from qms.formats.paths import GOVERNED, document_path, is_misleading
from qms.formats.tree import EXECUTABLE, FILE, Tree


def misplaced(
    tree: Tree, register: Register, before: Tree | None, paths: Iterable[str], kinds: Kinds
) -> Iterator[Finding]:
    """BAD-MODE, STRAY or PATH-COLLISION for each of `paths` that may not lie where it does.

    Of two look-alikes the one stays that is recorded, or was there `before`, or comes first.
    """
    twins = _Twins(tree, register, before)
    for path in sorted(paths):
        entry = tree.entry(path)
        if entry is None:
            continue
        governed = kinds.at(path)
        if entry.is_folder and path.partition("/")[0] in GOVERNED:
            fault = limit_fault(tree, path)
            if fault is not None:
                yield fault
        elif entry.mode not in (FILE, EXECUTABLE) and not entry.is_folder:
            yield replace(bad_mode(path, entry.mode), about=governed.about)
        elif governed.stray is not None:
            yield told_stray(tree, path, governed.stray)
        elif entry.mode == EXECUTABLE:
            yield replace(bad_mode(path, entry.mode), about=governed.about)
        else:
            clash = twins.clash(path)
            if clash is not None:
                mine, other = clash
                yield Finding("PATH-COLLISION", Place(path), {"other": other}, f"look-alike {mine}")


def misplaced_roots(tree: Tree) -> frozenset[str]:
    """Names at the root that look like a governed folder, or are one's name, and are none."""
    return frozenset(
        name
        for name, entry in tree.folder("").items()
        if (not entry.is_folder if name in GOVERNED else is_misleading(name))
    )


def is_below(path: str, blockers: Iterable[str]) -> bool:
    """Whether `path` would lie where one of `blockers` lies, or in a folder of that name."""
    return any(path == one or path.startswith(f"{one}/") for one in blockers)


@dataclass(slots=True, eq=False)
class _Twins:
    """Names that differ only by case, width or dash, level by level; each folder read once."""

    tree: Tree
    register: Register
    before: Tree | None
    _levels: dict[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict[str, Mapping[str, tuple[str, ...]]]
    )

    def clash(self, path: str) -> tuple[str, str] | None:
        """The part of `path` that is a look-alike, and what stays; None for most."""
        folder, *parts = path.split("/")
        for name in parts:
            same = self._alike(folder, name)
            if len(same) > 1:
                stays = self._stays(folder, same)
                if stays != name:
                    return f"{folder}/{name}", f"{folder}/{stays}"
            folder = f"{folder}/{name}"
        return None

    def _alike(self, folder: str, name: str) -> tuple[str, ...]:
        level = self._levels.get(folder)
        if level is None:
            found: dict[str, list[str]] = {}
            names = self.tree.folder(folder)
            if len(set(map(fold, names))) < len(names):
                for one in names:
                    found.setdefault(fold(one), []).append(one)
            level = {names[0]: tuple(names) for names in found.values() if len(names) > 1}
            level |= {one: names for names in tuple(level.values()) for one in names}
            self._levels[folder] = level
        return level.get(name, ())

    def _stays(self, folder: str, names: tuple[str, ...]) -> str:
        for name in names:
            if self._is_recorded(f"{folder}/{name}"):
                return name
        for name in names:
            if self.before is not None and self.before.entry(f"{folder}/{name}") is not None:
                return name
        return min(names)

    def _is_recorded(self, path: str) -> bool:
        below = f"{path}/"
        for entry in self.register.all_released():
            document = entry.document
            working = document_path(document.class_id, document.number)
            copies = f"copies/{entry.path.partition('/')[2].removesuffix('.md')}"
            if any(one == path or one.startswith(below) for one in (entry.path, working, copies)):
                return True
            if path.startswith(f"{copies}/") and self.register.events(*document.key, path):
                return True
        return False
