"""Which lines of a text are lines on paper: those that people type as such.

Markdown sets all lines of a paragraph on. So it is meant where a sentence goes on that an editor
broke, and such a line is long. A short one ends where somebody ended it, and so does one that ends
a sentence in Chinese; what is enumerated, labelled or indented is typed on lines of its own too.
"""

import re
from collections.abc import Iterator
from typing import Final

from qms_publish.late import Late
from qms_publish.lettering.widths import columns
from qms_publish.text.tokens import BREAKS, Token

_CHINESE = Late(r"[\u2e80-\u9fff\uff00-\uffef“”‘’—…·]")
_CHINESE_NUMBER = "[一二三四五六七八九十百]{1,4}"
_BEHIND = r"(?=[ \t\u3000]|[\u2e80-\u9fff]|$)"
_ENUMERATED = Late(
    rf"[（(](?:\d{{1,3}}|[a-zA-Z]|[ivxIVX]{{1,4}}|{_CHINESE_NUMBER})[）)]"
    r"|[\u2160-\u217f\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]"
    rf"|{_CHINESE_NUMBER}[、．.]"
    rf"|\d{{1,3}}(?:[)）、]|[.．](?!\d)|(?:[.．]\d{{1,3}}){{1,4}}{_BEHIND})"
    rf"|(?:[a-zA-Z]|[ivx]{{2,5}}|[IVX]{{2,5}})[.．)）、]{_BEHIND}"
    rf"|第(?:\d{{1,3}}|{_CHINESE_NUMBER})[章节条款项步]"
    r"|(?:注|例|步骤|附录|图|表|Note|NOTE|Step|STEP|Example)[ ]?\d{0,2}[:：]"
    r"|(?:步骤|Step|STEP)[ ]?\d{1,2}[ \u3000.、]"
    r"|[-+*±−–—·•◦‣▪▫□■☐☑☒○●◎◇◆△▲▽▼☆★※√✓✔✗✘×]"
)
"""What begins an item of an enumeration that is written without a list, or a note, or a value."""
_COUNTED = "个(?!人)|件|天(?!车)|份|张(?!力)|小时|分钟|秒|[毫厘微]?米|倍|元(?!件)|次(?!序)"
_LABELLED = Late(
    r"\u3000|【\d{1,3}】|[IVX]{1,4}[.．](?=\s)"
    rf"|\d{{1,2}}[ \u3000]+(?!{_COUNTED})[\u4e00-\u9fff]"
    r"|[\u4e00-\u9fff][\u4e00-\u9fff（）()/、A-Za-z0-9]{0,9}(?<![下为是括有于])(?:：|:(?!\d))"
    r"|[\u4e00-\u9fff]{1,8}[ /（(]{1,2}[A-Z][A-Za-z]{0,15}(?:[ /-][A-Za-z]{1,12}){0,2}[)）]?"
    r"[：:](?=\s|_|$|[\u2e80-\u9fff])"
    r"|[A-Z][A-Za-z0-9]{0,15}(?:[ /-][A-Za-z0-9]{1,12}){0,2}[：:](?=\s|_|$|[\u2e80-\u9fff])"
    r"|[\u4e00-\u9fff]{2,8}[ /]{1,3}[A-Z][a-z]{2,15}(?:[ ][A-Za-z]{1,12}){0,2}$"
    r"|[A-Z][a-z]{2,15}(?:[ ][A-Za-z]{1,12}){0,2}[ /]{1,3}[\u4e00-\u9fff]{2,8}$"
)
"""What is no item and still begins a line: an indent, a clause's number, a label in one language
or two, which alone on its line needs no colon: 目的 Purpose.

So many pieces and 如下： may also go on with a sentence that an editor broke.
"""
_STANDARD = re.compile(r"[A-Z]{2,6}(?:/[A-Z]{1,3})?[ ]?\d{3,6}(?:[.\-—–－:]|[ ]|$)")
"""A standard's number: below the name of another one a list of them goes on."""
_NAMED = re.compile(
    r"\[\d{1,3}\]|〔\d{1,3}〕|§[ ]?\d|(?:附件|附录|附表|附图|图|表|Annex|Appendix|Table|Figure)"
    r"[ ]?[A-Z]?\d{1,2}(?:[-.]\d{1,2})?(?=[ \u3000：:《])"
)
_NAMES_IT = frozenset("abcdefghijklmnopqrstuvwxyz,，、见如按照据由和与及在")
"""What a line ends with where the next one's 表2 or [2] is part of its sentence."""
_SENTENCE = re.compile(r"[。！？；：][”’」』）)]?$")
_LATIN_SENTENCE = Late(r"[A-Za-z)][.!?:;][\"'”’)]?$")
_HAN = Late("[\u4e00-\u9fff]")
"""Below a sentence in Latin letters one in Chinese begins, as in a text in two languages."""
_LINE = "line"
"""What is said of a break between two lines of text."""
_NEAR = 8
"""So many of its tokens tell how a line begins or ends."""
SHORT: Final = 40
"""A line of fewer columns ends on the page where it does in the source; one that is longer may have
been broken by an editor. A Chinese letter or sign is two columns wide."""


