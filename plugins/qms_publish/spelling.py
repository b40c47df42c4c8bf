"""What of a line is no letter on paper: how signs are escaped, letters spelt, addresses given.

Each mark that is taken away has to be one of docs/print.md; what people write by habit and the
parser takes for a mark, or for none, is told.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qms_publish.tokens import Token

_BLANK = re.compile(r"\s+")
_BREAKS = frozenset({"softbreak", "hardbreak"})
_NO_PICTURE = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,200}\.(?:png|jpe?g|svg)\b", re.IGNORECASE)
_APART = re.compile(r"[^!-~]")
_PATH = re.compile(r"(?:^|[^A-Za-z0-9])[A-Za-z]:$|\\")
"""A drive, or a word with a backslash that is a letter: where one more is rather one too."""
_LEFT = re.compile(r"\*\*+")


class Loss(NamedTuple):
    """What would not come to paper as it was written: the code, the line (from 0), the letters."""

    code: str
    line: int
    found: str


def span_losses(inline: Token) -> Iterator[Loss]:
    """What of an inline's tokens would not be printed as it was written."""
    line = inline.map[0] if inline.map else 0
    children = inline.children or []
    is_figure = inline.level == 1 and len(children) == 1
    if solid(_source(children)) != solid(inline.content):
        yield Loss("TEXT-LOST", line, inline.content.strip())
    yield from _backslashes(children, line)
    for one, following in pairwise(children):
        if (one.type, following.type) == ("link_open", "link_close"):
            yield Loss("TEXT-LOST", line, str(one.meta["source"]))
    for token in children:
        code, found = _fault(token, is_figure=is_figure)
        if code:
            yield Loss(code, line, found)
        line += token.type in _BREAKS


def _fault(token: Token, *, is_figure: bool) -> tuple[str, str]:
    if token.type == "text_special" and token.info != "escape":
        return "ENTITY", token.markup
    if token.type == "text" and (stars := _LEFT.search(token.content)):
        return "STARS-LEFT", stars[0]
    if token.type == "text" and (picture := _NO_PICTURE.search(token.content)):
        return "PICTURE-BLANK", picture[0]
    is_caption = token.type == "image" and is_figure
    if token.type in {"link_open", "image"} and token.attrs.get("title") and not is_caption:
        return "LINK-TITLE", str(token.attrs["title"])
    return "", ""


def _backslashes(children: Sequence[Token], line: int) -> Iterator[Loss]:
    """Those of paths and patterns that would be taken for marks."""
    word = ""
    for at, token in enumerate(children):
        if token.type == "text_special":
            is_mark = token.content != token.markup and token.info == "escape"
            if is_mark and (_PATH.search(word) or _is_share(word, children[at : at + 3])):
                yield Loss("BACKSLASH-LOST", line, word + token.markup)
            # A backslash that was escaped says nothing of those that weren't.
            word = _end(word + ("x" if is_mark else token.markup))
        else:
            word = _end(_APART.split(word + (token.content or " "))[-1])
        line += token.type in _BREAKS


def _end(word: str) -> str:
    """As much of a word as tells what a backslash behind it would be."""
    return ("\\" if "\\" in word else "") + word[-3:]


def _is_share(word: str, tokens: Sequence[Token]) -> bool:
    r"""Whether a name like \\server\x begins here: of its two backslashes one would be printed."""
    if word or len(tokens) < 3 or tokens[0].markup != "\\\\":  # noqa: PLR2004
        return False
    return tokens[1].content.isalnum() and tokens[2].type == "text_special"


def _source(children: Sequence[Token]) -> str:
    """What an inline's tokens were made of."""
    parts: list[str] = []
    links: list[tuple[Token, int]] = []
    for token in children:
        if token.type in _BREAKS:
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
        elif token.type == "text_special":
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
