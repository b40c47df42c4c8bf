"""How the released revisions of a number follow each other: a tree by what each is based on.

A **revision** is one signed text. The same text may have been filed more than once, by two people
at the same time: then it is one revision with several filings (format.md §10). Who follows whom is
told by digests that the statements themselves name, so the tree is a function of the entries alone:
neither claimed times nor the order in which anything was recorded play a part.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from qms.domain.kinds.document import Document
    from qms.domain.register.register import Released


class Revision(NamedTuple):
    """One text that was released on one base, with all its filings, by their ids."""

    base: str | None
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
    """The revisions of one number: a tree, from those that begin."""

    entries: "tuple[Released, ...]"
    _children: "Mapping[tuple[str | None, str] | None, tuple[Revision, ...]]"

    @classmethod
    def of(cls, entries: "Iterable[Released]") -> "Lineage":
        """The tree of these entries, all of one number."""
        known = tuple(entries)
        if len(known) == 1 and known[0].base_content is None:  # most numbers, most of the time
            only = Revision(None, known[0].document.content, known)
            return cls(known, {None: (only,)})
        by_content: dict[str, list[Released]] = {}
        for entry in known:
            by_content.setdefault(entry.document.content, []).append(entry)
        grouped: dict[tuple[str | None, str] | None, dict[str, list[Released]]] = {}
        for entry in known:
            for parent in _parents(entry, by_content):
                on = grouped.setdefault(parent, {})
                on.setdefault(entry.document.content, []).append(entry)
        children = {
            parent: tuple(
                Revision(
                    found[0].base_content,
                    content,
                    tuple(sorted(found, key=lambda one: one.filing.id)),
                )
                for content, found in sorted(texts.items())
            )
            for parent, texts in grouped.items()
        }
        return cls(tuple(_in_order(children)), children)

    def following(self, base: Revision | None) -> tuple[Revision, ...]:
        """The revisions that follow one; without one those that begin."""
        key = None if base is None else (base.base, base.content)
        return self._children.get(key, ())

    def branch(self, first: Revision) -> Iterator[Revision]:
        """A revision and all that builds on it."""
        seen: set[tuple[str | None, str]] = set()
        waiting = [first]
        while waiting:
            one = waiting.pop()
            yield one
            if (one.base, one.content) not in seen:
                seen.add((one.base, one.content))
                waiting.extend(self.following(one))

    def behind(self, entry: "Released") -> "Iterator[tuple[Released, ...]]":
        """The texts that an entry builds on, nearest first, each with all its filings.

        Its rivals are not among them. One for each string.
        """
        names = {entry.document.revision}
        filings = self.filings(entry.base_content or "")
        while filings and filings[0].document.revision not in names:
            yield filings
            names.add(filings[0].document.revision)
            filings = self.filings(filings[0].base_content or "")

    def named(self, revision: str) -> "tuple[Released, ...]":
        """All entries that claim a string, such as ``A/1``."""
        return tuple(one for one in self.entries if one.document.revision == revision)

    def filings(self, content: str) -> "tuple[Released, ...]":
        """All entries of one text, on whatever base."""
        return tuple(one for one in self.entries if one.document.content == content)


def _parents(
    entry: "Released", by_content: "Mapping[str, Sequence[Released]]"
) -> "list[tuple[str | None, str] | None]":
    """The revisions that an entry follows: one, as a rule.

    Where a text was filed on two bases, that one whose filing its statements come after; where
    they name none, both.
    """
    base = entry.base_content
    if base is None:
        return [None]
    texts = by_content.get(base, ())
    keys = sorted({(one.base_content, base) for one in texts}, key=str)
    if len(keys) > 1:
        after = {one for slot in entry.document.signed() for one in slot.after}
        named = sorted(
            {(one.base_content, base) for one in texts if one.filing.id in after}, key=str
        )
        keys = named or keys
    return [*keys]


def _in_order(
    children: "Mapping[tuple[str | None, str] | None, tuple[Revision, ...]]",
) -> "Iterator[Released]":
    """All entries, each behind its base, generation by generation."""
    level: list[tuple[str | None, str] | None] = [None]
    seen: set[tuple[str | None, str] | None] = {None}
    told: set[int] = set()
    while level:
        following = [one for base in level for one in children.get(base, ())]
        for one in following:
            for entry in one.filings:
                if id(entry) not in told:
                    told.add(id(entry))
                    yield entry
        keys = dict.fromkeys((one.base, one.content) for one in following)
        level = [key for key in keys if key not in seen]
        seen.update(level)
