"""Zones: one grammar for the times that people sign and for the organisation's setting."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.findings import Refused
from qms.formats.digests import parse_time
from qms.formats.zones import parse_zone


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("+08:00", 480), ("+00:00", 0), ("+05:45", 345), ("-03:30", -210),
        ("+14:00", 840), ("+13:45", 825), ("-12:00", -720), ("-00:15", -15),
    ],
)  # fmt: skip
def test_an_offset_is_read(text: str, minutes: int) -> None:
    assert parse_zone(text).utcoffset(None) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text",
    [
        "-00:00", "+14:15", "-12:15", "-23:59", "+99:99", "+24:00", "+08:07", "+08:60", "+8:00",
        "+0800", "08:00", "−08:00", "+０8:00", "+08:00\n", " +08:00", "Z", "UTC", "Asia/Shanghai",
        "",
    ],
)  # fmt: skip
def test_another_offset_is_refused(text: str) -> None:
    """format §3: no names, whose meaning depends on the tables of a machine."""
    with pytest.raises(Refused) as caught:
        parse_zone(text)

    assert (caught.value.finding.code, caught.value.finding.values["found"]) == ("ZONE", text)


@given(st.from_regex(r"[+-][0-9]{2}:[0-9]{2}", fullmatch=True))
def test_a_time_takes_exactly_the_offsets_that_a_policy_takes(text: str) -> None:
    def is_taken_by_a_time() -> bool:
        try:
            parse_time(f"2026-11-23T14:36:00{text}")
        except Refused:
            return False
        return True

    def is_a_zone() -> bool:
        try:
            parse_zone(text)
        except Refused:
            return False
        return True

    assert is_taken_by_a_time() == is_a_zone()
