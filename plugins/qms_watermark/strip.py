"""Where each part of a mark stands on a page: the strip, the time mark, the cover's fields.

Pages leave two bands white for it: y 8 to 14 mm for the time mark and, 25 to 9 mm above the lower
edge, the strip. On a cover the fields 受控/非受控, copy number and holder wait at fixed places.
Nothing is ever clipped: what is long is set smaller, then on two lines, then refused.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final
from unicodedata import east_asian_width

import segno
from segno.encoder import DataOverflowError

from qms.api import StampRequest, refused
from qms_watermark.marks import LOOKS, StampKind, StampLook
from qms_watermark.pen import MM, Pen, Typeface

STRIP_FROM_BOTTOM = 25.0
STRIP_HEIGHT = 16.0
RIGHT = 20.0
LEFT_PORTRAIT, LEFT_LANDSCAPE = 25.0, 20.0
FRAME = (44.0, 12.6)
TEXT_AFTER_FRAME = 5.0
LINES, LINES_OVER_CODE, CODE_LINE = (4.6, 9.4, 13.8), (4.5, 8.4, 11.8), 14.5
TIME_MARK = (8.0, 6.0)
COVER_BOX_TOP, COVER_BOX_SIDE = 235.0, 3.4
COVER_BOXES = (55.0, 93.0)
COVER_LINE = 251.6
COVER_COPY = (55.0, 95.0)
COVER_HOLDER = (128.0, 190.0)
QUIET = 4
_QR_VERSIONS = (3, 4, 5)
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
_BREAK = re.compile(r"[ \-\u2010\u2013/]")
"""Behind these a word may be broken."""
_GREY, _DIM, _TIME = "#333333", "#555555", "#8a5a00"


@dataclass(frozen=True, slots=True)
class PageRole:
    """What tells one drawing from another: the page's size in points, and whether it is a cover."""

    width: float
    height: float
    cover: bool

    @property
    def landscape(self) -> bool:
        """Whether the page is wider than high."""
        return self.width > self.height


_A4: Final = (595.28, 841.89)
PAGES: Final = (
    PageRole(*_A4, cover=True),
    PageRole(*_A4, cover=False),
    PageRole(*_A4[::-1], cover=False),
)
"""The pages that there are: covers stand upright."""


def drawn(mark: StampRequest, role: PageRole) -> Pen:
    """The whole mark for pages of one role. Raises HOLDER-LONG, CODE-LONG, GLYPH-MISSING."""
    look = LOOKS[StampKind(mark.kind)]
    pen = Pen(role.width / MM, role.height / MM)
    if look.across:
        tilt = 32.0 if role.landscape else 50.0
        style = Typeface(size=72, colour="#e4e4e4", weight="Bold")
        pen.across(look.across, style, tilt)
    _strip(pen, mark, look, LEFT_LANDSCAPE if role.landscape else LEFT_PORTRAIT)
    _time_mark(pen, mark, look)
    if role.cover:
        _cover(pen, mark, look)
    return pen


def _strip(pen: Pen, mark: StampRequest, look: StampLook, left: float) -> None:
    top = pen.height - STRIP_FROM_BOTTOM
    _frame(pen, mark, look, left, top)
    start, end = left + FRAME[0] + TEXT_AFTER_FRAME, pen.width - RIGHT
    if look.listed and mark.code:
        end = _code(pen, mark.code, top) - 2.0
        _fitted(pen, (start, end, top + CODE_LINE), mark.code, Typeface(size=5.5, colour=_DIM))
    if look.listed and mark.copy:
        _copy_lines(pen, mark, look, (start, end, top))
    else:
        _note_lines(pen, mark, look, (start, end, top))


def _frame(pen: Pen, mark: StampRequest, look: StampLook, left: float, top: float) -> None:
    wide, high = FRAME
    y = top + (STRIP_HEIGHT - high) / 2
    if mark.wet_chop:
        pen.frame((left, y, wide, high), 0.6, "#777777", dash="3 2")
        label = f"{look.zh} {look.en}"
        pen.text(left + 1.2, y + 3.2, label, Typeface(size=6.5, colour="#777777"))
        return
    if look.dashed:
        pen.frame((left, y, wide, high), 1.1, look.colour, dash="4 2")
    else:
        pen.frame((left, y, wide, high), 1.1, look.colour, radius=1.6)
    middle = left + wide / 2
    zh = Typeface(size=15, colour=look.colour, weight="Bold", spacing=0.35)
    en = Typeface(size=7.5, colour=look.colour, weight="Bold", spacing=0.12)
    pen.centred(middle, y + 7.0, look.zh, zh)
    pen.centred(middle, y + 10.9, look.en, en)


