"""Days: an instant is a day by an organisation's zone, whoever wrote it down wherever."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.domain.kinds.days import Zones
from qms.findings import Refused
from qms.formats.digests import parse_time

SUMMER = (
    ("2026-10-25T02:00:00+01:00", "+01:00"),
    ("2027-03-28T02:00:00+01:00", "+02:00"),
    ("2027-10-31T03:00:00+02:00", "+01:00"),
)


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("+08:00", "2026-11-25T16:00:00+00:00"),
        ("-12:00", "2026-11-26T12:00:00+00:00"),
        ("+14:00", "2026-11-25T10:00:00+00:00"),
    ],
)
def test_a_second_before_midnight_is_another_day(zone: str, midnight: str) -> None:
    zones, moment, second = Zones.fixed(zone), parse_time(midnight), timedelta(seconds=1)

    assert zones.day(moment - second) == date(2026, 11, 25)
    assert zones.day(moment) == zones.day(moment + second) == date(2026, 11, 26)


@given(st.integers(-48, 56))
def test_how_a_time_is_written_plays_no_part(quarters: int) -> None:
    at = datetime.fromisoformat("2026-11-26T00:00:00+08:00")
    sign, (hours, minutes) = "-" if quarters < 0 else "+", divmod(abs(quarters) * 15, 60)
    zone = datetime.fromisoformat(f"2026-01-01T00:00:00{sign}{hours:02}:{minutes:02}").tzinfo

    assert Zones.fixed("+08:00").day(at.astimezone(zone)) == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-12-01T23:30:00+00:00", date(2026, 12, 2)),  # +01:00
        ("2027-06-01T22:30:00+00:00", date(2027, 6, 2)),  # +02:00
        ("2027-06-01T21:59:59+00:00", date(2027, 6, 1)),
        ("2028-01-01T22:59:59+00:00", date(2028, 1, 1)),  # +01:00 again, and for ever
        ("1999-01-01T23:00:00+00:00", date(1999, 1, 2)),  # before the list: by its first row
    ],
)
def test_a_firm_with_summer_time_lists_its_offsets(at: str, day: date) -> None:
    assert Zones.listed(SUMMER).day(parse_time(at)) == day


def test_an_offset_holds_from_its_very_instant_on() -> None:
    zones = Zones.listed(
        [("2026-01-01T00:00:00+00:00", "-12:00"), ("2026-11-26T00:00:00+00:00", "+14:00")]
    )

    assert zones.day(parse_time("2026-11-25T23:59:59+00:00")) == date(2026, 11, 25)
    assert zones.day(parse_time("2026-11-26T00:00:00+00:00")) == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("rows", "code", "field"),
    [
        ((SUMMER[1], SUMMER[0]), "ZONE", "1.from"),
        ((SUMMER[0], SUMMER[0]), "ZONE", "1.from"),
        ((SUMMER[0], ("2026-10-25T01:00:00+00:00", "+02:00")), "ZONE", "1.from"),
        (((SUMMER[0][0], "+14:15"),), "ZONE", ""),
        ((("2026-10-25T02:00:00Z", "+01:00"),), "TIME-FORM", ""),
    ],
)
def test_a_list_in_another_order_or_form_is_refused(
    rows: tuple[tuple[str, str], ...], code: str, field: str
) -> None:
    with pytest.raises(Refused) as caught:
        Zones.listed(rows)

    assert (caught.value.finding.code, caught.value.finding.place.field) == (code, field)
