"""What may stand between braces in a number pattern: the kinds of field and how each is written.

The language itself is explained in `qms_numbering.pattern`; here is its vocabulary as one table.
A *counted* field is a whole number that the tool counts up, every other one is text.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from qms.api import Place, Refused, refused
from qms_numbering.spelling import LETTERS, SIGNS

IDEOGRAPH: Final = "\u4e00"
"""Stands for every letter beyond ASCII in the sets of characters that are compared."""

_DIGITS: Final = frozenset("0123456789")
_CAPITALS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_WORD: Final = _DIGITS | _CAPITALS | {c.lower() for c in _CAPITALS} | {IDEOGRAPH}
_NAME_SIGNS: Final = SIGNS.replace("/", "")
_NAME: Final = f"(?![-.])(?:(?!--)[A-Za-z0-9{re.escape(_NAME_SIGNS)}{LETTERS}])+(?<![-.])"
_CLAUSE: Final = r"[1-9][0-9]?(?:\.[1-9][0-9]?)*"
_MONTH_DAY: Final = (
    "(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)|02(?:0[1-9]|[12][0-9]))"
)


class FieldKind(NamedTuple):
    """One word of the language: how its text looks, and which characters it may hold."""

    form: str
    signs: frozenset[str]
    open_ended: bool
    example: str


KINDS: Final[Mapping[str, FieldKind]] = {
    "year": FieldKind(form="[12][0-9]{3}", signs=_DIGITS, open_ended=False, example="2019"),
    "yy": FieldKind(form="[0-9]{2}", signs=_DIGITS, open_ended=False, example="19"),
    "mm": FieldKind(form="(?:0[1-9]|1[0-2])", signs=_DIGITS, open_ended=False, example="02"),
    "mmdd": FieldKind(form=_MONTH_DAY, signs=_DIGITS, open_ended=False, example="0201"),
    "seq": FieldKind(form="[1-9][0-9]{0,8}", signs=_DIGITS, open_ended=True, example="1"),
    "clause": FieldKind(form=_CLAUSE, signs=_DIGITS | {"."}, open_ended=True, example="8.5.2"),
    "clauses": FieldKind(
        form=f"{_CLAUSE}(?:/{_CLAUSE})*",
        signs=_DIGITS | {".", "/"},
        open_ended=True,
        example="8.5.2/8.5.3",
    ),
    "letter": FieldKind(form="[A-Z]", signs=_CAPITALS, open_ended=False, example="A"),
    "code": FieldKind(form="[A-Z]{1,8}", signs=_CAPITALS, open_ended=True, example="PG"),
    "name": FieldKind(
        form=_NAME, signs=_WORD | frozenset(_NAME_SIGNS), open_ended=True, example="NAME"
    ),
    "number": FieldKind(
        form=f"{_NAME}(?:/{_NAME})*",
        signs=_WORD | frozenset(SIGNS),
        open_ended=True,
        example="LX-R-05",
    ),
}
"""Every kind of field. ``number`` exists only with ``of``: the whole number of the parent."""

_FOLDED: Final[Mapping[str, str]] = {
    "letter": "[a-z01]",
    "code": "[a-z01]{1,8}",
    "name": ".+",
    "number": ".+",
}

_FIELD: Final = re.compile(
    r"(?P<kind>[a-z]+)"
    r"(?: of (?P<parent>[a-z][a-z0-9-]*))?"
    r"(?::0(?P<width>[1-9]))?"
    r"(?: across (?P<across>[a-z].*))?"
)

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "brace": ("a brace is opened or closed alone", "花括号不成对"),
    "word": ("this is no field", "没有这样的字段"),
    "width": ("only {seq} has a width", "只有 {seq} 可以规定位数"),
    "across": ("only {seq} runs across other fields", "只有 {seq} 可以跨字段连续编号"),
    "across-what": ("the number has no such field to run across", "编号中没有可跨越的这个字段"),
    "number": ("write {number of <class>}", "应写成 {number of <类别>}"),
    "twice": ("the field stands twice", "字段重复出现"),
    "parent-field": (
        "the numbers of that class have no such field to derive from",
        "该类别的编号中没有可派生的这个字段",
    ),
    "parents": ("a number derives from one class only", "编号只能由一个类别派生"),
    "sign": ("no number may hold this character", "编号中不允许这个字符"),
    "shape": (
        "a number has no empty part, and no part begins with - or . or ends with .",
        "编号各段不得为空，不得以 - 或 . 开头，也不得以 . 结尾",
    ),
    "dashes": ("one hyphen; a long dash is a display form", "只写一个连字符；长横线属于打印形式"),
    "open": (
        "one cannot see where this field ends; put a separator after it",
        "看不出该字段在哪里结束，请在其后加分隔符",
    ),
}
"""Why a pattern is refused: for each reason one clause in English and one in Chinese."""


def pattern_refused(reason: str, pattern: str, found: str, at: int) -> Refused:
    """NUMBER-PATTERN: what is wrong with `pattern`, at which character (from 1), and why."""
    english, chinese = REASONS[reason]
    return refused(
        "NUMBER-PATTERN",
        Place(field="number"),
        pattern=pattern,
        found=found,
        at=str(at),
        why_en=english,
        why_zh=chinese,
    )


class Placeholder(NamedTuple):
    """One braced field of a pattern: its kind, whose it is, and for a count how it runs."""

    kind: str
    parent: str = ""
    width: int = 1
    across: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name under which values are given and found: ``year``, ``seq of procedure``."""
        return f"{self.kind} of {self.parent}" if self.parent else self.kind

    @property
    def counts(self) -> bool:
        """Whether this is the number's own sequence."""
        return self.kind == "seq" and not self.parent

    @property
    def form(self) -> str:
        """The regular expression of its text."""
        if not self.counts:
            # A parent's count is taken over as it is written there, leading zeros included.
            return "[0-9]{1,9}" if self.kind == "seq" else KINDS[self.kind].form
        short = (f"0{{{zeros}}}[1-9][0-9]{{{self.width - 1 - zeros}}}|" for zeros in self._zeros)
        return f"(?:{''.join(short)}[1-9][0-9]{{{self.width - 1},8}})"

    @property
    def folded(self) -> str:
        """The regular expression of all that could be taken for its text, in `twin_key`s."""
        if self.counts:
            return "0*[1-9][0-9]{0,8}"
        return _FOLDED.get(self.kind, self.form)

    @property
    def _zeros(self) -> range:
        return range(self.width - 1, 0, -1)

    @property
    def signs(self) -> frozenset[str]:
        """The characters it may hold."""
        return KINDS[self.kind].signs

    @property
    def open_ended(self) -> bool:
        """Whether its length varies."""
        return KINDS[self.kind].open_ended

    @property
    def example(self) -> str:
        """A text of this field for messages."""
        if self.kind == "seq":
            return self.written(1) if self.counts else "01"
        return KINDS[self.kind].example

    def written(self, value: str | int) -> str:
        """`value` as it stands in a number; a count is filled up with zeros to the width."""
        if self.counts and (isinstance(value, int) or value.isdecimal()):
            return f"{int(value):0{self.width}d}"
        return str(value)

    @classmethod
    def parse(cls, text: str, pattern: str, at: int) -> "Placeholder":
        """Read what stands between braces; `pattern` and `at` are for the refusal."""
        found = _FIELD.fullmatch(text)
        if found is None or found["kind"] not in KINDS:
            raise pattern_refused("word", pattern, "{" + text + "}", at)
        counts = found["kind"] == "seq" and found["parent"] is None
        for group in ("width", "across"):
            if found[group] is not None and not counts:
                raise pattern_refused(group, pattern, "{" + text + "}", at)
        if found["kind"] == "number" and found["parent"] is None:
            raise pattern_refused("number", pattern, "{" + text + "}", at)
        across = found["across"]
        return cls(
            kind=found["kind"],
            parent=found["parent"] or "",
            width=int(found["width"] or 1),
            across=tuple(across.split(" and ")) if across else (),
        )


def pieces(pattern: str) -> Iterator[tuple[str | Placeholder, int]]:
    """The literals and fields of `pattern` in order, each with its place (from 1)."""
    at = 0
    for part in re.split(r"(\{[^{}]*\})", pattern):
        if part.startswith("{") and part.endswith("}") and len(part) > 1:
            yield Placeholder.parse(part[1:-1], pattern, at + 1), at + 1
        elif "{" in part or "}" in part:
            offset = min(i for i, c in enumerate(part) if c in "{}")
            raise pattern_refused("brace", pattern, part[offset], at + offset + 1)
        elif part:
            yield part, at + 1
        at += len(part)