def _code(pen: Pen, text: str, top: float) -> float:
    """Draw the QR so that its dark edge meets the text edge; gives its left edge."""
    code = _smallest_code(text)
    unit = STRIP_HEIGHT / (len(code.matrix) + 2 * QUIET)
    x = pen.width - RIGHT + QUIET * unit - STRIP_HEIGHT
    pen.squares(x, top, STRIP_HEIGHT, code.matrix, QUIET)
    return x


def _smallest_code(text: str) -> segno.QRCode:
    """The code, never below version 3: one size on paper; the fixed mask makes it fast.

    Capitals and digits alone take two thirds of the room.
    """
    mode = "alphanumeric" if _ALPHANUMERIC.fullmatch(text) else "byte"
    encoding = None if mode == "alphanumeric" else "utf-8"
    for version in _QR_VERSIONS:
        with suppress(DataOverflowError):
            return segno.make_qr(
                text, error="m", boost_error=False, mask=2, version=version,
                encoding=encoding, mode=mode,
            )  # fmt: skip
    raise refused("CODE-LONG", found=text)


def _copy_lines(
    pen: Pen, mark: StampRequest, look: StampLook, area: tuple[float, float, float]
) -> None:
    """Copy number, holder, identity; a long holder takes the place of the third line."""
    start, end, top = area
    one, two, three = LINES_OVER_CODE if mark.code else LINES
    first = Typeface(size=9.5, colour=look.colour, weight="Bold")
    after = pen.text(start, top + one, f"分发号 Copy No. {mark.copy}", first)
    holder = _holder_of(mark)
    label = "持有者 Holder "
    sizes = (8.5, 8.0, 7.5, 7.0)
    for size in sizes:
        style = Typeface(size=size, colour=_GREY)
        if style.width(label + holder) <= end - start:
            pen.text(start, top + two, label + holder, style)
            _identity(pen, mark, (start, end, top + three))
            return
    lines = two_lines(label + holder, (7.5, 7.0, 6.5, 6.0), end - start)
    if lines:
        style = replace(lines[2], colour=_GREY)
        pen.text(start, top + two - 0.2, lines[0], style)
        pen.text(start, top + three - 0.3, lines[1], style)
        _identity(pen, mark, (after + 4, end, top + one))
        return
    raise refused("HOLDER-LONG", found=holder)


def _identity(pen: Pen, mark: StampRequest, area: tuple[float, float, float]) -> None:
    """Number, revision and the day of issue or print, in the smallest words that fit."""
    start, end, y = area
    both = " · ".join(one for one in (mark.number, mark.revision) if one)
    choices = [both]
    told = mark.issued or mark.printed_on
    if told:
        words = "发放日期 Issued" if mark.issued else "打印日期 Printed"
        choices = [f"{both} · {words} {told}", f"{both} · {told}", both]
    for size in (7.5, 6.5, 5.5, 4.5):
        style = Typeface(size=size, colour=_DIM)
        for text in choices:
            if style.width(text) <= end - start:
                pen.text(start, y, text, style)
                return
    raise refused("HOLDER-LONG", found=both)


def _note_lines(
    pen: Pen, mark: StampRequest, look: StampLook, area: tuple[float, float, float]
) -> None:
    """What the reader may do with it, in both languages, and what it is a copy of."""
    start, end, top = area
    zh, en = _obsolete_words(mark) if mark.obsolete_from or mark.replaced_by else look.note
    _fitted(pen, (start, end, top + 4.6), zh, Typeface(size=9.5, colour=look.colour, weight="Bold"))
    _fitted(pen, (start, end, top + 9.4), en, Typeface(size=8.5, colour=_GREY))
    _identity(pen, mark, (start, end, top + 13.8))


def _obsolete_words(mark: StampRequest) -> tuple[str, str]:
    day = mark.obsolete_from.isoformat() if mark.obsolete_from else ""
    zh = [f"自{day}起作废"] if day else []
    en = [f"Obsolete from {day}."] if day else []
    if mark.replaced_by:
        zh.append(f"由 {mark.replaced_by} 代替")
        en.append(f"Replaced by {mark.replaced_by}.")
    return "，".join(zh or ["不得使用"]), " ".join(en or ["Not for use."])


