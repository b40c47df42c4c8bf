"""What the cover, the running header and the front pages say, and in which step of size.

The cover's blocks stand at fixed heights (the copy's stamp writes into some of them), so nothing
is pushed: what is long is set in a smaller step, by its length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from qms.api import Legacy, Text
from qms_publish.lettering.widths import ems, even_room, line_count
from qms_publish.sheet import Sheet, SignatureLine
from qms_publish.text.headings import Heading

_MAX_CONTENTS = 44
_NAMES_ON_COVER = 3
_LEVELS = 2
_ONE_LINE, _TWO_LINES, _THREE_LINES = 12, 28, 45
_ROOM_FOR_BY = 22
_TITLE_WIDTH, _TITLE_HEIGHT = 130.0, 46.0
_LEADING = 1.35
_LOOSE = 1.1
_SPARE = 0.2
"""Characters by which Latin letters may be wider than is told."""
_PT = 25.4 / 72
_EM_9PT = 9 * _PT
_HEAD_LINES = 2


@dataclass(frozen=True, slots=True)
class Header:
    """The running header's words: revision as spoken, title as it fits, class of its size."""

    revision: str
    title: str
    size: str


@dataclass(frozen=True, slots=True)
class CompanyNames:
    """The company's name in the document's language first, the other one below it."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Cell:
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
    facts: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of size of the title: for how many characters, its class, its points, the other's."""

    most: int
    name: str
    points: float
    second: float

    def holds(self, title: str, second: str) -> bool:
        """Whether the titles fit above the facts in these sizes."""
        high = _lines(title, self.points * _PT) * self.points
        high += _lines(second, self.second * _PT) * self.second
        return ems(title) <= self.most and high * _LEADING * _PT + 4 <= _TITLE_HEIGHT


_STEPS = (
    _Step(12, "", 28, 12),
    _Step(22, "medium", 21, 12),
    _Step(44, "long", 18, 10.5),
    _Step(88, "longer", 14, 10.5),
    _Step(200, "longest", 12, 9),
    _Step(1000, "least", 9, 8),
)


def _lines(text: str, em: float) -> int:
    """In how many lines a title breaks; Latin words leave room at the ends of lines."""
    if not text.isascii():
        return even_room(text, _TITLE_WIDTH / em)[0]
    return ceil(ems(text) * em * _LOOSE / _TITLE_WIDTH)


def header(sheet: Sheet) -> Header:
    """The running header: two lines at most, so that it never grows into the time mark's band."""
    revision = sheet.revision_text.of(sheet.language)
    revision = revision or sheet.revision
    revision = " ".join(part for part in (revision, sheet.filing) if part)
    title = _title(sheet)
    taken = (ems(sheet.shown_number + revision) + 1) * _EM_9PT + 25 + 10
    line = max(165 - taken, 20) / _EM_9PT
    if line_count(title, line) <= _HEAD_LINES:
        return Header(revision, title, "")
    line *= 9 / 8
    if line_count(title, line) > _HEAD_LINES:
        while title and line_count(f"{title}…", line) > _HEAD_LINES:
            title = title[:-1]
        title = f"{title.rstrip()}…"
    return Header(revision, title, "small")


def company(sheet: Sheet) -> CompanyNames:
    """The company's names, the document's language first."""
    names = _pair(sheet.company)
    first, second = names if sheet.language == "zh" else names[::-1]
    return CompanyNames(first or second, second if first else "")


def front(sheet: Sheet) -> Front:
    """The cover: title in its step of size, facts in rows of two."""
    title = _title(sheet)
    second = sheet.title_en if sheet.language == "zh" else sheet.title
    second = second if second != title else ""
    step = next((one for one in _STEPS if one.holds(title, second)), _STEPS[-1])
    width = _shared_width(title, step.points * _PT)
    return Front(title, second, step.name, f"{width:.1f}mm", _facts(sheet))


def _shared_width(title: str, em: float) -> float:
    """The width at which a Chinese title breaks into lines of one length, with no lone tail."""
    if title.isascii():
        return _TITLE_WIDTH
    lines, room = even_room(title, _TITLE_WIDTH / em)
    return _TITLE_WIDTH if lines == 1 else min(_TITLE_WIDTH, (room + _SPARE) * em)


