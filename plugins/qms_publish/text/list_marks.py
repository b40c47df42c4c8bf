"""A list mark right behind another on its line: `- - 阴性`, `1. - 甲`, `2026. 11. 30 生效`.

Markdown takes each for a list of its own, in the item before it. On paper the second sign would be
a dot of another shape, and a date three numbers with gaps: negative and positive look alike there.
Whether a list or a sign was meant nobody can tell, so no item begins with a list on its own line.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from qms_publish.text.tokens import Token
from qms_publish.text.unprinted import Unprinted

_LISTS: Final = frozenset({"bullet_list_open", "ordered_list_open"})


def marks_together(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Unprinted]:
    """Lines on which a list mark stands right behind another; of several each time."""
    for one, following in pairwise(tokens):
        if one.type != "list_item_open" or following.type not in _LISTS:
            continue
        if one.map is not None and following.map is not None and one.map[0] == following.map[0]:
            yield Unprinted("LIST-MARKS", one.map[0], lines[one.map[0]].strip())
