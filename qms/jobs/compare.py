"""What differs between two texts, as people read it: facts, then paragraphs, then words.

Paragraphs are aligned first; where one took another's place, what changed inside is told word by
word, in Chinese character by character.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from qms.domain.document import Document
from qms.formats.strict_yaml import Value

_TOKEN: Final = re.compile(r"[A-Za-z0-9_.\-]+|\s+|.", re.DOTALL)
_LIKE: Final = 0.3
"""From here on two paragraphs count as one that was changed."""


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


def facts(old: Document, new: Document) -> tuple[FactChange, ...]:
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


def bodies(old: str, new: str) -> tuple[Paragraph, ...]:
    """Both bodies as one text of paragraphs in pieces."""
    return tuple(_aligned(paragraphs(old), paragraphs(new)))


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


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Paragraph((Piece(Mark.SAME, text),)) for text in old[i1:i2])
        else:
            yield from _replaced(old[i1:i2], new[j1:j2])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """Paragraphs that took others' place: like ones are told inside, in their order."""
    waiting = list(old)
    for text in new:
        at = next((n for n, other in enumerate(waiting) if _alike(other, text)), None)
        if at is None:
            yield Paragraph((Piece(Mark.ADDED, text),))
            continue
        yield from (Paragraph((Piece(Mark.REMOVED, other),)) for other in waiting[:at])
        yield Paragraph(tuple(words(waiting[at], text)))
        del waiting[: at + 1]
    yield from (Paragraph((Piece(Mark.REMOVED, other),)) for other in waiting)


def _alike(old: str, new: str) -> bool:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return (
        matcher.real_quick_ratio() > _LIKE
        and matcher.quick_ratio() > _LIKE
        and (matcher.ratio() > _LIKE)
    )


def words(old: str, new: str) -> Iterator[Piece]:
    """What differs inside a paragraph: by words, in Chinese by characters."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Mark.SAME, "".join(before[i1:i2]))
            continue
        if i2 > i1:
            yield Piece(Mark.REMOVED, "".join(before[i1:i2]))
        if j2 > j1:
            yield Piece(Mark.ADDED, "".join(after[j1:j2]))
