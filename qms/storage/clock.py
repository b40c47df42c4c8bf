"""The one place that knows what time it is.

Everything below takes a time as an argument. A demo, a test or a rehearsal sets ``QMS_NOW``, and
says in the clone's own git config that it is one: else a signature could get any time at all by a
word in somebody's environment.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import Final

from qms.findings import Refused, refused
from qms.formats.digests import parse_time

REHEARSAL: Final = "qms.rehearsal"
"""What a clone's own config says where ``QMS_NOW`` may sign; and a server's, where it may judge."""

APART: Final = timedelta(minutes=10)
"""How far ``QMS_NOW`` may be from the system's clock where somebody signs in earnest."""


def now() -> datetime:
    """The present moment, aware, in whole seconds.

    ``QMS_NOW``, spelled like a signature's time (``2026-11-23T14:36:00+08:00``) or with ``Z``,
    takes the place of the system's clock. Raises `Refused` CLOCK-FORM if it is set to anything
    else.
    """
    text = os.environ.get("QMS_NOW", "")
    if not text:
        return system_now()
    try:
        return parse_time(f"{text[:-1]}+00:00" if text.endswith("Z") else text)
    except Refused:
        raise refused("CLOCK-FORM", found=text) from None


def is_set() -> bool:
    """Whether ``QMS_NOW`` takes the place of the system's clock."""
    return bool(os.environ.get("QMS_NOW"))


def system_now() -> datetime:
    """What the system's clock says, whatever is set; in UTC where ``TZ`` names no zone."""
    moment = datetime.now(UTC).replace(microsecond=0)
    try:
        return _signable(moment.astimezone())
    except (ValueError, OverflowError):  # the C library takes offsets of a day and more
        return moment


def refuse_other_clock(moment: datetime, *, rehearsal: bool) -> None:
    """Refuse to sign at a time that isn't the system's, by more than honest clocks differ.

    Unless it is a `rehearsal`. Raises `Refused` CLOCK-SET.
    """
    system = system_now()
    if not rehearsal and is_set() and abs(moment - system) > APART:
        raise refused("CLOCK-SET", set=moment.isoformat(), now=system.isoformat())


def _signable(moment: datetime) -> datetime:
    """The same instant in a zone that can be signed: a machine may be set to one of its own."""
    try:
        return parse_time(moment.isoformat())
    except Refused:
        return moment.astimezone(UTC)
