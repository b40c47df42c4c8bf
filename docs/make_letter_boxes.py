# ruff: noqa: INP001, T201 - a script beside the pages, no package
"""Makes `plugins/qms_publish/data/letter_boxes.bin`: where each letter has its ink, by our fonts.

Run it where the fonts of `docs/make_fonts.py` lie, once they or `qms/data/letters.txt` have
changed: `python docs/make_letter_boxes.py`. A drawing is judged by it alike on machines that have
no fonts. It takes some minutes.
"""

import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from struct import pack

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTCollection, TTFont

from qms.api import our_fonts
from qms_publish.lettering.fonts import font_files
from qms_publish.lettering.ink import FACES, PARTS

ROOT = Path(__file__).parents[1]


def codes() -> Iterator[int]:
    """The letters that can be printed."""
    for run in (ROOT / "qms" / "data" / "letters.txt").read_text(encoding="ascii").split():
        first, _, last = run.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def chain(kind: str, style: str) -> list[TTFont]:
    """The fonts that draw in this family and weight, in their order."""
    path = next(one for one in font_files() if one.name == f"Noto{kind}CJK-{style}.ttc")
    faces = TTCollection(path, lazy=True).fonts
    first = next(
        one for one in faces if one["name"].getDebugName(4).startswith(f"Noto {kind} CJK SC")
    )
    return [first, TTFont(our_fonts()[f"Qms{kind}-{style}.otf"])]


def measured(fonts: Sequence[TTFont], letters: Sequence[int]) -> list[list[int]]:
    """Left, bottom, right, top of each letter's ink and its width, in hundredths of its size."""
    found: list[list[int]] = [[] for _ in range(5)]
    looked = [(one.getBestCmap(), one.getGlyphSet(), one["hmtx"], one["head"]) for one in fonts]
    for code in letters:
        names, glyphs, widths, head = next(one for one in looked if code in one[0])
        pen = BoundsPen(glyphs)
        glyphs[names[code]].draw(pen)
        sides = (*(pen.bounds or (0, 0, 0, 0)), widths[names[code]][0])
        for part, side in zip(found, sides, strict=True):
            part.append(round(side * PARTS / head.unitsPerEm))
    return found


def main() -> None:
    """Write the table."""
    letters = list(codes())
    columns: list[bytes] = []
    for kind, style in FACES:
        fonts = chain(kind, style)
        fonts += chain("Sans", style) if kind == "Serif" else []
        columns += (pack(f"<{len(letters)}h", *one) for one in measured(fonts, letters))
        print(kind, style)
    steps = (code - before for before, code in pairwise([0, *letters]))
    data = b"".join([pack(f"<{len(letters)}I", *steps), *columns])
    path = ROOT / "plugins" / "qms_publish" / "data" / "letter_boxes.bin"
    path.write_bytes(zlib.compress(data, 9))


if __name__ == "__main__":
    main()
