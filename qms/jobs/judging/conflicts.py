"""Naming what a merge left in a signed file: that it differs from what was signed mends nothing.

Where two people began one number, taking a side whole would drop the other's document: then both
texts are named, and which of them keeps the number. Two that were released are laid beside each
other. Of two working texts the side stays that others have, with what they signed.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final, NamedTuple

from qms.domain.kinds.kind import Kind, Kinds
from qms.domain.kinds.log import Log
from qms.domain.register.recorder import filed_entry
from qms.findings import Finding, QmsError, Reason, ShellText, commit_word, shell_word
from qms.formats.merge_markers import conflict_in_text
from qms.formats.tree import Tree
from qms.storage.repository import Repository

_DIFFERS: Final = (Reason.NOT_AS_SIGNED, Reason.SIGNED_ANOTHER, Reason.NOT_AS_LISTED)
"""Of files that can be read, and aren't what was signed."""
_JOINED: Final = (
    Reason.SIGNED_ANOTHER, Reason.UNDIVIDED, Reason.NOT_CANONICAL, Reason.NOT_SIGNED_BY,
    Reason.NO_TAIL,
)  # fmt: skip
"""Of a text that git made of two without a mark, where it is neither."""


class Conflicts(NamedTuple):
    """Tells of what merges left in `tree`, whose commit or commits-to-be descend from `tips`.

    `trunk` is the commit of the shared trunk that this clone knows: what lies there was first.
    """

    repository: Repository
    kinds: Kinds
    tree: Tree
    tips: Sequence[str]
    trunk: str | None

    def named(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings of a tree; where a merge left both versions, that is told instead.

        The files can be read, and so the rules say only that they differ.
        """
        marked = tuple(dict.fromkeys(self._conflict(one) for one in findings))
        released = {found.values["number"]: found for found in self._released(marked)}
        left = (one for one in marked if self._number(one) not in released)
        return tuple(dict.fromkeys((*released.values(), *map(self._told, left))))

    def _number(self, finding: Finding) -> str:
        """The number whose text a conflict is in."""
        kind = self.kinds.of(finding.place.path)
        is_text = finding.reason is Reason.CONFLICT and kind is not None and kind.has_chain
        return self.kinds.at(finding.place.path).number if is_text else ""

    def _is_working(self, path: str) -> bool:
        kind = self.kinds.of(path)
        return kind is not None and kind.is_working

    def _told(self, finding: Finding) -> Finding:
        """A finding with the side that stays, and how to keep the other one."""
        if finding.reason not in (*_JOINED, Reason.CONFLICT):
            return finding
        if finding.reason is Reason.CONFLICT and self._is_list(finding.place.path):
            return replace(finding, code="LIST-CONFLICT")
        begun = self._begun_twice(finding)
        if begun is not finding:
            return begun
        with suppress(QmsError):  # then the conflict alone is told
            return self._one_side(finding)
        return finding

    def _is_list(self, path: str) -> bool:
        """Whether a merge of two commits left both sides in what only grows."""
        if self.kinds.of(path) not in self.kinds.lists.values():
            return False
        with suppress(QmsError):  # then the conflict alone is told
            return self._merged(path) is not None
        return False

    def _conflict(self, finding: Finding) -> Finding:
        if finding.reason not in _DIFFERS:
            return finding
        path, data = finding.place.path, None
        with suppress(QmsError):  # what can't be read is told already
            data = self.tree.read(path)
        conflict = None if data is None else conflict_in_text(data)
        if conflict is None:
            return finding
        restore = {key: value for key, value in finding.values.items() if key == "restore"}
        return replace(
            conflict.at(path=path), about=finding.about, values={**conflict.values, **restore}
        )

    def _begun_twice(self, finding: Finding) -> Finding:
        """BEGUN-TWICE for a conflict in a working text that neither side had from the other."""
        path = finding.place.path
        if finding.reason is not Reason.CONFLICT or not self._is_working(path):
            return finding
        with suppress(QmsError):  # then the conflict alone is told
            sides = self._sides(path)
            if sides is not None:
                mine, theirs = map(commit_word, sides)
                word, number = shell_word(path), self.kinds.at(path).number
                values = {
                    "number": number,
                    "aside": ShellText(
                        f"git show {mine}:{word} > {shell_word(path.rpartition('/')[2])}"
                    ),
                    "keep": ShellText(f"git checkout {theirs} -- {word}"),
                }
                return replace(
                    finding, code="BEGUN-TWICE", values=values, reason=Reason.BEGUN_TWICE
                )
        return finding

    def _sides(self, path: str) -> tuple[str, str] | None:
        """The commit of the text that gives way, and of the one that keeps the number."""
        parents = self._both(path)
        if parents is None:
            return None
        first, second = parents
        base = self.repository.merge_base(first, second)
        if base is not None and self.repository.tree(base).entry(path) is not None:
            return None
        return (second, first) if self._is_shared_as(first, path) else (first, second)

    def _both(self, path: str) -> tuple[str, str] | None:
        """The two commits whose texts met in the file, and differ."""
        parents = self._merged(path)
        entries = [self.repository.tree(one).entry(path) for one in parents or ()]
        return None if None in entries or len(set(entries)) == 1 else parents

    def _is_shared_as(self, commit: str, path: str) -> bool:
        """Whether the trunk has the file as a commit has it."""
        shared = None if self.trunk is None else self.repository.tree(self.trunk).entry(path)
        return shared == self.repository.tree(commit).entry(path)

    def _one_side(self, finding: Finding) -> Finding:
        """The finding with the command that takes one side, and what puts the other one aside."""
        path = finding.place.path
        word, name = shell_word(path), shell_word(path.rpartition("/")[2])
        if finding.reason is Reason.CONFLICT and self._is_unmerged(path):
            # Of the stash, or a rebase. git would put nothing aside here, and has both.
            restore = f"git checkout {commit_word(self.tips[0])} -- {word}"
            other = f"git show {shell_word(f':3:{path}')} > {name}"
            values = {"restore": ShellText(restore), "other": ShellText(other)}
            return replace(finding, values={**finding.values, **values})
        both = self._both(path) if self._is_working(path) else None
        if both is None:
            return finding
        stays = self._staying(path, both)
        restore = f"git checkout {commit_word(stays)} -- {word}"
        other = both[1] if stays == both[0] else both[0]
        aside = f"git show {commit_word(other)}:{word} > {name}"
        values = {"restore": ShellText(restore), "other": ShellText(aside)}
        return replace(finding, values={**finding.values, **values})

    def _is_unmerged(self, path: str) -> bool:
        """Whether git still holds both versions of a file of the work tree, and is in no merge."""
        if len(self.tips) != 1:
            return False
        before = self.repository.tree(self.tips[0]).entry(path)
        return before not in {None, self.tree.entry(path)} and self.repository.is_unmerged(path)

    def _staying(self, path: str, both: tuple[str, str]) -> str:
        """The commit whose text takes away nothing that others signed.

        The side that is on the trunk; else the one that more people signed, if what the trunk has
        is in it or went before it; else the trunk itself.
        """
        trunk, ancestor = self.trunk, self.repository.is_ancestor
        shared = [one for one in both if trunk is not None and ancestor(one, trunk)]
        if len(shared) == 1:
            return shared[0]
        signed = {one: self._signed(one, path) for one in both}
        stays = max(both, key=lambda one: len(signed[one]))  # of equal ones the first: mine
        if trunk is None or self.tree.entry(path) == self.repository.tree(trunk).entry(path):
            return stays  # what the trunk has is what is to be mended
        lost = self._signed(trunk, path) - signed[stays]
        return trunk if lost and not ancestor(trunk, stays) else stays

    def _signed(self, commit: str, path: str) -> frozenset[str]:
        """The ids of the signatures in a text; none where it can't be read."""
        with suppress(QmsError):
            kind, data = self.kinds.of(path), self.repository.tree(commit).read(path)
            found = None if kind is None else kind.parse(data or b"")
            return frozenset() if found is None or isinstance(found, Log) else (
                frozenset(slot.id for slot in found.signed())
            )  # fmt: skip
        return frozenset()

    def _released(self, findings: Sequence[Finding]) -> Iterable[Finding]:
        """RELEASED-CONFLICT for each file in which two released texts met: both must stay.

        Its command mends the working text too, where it is as torn.
        """
        torn = [one.place.path for one in findings if one.reason is Reason.CONFLICT]
        for finding in findings:
            path = finding.place.path
            kind = self.kinds.texts.get(self.kinds.at(path).kind or "")
            if finding.reason is Reason.CONFLICT and kind is not None:
                with suppress(QmsError):
                    yield from self._beside(finding, kind, torn)

    def _beside(self, finding: Finding, kind: Kind, torn: Sequence[str]) -> Iterable[Finding]:
        path = finding.place.path
        both = self._both(path)
        if both is None:
            return
        stays, other = both[::-1] if self._is_shared_as(both[1], path) else both
        text = kind.parse(self.repository.tree(other).read(path) or b"")
        filed = filed_entry(text, kind.place(text), "", other)
        if not filed.signed:
            return
        place = filed.places[-1]
        texts = [one for one in torn if self._is_working(one)
                 and self.kinds.at(one).number == text.number]  # fmt: skip
        words = " ".join(map(shell_word, (path, *texts)))
        keep = (
            f"git checkout {commit_word(stays)} -- {words} && "
            f"git show {commit_word(other)}:{shell_word(path)} > {shell_word(place)}"
        )
        values = {"number": text.number, "revision": text.revision}
        values |= {"keep": ShellText(keep)}
        yield replace(finding, code="RELEASED-CONFLICT", values=values, reason=None)

    def _merged(self, path: str) -> tuple[str, str] | None:
        """The two commits whose merge left its marks in the file, made already or not."""
        if len(self.tips) == 2:  # noqa: PLR2004 - a merge in progress
            return self.tips[0], self.tips[1]
        entry = self.tree.entry(path)
        for commit in reversed(self.repository.commits(self.tips[0])) if self.tips else ():
            if self.repository.tree(commit.id).entry(path) != entry:
                return None
            parents = commit.parents
            if all(self.repository.tree(one).entry(path) != entry for one in parents):
                return (parents[0], parents[1]) if len(parents) == 2 else None  # noqa: PLR2004
        return None
