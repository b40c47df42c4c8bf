# ruff: noqa: E501, INP001, T201 - a script beside the pages, no package; digests are long
"""Makes the four fonts of `qms/data/fonts`, and `qms/data/letters.txt`, from what they are made of.

Run it where these lie (names and digests below), once in years: `python docs/make_fonts.py FOLDER`.
The Chinese fonts have no ☐, ⌀, ₂ or ő. What they lack is drawn here out of the fonts whose Latin
letters they bear themselves (Source Sans, Source Serif), in their size and weight, so that nobody
sees where the one ends and the other begins; symbols come from Noto.
"""

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unicodedata import category

from fontTools.fontBuilder import FontBuilder
from fontTools.misc.transform import Transform
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from qms.glyph_font import key_by_cid

DATA = Path(__file__).parents[1] / "qms" / "data"
VERSION = "1.0"
WIDTH = 100
SOURCES = {  # npm source-sans 3.52.0, source-serif-pro 3.1.0; Debian's fonts-noto-core 20201225-1
    "SourceSans3VF-Upright.otf": "3d0dfd6a3a644ab3d462a737923ffac41fb0ae007ce9ba83c24e6bfa76aa56c7",
    "SourceSerifVariable-Roman.otf": "030837db51d4b52464d880e21423cd418cab585f7084a4401fdc1b4b95225594",
    "NotoSans-Regular.ttf": "89c3c497f618fdaa0b2d1e98fef93582f28c71debd2c4a8cdf41f190ced2909d",
    "NotoSans-Bold.ttf": "e83493c945848ecd4a9ad0f6d19164541a0d3e23a9c952304a00a46e00272ac5",
    "NotoSerif-Regular.ttf": "9d7583b7dc9e812afd32a14280c5cac3160012efe50c8d08938f4fea266ff67f",
    "NotoSerif-Bold.ttf": "0af0ff2be8f84910fb21ec5fe1b6b7395e3073250502a334baf6ca2f860c88fe",
    "NotoSansMath-Regular.ttf": "8242bd1e55368b27e32455260754cf9aa58f3ad7ea80664b66c21f1b09910d6c",
    "NotoSansSymbols-Regular.ttf": "24b615ceb7d50a2c09060664ca9e24a160c9beb6bfca0563e8359369a4bc0993",
    "NotoSansSymbols-Bold.ttf": "c46ee5f6447f99edf6a69e24969bcfee891e3699cff9fc45bfb98ec1b7d684fa",
    "NotoSansSymbols2-Regular.ttf": "876598db5f1e3bef2bc77c4d94c5b0d5d2c1620be4878a06f18fb5434e331688",
    # Debian's fonts-noto-cjk 1:20220127+repack1-1
    "NotoSansCJK-Regular.ttc": "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
    "NotoSansCJK-Bold.ttc": "faa5f3656a78b2e2d450d27fe8382c778bc2b6bb5ea29c986664a6a435056ceb",
    "NotoSerifCJK-Regular.ttc": "a04178ec485dffdff7cc0c0c20e1fce9202d7e2160d805e8e44a4c8841c58481",
    "NotoSerifCJK-Bold.ttc": "a5d4b046c127da3d7c72f98b46c41489cd29bf52abfdf18aba920903e920d4ac",
}


class Face(NamedTuple):
    """One of the four: its weight in the source of its Latin letters, and by what they grow.

    `signs` is the weight of the raised and lowered + - =, `line` the width of the lines of ⌀.
    """

    kind: str
    style: str
    latin: str
    weight: int
    scale: float
    signs: int
    line: int

    @property
    def file(self) -> str:
        """What the font is called."""
        return f"Qms{self.kind}-{self.style}.otf"


