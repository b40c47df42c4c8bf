"""Copy numbers as people type them: which one somebody means (DC-27).

Width, capitals and leading zeros are form: ``1`` and ``００１`` are ``001``.
"""

import unicodedata
from collections.abc import Iterable


def recognised(text: str, known: Iterable[str]) -> str:
    """The copy number that somebody means: itself, or the only one that differs by form alone.

    Width, capitals and leading zeros are form; what is no twin of one alone stays as it is.
    """
    numbers = set(known)
    twins = [number for number in numbers if twin_of(number) == twin_of(text)]
    return twins[0] if text not in numbers and len(twins) == 1 else text


def twin_of(text: str) -> str:
    """A key that is equal for two copy numbers that differ by form alone."""
    plain = unicodedata.normalize("NFKC", text.strip()).casefold()
    return plain.lstrip("0") if plain.isascii() and plain.isdecimal() else plain
