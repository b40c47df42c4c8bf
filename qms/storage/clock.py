"""The one place that knows what time it is.

Everything below takes a time as an argument. A demo, a test or a rehearsal sets ``QMS_NOW``.
"""

import os
import re
from datetime import datetime
from typing import Final

from qms.findings import refused

_RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def now() -> datetime:
    """The present moment, aware, in whole seconds.

    ``QMS_NOW`` (RFC 3339 with an offset, ``2026-11-23T14:36:00+08:00``) takes the place of the
    system's clock. Raises `Refused` CLOCK-FORM if it is set to anything else.
    """
    text = os.environ.get("QMS_NOW", "")
    if not text:
        return datetime.now().astimezone().replace(microsecond=0)
    if _RFC_3339.fullmatch(text) is None:
        raise refused("CLOCK-FORM", found=text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise refused("CLOCK-FORM", found=text) from None