SOURCE_SANS, SOURCE_SERIF = "SourceSans3VF-Upright.otf", "SourceSerifVariable-Roman.otf"
FACES = (  # weights and scales at which letters have the area and height of the Chinese fonts' own
    Face("Sans", "Regular", SOURCE_SANS, 400, 1.1166, 400, 62),
    Face("Sans", "Bold", SOURCE_SANS, 645, 1.1335, 645, 105),
    Face("Serif", "Regular", SOURCE_SERIF, 338, 1.0866, 300, 52),
    Face("Serif", "Bold", SOURCE_SERIF, 500, 1.1149, 560, 92),
)
TEXT = (
    *range(0xA0, 0x250),  # Latin
    *range(0x2B0, 0x300),
    *range(0x370, 0x3E2),  # Greek
    *range(0x3F0, 0x400),
    *range(0x400, 0x500),  # Cyrillic
    *range(0x1E00, 0x1F00),  # Latin, as in Vietnamese
    *range(0x2000, 0x2190),  # punctuation, super- and subscripts, currencies, fractions
)
SIGNS = (
    *range(0x2190, 0x2336),  # arrows, operators, signs of drawings
    *range(0x2393, 0x2400),
    *range(0x27C0, 0x2800),
)
WIDE = (
    *range(0x25A0, 0x2600),  # squares, circles, triangles
    *map(ord, "☎☏☐☑☒☓☚☛☜☝☞☟☠☡☢☣♨♲♳♴♵♶♷♸♹♺♻♼♽⚐⚑⚒⚓⚖⚗⚙⚛⚠⚡⚪⚫⛔⛝✁✂✃✄✆✇✈✉✌✍✎✏✐✑✒"),
    *range(0x2713, 0x271D),  # ticks and crosses
    *map(ord, "✱✲✳✴✶✻❄❌❍❏❐❑❒❖❗"),
    *range(0x2776, 0x27BF),  # numbers in circles, arrows
    *map(ord, "⬅⬆⬇⬛⬜⭐"),
)
"""As wide as a Chinese character, as are the signs of these blocks that the Chinese fonts have."""
BOX = 800 / 719
"""Noto's ☐ as large as the □ of the Chinese fonts."""
MIDDLE = 380
DIAMETER = 0x2300
SPACES = {
    **dict.fromkeys((0x20, 0xA0), 250), 0x1680: 500, 0x2000: 500, 0x2001: 1000, 0x2002: 500,
    0x2003: 1000, 0x2004: 333, 0x2005: 250, 0x2006: 167, 0x2007: 555, 0x2008: 278, 0x2009: 200,
    0x200A: 100, 0x202F: 200, 0x205F: 222, 0x3000: 1000,
}  # fmt: skip
"""Widths where the Chinese font has none: a blank is set in the font of the letter before it."""
SANS_IN_SERIF = frozenset(map(ord, "⁺⁻⁼₊₋₌"))
UNSEEN = frozenset({"Cn", "Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"})


