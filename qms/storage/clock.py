"""The one place that knows what time it is.

Everything below takes a time as an argument. A demo, a test or a rehearsal sets ``QMS_NOW``.
"""

import os
from datetime import datetime

from qms.findings import refused


def now() -> datetime:
    """The present moment, aware, in whole seconds.

    ``QMS_NOW`` (RFC 3339 with an offset, ``2026-11-23T14:36:00+08:00``) takes the place of the
    system's clock. Raises `Refused` CLOCK-FORM if it is set to anything else.
    """
    text = os.environ.get("QMS_NOW", "")
    if not text:
        return datetime.now().astimezone().replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise refused("CLOCK-FORM", found=text) from None
    if moment.tzinfo is None:
        raise refused("CLOCK-FORM", found=text)
    return moment.replace(microsecond=0)
