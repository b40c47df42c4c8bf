"""The labels of an enumeration that is typed without Markdown's lists: `A.`, `一、`, （1）, ①."""

import re
from typing import Final
from unicodedata import category

from qms_publish.late import Late

_CHINESE: Final = "[一二三四五六七八九十百]{1,4}"
_LABEL: Final = Late(
    rf"[（(](?:\d{{1,3}}|[a-zA-Z]|{_CHINESE})[）)]|\d{{1,3}}(?:[)）、]|[.．](?![\d.．]))"
    rf"|{_CHINESE}[、．.]|[a-zA-Z][)）、]|[a-zA-Z][.．](?=[ \t\u3000\u2e80-\u9fff])"
    rf"|[\u2460-\u24ff\u2776-\u2793\u3220-\u3229]|第(?:\d{{1,3}}|{_CHINESE})[条款项步]"
)
_NUMBER: Final = re.compile(rf"\d{{1,3}}|{_CHINESE}")
_SORTS: Final = {"Lu": "A", "Ll": "a", "No": "①"}


def label_of(line: str) -> str:
    """How an item's label is written, alike for all of an enumeration: ``A.`` of B. and C. too.

    Nothing for a line that has none; a clause's number (5.1) and the signs of lists are none.
    """
    found = _LABEL.match(line.strip())
    if found is None:
        return ""
    plain = _NUMBER.sub("0", found[0])
    return "".join(_SORTS.get(category(sign), sign) for sign in plain)
