"""A day that somebody types: the one spelling that files have, and what is easier to say."""

from datetime import date, timedelta

import click

from qms.cli.languages import both
from qms.domain.kinds.days import typed_day
from qms.findings import Refused
from qms.formats.digests import parse_day


class Day(click.ParamType[date | timedelta]):
    """``2026-12-01``, ``today`` or ``+7``: a day, or how many days from today.

    Any other spelling is a usage error. `qms.domain.kinds.days.on` gives the day.
    """

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | timedelta:
        """What was typed; ends with a usage error that shows the form."""
        text = str(value)
        try:
            return typed_day(text)
        except Refused:
            zh = f"{text} 不是形如 2026-12-01、today 或 +7 的日期"
            self.fail(both(zh, f"{text} is no day like 2026-12-01, today or +7"), param, ctx)


class PaperDay(click.ParamType[date]):
    """``2019-04-01``: a day that stands on paper, and so in one spelling only."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """What was typed; ends with a usage error that shows the form."""
        text = str(value)
        try:
            return parse_day(text)
        except Refused:
            zh, en = f"{text} 不是形如 2019-04-01 的日期", f"{text} is no day like 2019-04-01"
            self.fail(both(zh, en), param, ctx)
