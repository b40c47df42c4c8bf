"""Zones: an offset from UTC, ``+08:00``, in times and in an organisation's setting alike.

One grammar and one function for both. No names of zones: what they mean depends on the tables of
the machine that reads them, and a verdict must not.
"""

import re
from datetime import timedelta, timezone
from functools import lru_cache
from typing import Final

from qms.findings import Place, refused

_ZONE: Final = re.compile("([+-])([01][0-9]):(00|15|30|45)")

WEST: Final = timezone(timedelta(hours=-12))
EAST: Final = timezone(timedelta(hours=14))
"""The outermost zones there are: a day begins in EAST and ends in WEST."""


@lru_cache(maxsize=256)
def parse_zone(text: str) -> timezone:
    """The zone that ``+08:00`` tells: −12:00 to +14:00 in quarters of an hour, no ``-00:00``.

    A wider one would let a day begin before its instant: with −23:59 a revision was in force on a
    day before its signature. Raises Refused ZONE for every other spelling.
    """
    match = _ZONE.fullmatch(text)
    if match is None or text == "-00:00":
        raise refused("ZONE", Place(), found=text)
    size = timedelta(hours=int(match[2]), minutes=int(match[3]))
    offset = -size if match[1] == "-" else size
    if not timedelta(hours=-12) <= offset <= timedelta(hours=14):
        raise refused("ZONE", Place(), found=text)
    return timezone(offset)
