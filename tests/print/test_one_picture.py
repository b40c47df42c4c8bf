"""Which characters share one picture in the fonts: the list in docs/print.md is closed (DC-18)."""

import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]

from qms.letters import our_fonts, unprintable
from qms_publish.lettering.fonts import font_files

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs" / "print.md"
NUMBER = re.compile(r"U\+([0-9A-F]{4,5})")
RANGE = re.compile(r"U\+([0-9A-F]{4,5}) to U\+([0-9A-F]{4,5})")


def listed() -> tuple[set[int], list[set[int]]]:
    """What the table in the docs has: the ranges, and each group that it names."""
    table = DOCS.read_text(encoding="utf-8").partition("| Which | One picture |")[2]
    rows = [row for row in table.partition("\n\n")[0].split("\n") if row.count("|") > 2]
    ranges: set[int] = set()
    groups = []
    for row in rows[1:]:
        for first, last in RANGE.findall(row):
            ranges |= set(range(int(first, 16), int(last, 16) + 1))
        groups += [{int(one, 16) for one in NUMBER.findall(part)} for part in row.split(";")]
    return ranges, groups


def alike(family: str, weight: str) -> "Iterator[set[int]]":
    """The characters that can be printed and have one picture, of one family and weight."""
    cjk = TTCollection(next(one for one in font_files() if one.stem == f"Noto{family}CJK-{weight}"))
    names = (font["name"].getDebugName(1) for font in cjk.fonts)
    chinese = next(
        font for font, name in zip(cjk.fonts, names, strict=True) if name.endswith("CJK SC")
    )
    own = next(path for path in our_fonts().values() if path.stem == f"Qms{family}-{weight}")
    of_glyph: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    seen: set[int] = set()
    for at, font in enumerate((chinese, TTFont(own))):
        cmap = font.getBestCmap()
        for number, glyph in cmap.items():
            if number not in seen and not unprintable(chr(number)):
                of_glyph[at, glyph].add(number)
        seen |= cmap.keys()
    return (one for one in of_glyph.values() if len(one) > 1)


@pytest.mark.parametrize("family", ["Sans", "Serif"])
@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_docs_list_all_characters_that_have_one_picture(family: str, weight: str) -> None:
    ranges, groups = listed()

    found = list(alike(family, weight))

    assert len(found) > 400
    unlisted = [
        one
        for one in found
        if len(one - ranges) > 1 and not any(one - ranges <= group for group in groups)
    ]
    assert unlisted == []
