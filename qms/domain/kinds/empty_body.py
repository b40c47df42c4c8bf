"""A text that says nothing yet: headings alone, with 无 or the like beneath them."""

import re
from typing import Final

_NOTHING: Final = frozenset(("", "无", "略", "不适用", "待定", "none", "nil", "n/a", "na", "tbd"))
_AROUND: Final = re.compile(r"^[\s>*_+\-.。;；,，:：()（）]+|[\s*_.。;；,，:：()（）]+$")


def says_nothing(body: str) -> bool:
    """Whether a body holds nothing but headings, blanks and words for nothing."""
    lines = (line.strip() for line in body.splitlines())
    return all(
        line.startswith("#") or _AROUND.sub("", line).casefold() in _NOTHING for line in lines
    )


def is_empty(body: str) -> bool:
    """Whether there is not even such a word: blanks, or headings alone."""
    lines = (line.strip() for line in body.splitlines())
    return all(not line or line.startswith("#") for line in lines)
