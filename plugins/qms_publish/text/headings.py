"""Headings, and what the contents and the outline of the PDF say of each."""

import re
from dataclasses import dataclass
from typing import Final

from qms_publish.late import Late
from qms_publish.text.latin import marked
from qms_publish.text.signs import is_unit
from qms_publish.text.tokens import BREAKS, Token, html_of

_LATIN_TAIL = Late(
    r"^(?P<zh>.*[\u3007-\u9fff）)])[ \u3000]+(?P<en>[A-Za-z][A-Za-z\u00c0-\u024f ,&\-/()'’]*"
    r"(?:\([0-9A-Za-z .&/\-]{1,24}\))?)$"
)
_UNIT_BEHIND: Final = Late(r"^(?P<words>.*\S)[ \u3000]+(?P<unit>[^\s]{1,8})$")
_HAN_BEHIND: Final = Late(
    r"^(?P<latin>[A-Z][a-z][A-Za-z /().&-]*)[ ](?P<han>[\u4e00-\u9fff]{2,4})$"
)
_WORD = re.compile(r"[a-z]{2}")
"""What Latin letters have that are words, and no value, mark or type."""
_ROOM_FOR_UNIT: Final = 9.0
_ROOM: Final = {2: 9.0, 3: 9.0, 4: 12.0}
"""So many hundredths of its table a column has at least that holds so many Chinese letters."""
_SHAPED = frozenset({"sub", "sup", "s"})
"""What is raised, lowered or struck out says something else as it stands."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading for the list of contents; `level` is 1 for the highest the body uses."""

    level: int
    id: str
    text: str
    text_en: str = ""
    marked: str = ""
    """`text` as HTML, where some of it is raised, lowered or struck out."""


def heading_of(inline: Token, level: int, name: str) -> Heading:
    """The heading with these words, as the contents list it."""
    plain = plain_of(inline)
    children = inline.children or []
    if not any(one.tag in _SHAPED for one in children):
        chinese, english = translated(plain) or (plain, "")
        return Heading(level, name, chinese, english)
    found = translated(children[-1].content) if children[-1].type == "text" else None
    if found is not None:
        last = Token("text", "", 0, content=found[0])
        children = [*children[:-1], last]
    english = found[1] if found is not None else ""
    parts = [part for one in children if (part := _part(one)) is not None]
    marked = html_of([Token("inline", "", 0, children=parts)])
    return Heading(level, name, plain.removesuffix(english).strip(), english, marked)


def _part(token: Token) -> Token | None:
    """What the contents have of a piece of a heading; None of a picture, and of bold alone."""
    if token.tag in _SHAPED:
        return token
    if token.type in {"html_inline", "image"} or token.nesting:
        return None
    return Token("text", "", 0, content=" " if token.type in BREAKS else token.content)


def as_written(inline: Token) -> str:
    """The words of a heading for the outline, which knows no shapes: 10^3^."""
    parts = (
        token.markup if token.tag in _SHAPED else " " if token.type in BREAKS else token.content
        for token in inline.children or ()
        if token.type not in {"html_inline", "image"}
    )
    return "".join(parts).strip()


def plain_of(inline: Token) -> str:
    """The letters of a heading or paragraph, without what is in its pictures."""
    return "".join(
        " " if child.type in BREAKS else child.content
        for child in inline.children or ()
        if child.type not in {"html_inline", "image"}
    ).strip()


def translated(text: str) -> tuple[str, str] | None:
    """Chinese words and the English behind them; None where that is a value or a unit."""
    found = _LATIN_TAIL.match(text)
    if found is None or not _WORD.search(found["en"]) or is_unit(found["en"]):
        return None
    return found["zh"], found["en"]


def keep_last(inline: Token, width: float) -> None:
    """Keep what a head ends with on one line, in a column of so many hundredths of its table.

    A unit, which a line may end in, behind the stroke of L/min; a Chinese word behind English.
    """
    if not inline.children or inline.children[-1].type != "text":
        return
    text = inline.children[-1].content
    found = _HAN_BEHIND.match(text)
    if found is not None:
        name, last = found["latin"], found["han"]
        is_kept = width >= _ROOM[len(last)]
    else:
        name, last = _unit_behind(text)
        is_kept = "/" in last and width >= _ROOM_FOR_UNIT
    if name and is_kept:
        inline.children[-1:] = [
            Token("text", "", 0, content=f"{name} "),
            Token("word_open", "span", 1, attrs={"class": "word"}),
            Token("text", "", 0, content=last),
            Token("word_close", "span", -1),
        ]


def _unit_behind(text: str) -> tuple[str, str]:
    """A text without the unit that stands behind it, and that; nothing for one without."""
    found = _UNIT_BEHIND.match(text)
    if found is None or not is_unit(found["unit"]):
        return "", ""
    return found["words"], found["unit"]


def mark_english(inline: Token, width: float = 0.0) -> None:
    """Set the English that follows the Chinese smaller, and say its language to a reader's aid.

    A unit behind it is none of its words, and stays on one line in a column of so many hundredths
    of its table.
    """
    if not inline.children or inline.children[-1].type != "text":
        return
    text = inline.children[-1].content
    words, unit = _unit_behind(text)
    found = translated(words or text)
    if found is None:
        return
    said = marked(found[1], english=True)
    if unit:
        kept = "unit word" if width >= _ROOM_FOR_UNIT else "unit"
        said += f' <span class="{kept}">{marked(unit, english=True)}</span>'
    english = f'<span class="en" lang="en">{said}</span>'
    inline.children[-1:] = [
        Token("text", "", 0, content=found[0] + " "),
        Token("html_inline", "", 0, content=english),
    ]
