"""Which letters can be printed, asked here alone: by `check`, by what sets pages, by stamps.

The Chinese fonts of the system have no ☐, ⌀, ₂ or ő. Four small fonts that travel with qms draw
what they lack, the same bytes on every machine (docs/make_fonts.py), and a table names all letters
that both draw, in sans and serif, regular and bold. So a text is judged alike everywhere, also
where no fonts are; a letter that the table lacks would be printed as an empty box, or in a font
that somebody happens to have.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Container, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final
from unicodedata import category

from qms.findings import Finding, Place, QmsError

OUR_SANS: Final = "QMS Sans"
OUR_SERIF: Final = "QMS Serif"
ORDINARY_LETTERS: Final = (
    "\t\n -~\u4e00-\u9fa5\u3000-\u3002\uff01-\uff5e“”‘’《》（）—…≥≤±×°℃Ω□■○●√☐☑☒✓✗⌀²³⁰⁴-⁹⁺⁻₀-₉"
)
"""What most texts are written in, for a set of a pattern: the table takes 5 ms to read."""
_ORDINARY: Final = re.compile(f"[{ORDINARY_LETTERS}]*")
_FONTS: Final = {
    "QmsSans-Bold.otf": "13c8d801c40da6a229717096efe53a8bde3757daa5347d9c998a08a8ff8fc56c",
    "QmsSans-Regular.otf": "ccc27cfcb17c00ec7bd6d5e9d0a1735a0cba60351659592e2e7c8c9cd5f6f7f7",
    "QmsSerif-Bold.otf": "1c847e21ce32a344f7291cd10ade2723a7e6a2f78a6b8fd49722f58742ff8e01",
    "QmsSerif-Regular.otf": "7012bdadcee4cd2cb46be4b7a212581b43b7adf1173be70430595497dc706625",
}
"""By name the SHA-256 of each font that we draw with; one of other bytes is none of ours."""
_DATA: Final = Path(__file__).parent / "data"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_SHAPING: Final = frozenset(
    (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
     *range(0x13430, 0x13440))
)  # fmt: skip
"""Signs of category Cf that are drawn: over the letters behind them, or turning their order."""
_UPON_OTHERS: Final = frozenset({"Mn", "Me"})
"""Accents that stand by themselves: the fonts lay them beside the letter that they belong to."""
_SELECTORS: Final = range(0xFE00, 0xFE10)


def unprintable(text: str, drawn: Container[str] = ()) -> tuple[str, ...]:
    """The characters of `text` that can't be printed, in the order of their numbers.

    `drawn` are those that the company draws itself (`qms.formats.glyph_files`).
    """
    if _ORDINARY.fullmatch(text):
        return ()
    starts, ends = _ranges()
    return tuple(
        char
        for char in sorted(set(text))
        if not _is_unseen(char)
        and char not in drawn
        and (
            ord(char) > ends[bisect_right(starts, ord(char)) - 1] or category(char) in _UPON_OTHERS
        )
    )


def our_fonts(folder: Path = _DATA / "fonts") -> Mapping[str, Path]:
    """By name the four fonts that draw what the Chinese ones lack.

    Raises RENDER-LOCK for one that is not there, or has other bytes than those known here.
    """
    for name, digest in _FONTS.items():
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError:
            found = "-"
        if found != digest:
            values = {"file": name, "package": "qms-git", "found": found[:12]}
            raise QmsError(Finding("RENDER-LOCK", Place(), values))
    return {name: folder / name for name in _FONTS}


def our_digests() -> tuple[str, ...]:
    """Each of the four with the digest of its bytes, as `toolchain` tells them."""
    return tuple(f"{name} {digest}" for name, digest in _FONTS.items())


def _is_unseen(char: str) -> bool:
    """Whether a character needs no picture: spaces, marks of direction, choices of a variant.

    No signed text may hold most of these, which is told elsewhere.
    """
    unseen = category(char) in _UNSEEN and ord(char) not in _SHAPING
    return unseen or ord(char) in _SELECTORS


@lru_cache(maxsize=1)
def _ranges() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last of each run of characters, after one that holds none."""
    data = (_DATA / "letters.txt").read_text(encoding="ascii")
    pairs = [run.partition("-") for run in data.split()]
    starts = (0, *(int(first, 16) for first, _, _ in pairs))
    return starts, (-1, *(int(last or first, 16) for first, _, last in pairs))
