"""Quotes of running text where those of YAML were meant: `[“ISO 9001:2015”]` is printed with them.

A warning, and of texts that are still written alone: what is signed may have meant it so.
"""

from collections.abc import Iterator
from typing import Final

from qms.domain.kinds.document import Document
from qms.findings import Finding, Place, ShellText
from qms.formats.unquoted import in_quotes

_PAIRS: Final = ("“”", "””", "““", "‘’", "＂＂", "「」")


def curly_quotes(document: Document) -> Iterator[Finding]:
    """QUOTES-CURLY for each item of a list in the head that stands between such quotes."""
    for key in ("clauses", "related", "co_sign"):
        items: tuple[str, ...] = getattr(document, key)
        for at, item in enumerate(items):
            if item[:1] + item[-1:] in _PAIRS:
                like = ShellText(f"{key}: [{', '.join(map(_plain, items))}]")
                values = {"field": key, "found": item, "like": like}
                yield Finding("QUOTES-CURLY", Place(field=f"{key}.{at}"), values)


def _plain(item: str) -> str:
    return in_quotes(item[1:-1] if item[:1] + item[-1:] in _PAIRS else item)
