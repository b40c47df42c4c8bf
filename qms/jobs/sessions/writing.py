"""What the rules say of files before they are written, and what of it keeps them from being so."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from qms.domain.kinds.kind import Kinds, Law, Value
from qms.domain.register.walk import Position
from qms.findings import Finding, Place, Refused
from qms.formats.tree import FILE, TreeEntry
from qms.jobs.judging.checker import Checker
from qms.jobs.judging.grown import all_new_hold, list_in, only_rejects, parted
from qms.storage.repository import Repository
from qms.storage.trees import CommitTree, OverlayTree
from qms.storage.workrepo import writing

Files = Mapping[str, bytes | None]


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies in the work tree at paths that are about to be written, beside what HEAD has.

    `read` is the work tree, `tree` that of HEAD.
    """

    repository: Repository
    kinds: Kinds
    read: CommitTree
    tree: CommitTree

    def refuse_overwriting(self, paths: Iterable[str]) -> None:
        """Refuse to write over what lies in the register's folders and was never committed.

        What goes there is made from HEAD's. It may be somebody's signature that a kill left.
        Raises `Refused` WORKTREE-DIFFERS; CHANGED-WHILE-SIGNING where it was another command's
        that was just being committed.
        """
        for path in paths:
            kind = self.kinds.get(self.kinds.at(path).kind)
            if kind is None or kind.law is Law.FREE:
                continue
            if self.read.entry(path) != self.tree.entry(path):
                code = "CHANGED-WHILE-SIGNING" if self._is_committed(path) else "WORKTREE-DIFFERS"
                raise Refused(Finding(code, Place(path)))

    def _is_committed(self, path: str) -> bool:
        """Whether it is HEAD's once nobody else is at work."""
        with writing(self.repository):
            return self.repository.work_entry(path) == self.repository.head_tree().entry(path)

    def lying(self, paths: Iterable[str]) -> Mapping[str, TreeEntry | None]:
        """What lay there, None where git leaves a file of HEAD out (a sparse checkout)."""
        return {path: None if self._is_left_out(path) else self.read.entry(path) for path in paths}

    def _is_left_out(self, path: str) -> bool:
        is_heads = self.read.entry(path) == self.tree.entry(path)
        return is_heads and self.repository.work_entry(path) is None


@dataclass(frozen=True, slots=True)
class Writing:
    """Files that are about to be written upon the commit `tip`, whose tree is `tree`.

    `is_error` tells what refuses them.
    """

    checker: Checker
    tree: CommitTree
    tip: str | None
    files: Files
    now: datetime
    is_error: Callable[[Finding], bool]

    def findings(self) -> tuple[Finding, ...]:
        """What the rules say of the tree with the files in it, as far as it concerns these."""
        return self._judged(self.files)[0]

    def errors(self, findings: tuple[Finding, ...]) -> list[Finding]:
        """What of these findings refuses the files.

        Lists grow, by whoever has a say: what was wrong in one before, in somebody else's entry,
        keeps nobody from adding to it. Only what is new counts, and every new entry must hold.
        So with a text that is sent back: what was wrong with it before keeps nobody from that.
        """
        errors = [finding for finding in findings if self.is_error(finding)]
        kinds = self.checker.hooks.kinds
        lists = {path for path, data in self.files.items() if list_in(kinds, path, data)}
        stand = lists | {
            path for path, data in self.files.items()
            if only_rejects(kinds, path, self.tree.read(path), data)
        }  # fmt: skip
        if not any(finding.place.path in stand for finding in errors):
            return errors
        after, position = self._judged(self.files, folded=False)
        if not all(self._holds(path, position) for path in lists):
            return errors
        before, _ = self._judged({}, folded=False)
        found, _ = parted(after, before, lambda finding: finding.place.path in stand)
        return [finding for finding in found if self.is_error(finding)]

    def _judged(self, files: Files, *, folded: bool = True) -> tuple[tuple[Finding, ...], Position]:
        """The same with some files in it; not `folded`: also what follows from others."""
        blobs = {self._blob_id(data): data for data in files.values() if data is not None}
        entries = {
            path: None if data is None else TreeEntry(FILE, self._blob_id(data))
            for path, data in files.items()
        }
        parents = () if self.tip is None else (self.tip,)
        findings, position, _ = self.checker.step(
            OverlayTree(self.tree, entries, blobs), parents, self.tip, now=self.now,
            also=None if folded else frozenset(self.files),
        )  # fmt: skip
        written = {entry.about for entry in self._texts()}
        kept = tuple(
            f for f in findings
            if f.place.path in self.files or not f.place.path or f.about in written
        )  # fmt: skip
        return kept, position

    def _texts(self) -> Iterator[Value]:
        """The texts among the files that go round."""
        for path, data in self.files.items():
            kind = self.checker.hooks.kinds.of(path)
            if data is not None and kind is not None and kind.is_working:
                yield kind.parse(data)

    def _blob_id(self, data: bytes) -> str:
        return self.checker.repository.objects.id_of("blob", data)

    def _holds(self, path: str, position: Position) -> bool:
        """Whether all that is new in a list is recorded with it."""
        kinds, before = self.checker.hooks.kinds, self.tree.read(path)
        return all_new_hold(kinds, position.register, path, before, self.files[path])
