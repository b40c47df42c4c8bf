"""What the cover, the running header and the front pages say, and in which step of size.

The cover's blocks stand at fixed heights (the copy's stamp writes into some of them), so nothing
is pushed: what is long is set in a smaller step, by its length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from unicodedata import east_asian_width

from qms_publish.markdown import Heading
from qms_publish.sheet import Sheet, SignatureLine

_ROWS_ON_ONE_PAGE = 23
_MAX_CONTENTS = 44
_NAMES_ON_COVER = 3
_LEVELS = 2
_ONE_LINE, _TWO_LINES = 12, 28
_TITLE_WIDTH = 130.0
_LONGER = (0, "longer", 14)
_EM_9PT = 9 * 25.4 / 72


@dataclass(frozen=True, slots=True)
class Header:
    """The running header's words: revision as spoken, title as it fits, class of its size."""

    revision: str
    title: str
    size: str


@dataclass(frozen=True, slots=True)
class Company:
    """The company's name in the document's language first, the other one below it."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled cell of the cover's table."""

    zh: str
    en: str
    value: str
    size: str = ""


@dataclass(frozen=True, slots=True)
class Front:
    """The cover's title, its size and the width its lines share, and the rows of its table."""

    title: str
    title_second: str
    size: str
    width: str
    facts: tuple[tuple[Fact, ...], ...]


@dataclass(frozen=True, slots=True)
class RecordPages:
    """For each front block: the class that lets it share a page, or gives it one of its own."""

    signatures: str
    amendments: str
    contents: str


def ems(text: str) -> float:
    """How wide `text` is, in widths of a Chinese character."""
    return sum(1.0 if east_asian_width(char) in "WFA" else 0.56 for char in text)


def header(sheet: Sheet) -> Header:
    """The running header: two lines at most, so that it never grows into the time mark's band."""
    revision = sheet.revision_text.zh if sheet.language == "zh" else sheet.revision_text.en
    revision = revision or sheet.revision
    title = _title(sheet)
    taken = (ems(sheet.shown_number + revision) + 1) * _EM_9PT + 25 + 10
    line = max(165 - taken, 20) / _EM_9PT
    if ems(title) <= 1.9 * line:
        return Header(revision, title, "")
    room = 1.9 * line * 9 / 8
    if ems(title) > room:
        while ems(title) > room - 1:
            title = title[:-1]
        title += "…"
    return Header(revision, title, "small")


def company(sheet: Sheet) -> Company:
    """The company's names, the document's language first."""
    names = (sheet.company.zh, sheet.company.en)
    first, second = names if sheet.language == "zh" else names[::-1]
    return Company(first or second, second if first else "")


def front(sheet: Sheet) -> Front:
    """The cover: title in its step of size, facts in rows of two."""
    title = _title(sheet)
    steps = ((12, "", 28), (22, "medium", 21), (44, "long", 18))
    _, size, points = next((step for step in steps if ems(title) <= step[0]), _LONGER)
    second = sheet.title_en if sheet.language == "zh" else sheet.title
    width = _shared_width(title, points * 25.4 / 72)
    return Front(title, second if second != title else "", size, f"{width:.1f}mm", _facts(sheet))


def _shared_width(title: str, em: float) -> float:
    """The width at which a Chinese title breaks into lines of one length, with no lone tail."""
    lines = ceil(ems(title) * em / _TITLE_WIDTH)
    if lines == 1 or title.isascii():
        return _TITLE_WIDTH
    return min(_TITLE_WIDTH, (ems(title) / lines + 1.2) * em)


def contents(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """The headings that the list of contents shows: two levels, or one where two are too many."""
    two = tuple(heading for heading in headings if heading.level <= _LEVELS)
    return two if len(two) <= _MAX_CONTENTS else tuple(one for one in two if one.level == 1)


def record_pages(sheet: Sheet, entries: int) -> RecordPages:
    """Signatures, amendments and contents share the second page while they fit on it."""
    rows = 1.4 * max(len(sheet.signatures), 1) + 0.6 * entries
    rows += sum(1 + ems(line.summary) // 20 for line in sheet.amendments)
    own = "" if rows <= _ROWS_ON_ONE_PAGE else "own"
    return RecordPages("", own, own)


def _title(sheet: Sheet) -> str:
    return sheet.title if sheet.language == "zh" else sheet.title_en or sheet.title


def _facts(sheet: Sheet) -> tuple[tuple[Fact, ...], ...]:
    revision = sheet.revision_text.zh if sheet.language == "zh" else sheet.revision_text.en
    number = sheet.shown_number
    rows = [
        (Fact("文件编号", "Number", number, _size(number)),
         Fact("版本", "Revision", f"{sheet.revision}　{revision}".strip())),
        (Fact("归口部门", "Owner", sheet.owner, _size(sheet.owner)),
         Fact("文件状态", "State", _both(sheet.status.zh, sheet.status.en, sheet.language))),
    ]  # fmt: skip
    for zh, en, lines in _acts(sheet)[:4]:
        names = _signed_by(lines, sheet.language)
        when = max((line.at[:10] for line in lines), default="")
        rows.append((Fact(zh, en, names, _size(names)), Fact("日期", "Date", when)))
    published, effective = _day(sheet.published), _day(sheet.effective)
    rows.append(
        (Fact("发布日期", "Published", published), Fact("实施日期", "Effective", effective))
    )
    return tuple(rows)


def _acts(sheet: Sheet) -> list[tuple[str, str, list[SignatureLine]]]:
    """Signatures by act, as the cover shows them; publication has dates of its own there."""
    acts: dict[str, list[SignatureLine]] = {}
    for line in sheet.signatures:
        if line.act != "publish":
            acts.setdefault(line.act, []).append(line)
    if not acts:
        return [("编制", "Prepared", []), ("审核", "Reviewed", []), ("批准", "Approved", [])]
    return [(lines[0].meaning.zh, lines[0].meaning.en, lines) for lines in acts.values()]


def _signed_by(lines: list[SignatureLine], language: str) -> str:
    """Who signed, by name; departments where several did for theirs, since names don't fit."""
    joint = "、" if language == "zh" else ", "
    if len(lines) > _NAMES_ON_COVER and all(line.department for line in lines):
        return joint.join(dict.fromkeys(line.department for line in lines))
    return joint.join(dict.fromkeys(line.name for line in lines))


def _size(text: str) -> str:
    width = ems(text)
    return "" if width <= _ONE_LINE else "small" if width <= _TWO_LINES else "tiny"


def _both(zh: str, en: str, language: str) -> str:
    first, second = (zh, en) if language == "zh" else (en, zh)
    return f"{first} {second}".strip() if first != second else first


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
