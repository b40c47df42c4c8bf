"""What of a line is no letter on paper: how signs are escaped, letters spelt, addresses given.

Each mark that is taken away has to be one of docs/print.md; what people write by habit and the
parser takes for a mark, or for none, is told.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from qms_publish.text.backslashes import backslashes_lost, is_lost_in_caption
from qms_publish.text.emphasis import is_phrase
from qms_publish.text.scripts import RAISED, carets_left, tildes_left
from qms_publish.text.tokens import BREAKS, Token
from qms_publish.text.unprinted import Unprinted

_BLANK = re.compile(r"\s+")
_NO_PICTURE = re.compile(
    r"!\[[^\n]{0,200}?\](?:[(\[][^\n]{0,200}"
    r"|[ \t\u3000]{0,9}[(（][^\n()（）]{0,200}\.(?:png|jpe?g|svg|PNG|JPE?G|SVG)>?[ ]?[)）])"
)
"""What begins as a picture does; where it stands in text, it shows none."""
_BOX = re.compile(r"(?:[-*+][ \t]+)?\[[ xX]\](?![(\[:])")
"""What is a box at the beginning of an item, and letters elsewhere."""
_BOX_OF_LIST = re.compile(r"(?:^|(?<=\s))[-*+][ \t]+\[[ xX]\](?=\s|$)")
_IN_ITS_LINE = frozenset({"BACKTICK-LOST", "STARS-LEFT", "STARS-BETWEEN"})
"""What is found by the line around it: a star or a backtick alone says nothing."""
_NO_WORDS = frozenset({"html_inline", "image", "code_inline"})
"""What among the words for a picture would reach nobody."""
_WINDOW, _BEFORE = 58, 20
"""So much of a long line is quoted, and so much of it before what is told."""
_NEAR = 40
_DEFINITIONS = 32
"""Thousands of pictures may share a long one: what is told of so many is told once."""
_SIGN = re.compile(r"\\[!-/:-@\[-`{-~]|[\s\S]")
"""A letter, or one that is escaped."""
_ENTITY = re.compile(r"&#?\w{1,40};")
_QUOTES = frozenset("\"'")
"""A caption stands between them, so they are escaped in it."""
_LEFT = re.compile(r"\*\*+")
_TILDES = re.compile(r"(?<!~)~~(?!~)")
_STAR_PAIR = re.compile(
    r"(?:(?:^|(?<=[\s、，。；：！？,;!?…]))\*(?P<first>[^\W_][^*\0]{0,58}?)(?<=[^\W_])\*(?=[0-9A-Za-z])"
    r"|(?<=[0-9A-Za-z])\*(?P<last>[^\W_][^*\0]{0,58}?)(?<=[^\W_])\*(?=[\s、，。；：！？,;!?…]|$))"
)
"""Single stars around what was meant as a phrase, one of them beside a letter or digit."""


def span_losses(
    inline: Token, spelling_of: Callable[[Token], str], *, is_paragraph: bool
) -> Iterator[Unprinted]:
    """What of an inline's tokens would not be printed as it was written.

    A picture that is all of a paragraph has its title printed, as caption. `spelling_of` gives what
    says so of a picture: all of it, or its definition, one object for all that share it.
    """
    line = inline.map[0] if inline.map else 0
    children = inline.children or []
    is_figure = is_paragraph and len(children) == 1
    if solid(_source(children)) != solid(inline.content):
        yield Unprinted("TEXT-LOST", line, inline.content.strip())
    yield from backslashes_lost(children, line)
    yield from _left(inline, line)
    for one, following in pairwise(children):
        if (one.type, following.type) == ("link_open", "link_close"):
            yield Unprinted("TEXT-LOST", line, str(one.meta["source"]))
    places = _Places(inline.content)
    told: set[tuple[str, int]] = set()
    for token in children:
        code, found = _fault(token, spelling_of, is_figure=is_figure)
        if code in _IN_ITS_LINE:
            # One is enough to find the line by, and its other signs.
            code, found = ("" if (code, line) in told else code), places.around(token)
            told.add((code, line))
        if code:
            yield Unprinted(code, line, found)
        places.go_behind(token)
        line += token.type in BREAKS


class _Places:
    """Where in a text each of its tokens stands, as far as that is told."""

    def __init__(self, written: str) -> None:
        self.lines = iter(written.split("\n"))
        self.line = next(self.lines).strip()
        self.at = 0
        self.links: list[int] = []

    def around(self, token: Token) -> str:
        """The line with `token`, cut to what stands around it."""
        stars = _LEFT.search(token.content) if token.type == "text" else None
        begin = max(self.at + (stars.start() if stars else 0) - _BEFORE, 0)
        if len(self.line) <= _WINDOW:
            return self.line
        begin = min(begin, len(self.line) - _WINDOW)
        before, behind = ("…" if begin else ""), ("…" if begin + _WINDOW < len(self.line) else "")
        return f"{before}{self.line[begin : begin + _WINDOW]}{behind}"

    def go_behind(self, token: Token) -> None:
        source = str(token.meta.get("source", ""))
        if token.type in BREAKS:
            self.line, self.at = next(self.lines, "").strip(), 0
        elif token.type == "link_open":
            self.links.append(self.at + (len(source) or 1))
            self.at += 1
        elif token.type == "link_close":
            self.at = max(self.at + 1, self.links.pop())
        elif token.type == "code_inline":
            self.at += len(token.content) + 2 * len(token.markup)
        elif token.nesting or token.type in {"text_special", "task"}:
            self.at += len(token.markup)
        else:
            self.at += len(source or token.content)


def _fault(
    token: Token, spelling_of: Callable[[Token], str], *, is_figure: bool
) -> tuple[str, str]:
    if token.type == "text":
        stars = _LEFT.search(token.content)
        return ("", "") if stars is None or token.meta.get("script") else ("STARS-LEFT", stars[0])
    if _is_entity(token):
        return "ENTITY", token.markup
    if token.nesting and (token.meta.get("halved") or token.meta.get("clear") is False):
        return ("STARS-LEFT" if token.meta.get("halved") else "STARS-BETWEEN"), token.markup
    if token.type == "code_inline":
        return ("" if token.meta["clear"] else "BACKTICK-LOST"), token.content
    title = str(token.attrs.get("title", ""))
    if token.type == "image":
        return _picture(token, title, spelling_of(token), is_figure=is_figure)
    return ("LINK-TITLE" if title else ""), title


def _picture(token: Token, title: str, spelling: str, *, is_figure: bool) -> tuple[str, str]:
    """What is wrong with the words that stand for a picture, or with its caption."""
    for part in token.children or ():
        if _is_entity(part):
            return "ENTITY", part.markup
        if part.nesting or part.type in _NO_WORDS:
            return "PICTURE-WORDS", token.content
    entity = _entity(spelling)
    if entity:
        return "ENTITY", entity
    if not title or not is_figure:
        return ("LINK-TITLE" if title else ""), title
    return _caption(title, spelling)


@lru_cache(maxsize=_DEFINITIONS)
def _entity(spelling: str) -> str:
    """The first letter that is written as ``&…;``, or nothing."""
    found = _ENTITY.search(spelling)
    return "" if found is None else found[0]


@lru_cache(maxsize=_DEFINITIONS)
def _caption(title: str, spelling: str) -> tuple[str, str]:
    """What of a caption is not printed as it stands in `spelling`; escapes are marks there too."""
    signs = _SIGN.findall(spelling)
    letters = "".join(sign[-1] for sign in signs)
    begin = max(letters.rfind(first + title + last) for first, last in ('""', "''", "()")) + 1
    if not begin:
        return "TEXT-LOST", title
    caption = signs[begin : begin + len(title)]
    for at, sign in enumerate(caption):
        is_mark = len(sign) > 1 and sign[-1] not in _QUOTES
        before, behind = caption[max(at - _NEAR, 0) : at], caption[at + 1 : at + _NEAR]
        if is_mark and is_lost_in_caption(before, sign[-1], behind):
            return "BACKSLASH-LOST", title
    return "", ""


def _is_entity(token: Token) -> bool:
    return token.type == "text_special" and token.info != "escape"


def _left(inline: Token, line: int) -> Iterator[Unprinted]:
    """What was meant as a picture, or as raised, lowered, struck out, and is printed as it stands.

    Two tildes alone are letters: 谢谢~~. Beside others of their like they were meant as marks.
    """
    parts = (
        "\n" if token.type in BREAKS else token.content if token.type == "text"
        else RAISED * (token.type == "sup_open") if token.nesting else "\0"
        for token in inline.children or ()
    )  # fmt: skip
    whole = "".join(parts)
    tildes = [one.span() for one in _TILDES.finditer(whole)]
    is_mark = any(token.tag == "s" for token in inline.children or ())
    if is_mark or any(_has_letters(whole, one, other) for one, other in pairwise(tildes)):
        for begin, _ in tildes[:1]:
            at = whole.count("\n", 0, begin)
            yield Unprinted("TILDES-LEFT", line + at, _around(inline.content.split("\n")[at], "~~"))
    for at, text in enumerate(whole.split("\n"), line):
        if lowered := tildes_left(text):
            yield Unprinted("TILDES-LEFT", at, lowered)
        is_task = [one.type for one in (inline.children or ())[:1]] == ["task"]
        if box := (_BOX if is_task and at == line else _BOX_OF_LIST).search(text):
            yield Unprinted("BOXES-LEFT", at, box[0])
        if picture := _NO_PICTURE.search(text):
            yield Unprinted("PICTURE-BLANK", at, picture[0].replace("\0", "…"))
        if carets := carets_left(text):
            yield Unprinted("CARETS-LEFT", at, carets.replace(RAISED, "^"))
        stars = _STAR_PAIR.finditer(text)
        if pair := next((one for one in stars if is_phrase(one["first"] or one["last"])), None):
            yield Unprinted("STARS-BETWEEN", at, pair[0])


def _has_letters(text: str, first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Whether something could be struck out between two places, and no blank to be filled in."""
    return any(one.isalnum() or one == "\0" for one in text[first[1] : last[0]])