def set_lines(children: list[Token]) -> None:
    """Keep the lines that are lines on the page; set the others on.

    Between two Chinese characters there is no space then, also where bold text or code begins or
    ends there.
    """
    kept = dict(_kept(children))
    for at, token in enumerate(children):
        if token.type in {"hardbreak", "html_inline"} and _is_between_letters(children, at):
            token.info = _LINE
        if token.type != "softbreak":
            continue
        before = _letters(children[max(0, at - _NEAR) : at][::-1])
        behind = _letters(children[at + 1 : at + 1 + _NEAR])
        if at in kept:
            children[at] = Token("hardbreak", "br", 0, info=kept[at])
        elif _CHINESE.match("".join(before[:1])[-1:]) and _CHINESE.match("".join(behind)[:1]):
            children[at] = Token("text", "", 0)


def _is_between_letters(children: list[Token], at: int) -> bool:
    """Whether a line that was asked for ends and begins with text: beside a picture it stays."""
    first = at + 2 if children[at + 1 : at + 2] and children[at + 1].type == "softbreak" else at + 1
    before, behind = children[max(0, at - _NEAR) : at][::-1], children[first : first + _NEAR]
    return all("".join(_letters(side)).strip() for side in (before, behind))


def lines_kept(children: list[Token]) -> int:
    """How many lines `set_lines` would keep that are not yet said to be kept."""
    return sum(1 for _ in _kept(children))


def _kept(children: list[Token]) -> Iterator[tuple[int, str]]:
    """Where lines end that are lines on the page, and what is said of each break.

    Beside a picture there is no line of text: the break stays in its paragraph.
    """
    width, has_letters = 0, False
    for at, token in enumerate(children):
        if token.type in BREAKS | {"html_inline"}:
            behind = "".join(_letters(children[at + 1 : at + 1 + _NEAR]))
            before = "".join(_letters(children[max(0, at - _NEAR) : at][::-1])[:1])
            ends = token.type == "softbreak" and at and children[at - 1].type != "html_inline"
            if ends and (width < SHORT or _is_begun(before, behind)):
                yield at, _LINE if has_letters and behind.strip() else ""
            width, has_letters = 0, False
        elif token.type != "image":
            width += columns(token.content)
            has_letters = has_letters or bool(token.content.strip())


def _is_begun(before: str, behind: str) -> bool:
    """Whether a line is begun on purpose between these letters."""
    if _SENTENCE.search(before) or _ENUMERATED.match(behind) or _LABELLED.match(behind):
        return True
    if _LATIN_SENTENCE.search(before) and _HAN.match(behind):
        return True
    if before.endswith(("》", "》。")) and _STANDARD.match(behind):
        return True
    return _NAMED.match(behind) is not None and before[-1:] not in _NAMES_IT


def is_enumerated(line: str) -> bool:
    """Whether a line begins as an item of an enumeration does."""
    return _ENUMERATED.match(line) is not None


def behind_number(line: str) -> str:
    """A line without what begins it as an item of an enumeration."""
    line = line.strip()
    found = _ENUMERATED.match(line)
    return line[found.end() :].lstrip() if found else line


def _letters(tokens: list[Token]) -> list[str]:
    """What `tokens` print before the line or a picture ends."""
    found: list[str] = []
    for token in tokens:
        if token.type in BREAKS | {"image", "html_inline"}:
            break
        if token.content:
            found.append(token.content)
    return found


def lines_of(children: list[Token]) -> Iterator[list[Token]]:
    """The lines that `set_lines` kept or found; none within bold text, a link and the like."""
    line: list[Token] = []
    depth = 0
    for token in children:
        depth += token.nesting
        if depth == 0 and token.info == _LINE:
            yield line
            line = []
        else:
            line.append(token)
    yield line
