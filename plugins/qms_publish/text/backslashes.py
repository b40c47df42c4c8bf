r"""Which backslashes are marks: those before a sign that would be one without them.

Markdown takes each backslash before punctuation away. In a path, a pattern or a password nobody
means it so: D:\_data, abc\!def. What escapes nothing is refused, and so is what would be missed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from qms_publish.text.tokens import BREAKS, Token
from qms_publish.text.unprinted import Unprinted

_APART: Final = re.compile(r"[\s\u3000-\u303f\uff00-\uffef\u2018-\u201d]")
_SHOWN: Final = 40
_AHEAD: Final = 40
_PATH: Final = re.compile(r"(?:^|[^A-Za-z0-9])[A-Za-z]:$|\\")
"""A drive, or a word with a backslash that is a letter: where one more is rather one too."""
_DRIVE: Final = re.compile(r"(?:^|[^A-Za-z0-9])[A-Za-z]:$")
_DRAWN: Final = re.compile(r"/[ ]*$|^[ /|\\_+=<>-]*[/|][ /|\\_+=<>-]*$")
"""What stands before a backslash that is drawn: the other side of a roof, strokes alone."""
_TROUGH: Final = re.compile(r"[_=|~-]{2,}+/(?!\w)")
"""What stands behind a backslash that is the other side of a drawn line."""
_ALWAYS: Final = frozenset("*_`~^[]<|\\")
"""What may be a mark wherever it stands, or is escaped by everybody who knows it as one."""
_OF_LINES: Final = frozenset("-+#>")
"""What is a mark at the beginning of a line alone."""
_ENTITY: Final = re.compile(r"#?\w{1,40};")
_NUMBER: Final = re.compile(r"\s*\d{1,9}")
_LONGEST: Final = 40
"""So much of what stands around a sign tells whether it would be a mark."""


@dataclass(slots=True)
class _LineSoFar:
    """What of a line stands before a sign."""

    text: str = ""
    has_angle: bool = False
    has_bracket: bool = False
    is_whole: bool = True
    """Whether `text` is all of it."""

    def add(self, text: str) -> None:
        self.has_angle = self.has_angle or "<" in text
        self.is_whole = self.is_whole and len(self.text) + len(text) <= _LONGEST
        self.text = (self.text + text)[-_LONGEST:]

    def is_begun_by(self, sign: str) -> bool:
        """Whether the line has nothing before a sign, or its like alone."""
        return self.is_whole and not self.text.replace(sign, "").strip()

    def needs(self, sign: str, behind: str) -> bool:
        """Whether a sign, with this right behind it, would be a mark without its backslash."""
        if sign in _ALWAYS:
            return True
        if sign in _OF_LINES:
            closes = sign == "#" and self.text[-1:].isspace() and not behind.strip("# \\")
            return self.is_begun_by(sign) or closes or (sign == ">" and self.has_angle)
        if sign in ".)" and self.is_whole and _NUMBER.fullmatch(self.text):
            return not behind.strip() or behind[0].isspace()
        if sign in "()":
            return self.has_bracket or self.text.endswith("]")
        return (sign == "!" and behind.startswith(("[", "\\["))) or (
            sign == "&" and _ENTITY.match(behind) is not None
        )


def backslashes_lost(children: Sequence[Token], line: int) -> Iterator[Unprinted]:
    """Those of an inline's tokens that escape nothing, and those of paths and patterns."""
    word, shown, before = "", "", _LineSoFar()
    for at, token in enumerate(children):
        if token.type == "text_special":
            is_mark = token.content != token.markup and token.info == "escape"
            shown = (shown + token.markup)[-_SHOWN:]
            if is_mark and (
                _is_in_path(word, token.content)
                or _is_share(word, children, at)
                or _TROUGH.match(token.content + _behind(children, at))
                or not before.needs(token.content, _behind(children, at))
            ):
                yield Unprinted("BACKSLASH-LOST", line, shown)
            # A backslash that was escaped says nothing of those that weren't.
            word = _end(word + ("x" if is_mark else token.markup))
            before.has_bracket = before.has_bracket or token.content == "("
        else:
            if _is_slash(token) and (_PATH.search(word) or _DRAWN.search(before.text)):
                yield Unprinted("BACKSLASH-LOST", line, f"{shown}\\"[-_SHOWN:])
            parts = _APART.split(token.content or " ")
            word, shown = ("", "") if len(parts) > 1 else (word, shown)
            word, shown = _end(word + parts[-1]), (shown + parts[-1])[-_SHOWN:]
        before.add(token.content)
        if token.type in BREAKS or _is_break(token):
            line, before = line + (token.type in BREAKS), _LineSoFar()


def is_lost_in_caption(before: Sequence[str], sign: str, behind: Sequence[str]) -> bool:
    """Whether a backslash before `sign` is rather a letter of a picture's caption.

    `before` and `behind` are the caption's other signs, with the backslashes of those escaped.
    """
    if sign in "()":  # a caption may stand between these
        return False
    so_far = _LineSoFar()
    word = ""
    for one in before:
        so_far.add(one[-1])
        word = "" if _APART.match(one) else _end(word + ("x" if len(one) > 1 else one))
    return _is_in_path(word, sign) or not so_far.needs(sign, "".join(behind[:_LONGEST]))


def _behind(children: Sequence[Token], at: int) -> str:
    """What stands behind a token in its line, as it was written: as much of it as tells."""
    written = ""
    for token in children[at + 1 : at + _AHEAD]:
        if token.type in BREAKS or len(written) > _LONGEST:
            break
        is_written = token.nesting or token.type in {"text_special", "code_inline", "task"}
        written += token.markup if is_written else token.content
        written += "[" if token.type == "link_open" else ""
    return written


def _is_break(token: Token) -> bool:
    return token.type == "html_inline" and token.content.startswith(("<br", "<BR"))


def _is_slash(token: Token) -> bool:
    """Whether a new line was asked for by a backslash."""
    return token.type == "hardbreak" and str(token.meta.get("source", "")).startswith("\\")


def _is_in_path(word: str, sign: str) -> bool:
    r"""Whether a backslash before `sign` is a letter of a path.

    Two behind a drive are one on paper, and no path has two there: D:\\_data.
    """
    return not (sign == "\\" and _DRIVE.search(word)) and _PATH.search(word) is not None


def _is_share(word: str, tokens: Sequence[Token], at: int) -> bool:
    r"""Whether a name like \\server\x begins at a token: of its two backslashes one is printed."""
    if word or tokens[at].markup != "\\\\":
        return False
    for behind, token in enumerate(tokens[at + 1 : at + _AHEAD]):
        if token.type == "text_special" or "\\" in token.content:
            return behind > 0
        if token.type != "text" or _APART.search(token.content):
            return False
    return False


def _end(word: str) -> str:
    """As much of a word as tells what a backslash behind it would be."""
    return ("\\" if "\\" in word else "") + word[-12:]
