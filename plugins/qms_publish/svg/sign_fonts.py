"""Fonts whose letters are not what they say: p in Wingdings is a flag, a in Symbol an alpha.

A page sets all letters in its own fonts, and pdftotext reads those: what the author saw is on no
paper then. So letters in such a font are refused, and everything else in the drawing is not.
"""

import re
from typing import Final

from qms_publish.lettering.fonts import SANS_FAMILIES, SERIF_FAMILIES
from qms_publish.svg.lengths import Unlike

_FONTS: Final = re.compile(
    r"(?:symbol(?:[ ]?mt|[ ]?std|ps)?|standard symbols (?:l|ps)|bookshelf symbol \d|symap|d050000l"
    r"|wingdings(?:[ ]?[123])?|webdings|(?:itc )?zapf[ ]?dingbats(?: itc)?|dingbats|marlett"
    r"|mt extra|mathtype mtcode|euclid (?:symbol|extra|math (?:one|two))|ms outlook"
    r"|cm(?:sy|ex|mi)\d+|(?:ai|am)?gdt(?:_?trutype)?|gdt symbols?|material (?:icons|symbols).*"
    r"|code[ ]?(?:39|128|93).*|.*3 of 9.*)"
    r"(?:[ -]regular)?"
)
"""Whole names, in small letters: Segoe UI Symbol and Cambria Math have letters that are letters."""
_SAID: Final = 40


class OfOneFont(Unlike):
    """Letters in a font of signs: they are none in any other."""

    code: Final = "LETTER-SYMBOL"

    def __init__(self, letters: str, font: str) -> None:
        super().__init__(font)
        self.letters = letters[:_SAID]


def own_families(value: str) -> str:
    """The page's own fonts for those that a drawing names; one of signs stands first."""
    names = [one.strip(" \"'") for one in value.partition("!")[0].split(",")]
    signs = [one for one in names if _FONTS.fullmatch(" ".join(one.lower().split()))]
    serif = "serif" in value.lower() and "sans" not in value.lower()
    families = SERIF_FAMILIES if serif or "宋" in value else SANS_FAMILIES
    return f"'{signs[0]}', {families}" if signs else families


def check_font(letters: str, families: str) -> None:
    """Raises `OfOneFont` for letters that one font alone has so."""
    first = families.partition(",")[0].strip("'")
    if letters.strip() and _FONTS.fullmatch(" ".join(first.lower().split())):
        raise OfOneFont(letters.strip(), first)
