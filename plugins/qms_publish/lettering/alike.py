"""Characters that have a picture and are read on paper as something else: 1 and 0 as 10.

Blanks of a fifth of a letter and less can't be told from none, and the dot U+2024, a point in an
editor, is drawn at half height. A hyphen that parts no word (U+2011) has the picture of the one on
the keyboard, and a reader of the file takes each of the document's for it. Between a number and its
unit a thin blank is typeset practice, and 5 mm is read alike with it and without. A ligature (ﬁ, of
a text copied from a PDF) is what the fonts draw of f and i: where one stands, a reader of the file
takes all f and i of the document for it, and nobody finds final.
"""

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import normalize

from qms.api import Finding, Place

_ALIKE: Final = re.compile("[\u2006\u2009\u200a\u2010\u2011\u2024\u202f\ufb00-\ufb06]")
_MEASURED: Final = re.compile("[0-9][\u2009\u202f][A-Za-zΑ-ωµΩ°℃%‰]")
_LOOKS: Final = {
    "\u2010": ("the hyphen -, with a wide gap around it", "两侧留有空隙的连字符 -"),
    "\u2011": ("the hyphen -", "连字符 -"),
    "\u2024": ("a dot at half height", "居中的点"),
    **{
        sign: (f"the letters {normalize('NFKC', sign)}", f"字母 {normalize('NFKC', sign)}")
        for sign in map(chr, range(0xFB00, 0xFB07))
    },
}
_AROUND: Final = 8
"""So many characters on each side tell where it stands."""


def misread_letters(text: str, place: Place) -> Iterator[Finding]:
    """LETTER-ALIKE for the first such character of a text, which is a line or a field."""
    for found in _ALIKE.finditer(text):
        at, char = found.start(), found[0]
        if _MEASURED.match(text, max(0, at - 1)):
            continue
        looks = _LOOKS.get(char, ("no blank", "没有空格"))
        values = {
            "found": text[max(0, at - _AROUND) : at + _AROUND + 1].strip(),
            "number": f"U+{ord(char):04X}",
            "looks": looks[0],
            "looks_zh": looks[1],
        }
        yield Finding("LETTER-ALIKE", place, values)
        return