@cache
def opened(folder: Path, name: str) -> TTFont:
    """A source; of a collection the face for simplified Chinese. Ends at one of other bytes."""
    data = (folder / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != SOURCES[name]:
        sys.exit(f"{name} is another file: {hashlib.sha256(data).hexdigest()}")
    if not name.endswith(".ttc"):
        return TTFont(folder / name)
    wanted = name.removesuffix(".ttc").replace("CJK-", "CJKsc-")
    fonts = (TTFont(folder / name, fontNumber=at, lazy=True) for at in range(99))
    return next(font for font in fonts if font["name"].getDebugName(6) == wanted)


class Drawn(NamedTuple):
    """A source of letters, and how they are laid on our 1000 units."""

    font: TTFont
    scale: float = 1.0

    def has(self, code: int) -> bool:
        """Whether it draws the character."""
        return code in self.font.getBestCmap()

    def glyph(self, code: int, laid: str) -> tuple[object, int]:
        """The charstring and advance of a character, laid as ``text``, ``sign`` or ``wide``."""
        glyphs = self.font.getGlyphSet()
        glyph = glyphs[self.font.getBestCmap()[code]]
        unit = self.scale * 1000 / self.font["head"].unitsPerEm
        bounds = BoundsPen(glyphs)
        glyph.draw(bounds)
        left, _, right, _ = bounds.bounds or (0, 0, 0, 0)
        x = y = 0.0
        if laid == "wide":
            unit = min(BOX * 1000 / self.font["head"].unitsPerEm, 940 / (right - left))
            y = MIDDLE - 359.5 * unit if right > left else 0
        wide = round(glyph.width * unit)
        if laid == "wide":
            x, wide = 500 - (left + right) / 2 * unit, 1000
        pen = T2CharStringPen(wide, glyphs)
        glyph.draw(TransformPen(pen, Transform(unit, 0, 0, unit, x, y)))
        return pen.getCharString(), wide


def diameter(line: int) -> tuple[object, int]:
    """⌀ as high as a digit: a ring that a line crosses."""
    wide, middle, outer = 760, 366, 300
    pen = T2CharStringPen(wide, None)
    for radius, turn in ((outer, 1), (outer - line, -1)):
        k = radius * 0.5523
        way = [(radius, 0), (radius, k), (k, radius), (0, radius), (-k, radius), (-radius, k),
               (-radius, 0), (-radius, -k), (-k, -radius), (0, -radius), (k, -radius), (radius, -k),
               (radius, 0)]  # fmt: skip
        points = [(wide / 2 + x, middle + y) for x, y in way[::turn]]
        pen.moveTo(points[0])
        for at in range(1, len(points), 3):
            pen.curveTo(*points[at : at + 3])
        pen.closePath()
    half = line * 0.45
    ends = ((-350 - half, -350 + half), (-350 + half, -350 - half), (350 + half, 350 - half),
            (350 - half, 350 + half))  # fmt: skip
    pen.moveTo((wide / 2 + ends[0][0], middle + ends[0][1]))
    for x, y in ends[1:]:
        pen.lineTo((wide / 2 + x, middle + y))
    pen.closePath()
    return pen.getCharString(), wide


@cache
def latin(folder: Path, face: Face) -> Drawn:
    """The source of a face's Latin letters, in its weight and size."""
    opened(folder, face.latin)
    font = TTFont(folder / face.latin)
    cut = Subsetter()
    cut.populate(unicodes=TEXT)
    cut.subset(font)
    return Drawn(instantiateVariableFont(font, {"wght": face.weight}), face.scale)


def chains(folder: Path, face: Face) -> Mapping[str, tuple[Drawn, ...]]:
    """Where the letters of a face are looked for, in order, by how they are laid."""
    noto = Drawn(opened(folder, f"Noto{face.kind}-{face.style}.ttf"), 1.013)
    symbols = Drawn(opened(folder, f"NotoSansSymbols-{face.style}.ttf"))
    others = tuple(
        Drawn(opened(folder, name))
        for name in ("NotoSansSymbols2-Regular.ttf", "NotoSansMath-Regular.ttf")
    )
    return {
        "text": (latin(folder, face), noto, symbols, *others),
        "sign": (symbols, others[1], others[0]),
        "wide": (others[0], symbols, others[1]),
    }


def letters(folder: Path) -> tuple[dict[int, str], frozenset[int]]:
    """How each letter that is drawn is laid; and those that both Chinese sans fonts have.

    A few rare ones the serif fonts lack: they are set in sans there.
    """
    held = [
        set(opened(folder, f"Noto{face.kind}CJK-{face.style}.ttc").getBestCmap()) for face in FACES
    ]
    laid = dict.fromkeys(TEXT, "text") | dict.fromkeys(SIGNS, "sign") | dict.fromkeys(WIDE, "wide")
    chinese = set.intersection(*held)
    return {
        code: how
        for code, how in laid.items()
        if code not in chinese and category(chr(code)) not in UNSEEN
    }, frozenset(held[0] & held[1])


def made(folder: Path, face: Face, laid: Mapping[int, str]) -> TTFont:
    """The font of a face: CFF, each glyph's number its CID, measures of lines as the Chinese ones.

    Tools that cut the Chinese fonts can so cut these in the same way.
    """
    sources = chains(folder, face)
    serif = face.kind == "Serif"
    chinese = opened(folder, f"Noto{face.kind}CJK-{face.style}.ttc")
    blanks, advances = chinese.getBestCmap(), chinese["hmtx"].metrics
    drawn: dict[int, tuple[object, int]] = {}
    for code, width in SPACES.items():
        wide = advances[blanks[code]][0] if code in blanks else width
        drawn[code] = T2CharStringPen(wide, None).getCharString(), wide
    drawn[DIAMETER] = diameter(face.line)
    for code, how in sorted(laid.items()):
        if code in drawn:
            continue
        chain = sources[how]
        if serif and code in SANS_IN_SERIF:
            sans = next(one for one in FACES if (one.kind, one.style) == ("Sans", face.style))
            chain = (latin(folder, sans._replace(weight=face.signs, scale=face.scale)),)
        found = next((source for source in chain if source.has(code)), None)
        if found is not None:
            drawn[code] = found.glyph(code, how)
    names = [".notdef", *(f"cid{at:05d}" for at in range(1, len(drawn) + 1))]
    empty = T2CharStringPen(1000, None).getCharString()
    glyphs = dict(zip(names, [empty, *(glyph for glyph, _ in drawn.values())], strict=True))
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(zip(drawn, names[1:], strict=True)))
    full = f"Qms{face.kind}-{face.style}"
    builder.setupCFF(full, {"FullName": full}, glyphs, {})
    widths = [1000, *(wide for _, wide in drawn.values())]
    bounds = {name: glyphs[name].calcBounds(None) or (0, 0, 0, 0) for name in names}
    lefts = [round(bounds[name][0]) for name in names]
    metrics = dict(zip(names, zip(widths, lefts, strict=True), strict=True))
    builder.setupHorizontalMetrics(metrics)
    lines, win = chinese["hhea"], chinese["OS/2"]
    builder.setupHorizontalHeader(ascent=lines.ascent, descent=lines.descent, lineGap=lines.lineGap)
    builder.setupNameTable(
        {
            "familyName": f"QMS {face.kind}",
            "styleName": face.style,
            "uniqueFontIdentifier": f"{VERSION};QMS;{full}",
            "fullName": f"QMS {face.kind} {face.style}",
            "version": f"Version {VERSION}",
            "psName": full,
            "copyright": "Made of fonts by Adobe and the Noto project; see LICENSE.txt",
            "licenseDescription": "SIL Open Font License, Version 1.1",
        }
    )
    builder.setupOS2(
        sTypoAscender=win.sTypoAscender,
        sTypoDescender=win.sTypoDescender,
        sTypoLineGap=win.sTypoLineGap,
        usWinAscent=win.usWinAscent,
        usWinDescent=win.usWinDescent,
        sxHeight=win.sxHeight,
        sCapHeight=win.sCapHeight,
        usWeightClass=400 if face.style == "Regular" else 700,
        fsSelection=0x40 if face.style == "Regular" else 0x20,
        fsType=0,
    )
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].macStyle = 0 if face.style == "Regular" else 1
    builder.font["head"].created = builder.font["head"].modified = 0
    key_by_cid(builder.font, full)
    return builder.font


def runs(codes: Iterable[int]) -> Iterator[str]:
    """Runs of characters, as in ``20-7E A0-103``."""
    known = sorted(codes)
    first = last = known[0]
    for code in [*known[1:], sys.maxsize]:
        if code != last + 1:
            yield f"{first:X}" if first == last else f"{first:X}-{last:X}"
            first = code
        last = code


def table(codes: Iterable[int]) -> str:
    """The runs in lines of at most a hundred letters."""
    lines = [""]
    for run in runs(codes):
        if len(lines[-1]) + len(run) >= WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {run}".strip()
    return "\n".join(lines) + "\n"


def main(folder: Path) -> None:
    """Make the fonts and the table, from the sources in `folder`."""
    laid, chinese = letters(folder)
    held: list[set[int]] = []
    for face in FACES:
        font = made(folder, face, laid)
        path = DATA / "fonts" / face.file
        font.save(path)
        held.append(set(font.getBestCmap()))
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path.stat().st_size)
    if any(one != held[0] for one in held):
        sys.exit("the four hold different letters")
    (DATA / "letters.txt").write_text(table(chinese | held[0]), encoding="ascii")
    print(len(held[0]), "letters")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