def _fitted(pen: Pen, area: tuple[float, float, float], text: str, style: Typeface) -> None:
    """One line, set smaller until it fits."""
    start, end, y = area
    wide = style.width(text)
    if wide > end - start:
        size = int(style.size * (end - start) / wide * 10) / 10
        style = Typeface(size=size, colour=style.colour, weight=style.weight)
    pen.text(start, y, text, style)


def _time_mark(pen: Pen, mark: StampRequest, look: StampLook) -> None:
    words = [" ".join(look.time_mark)] if any(look.time_mark) else []
    if words and mark.obsolete_from:
        words.append(_obsolete_words(mark)[0])
    if mark.as_of:
        words.insert(0, f"非最新状态 NOT THE NEWEST STATE · {mark.as_of}")
    if mark.preview:
        words.insert(0, "预览 PREVIEW")
    if mark.effective:
        day = mark.effective.isoformat()
        words.append(f"自{day}起实施 EFFECTIVE FROM {day}")
    if not words:
        return
    text = " · ".join(words)
    colour = _TIME if mark.effective or mark.as_of else look.colour
    style = Typeface(size=9.5, colour=colour, weight="Bold")
    most = pen.width - 2 * LEFT_PORTRAIT - 8
    if style.width(text) > most:
        size = int(style.size * most / style.width(text) * 10) / 10
        style = Typeface(size=size, colour=colour, weight="Bold")
    wide = style.width(text) + 8
    y, high = TIME_MARK
    pen.frame(((pen.width - wide) / 2, y, wide, high), 0.8, colour, radius=1.0)
    pen.centred(pen.width / 2, y + 4.2, text, style)


def _cover(pen: Pen, mark: StampRequest, look: StampLook) -> None:
    """Tick the box, write the copy number and the holder on their lines."""
    if look.box:
        x, y = COVER_BOXES[look.box - 1], COVER_BOX_TOP
        tick = ((x + 0.7, y + 1.8), (x + 1.45, y + 2.65), (x + 2.8, y + 0.75))
        pen.line(tick, 1.2, look.colour)
    if not (look.listed and mark.copy):
        return
    number = Typeface(size=12, colour=look.colour, weight="Bold")
    pen.text(COVER_COPY[0] + 1, COVER_LINE - 1.1, mark.copy, number)
    start, end = COVER_HOLDER
    holder = _holder_of(mark)
    for size in (10.5, 9.5, 9.0, 8.0):
        if Typeface(size=size).width(holder) <= end - start:
            pen.text(start + 0.5, COVER_LINE - 1.1, holder, Typeface(size=size))
            return
    lines = two_lines(holder, (7.5, 7.0, 6.5, 6.0, 5.5), end - start)
    if lines:
        pen.text(start + 0.5, COVER_LINE - 4.3, lines[0], lines[2])
        pen.text(start + 0.5, COVER_LINE - 1.1, lines[1], lines[2])
        return
    raise refused("HOLDER-LONG", found=holder)


def _holder_of(mark: StampRequest) -> str:
    if mark.department and mark.department not in mark.holder:
        return f"{mark.department} {mark.holder}".strip()
    return mark.holder


def two_lines(
    text: str, sizes: tuple[float, ...], width: float
) -> tuple[str, str, Typeface] | None:
    """`text` broken once, as far right as fits, in the largest size it does; None if in none.

    Behind a blank or a hyphen if one is near, in the smallest size rather than inside a word.
    Chinese text is broken anywhere.
    """
    for is_word_broken in (False, True):
        for size in sizes:
            style = Typeface(size=size)
            at = _cut(text, style, width, is_word_broken=is_word_broken)
            rest = text[at:].lstrip()
            if at and style.width(rest) <= width:
                return text[:at].rstrip(), rest, style
    return None


def _cut(text: str, style: Typeface, width: float, *, is_word_broken: bool) -> int:
    at = len(text)
    while at and style.width(text[:at]) > width:
        at -= 1
    if is_word_broken or not _is_inside_word(text, at):
        return at
    near = [found.end() for found in _BREAK.finditer(text, at * 2 // 3, at)]
    return near[-1] if near else 0


def _is_inside_word(text: str, at: int) -> bool:
    beside = text[max(at - 1, 0) : at + 1]
    return not any(one.isspace() or east_asian_width(one) in "WF" for one in beside) and (
        _BREAK.fullmatch(beside[:1]) is None
    )
