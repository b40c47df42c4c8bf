"""Days: which day an instant is, by an organisation's zone and nothing else.

A statement has one day: its instant in the zone of the policy that it names (version 1: its own),
also where it is judged under later versions. Days that are handed in, such as today, go by the
newest policy. So no verdict depends on the machine, and a new zone recounts nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Final, NamedTuple, TypeAlias

from qms.findings import Place, refused
from qms.formats.digests import parse_day, parse_time
from qms.formats.slots import Statement
from qms.formats.zones import parse_zone

_TODAY: Final = ("today", "今天")
_AHEAD: Final = re.compile(r"\+([0-9]{1,4})")
DayOf: TypeAlias = Callable[[Statement], date | None]
"""Tells the day of a statement; None where the policy that it names is not in the register."""


class Zones(NamedTuple):
    """An organisation's zone: one offset, or, with summer time, one from each of some instants on.

    The first one holds before its instant too, so that every instant has a day.
    """

    offsets: tuple[timezone, ...]
    since: tuple[datetime, ...] = ()
    """From when on each holds, rising; none where there is one offset for ever."""

    @classmethod
    def fixed(cls, offset: str) -> "Zones":
        """One offset for ever. Raises `Refused` ZONE."""
        return cls((parse_zone(offset),))

    @classmethod
    def listed(cls, rows: Sequence[tuple[str, str]]) -> "Zones":
        """Rows of an instant and the offset from then on. Raises `Refused` ZONE, TIME-FORM.

        ZONE also where an instant is not later than the one above it: which offset holds would
        depend on how the list is read.
        """
        since = tuple(parse_time(text) for text, _ in rows)
        for number in range(1, len(since)):
            if since[number] <= since[number - 1]:
                place = Place(field=f"{number}.from")
                raise refused("ZONE", place, found=rows[number][0])
        return cls(tuple(parse_zone(offset) for _, offset in rows), since)

    def day(self, instant: datetime) -> date:
        """The day that `instant` is here."""
        return self.local(instant).date()

    def begins(self, day: date) -> datetime:
        """The first instant of a day here; summer time may leave out its midnight."""
        midnights = [datetime.combine(day, time(), offset) for offset in self.offsets]
        return min((one for one in midnights if self.day(one) == day), default=min(midnights))

    def local(self, instant: datetime) -> datetime:
        """The same instant as clocks tell it here."""
        row = bisect_right(self.since, instant) - 1 if self.since else 0
        return instant.astimezone(self.offsets[max(row, 0)])


def typed_day(text: str) -> date | timedelta:
    """What somebody types for a day: ``2026-12-01``, ``today`` or ``+7`` days from today.

    Raises `Refused` DAY-FORM. `on` gives the day.
    """
    ahead = _AHEAD.fullmatch(text)
    if text in _TODAY or ahead is not None:
        return timedelta(days=int(ahead[1]) if ahead is not None else 0)
    return parse_day(text)


def on(today: date, typed: date | timedelta) -> date:
    """The day that was typed: itself, or so many days from `today`."""
    return today + typed if isinstance(typed, timedelta) else typed