def _around(line: str, sign: str) -> str:
    """As much of a line as tells where a sign first stands in it."""
    return line[max(line.find(sign) - _BEFORE, 0) :][:_WINDOW].strip()


def spelled_links(children: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Of each link in brackets where its token is, and all of it up to its address or name."""
    opened: list[int] = []
    for at, token in enumerate(children):
        if token.type == "link_open":
            opened.append(at)
        elif token.type == "link_close":
            first = opened.pop()
            if children[first].markup != "autolink":
                yield first, f"[{_source(children[first + 1 : at])}]"


def _source(children: Sequence[Token]) -> str:
    """What an inline's tokens were made of."""
    parts: list[str] = []
    links: list[tuple[Token, int]] = []
    for token in children:
        if token.type in BREAKS:
            parts.append(str(token.meta.get("source", "\n")))
        elif token.type == "image":
            parts.append(str(token.meta["source"]))
        elif token.type == "link_open":
            links.append((token, len(parts)))
        elif token.type == "link_close":
            opening, at = links.pop()
            parts[at:] = [_link("".join(parts[at:]), opening)]
        elif token.type == "code_inline":
            parts.append(token.markup + token.content + token.markup)
        elif token.type in {"text_special", "task"}:
            parts.append(token.markup)
        else:
            parts.append(token.markup if token.nesting else token.content)
    return "".join(parts)


def _link(label: str, opening: Token) -> str:
    """A link as it was written, if `label` is what stands between its brackets."""
    if opening.markup == "autolink":
        return f"<{label}>"
    source = solid(str(opening.meta["source"]))
    return source if source.startswith(f"[{solid(label)}]") else label


def solid(text: str) -> str:
    """A text without its blanks."""
    return _BLANK.sub("", text)


def text_line(lines: Sequence[str], inline: Token) -> int:
    """The line with which a paragraph's text begins.

    The parser takes wide blanks for letters, and drops the lines above that have nothing else.
    """
    first, last = inline.map or (0, 0)
    contents = inline.content.split("\n")
    printed = solid(contents[0])
    for at, line in enumerate(map(solid, lines[first : last - len(contents) + 1]), first):
        if line.endswith(printed):
            return at
        if line.strip(">"):
            break
    return first
