# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false
# fontTools brings no types: what it gives is narrowed here and goes no further.
"""Makes a font of the letters that a company draws itself, for pages and stamps alike.

So such a letter is one on paper too: it is read, searched and copied as what was signed. The font
is CFF and each glyph's number its CID, as those that travel with qms: it is cut in the same way.
"""

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

from qms.formats.glyph_files import Glyphs

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

DRAWN_FAMILY: Final = "QMS Drawn"
EM: Final = 1000
_ASCENT, _DESCENT = 880, -120
"""Where the square of a Chinese letter lies about the line that it stands on."""
_SMALLEST, _FARTHEST = 100, 30
"""What is drawn is at least so large, and not farther than this out of its square, where who looks
at the drawing sees nothing and a page shows it over the letters beside.
"""
_MADE: Final = 0x7C259DC0
"""The first second of 1970, as fonts count: the same letters are the same bytes."""
_FLIP: Final = (1, 0, 0, -1, 0, _ASCENT)
"""An SVG counts downwards."""


def is_drawn(outline: str) -> bool:
    """Whether an outline can be read, and draws something of the size of a letter."""
    from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-untyped]  # noqa: PLC0415
    from fontTools.svgLib.path import parse_path  # type: ignore[import-untyped]  # noqa: PLC0415

    pen = BoundsPen(None)
    try:
        parse_path(outline, pen)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, AssertionError):
        return False
    left, top, right, bottom = pen.bounds or (0, 0, 0, 0)
    return (
        max(right - left, bottom - top) >= _SMALLEST
        and min(left, top) >= -_FARTHEST
        and max(right, bottom) <= EM + _FARTHEST
    )


def outline_from(font: bytes, char: str) -> str | None:
    """The outline of a letter as a font's file draws it, on our square; None where it doesn't.

    Raises `ValueError` for what is no font.
    """
    from fontTools.pens.svgPathPen import SVGPathPen  # type: ignore[import-untyped]  # noqa: PLC0415
    from fontTools.pens.transformPen import (  # type: ignore[import-untyped]  # noqa: PLC0415
        TransformPen,
    )
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415

    try:
        with TTFont(BytesIO(font), fontNumber=0, lazy=True) as opened:
            name = opened.getBestCmap().get(ord(char))
            if name is None:
                return None
            glyphs, unit = opened.getGlyphSet(), EM / opened["head"].unitsPerEm
            pen = SVGPathPen(glyphs, ntos=lambda value: f"{round(value)}")
            glyphs[name].draw(TransformPen(pen, (unit, 0, 0, -unit, 0, _ASCENT)))
    except (TTLibError, AttributeError, LookupError) as error:
        raise ValueError(str(error)) from error
    return str(pen.getCommands())


@lru_cache(maxsize=8)
def _font_of(glyphs: tuple[tuple[str, str], ...], style: str) -> bytes:
    from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]  # noqa: PLC0415
    from fontTools.pens.t2CharStringPen import (  # type: ignore[import-untyped]  # noqa: PLC0415
        T2CharStringPen,
    )
    from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415
    from fontTools.svgLib.path import parse_path  # noqa: PLC0415

    names = [".notdef", *(f"cid{at:05d}" for at in range(1, len(glyphs) + 1))]
    drawn = {names[0]: T2CharStringPen(EM, None).getCharString()}
    for name, (_, outline) in zip(names[1:], glyphs, strict=True):
        pen = T2CharStringPen(EM, None)
        parse_path(outline, TransformPen(pen, _FLIP))
        drawn[name] = pen.getCharString()
    codes = [ord(char) for char, _ in glyphs]
    builder = FontBuilder(EM, isTTF=False)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(zip(codes, names[1:], strict=True)))
    full = glyph_name(style)
    builder.setupCFF(full, {"FullName": full}, drawn, {})
    builder.setupHorizontalMetrics(
        {name: (EM, round((drawn[name].calcBounds(None) or (0,))[0])) for name in names}
    )
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    builder.setupNameTable({"familyName": DRAWN_FAMILY, "styleName": style, "psName": full})
    is_bold = style == "Bold"
    builder.setupOS2(
        sTypoAscender=_ASCENT, sTypoDescender=_DESCENT, usWinAscent=_ASCENT, usWinDescent=-_DESCENT,
        usWeightClass=700 if is_bold else 400, fsSelection=0x20 if is_bold else 0x40,
    )  # fmt: skip
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].macStyle = int(is_bold)
    builder.font["head"].created = builder.font["head"].modified = _MADE
    key_by_cid(builder.font, full)
    out = BytesIO()
    builder.font.save(out)
    return out.getvalue()


def glyph_name(style: str) -> str:
    """How the font in ``Regular`` or ``Bold`` is called inside."""
    return f"QmsDrawn-{style}"


def glyph_font(glyphs: Glyphs, style: str) -> bytes:
    """The font of these letters in ``Regular`` or ``Bold``, drawn alike: the same bytes each time.

    Each outline is one that `is_drawn`.
    """
    return _font_of(tuple(sorted(glyphs.items())), style)


def key_by_cid(font: "TTFont", name: str) -> None:
    """Make a font of CFF outlines one whose glyphs are found by their numbers, in place."""
    from fontTools.cffLib import (  # type: ignore[import-untyped]  # noqa: PLC0415
        FDArrayIndex,
        FDSelect,
        FontDict,
    )

    cff = font["CFF "].cff
    top = cff.topDictIndex[0]
    top.GlobalSubrs = cff.GlobalSubrs
    private = top.Private
    part = FontDict()
    part.FontName, part.Private = name, private
    parts, selected = FDArrayIndex(), FDSelect()
    parts.append(part)
    selected.format, selected.gidArray = 3, [0] * len(top.charset)
    top.ROS = ("Adobe", "Identity", 0)
    top.CIDCount = len(top.charset)
    top.FDArray, top.FDSelect = parts, selected
    top.CharStrings.fdArray, top.CharStrings.fdSelect = parts, selected
    for kept in ("Private", "Encoding"):
        top.rawDict.pop(kept, None)
        if hasattr(top, kept):
            delattr(top, kept)
