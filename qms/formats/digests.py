"""Digests, git ids, base64, times and days: each has one spelling, and these tell it.

A value is compared as text everywhere, so a second spelling of the same thing would be a second
thing. What is refused here is refused with the code of that spelling.
"""

import base64
import binascii
import re
from datetime import MAXYEAR, MINYEAR, date, datetime
from functools import lru_cache
from hashlib import sha256 as _sha256
from typing import Final

from qms.findings import Place, Reason, Refused, refused
from qms.formats.zones import EAST, WEST, parse_zone

_DIGEST: Final = re.compile("sha256:[0-9a-f]{64}")
_GIT_ID: Final = re.compile("sha1:[0-9a-f]{40}|sha256:[0-9a-f]{64}")
_BARE_GIT_ID: Final = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_KEY: Final = re.compile("SHA256:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]")
_TIME: Final = re.compile(
    "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?P<zone>[+-][0-9:]{5})"
)
_DAY: Final = re.compile("[0-9]{4}-[01][0-9]-[0-3][0-9]")


def sha256(data: bytes) -> str:
    """The digest of `data` as it is signed: ``sha256:`` and 64 lower-case hex digits."""
    return "sha256:" + _sha256(data).hexdigest()


def is_digest(text: str) -> bool:
    """Whether `text` is spelled like a digest."""
    return _DIGEST.fullmatch(text) is not None


def is_git_id(text: str) -> bool:
    """Whether `text` is a git id as it stands in a message: ``sha1:`` or ``sha256:`` and hex."""
    return _GIT_ID.fullmatch(text) is not None


def is_fingerprint(text: str) -> bool:
    """Whether `text` is a key's fingerprint as ssh-keygen prints it: ``SHA256:`` and base64."""
    return _KEY.fullmatch(text) is not None


def spelled_git_id(git_id: str) -> str:
    """How a message spells the bare hex `git_id`: ``sha1:…`` or ``sha256:…``, by its length.

    Raises Refused GIT-ID-FORM.
    """
    if _BARE_GIT_ID.fullmatch(git_id) is None:
        raise refused("GIT-ID-FORM", Place(), found=git_id)
    return f"sha1:{git_id}" if len(git_id) == 40 else f"sha256:{git_id}"  # noqa: PLR2004


def to_base64(data: bytes) -> str:
    """`data` as padded base64 in one line."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """The bytes behind padded one-line base64; raises Refused NOT-CANONICAL.

    Missing padding, other alphabets, line ends and stray low bits are all refused: there is one
    spelling.
    """
    try:
        data = binascii.a2b_base64(text)
    except ValueError as error:
        raise refused(
            "NOT-CANONICAL", Place(), Reason.NOT_CANONICAL, part="base64", found=text[:40]
        ) from error
    if binascii.b2a_base64(data, newline=False).decode("ascii") != text:
        raise refused(
            "NOT-CANONICAL", Place(), Reason.NOT_CANONICAL, part="base64", found=text[:40]
        )
    return data


_ENDS: Final = frozenset((MINYEAR, MAXYEAR))


@lru_cache(maxsize=1 << 15)
def parse_time(text: str) -> datetime:
    """The aware time that ``2026-11-23T14:36:00+08:00`` tells.

    Two times compare as instants. Which day it is depends on whom one asks (`Policy.day`), never
    on how it is written. Raises Refused TIME-FORM for every other spelling: no ``Z``, no offset
    that is no zone, no fractions, no leap second, no day that isn't in the calendar of each zone.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise refused("TIME-FORM", Place(), found=text)
    try:
        parse_zone(match["zone"])
        time = datetime.fromisoformat(text)
        if time.year in _ENDS:  # of the calendar, where some organisations have no day
            for zone in (WEST, EAST):
                time.astimezone(zone)
    except (Refused, ValueError, OverflowError) as error:
        raise refused("TIME-FORM", Place(), found=text) from error
    return time


def printed_time(at: str) -> str:
    """A time as people read it, with its zone: 2026-11-20 09:00:00 +08:00."""
    return f"{at[:10]} {at[11:19]} {at[19:]}"


def parse_day(text: str) -> date:
    """The day that ``2026-12-01`` tells; raises Refused DAY-FORM for every other spelling."""
    try:
        if _DAY.fullmatch(text) is None:
            raise refused("DAY-FORM", Place(), found=text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise refused("DAY-FORM", Place(), found=text) from error
