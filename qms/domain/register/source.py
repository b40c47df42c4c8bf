"""A register that is fetched from one tree as it is asked for.

The law behind it (tested on random honest lives): the register at a commit equals the register
computed from that commit's tree alone. So a check of one file judges only what that file needs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qms.domain.kinds.kind import COPY
from qms.domain.kinds.limits import ROOT, limit_fault
from qms.domain.kinds.log import ACTS, REJECTS
from qms.domain.kinds.reading import bad_mode, no_folder
from qms.domain.kinds.recorded import ALL_POLICIES, POLICY, RELEASED, Key, PolicyEntry
from qms.domain.register.recorder import Recorder
from qms.domain.register.register import Register
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Place, Reason, Refused
from qms.formats.names import is_like_a_file, number_path, revision_part
from qms.formats.paths import parse_path
from qms.formats.tree import EXECUTABLE, FILE, Tree, TreeEntry


@dataclass(slots=True)
class TreeSource:
    """Fetches from `tree` what a register is asked for; nothing else is read."""

    judge: Judge
    tree: Tree
    failing: dict[str, Finding] = field(default_factory=dict[str, Finding])
    """What lies there and does not hold, by path, as far as it was asked for."""
    _released: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Paths of the files of a number in `released/`, whatever they are."""
    _is_listed: bool = False
    """Whether all numbers were asked for: then `_released` knows them all."""
    _lists: dict[str, Mapping[tuple[str, str], list[str]]] = field(
        default_factory=dict[str, Mapping[tuple[str, str], list[str]]]
    )

    def _folder(self, path: str) -> Mapping[str, TreeEntry]:
        """Names in a folder; that nobody can read it, or that it is none, is noted."""
        names = self.tree.folder(path)
        fault = None if names else self.tree.unreadable(path) or no_folder(self.tree, path)
        if fault is not None:
            where = fault.place.path or ROOT
            self.failing[where] = fault.at(path=where)
        return names

    def _files(self, folder: str) -> Iterator[str]:
        """The paths of all files below a folder; what nobody can look into is noted."""
        self._folder(folder)
        for path, entry in self.tree.files(folder):
            fault = limit_fault(self.tree, path) if entry.is_folder else None
            if not entry.is_folder and entry.mode not in (FILE, EXECUTABLE):
                fault = bad_mode(path, entry.mode)
            if fault is not None:
                self.failing[path] = fault
            yield path

    def fetch(self, key: Key, register: Register) -> None:
        """Add to `register` what holds under a key."""
        if key == ALL_POLICIES:
            for entry in self._policies():
                register.add(entry)
        else:
            self._record(register, self._paths_of(key))

    def listed(self, kind: str) -> Mapping[Key, str]:
        """The keys of all entries of a kind that may be there, with their class: names only."""
        if kind == POLICY:
            return {ALL_POLICIES: ""}
        if kind == RELEASED:
            return {(kind, number, ""): class_id for number, class_id in self._numbers().items()}
        return {(kind, *key): "" for key in self._paths(kind)}

    def _policies(self) -> tuple[PolicyEntry, ...]:
        """All filings of versions that are valid, each under the one before it."""
        register = Register()
        paths = [f"policy/{folder}/policy.yaml" for folder in self._folder("policy")]
        # Not told as failing: a version without its signatures has no effect on any answer.
        Recorder(self.judge).record(register, self.tree, paths, "", ())
        return register.policy_filings()

    def _paths_of(self, key: Key) -> Sequence[str]:
        """Where what is kept under a key may lie."""
        kind, number, revision = key
        try:
            if kind == RELEASED:
                return [path for path in self._released_paths(number) if path.endswith(".md")]
            if kind in (ACTS, REJECTS):
                return self._beside(kind, number)
            if kind == COPY:
                return self._copies(number, revision)
        except Refused:
            return ()  # nothing can be called so
        return self._paths(kind).get((number, revision), ())

    def _record(self, register: Register, paths: Iterable[str]) -> None:
        self.failing |= Recorder(self.judge).record(register, self.tree, paths, "", ())

    def _released_paths(self, number: str) -> list[str]:
        """The paths of all revisions of a number, and of the lists beside them, in any class."""
        if number not in self._released and not self._is_listed:
            inside = number_path(number)
            classes = self._folder("released")
            self.tree.prefetch(classes.values())
            self._released[number] = [
                path
                for class_id in classes
                if class_id != "assets"
                for name, entry in self._folder(f"released/{class_id}/{inside}").items()
                if self._is_file(path := f"released/{class_id}/{inside}/{name}", entry)
            ]
        return self._released.get(number, [])

    def _is_file(self, path: str, entry: TreeEntry) -> bool:
        """Whether a file lies there; a folder in the place of one is noted."""
        if entry.is_folder:
            self._note_folder(f"{path}/")
        return not entry.is_folder

    def _note_folder(self, path: str) -> None:
        """Note the folder above `path` that is called like a file: it lies in the place of one."""
        parts = path.split("/")[:-1]
        at = next((at for at, part in enumerate(parts, 1) if is_like_a_file(part)), None)
        if at is not None:
            place = "/".join(parts[:at])
            self.failing[place] = Finding(
                "STRAY", Place(place), {"found": parts[at - 1]}, reason=Reason.STRAY
            )

    def _copies(self, number: str, revision: str) -> list[str]:
        inside = f"{number_path(number)}/{revision_part(revision)}"
        return [
            f"copies/{class_id}/{inside}/{name}"
            for class_id in self._folder("copies")
            for name in self._folder(f"copies/{class_id}/{inside}")
        ]

    def _paths(self, kind: str) -> Mapping[tuple[str, str], list[str]]:
        """Paths of a kind's lists by number and revision: one look at the names of its folder."""
        if kind not in self._lists:
            found: dict[tuple[str, str], list[str]] = {}
            kinds = self.judge.answers.kinds
            known = kinds.get(kind)
            for path in self._files(known.form.folder) if known is not None else ():
                governed = kinds.at(path)
                if governed.kind == kind:
                    revision = "" if kind in kinds.texts else governed.revision
                    found.setdefault((governed.number, revision), []).append(path)
            self._lists[kind] = found
        return self._lists[kind]

    def _beside(self, kind: str, number: str) -> list[str]:
        """Lists of a kind that lie beside the released revisions of a number."""
        return [path for path in self._released_paths(number) if parse_path(path).kind == kind]

    def _numbers(self) -> Mapping[str, str]:
        """All numbers that have something released, with their class: names only."""
        found: dict[str, str] = {}
        files: dict[str, list[str]] = {}
        for path in self._files("released"):
            governed = parse_path(path)
            if governed.stray is not None:
                self._note_folder(path)
            if governed.kind in (RELEASED, ACTS, REJECTS):
                files.setdefault(governed.number, []).append(path)
            if governed.kind == RELEASED:
                found[governed.number] = governed.class_id
        self._released, self._is_listed = files, True
        return found
