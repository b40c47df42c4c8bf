"""A register that is fetched from one tree as it is asked for.

The law behind it (tested on random honest lives): the register at a commit equals the register
computed from that commit's tree alone. So a check of one file judges only what that file needs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from qms.domain.kinds.kind import Kind, Law
from qms.domain.kinds.limits import ROOT, limit_fault
from qms.domain.kinds.log import ACTS
from qms.domain.kinds.reading import bad_mode, no_folder
from qms.domain.kinds.recorded import ALL_POLICIES, POLICY, Key, PolicyEntry
from qms.domain.register.recorder import Recorder
from qms.domain.register.register import Register
from qms.domain.register.statement_holds import Judge
from qms.findings import Finding, Place, Reason, Refused
from qms.formats.names import ASSETS, is_like_a_file
from qms.formats.paths import RELEASED_FORM, Governed
from qms.formats.tree import EXECUTABLE, FILE, Tree, TreeEntry

_PICTURES: Final = f"{RELEASED_FORM.folder}/{ASSETS}"
"""No class is called so: pictures lie there, by the thousand."""
_Lying: TypeAlias = dict[tuple[str, str], list[Governed]]
"""What lies somewhere, by kind and number, as its paths alone tell."""


@dataclass(slots=True, eq=False)
class TreeSource:
    """Fetches from `tree` what a register is asked for; nothing else is read.

    Where things of a kind may lie its path tells (`PathPattern.folders`): what is asked for gives
    some of its parts, and the others are whatever folders are there. Once all of a kind were asked
    for, their paths are known.
    """

    judge: Judge
    tree: Tree
    failing: dict[str, Finding] = field(default_factory=dict[str, Finding])
    """What lies there and does not hold, by path, as far as it was asked for."""
    _inside: dict[str, _Lying] = field(default_factory=dict[str, _Lying])
    """What lies in a folder, for each that was looked into."""
    _below: dict[str, _Lying] = field(default_factory=dict[str, _Lying])
    """What lies in a folder and those below it, for each of which all was asked for."""

    def fetch(self, key: Key, register: Register) -> None:
        """Add to `register` what holds under a key."""
        if key == ALL_POLICIES:
            for entry in self._policies():
                register.add(entry)
        else:
            self._record(register, self._paths(key))

    def listed(self, kind: str) -> Mapping[Key, str]:
        """The keys of all entries of a kind that may be there, with their class: names only."""
        if kind == POLICY:
            return {ALL_POLICIES: ""}
        known = self.judge.answers.kinds.get(kind)
        if known is None:
            return {}
        return {
            (kind, number, "" if known.law is Law.FIXED else one.revision): one.class_id
            for (name, number), lying in self._all_below(known.form.folder).items()
            if name == kind
            for one in lying
        }

    def _policies(self) -> tuple[PolicyEntry, ...]:
        """All filings of versions that are valid, each under the one before it."""
        register = Register()
        paths = [f"policy/{folder}/policy.yaml" for folder in self._folder("policy")]
        # Not told as failing: a version without its signatures has no effect on any answer.
        Recorder(self.judge).record(register, self.tree, paths, "", ())
        return register.policy_filings()

    def _record(self, register: Register, paths: Iterable[str]) -> None:
        self.failing |= Recorder(self.judge).record(register, self.tree, paths, "", ())

    def _paths(self, key: Key) -> Sequence[str]:
        """Where what is kept under a key may lie."""
        name, number, revision = key
        kind = self.judge.answers.kinds.get(name)
        if kind is None:
            return ()
        if kind.form.folder in self._below:
            lying = self._below[kind.form.folder].get((name, number), ())
        else:
            lying = [
                one
                for folder in self._folders(kind, number, revision)
                for one in self._look_into(folder).get((name, number), ())
            ]
        # Texts are kept by their number alone, and acts are judged together with all of theirs.
        is_any = kind.law is Law.FIXED or name == ACTS
        return [one.path for one in lying if is_any or one.revision == revision]

    def _folders(self, kind: Kind, number: str, revision: str) -> Sequence[str]:
        """The folders that hold what is of a number, and of a revision if it has one."""
        known = {"number": number, **({"revision": revision} if revision else {})}
        try:
            parts = kind.form.folders(known)
        except Refused:
            return ()  # nothing can be called so
        found = [kind.form.folder]
        for part in parts:
            if part is None:
                found = [path for folder in found for path in self._folders_in(folder)]
            else:
                found = [f"{folder}/{part}" for folder in found]
        return found

    def _folders_in(self, folder: str) -> Sequence[str]:
        names = self._folder(folder).items()
        found = {f"{folder}/{name}": entry for name, entry in names if entry.is_folder}
        found.pop(_PICTURES, None)
        self.tree.prefetch(found.values())
        return list(found)

    def _look_into(self, folder: str) -> _Lying:
        if folder not in self._inside:
            names = self._folder(folder).items()
            self._inside[folder] = self._sorted(
                f"{folder}/{name}/" if entry.is_folder else f"{folder}/{name}"
                for name, entry in names
            )
        return self._inside[folder]

    def _all_below(self, folder: str) -> _Lying:
        if folder not in self._below:
            self._below[folder] = self._sorted(self._files(folder))
        return self._below[folder]

    def _sorted(self, paths: Iterable[str]) -> _Lying:
        found: _Lying = {}
        kinds = self.judge.answers.kinds
        for path in paths:
            at = kinds.at(path)
            governed = at if at.stray is None else self._in_place_of_a_file(path)
            if governed is not None and governed.kind is not None:
                lying = found.setdefault((governed.kind, governed.number), [])
                if not lying or lying[-1] != governed:
                    lying.append(governed)
        return found

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

    def _in_place_of_a_file(self, path: str) -> Governed | None:
        """The folder above `path` that is called like a file, where whoever reads it tells that.

        Beside texts it is noted here, whatever it is called like.
        """
        parts = path.split("/")[:-1]
        at = next((at for at, part in enumerate(parts, 1) if is_like_a_file(part)), None)
        if at is None:
            return None
        place, kinds = "/".join(parts[:at]), self.judge.answers.kinds
        kind = kinds.of(place)
        beside_texts = {one.form.folder for one in kinds.texts.values()}
        if kind is not None and kind.form.folder not in beside_texts:
            return kinds.at(place)
        values = {"found": parts[at - 1]}
        self.failing[place] = Finding("STRAY", Place(place), values, reason=Reason.STRAY)
        return None
