"""The day by which papers are to be back, as somebody types it."""

from datetime import date, timedelta

import click

from qms.api import Refused, typed_day


class DueDay(click.ParamType[date | timedelta]):
    """``2026-12-01``, ``today`` or ``+7``; any other spelling is a usage error."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | timedelta:
        """What was typed; ends with a usage error that shows the form."""
        text = str(value)
        try:
            return typed_day(text)
        except Refused:
            self.fail(
                f"{text} 不是形如 2026-12-01、today 或 +7 的日期"
                f" ¦ {text} is no day like 2026-12-01, today or +7",
                param,
                ctx,
            )
