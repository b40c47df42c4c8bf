"""The command that a mend names to bring back what stood well: from the newest commit that has it.

Whoever reads that a file must be as it was signed can't be asked to find out when it was. Each
earlier state is judged as the present one is, and the first that nothing is wrong with is named.
Nothing that was never committed is thrown away: it goes to git's stash.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from qms.domain.kinds.document import parse_document
from qms.domain.kinds.recorded import Filed, Released
from qms.domain.library.effect import Effects
from qms.domain.register.losses import asset_fault, loss_at
from qms.domain.register.recorder import Recorder
from qms.domain.register.statement_holds import Judge
from qms.domain.verdict.root_policy import is_policy_file
from qms.domain.verdict.working import working_faults
from qms.findings import Finding, QmsError, Reason, Refused, ShellText, commit_word, shell_word
from qms.formats.digests import sha256
from qms.formats.merge_markers import conflict_in_text
from qms.formats.paths import POLICY_FILES, document_path
from qms.formats.tree import FILE, Tree, TreeEntry

_MOST_STATES: Final = 1000
_MOST_FINDINGS: Final = 20
_MOST_JUDGED: Final = 100
"""So many earlier contents of files are judged: whoever fills a history makes nobody wait."""


@dataclass(slots=True, eq=False)
class WayBack:
    """Finds the newest state in which a file stood well.

    `is_put_back` tells the findings whose mend may be to put a file back. `tree` is the present
    one; `states` gives earlier ones, newest first, with their commits. `at` are the commits that
    hold `tree`; `heads` those of its parents, where it is not committed yet.
    """

    judge: Judge
    is_put_back: Callable[[Finding], bool]
    effects: Effects
    tree: Tree
    at: Sequence[str]
    states: Callable[[], Iterable[tuple[str, Tree]]]
    _well: dict[tuple[str, TreeEntry], bool] = field(
        default_factory=dict[tuple[str, TreeEntry], bool]
    )
    _known: list[tuple[str, Tree]] | None = None
    _judged: int = 0

    def named(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings, each with the command that brings its file back, as value `restore`."""
        left = _MOST_FINDINGS
        told: list[Finding] = []
        for one in findings:
            finding = one
            is_judged = one.reason is not Reason.UNLISTED  # of these no earlier state is looked at
            if (left or not is_judged) and self.is_put_back(one) and "restore" not in one.values:
                left -= int(is_judged)
                with suppress(QmsError):  # an object that is not in this clone
                    finding = replace(one, values={**one.values, **self._values(one)})
            told.append(finding)
        return tuple(told)

    def _values(self, finding: Finding) -> Mapping[str, str]:
        path = finding.place.path
        if finding.reason is Reason.TWIN_LOST:
            twin = self._twin(finding)
            return (
                {}
                if twin is None
                else {"restore": ShellText(f"git show {twin} > {shell_word(path)}")}
            )
        if not path:
            return {}
        if finding.reason is Reason.UNLISTED:
            return {"restore": ShellText(self._taken_out(path))}
        states = self._states()
        signed = finding.values.get("sha256")  # of a picture, which is right if it has this digest
        found = next(
            (
                one for one, tree in states
                if (_has(tree, path, signed) if signed else self._stands_well(one, tree, path))
            ),
            None,
        )  # fmt: skip
        if finding.reason is not Reason.WRONG_MODE:
            return {} if found is None else {"restore": ShellText(self._command(found, path))}
        if found is None:
            found = next((one for one, tree in states if _is_folder(tree, path)), None)
        if found is None or finding.values["plain"].startswith("chmod"):
            return {}
        plain = f"git checkout {commit_word(found)} -- {shell_word(path)}"
        return {"plain": ShellText(plain), "record": ShellText("git commit -m mode")}

    def _command(self, commit: str, path: str) -> str:
        word = shell_word(path)
        if self.at == (commit,) and self.tree.entry(path) is not None:
            return f"git stash push -- {word}"  # an edit that no commit holds is kept
        lagging = self._lagging(commit, path)
        also = "" if lagging is None else f" {shell_word(lagging)}"
        return f"git checkout {commit_word(commit)} -- {word}{also}"

    def _lagging(self, commit: str, path: str) -> str | None:
        """The working text of a released one that is gone, where it lost its last signatures too.

        It is the same text: so whoever puts back what `commit` has takes nothing from anybody.
        """
        at, kind = self.judge.answers.kinds.at(path), self.judge.answers.kinds.of(path)
        if kind is None or not (kind.has_chain and kind.has_rounds) or kind.is_working:
            return None
        if kind.rounds is not None:  # what a plugin's kind has filed lies nowhere else any more
            return None
        place = document_path(at.class_id, at.number)
        with suppress(Refused):
            tree = next(tree for one, tree in self._states() if one == commit)
            now, then = (parse_document(one.read(place) or b"") for one in (self.tree, tree))
            signed, had = ({slot.id for slot in one.statements} for one in (now, then))
            return place if now.content == then.content and signed < had else None
        return None

    def _taken_out(self, path: str) -> str:
        """What takes away a file that should not be there; what no commit holds is kept."""
        held = (tree.entry(path) for commit, tree in self._states() if commit in self.at)
        if self.tree.entry(path) in held:
            return f"git rm -rf -- {shell_word(path)}"
        return f"git stash push -u -- {shell_word(path)}"

    def _states(self) -> Sequence[tuple[str, Tree]]:
        if self._known is None:
            self._known = list(islice(self.states(), _MOST_STATES))
        return self._known

    def _twin(self, finding: Finding) -> str | None:
        """Where the newest commit that holds a lost twin has it, as git names a file."""
        place, beside = finding.values.get("place", ""), finding.values.get("entry", "")
        at = self.judge.answers.kinds.at(place)
        held = self.effects.register.held((at.kind or "", at.number, ""), place)
        texts = (one for one in held if isinstance(one, Released | Filed))
        twin = next((one for one in texts if one.beside == beside), None)
        if twin is None:
            return None
        for commit, tree in self._states():
            for path in twin.places:
                entry = tree.entry(path)
                if entry is not None and entry.id == twin.blob:
                    return f"{commit_word(commit)}:{shell_word(path)}"
        return None

    def _stands_well(self, commit: str, tree: Tree, path: str) -> bool:
        entry = tree.entry(path)
        if entry is None or entry.mode != FILE or entry == self.tree.entry(path):
            return False
        key = (path, entry)
        if key not in self._well:
            self._well[key] = self._is_right(commit, tree, path)
        return self._well[key]

    def _is_right(self, commit: str, tree: Tree, path: str) -> bool:
        if path.startswith("documents/"):
            if conflict_in_text(tree.read(path) or b"") is not None:
                return False  # it can be read, and nobody may sign it
            return not any(working_faults(self.effects, tree, path, self.at))
        kind = self.judge.answers.kinds.at(path).kind
        if path in POLICY_FILES or kind is None:
            return is_policy_file(tree, self.effects, path)
        if kind == "asset":
            return asset_fault(tree, path) is None
        if loss_at(self.judge, self.effects.register, tree, path) is not None:
            return False  # something that was recorded since would go
        return self._holds(commit, tree, path)

    def _holds(self, commit: str, tree: Tree, path: str) -> bool:
        """Whether all that an earlier tree has at `path` would hold if it lay there now.

        The register may know nothing of it: where it stood wrong when the step began, that is
        fetched from what lay there then. So it is judged by what the register holds else.
        """
        self._judged += 1
        register = self.effects.register.copy()
        return self._judged <= _MOST_JUDGED and not Recorder(self.judge).record(
            register, tree, [path], commit, (commit,)
        )


def _is_folder(tree: Tree, path: str) -> bool:
    entry = tree.entry(path)
    return entry is not None and entry.is_folder


def _has(tree: Tree, path: str, digest: str) -> bool:
    with suppress(Refused):
        data = tree.read(path)
        return data is not None and sha256(data) == digest
    return False
