"""Sums that are typed line by line: `净重 = 毛重`, below it `- 皮重`.

Markdown takes each minus for the dot of an item, and each sign of multiplication too.
"""

import re
from collections.abc import Sequence
from typing import Final

from qms_publish.text.tokens import Token

_EQUALS: Final = ("=", "＝")
_OPERATOR: Final = re.compile(r"\S[ ]+[-+−×*/÷＋－][ ]+\S|[^\d\s][ ]?×|×[ ]?[^\d\s×]")
"""Between the terms of a sum; 5×3 is a size."""
_LEADS: Final = (":", "：", ":**", "：**")
_NO_SUM: Final = re.compile(r"https?://\S+|`[^`]*`")
"""Where a sign of equality belongs to an address or to code."""


def is_sum(above: Token | None, items: Sequence[Token | None]) -> bool:
    """Whether items go on with what stands right above them, `above`, or work out something.

    Of items below a text some may say what comes of them, - 支出 50, - 税 5 = 45; where all do they
    are values: - R = 5, - T = 6. Below 期初 + 入库 one more term follows, and a list
    below 式中：, whatever stands above that. A line
    of an item that begins with the sign is always a result.
    """
    texts = [item.content for item in items if item is not None]
    if any(line.lstrip().startswith(_EQUALS) for one in texts for line in one.split("\n")[1:]):
        return True
    if above is None:
        return False
    told = set(map(_has_equals, texts))
    last = _NO_SUM.sub("", above.content.rpartition("\n")[2]).rstrip()
    if last.endswith(_LEADS):
        return _has_equals(last) or len(told) > 1
    return _has_equals(above.content) or len(told) > 1 or _OPERATOR.search(last) is not None


def _has_equals(text: str) -> bool:
    text = _NO_SUM.sub("", text)
    return any(sign in text for sign in _EQUALS)
