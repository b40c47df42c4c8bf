"""How a number is written: one canonical spelling, its printed twins, and what looks like it.

The canonical spelling is the one in files and signatures: ASCII hyphen, half-width letters and
digits, no blanks, case as the class's pattern says. What people type and what old lists hold is
spelt otherwise (``JD/QMA—2006``, ``ＪＤ/QMA--2006``, ``JD/QMA - 2006``); `mended` gives the plain
spelling back, as far as only width, dashes and blanks are concerned. Every other character is
refused by name and place, never dropped in silence: a Cyrillic А is no A.

`twin_key` answers the opposite question: may these two numbers be taken for one another on
paper? It is coarser on purpose (case, look-alike letters, 0 and O, 1 and I) and is never shown.
"""

import re
import unicodedata
from string import ascii_letters, digits
from typing import Final

from qms.api import Finding, Place, Refused

SIGNS: Final = "-_./*+()#&"
"""What may stand in a number beside ASCII letters, digits and `LETTERS`."""

LETTERS: Final = (
    "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\U00020000-\U0002a6df\U0002a700-\U0002ebe0\U00030000-\U000323af"
)
"""Han, kana, bopomofo and Hangul, as ranges of a regular expression; each is its own NFC."""

_ASCII_SIGNS: Final = frozenset(f"{ascii_letters}{digits}{SIGNS}")
_LETTER: Final = f"[{LETTERS}]"  # costly to compile, and most numbers are plain
_DASHES: Final = "\\-\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
_DASH_RUN: Final = re.compile(f"[{_DASHES}]+")
_LONE_DASH_LETTER: Final = "(?<=[0-9a-z.)])[\u4e00\u30fc\u3127](?=[0-9a-z])"  # costly as well
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_UNSEEN: Final = ("Zs", "Cf", "Cc")
_UNSEEN_ASCII: Final = dict.fromkeys((*range(0x21), 0x7F))
_LOOK_ALIKE: Final = str.maketrans(
    # Latin and CJK, then Cyrillic, then Greek; case is folded before, so that a letter stands
    # for what its capital looks like.
    "io\u3007\u00d7"
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458"
    "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7",
    "100xabekmh0pctyxs1jabezh1kmn0ptyx",
)


def _is_sign(character: str) -> bool:
    return character in _ASCII_SIGNS or (
        not character.isascii() and re.match(_LETTER, character) is not None
    )


def charset_fault(text: str, field: str = "number") -> Finding | None:
    """NUMBER-CHARSET for the first character of `text` that no number may hold, else None.

    This is the strict question, for what stands in a file: a full-width letter or an em dash is
    a fault here, though `mended` would understand it. The finding names the character, its place
    in the text (from 1) and, as `instead`, what to write, with ``?`` where only the writer knows.
    """
    for index, character in enumerate(text, start=1):
        if not _is_sign(character):
            return _fault(text, index, field)
    return None


def mended(text: str) -> str:
    """`text` with half-width letters, ASCII hyphens and no blanks, but its case untouched.

    Runs of dashes (``--``, ``——``) become one hyphen. Raises Refused NUMBER-CHARSET for the
    first character that is not a spelling of a permitted one.
    """
    for index, character in enumerate(text, start=1):
        if not all(map(_is_sign, _plain(character))):
            raise Refused(_fault(text, index, "number"))
    return _plain(text)


def twin_key(text: str) -> str:
    """A key that is equal for two numbers that a reader could take for one another.

    It folds width, dashes, blanks, invisible characters, case, 0 and O, 1 and I, and the
    Cyrillic and Greek letters that look Latin. It takes any text and never raises.
    """
    if text.isascii():
        return _DASH_RUN.sub("-", text.translate(_UNSEEN_ASCII).lower().translate(_LOOK_ALIKE))
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    seen = "".join(c for c in folded if unicodedata.category(c) not in _UNSEEN)
    seen = unicodedata.normalize("NFKD", seen.translate(_LOOK_ALIKE))
    return _DASH_RUN.sub("-", re.sub(_LONE_DASH_LETTER, "-", seen))


def _plain(text: str) -> str:
    narrow = unicodedata.normalize("NFC", text.translate(_HALF_WIDTH))
    close = "".join(c for c in narrow if c != "\t" and unicodedata.category(c) != "Zs")
    return _DASH_RUN.sub("-", close)


def _fault(text: str, index: int, field: str) -> Finding:
    character = text[index - 1]
    name = unicodedata.name(character, "a character without a name")
    values = {
        "found": text,
        "character": f"U+{ord(character):04X} {name}",
        "at": str(index),
        "instead": "".join(c if _is_sign(c) else "?" for c in _plain(text)),
    }
    return Finding("NUMBER-CHARSET", Place(field=field), values)