def contents(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """The headings that the list of contents shows: two levels, or one where two are too many."""
    two = tuple(heading for heading in headings if heading.level <= _LEVELS)
    return two if len(two) <= _MAX_CONTENTS else tuple(one for one in two if one.level == 1)


def _title(sheet: Sheet) -> str:
    return sheet.title if sheet.language == "zh" else sheet.title_en or sheet.title


def _facts(sheet: Sheet) -> tuple[tuple[Cell, ...], ...]:
    revision = sheet.revision_text.of(sheet.language)
    number = f"{sheet.shown_number}　{sheet.second_code}".strip()
    said = revision if revision == sheet.revision else f"{sheet.revision}　{revision}".strip()
    rows = _rows(
        sheet,
        Cell("文件编号", "Number", number, _size(number)),
        Cell("版本", "Revision", said),
        Cell("归口部门", "Owner", sheet.owner, _size(sheet.owner)),
        Cell("文件状态", "State", _both(*_pair(sheet.status), sheet.language)),
    )
    for zh, en, lines in _acts(sheet)[:4]:
        names = _signed_by(lines, sheet.language)
        when = max((line.day for line in lines), default="")
        rows.append((Cell(zh, en, names, _size(names)), Cell("签署日期", "Signed", when)))
    if sheet.paper is not None:
        rows.append(_attested(sheet.paper, sheet.language))
    published, effective = _day(sheet.published), _day(sheet.effective)
    here = ("发布日期", "实施日期") if sheet.paper is None else ("本系统发布", "本系统实施")
    filing = [Cell("归档标识", "Filing", sheet.filing, "small")] if sheet.filing else []
    days = Cell(here[0], "Published", published), Cell(here[1], "Effective", effective)
    return *rows, *_rows(sheet, *days, *filing)


def _rows(sheet: Sheet, *cells: Cell) -> list[tuple[Cell, ...]]:
    """Cells in rows of two; of what is no document those that it has, as a list has no revision."""
    kept = [one for one in cells if one.value or sheet.is_document]
    return [tuple(kept[at : at + 2]) for at in range(0, len(kept), 2)]


def _attested(paper: Legacy, language: str) -> tuple[Cell, Cell]:
    """What was before the system, as far as the cover has room: all of it stands on a page inside.

    A row of its own, so that nobody takes an old approval for one that was signed here, nor an old
    day for that from which it is in force here.
    """
    by = paper.by
    if ems(by) > _ROOM_FOR_BY:
        while ems(by) > _ROOM_FOR_BY - 1:
            by = by[:-1]
        by += "…"
    approved = f"{paper.approved} {by}"
    words = ("原发布", "，\n原实施") if language == "zh" else ("Published", ",\neffective")
    days = f"{words[0]} {paper.published}{words[1]} {paper.effective}"
    return (
        Cell("代录原批准", "Attested", approved, _size(approved)),
        Cell("代录原日期", "Attested", days, "small"),
    )


def _acts(sheet: Sheet) -> list[tuple[str, str, list[SignatureLine]]]:
    """Signatures by act, as the cover shows them; publication has dates of its own there.

    What the document's own chain asks for stands there before anybody has signed it.
    """
    meanings = dict(sheet.acts) | {line.act: line.meaning for line in sheet.signatures}
    acts: dict[str, list[SignatureLine]] = {act: [] for act in meanings if act != "publish"}
    for line in sheet.signatures:
        if line.act in acts:
            acts[line.act].append(line)
    return [(*_pair(meanings[act]), lines) for act, lines in acts.items()]


def _signed_by(lines: list[SignatureLine], language: str) -> str:
    """Who signed, by name; departments where several did for theirs, since names don't fit.

    As many as fit, and how many there are: the page of signatures has all of them.
    """
    departments = len(lines) > _NAMES_ON_COVER and all(line.department for line in lines)
    names = [*dict.fromkeys(line.department if departments else line.name for line in lines)]
    joint = "、" if language == "zh" else ", "
    if ems(joint.join(names)) <= _THREE_LINES:
        return joint.join(names)
    total = len(names)
    more = f" 等，共 {total} 方" if language == "zh" else f" and others, {total} in all"
    while len(names) > 1 and ems(joint.join(names) + more) > _THREE_LINES:
        names.pop()
    return joint.join(names) + more * (total > 1)


def _size(text: str) -> str:
    width = ems(text)
    return "" if width <= _ONE_LINE else "small" if width <= _TWO_LINES else "tiny"


def _pair(text: Text) -> tuple[str, str]:
    return text.zh or "", text.en or ""


def _both(zh: str, en: str, language: str) -> str:
    first, second = (zh, en) if language == "zh" else (en, zh)
    return f"{first} {second}".strip() if first != second else first


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
