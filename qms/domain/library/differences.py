"""What differs between two texts, as people read it: facts, then paragraphs, then words.

Paragraphs are aligned first; where one took another's place, what changed inside is told word by
word, in Chinese character by character.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qms.domain.kinds.document import Document
from qms.domain.library.alignment import Alignment
from qms.formats.strict_yaml import Value

_TOKEN: Final = re.compile(r"[A-Za-z0-9_.\-]+|\s+|.", re.DOTALL)


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and what became of it."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, row of a table or heading, in pieces."""

    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything in it differs."""
        return any(piece.mark is not Mark.SAME for piece in self.pieces)

    def plain(self) -> str:
        """The paragraph on one line, ``[-removed-]`` and ``{+added+}`` where it changed."""
        brackets = {Mark.SAME: ("", ""), Mark.REMOVED: ("[-", "-]"), Mark.ADDED: ("{+", "+}")}
        return "".join(
            f"{brackets[piece.mark][0]}{piece.text}{brackets[piece.mark][1]}"
            for piece in self.pieces
        )


@dataclass(frozen=True, slots=True)
class FactChange:
    """A key of the head that differs; None where it is missing."""

    key: str
    before: str | None
    after: str | None


def head_differences(old: Document, new: Document) -> tuple[FactChange, ...]:
    """The keys of the head that differ, in the order they stand there."""
    keys = dict.fromkeys((*old.head, *new.head))
    return tuple(
        FactChange(key, _spelled(old.head, key), _spelled(new.head, key))
        for key in keys
        if old.head.get(key) != new.head.get(key)
    )


def _spelled(head: Mapping[str, Value], key: str) -> str | None:
    return _text(head[key]) if key in head else None


def _text(value: Value) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(item)}" for key, item in value.items())
    return "; ".join(_text(item) for item in value)


def body_differences(old: str, new: str) -> tuple[Paragraph, ...]:
    """Both bodies as one text of paragraphs in pieces.

    Where that would take too long, the rest is told as removed and added as a whole.
    """
    alignment = Alignment()
    return tuple(_aligned(alignment, paragraphs(old), paragraphs(new)))


def paragraphs(text: str) -> tuple[str, ...]:
    """A text in paragraphs; of lists and tables each line counts as one."""
    found: list[str] = []
    lines: list[str] = []
    for line in (*text.split("\n"), ""):
        alone = line.lstrip().startswith(("|", "#", "-", "*", ">")) or re.match(
            r"\s*\d+[.)、]", line
        )
        if lines and (not line.strip() or alone):
            found.append("\n".join(lines))
            lines = []
        if alone:
            found.append(line)
        elif line.strip():
            lines.append(line)
    return tuple(found)


def _aligned(alignment: Alignment, old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    for removed, added, same in alignment.parts(old, new):
        yield from _replaced(alignment, removed, added)
        yield from (Paragraph((Piece(Mark.SAME, text),)) for text in same)


def _replaced(alignment: Alignment, old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """Paragraphs that took others' place: like ones are told inside, in their order."""
    first = 0
    for text in new:
        waiting = range(first, len(old)) if alignment.left > 0 else ()
        at = next((at for at in waiting if alignment.are_alike(old[at], text)), None)
        if at is None:
            yield Paragraph((Piece(Mark.ADDED, text),))
            continue
        yield from (Paragraph((Piece(Mark.REMOVED, other),)) for other in old[first:at])
        yield Paragraph(tuple(words(old[at], text, alignment)))
        first = at + 1
    yield from (Paragraph((Piece(Mark.REMOVED, other),)) for other in old[first:])


def words(old: str, new: str, alignment: Alignment | None = None) -> Iterator[Piece]:
    """What differs inside a paragraph: by words, in Chinese by characters."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    for removed, added, same in (alignment or Alignment()).parts(before, after):
        for mark, tokens in ((Mark.REMOVED, removed), (Mark.ADDED, added), (Mark.SAME, same)):
            if tokens:
                yield Piece(mark, "".join(tokens))
