"""The one place that knows what time it is.

Everything below takes a time as an argument. A demo, a test or a rehearsal sets ``QMS_NOW``.
"""

import os
from datetime import UTC, datetime

from qms.findings import Refused, refused
from qms.formats.digests import parse_time


def now() -> datetime:
    """The present moment, aware, in whole seconds.

    ``QMS_NOW``, spelled like a signature's time (``2026-11-23T14:36:00+08:00``) or with ``Z``,
    takes the place of the system's clock. Raises `Refused` CLOCK-FORM if it is set to anything
    else.
    """
    text = os.environ.get("QMS_NOW", "")
    if not text:
        return _signable(datetime.now().astimezone().replace(microsecond=0))
    try:
        return parse_time(f"{text[:-1]}+00:00" if text.endswith("Z") else text)
    except Refused:
        raise refused("CLOCK-FORM", found=text) from None


def _signable(moment: datetime) -> datetime:
    """The same instant in a zone that can be signed: a machine may be set to one of its own."""
    try:
        return parse_time(moment.isoformat())
    except Refused:
        return moment.astimezone(UTC)
