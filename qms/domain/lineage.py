"""How the released revisions of a number follow each other: a tree by what each is based on.

A **revision** is one signed text. The same text may have been filed more than once, by two people
at the same time: then it is one revision with several filings (format.md §10). Who follows whom is
told by digests that the statements themselves name, so the tree is a function of the entries alone:
neither claimed times nor the order in which anything was recorded play a part.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from qms.domain.document import Document
    from qms.domain.register import Released


class Revision(NamedTuple):
    """One text that was released on one base, with all its filings, by their ids."""

    content: str
    filings: "tuple[Released, ...]"

    @property
    def document(self) -> "Document":
        """The text. Slots are those of its first filing."""
        return self.filings[0].document

    @property
    def name(self) -> str:
        """Its string, such as ``A/1``: another text may claim it too."""
        return self.document.revision


@dataclass(frozen=True, slots=True)
class Lineage:
    """The revisions of one number. `following` gives those on a base (None: the first ones)."""

    entries: "tuple[Released, ...]"
    _children: Mapping[str | None, tuple[Revision, ...]]

    @classmethod
    def of(cls, entries: "Iterable[Released]") -> "Lineage":
        """The tree of these entries, all of one number."""
        grouped: dict[str | None, dict[str, list[Released]]] = {}
        for entry in entries:
            on = grouped.setdefault(entry.base_content, {})
            on.setdefault(entry.document.content, []).append(entry)
        children = {
            base: tuple(
                Revision(content, tuple(sorted(found, key=lambda one: one.filing.id)))
                for content, found in sorted(texts.items())
            )
            for base, texts in grouped.items()
        }
        return cls(tuple(_in_order(children)), children)

    def following(self, base: str | None) -> tuple[Revision, ...]:
        """The revisions based on a content; without one those that begin."""
        return self._children.get(base, ())

    @property
    def has_forks(self) -> bool:
        """Whether any base is followed by two revisions, or one was filed twice."""
        return any(
            len(found) > 1 or any(len(one.filings) > 1 for one in found)
            for found in self._children.values()
        )

    def named(self, revision: str) -> "tuple[Released, ...]":
        """All entries that claim a string, such as ``A/1``."""
        return tuple(one for one in self.entries if one.document.revision == revision)

    def filings(self, content: str) -> "tuple[Released, ...]":
        """All entries of one text, on whatever base."""
        return tuple(one for one in self.entries if one.document.content == content)


def _in_order(children: "Mapping[str | None, tuple[Revision, ...]]") -> "Iterator[Released]":
    """All entries, each behind its base, generation by generation."""
    level: list[str | None] = [None]
    seen: set[str | None] = {None}
    while level:
        following = [one for base in level for one in children.get(base, ())]
        for one in following:
            yield from one.filings
        level = [one.content for one in following if one.content not in seen]
        seen.update(level)
