"""Marks in a title or another field of the head, which is plain text: H~2~O, **重要**.

They are printed as they stand, on the cover and at the head of each page.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from qms.api import Finding, Place
from qms_publish.text.scripts import script_at

_PAIRS: Final = re.compile(r"(?<!\*)\*\*[^\s*][^*]*\*\*(?!\*)|(?<!~)~~[^\s~][^~]*~~(?!~)")
_PLAIN: Final = frozenset({"number", "revision", "second_code"})
"""What the company spells as it likes."""
_BEFORE: Final = 8


def marks_in_fields(fields: Mapping[str, str], place: Place) -> Iterator[Finding]:
    """FIELD-MARKS for each field that has a mark of a text, by its name."""
    for field, text in fields.items():
        found = "" if field in _PLAIN else _first_marks(text)
        if found:
            yield Finding("FIELD-MARKS", Place(path=place.path, field=field), {"found": found})


def _first_marks(text: str) -> str:
    pair = _PAIRS.search(text)
    if pair is not None:
        return pair[0]
    for sign in re.finditer(r"[~^]", text):
        script = script_at(text, sign.start(), len(text), is_behind_script=False)
        if script is not None:
            return text[max(script.start() - _BEFORE, 0) : script.end()]
    return ""
