"""Everything that one base PDF is made of, as plain frozen values.

The job that publishes reads the register and fills these in; nothing here knows where a value
came from. What stands here is printed, what is not here can't be printed: the base PDF is a pure
function of one `Sheet`, the look and the fonts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final, Literal

from qms.api import Amended, Glyphs, Legacy, PageLook, PrintedField, Text

Language = Literal["zh", "en"]
_DAY: Final = len("2026-12-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """One signature as the signature page prints it.

    `act` is the machine's word (``prepare``, ``review``, ``co-sign``, ``approve``, ``publish``);
    the cover groups by it, in the order in which the acts first appear. `at` is printed as given:
    date, time and zone. `fingerprint` is that of the key that signed. `department` is the signer's
    own; a co-signature for a department names it there. `day` is the organisation's: the cover
    prints days, and the time as the signer wrote it may be of the day before or after.
    """

    act: str
    meaning: Text
    name: str
    department: str = ""
    title: str = ""
    role: str = ""
    at: str = ""
    day: str = ""
    fingerprint: str = ""

    @property
    def other_day(self) -> str:
        """The organisation's day, where the time as it is printed is of another one; else empty."""
        return self.day if len(self.day) == _DAY and self.day != self.at[:_DAY] else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One revision of one document, ready to be set (DC-18).

    `display_number` is what is printed; `number` is the identity the PDF's metadata bears.
    `revision_text` is the spoken form (第A版第0次修改). `status` is the document's own state
    (草稿 Draft, 已发布 Released): never a word of version control. `second_code` is a number of
    another scheme, beside its own. `assets` are the document's listed pictures by path; nothing
    else is ever read. `acts` are those that the document's chain asks for, in order, whether signed
    or not. `paper` is what was approved before there was this system. On one that `is_obsolete`
    nothing waits for a copy's number. `glyphs` are the letters that the company draws itself,
    `look` its colours, words and logo. `particulars` are what plugins added to its head.
    On one that is no document (`is_document`) stands only what it has: `revision`, `owner`,
    `status` and days may be empty. `filing` tells a filed text from another of the same place.
    `path` and `body_line` say where the body begins, so that a fault in it is told with its line.
    """

    number: str
    revision: str
    revision_text: Text
    title: str
    company: Text
    class_name: Text
    owner: str
    controlled: bool
    status: Text
    body: str
    display_number: str = ""
    title_en: str = ""
    language: Language = "zh"
    second_code: str = ""
    standards: tuple[str, ...] = ()
    signatures: tuple[SignatureLine, ...] = ()
    acts: tuple[tuple[str, Text], ...] = ()
    amendments: tuple[Amended, ...] = ()
    published: date | None = None
    effective: date | None = None
    paper: Legacy | None = None
    assets: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    path: str = ""
    body_line: int = 1
    glyphs: Glyphs = field(default_factory=dict[str, str])
    look: PageLook = field(default_factory=PageLook)
    is_obsolete: bool = False
    particulars: tuple[PrintedField, ...] = ()
    is_document: bool = True
    filing: str = ""

    @property
    def shown_number(self) -> str:
        """The number as it is printed."""
        return self.display_number or self.number

    def words(self) -> Mapping[str, str]:
        """All that is printed beside the body: names, titles, words of the policy; by field."""
        apart = {"body", "assets", "path", "glyphs", "look"}
        beside = (one.name for one in fields(self) if one.name not in apart)
        found = {name: "\n".join(_texts(getattr(self, name))) for name in beside}
        return found | dict(self.look.words())


def _texts(value: object) -> Iterator[str]:
    """Every text in a value of a sheet."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(one)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, Text):
        yield from value.by_tag.values()
    elif isinstance(value, SignatureLine | Amended | Legacy | PrintedField):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))
