"""Which lines of a text are lines on paper: those that people type as such.

Markdown sets all lines of a paragraph on. So it is meant where a sentence goes on; what is
enumerated is typed on lines of its own, and would run together.
"""

import re
from collections.abc import Iterator

from qms_publish.tokens import BREAKS, Token

_CHINESE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef“”‘’—…·]")
_CHINESE_NUMBER = "[一二三四五六七八九十百]{1,4}"
_BEHIND = r"(?=[ \t\u3000]|[\u2e80-\u9fff]|$)"
_ENUMERATED = re.compile(
    rf"[（(](?:\d{{1,3}}|[a-zA-Z]|[ivxIVX]{{1,4}}|{_CHINESE_NUMBER})[）)]"
    r"|[\u2160-\u217f\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]"
    rf"|{_CHINESE_NUMBER}[、．.]"
    rf"|\d{{1,3}}(?:[)）、]|[.．](?!\d)|(?:[.．]\d{{1,3}}){{1,4}}{_BEHIND})"
    rf"|[a-zA-Z][.．)）、]{_BEHIND}"
    rf"|第(?:\d{{1,3}}|{_CHINESE_NUMBER})[章节条款项步]"
    r"|(?:注|例|步骤|附录|图|表|Note|NOTE|Step|STEP|Example)[ ]?\d{0,2}[:：]"
    r"|(?:步骤|Step|STEP)[ ]?\d{1,2}[ \u3000.、]"
    r"|[-+*±−–—·•◦‣▪▫□■☐☑☒○●◎◇◆△▲▽▼☆★※√✓✔✗✘×]"
)
"""What begins an item of an enumeration that is written without a list, or a note, or a value."""
_ITEM = "item"
"""What is said of the break before a line of an enumeration."""
_NEAR = 8
"""So many of its tokens tell how a line begins or ends."""


def set_lines(children: list[Token]) -> None:
    """A line break in the source between two Chinese characters is no space on the page.

    Also where bold text or code begins or ends there. What is enumerated is written on lines of
    its own, and keeps them.
    """
    for at, token in enumerate(children):
        if token.type != "softbreak":
            continue
        before = _letters(children[max(0, at - _NEAR) : at][::-1])
        behind = _letters(children[at + 1 : at + 1 + _NEAR])
        if _ENUMERATED.match("".join(behind)):
            children[at] = Token("hardbreak", "br", 0, info=_ITEM)
        elif _CHINESE.match("".join(before[:1])[-1:]) and _CHINESE.match("".join(behind)[:1]):
            children[at] = Token("text", "", 0)


def _letters(tokens: list[Token]) -> list[str]:
    """What `tokens` print before the line or a picture ends."""
    found: list[str] = []
    for token in tokens:
        if token.type in BREAKS | {"image", "html_inline"}:
            break
        if token.content:
            found.append(token.content)
    return found


def items_of(children: list[Token]) -> Iterator[list[Token]]:
    """The parts between breaks before items; none within bold text, a link and the like."""
    line: list[Token] = []
    depth = 0
    for token in children:
        depth += token.nesting
        if depth == 0 and token.type == "hardbreak" and token.info == _ITEM:
            yield line
            line = []
        else:
            line.append(token)
    yield line
