"""Private keys and tokens that somebody pasted into a text: once shared, they can't be taken back.

Only forms that name themselves are known, so that an honest text never meets one: a private key
with some of its content, and tokens with the prefix that their makers gave them to be found by.
"""

import re
from typing import Final, NamedTuple

_FORMS: Final = {
    "BEGIN … PRIVATE KEY": (
        r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[\s>*|-]|<br>|\\n){1,8}"
        r"(?:[A-Za-z-]{1,20}: [^\n]{0,80}\n){0,4}[\s>*|-]{0,8}[A-Za-z0-9+/=]{40}"
        r"|PuTTY-User-Key-File-[23]: |AGE-SECRET-KEY-1[02-9A-Z]{58}"
    ),
    "GitHub gh…_": r"\bgh[opsur]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{82}",
    "GitLab glpat-": r"\bglpat-[A-Za-z0-9_-]{20}",
    "AWS AKIA": r"\bAKIA[A-Z0-9]{16}\b",
    "Alibaba Cloud LTAI": r"\bLTAI[A-Za-z0-9]{20}\b",
    "Tencent Cloud AKID": r"\bAKID[A-Za-z0-9]{32}\b",
    "Slack xox": r"\bxox[abprs]-[0-9A-Za-z-]{20}",
}
_LAST, _VARIED = 16, 7
"""With fewer different ones among so many of its last letters, behind the words that each begins
with, it is a picture of one, such as ``ghp_xxxxxxxx``."""
_ANY: Final = re.compile("|".join(f"({form})" for form in _FORMS.values()))


class Leak(NamedTuple):
    """By what it was known, and the line it begins in."""

    what: str
    line: int


def leak_in(text: str) -> Leak | None:
    """The first secret in a text, or None; in time that grows with the text alone."""
    for found in _ANY.finditer(text):
        what = tuple(_FORMS)[(found.lastindex or 1) - 1]
        if len(set(found[0][-_LAST:])) >= _VARIED:
            return Leak(what, text.count("\n", 0, found.start()) + 1)
    return None
