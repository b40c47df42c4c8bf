import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from qms.findings import Refused
from qms.storage.clock import now, refuse_other_clock, system_now


@pytest.fixture
def own_zone() -> Iterator[pytest.MonkeyPatch]:
    """Lets a test set ``TZ``; the C library forgets it afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch
    time.tzset()


def test_the_clock_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QMS_NOW", "2026-11-23T14:36:00+08:00")

    assert now().isoformat() == "2026-11-23T14:36:00+08:00"


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("XXX+99:99", 0),
        ("XXX-167", 0),
        ("XXX+24", 0),
        ("XXX-24", 0),
        ("XXX+23:59:59", 0),
        ("/etc/passwd", 0),
        (":", 0),
        ("UTC-8", 8),
    ],
)
def test_a_zone_that_no_day_has_leaves_the_clock_in_utc(
    own_zone: pytest.MonkeyPatch, zone: str, offset: int
) -> None:
    own_zone.setenv("TZ", zone)
    time.tzset()

    moment = system_now()

    assert moment.utcoffset() == timedelta(hours=offset)
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=5)


def test_the_systems_clock_gives_whole_seconds_with_an_offset() -> None:
    moment = now()

    assert moment.microsecond == 0
    assert moment.utcoffset() is not None
    assert abs(datetime.now().astimezone() - moment) < timedelta(minutes=5)


@pytest.mark.parametrize(
    "text",
    ["tomorrow", "2026-11-23T14:36:00", "2026-11-23", "20261123T143600Z", "2026-13-23T14:36:00Z"],
)
def test_a_clock_without_an_offset_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("QMS_NOW", text)

    with pytest.raises(Refused) as caught:
        now()

    assert caught.value.finding.code == "CLOCK-FORM"


def test_a_clock_that_was_set_signs_nothing_but_in_a_rehearsal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for apart, is_refused in ((9, False), (-9, False), (12, True), (-12, True)):
        moment = system_now() + timedelta(minutes=apart)
        monkeypatch.setenv("QMS_NOW", moment.isoformat())
        refuse_other_clock(moment, rehearsal=True)
        if not is_refused:
            refuse_other_clock(moment, rehearsal=False)
            continue
        with pytest.raises(Refused) as caught:
            refuse_other_clock(moment, rehearsal=False)
        assert caught.value.finding.code == "CLOCK-SET"


def test_a_system_that_is_wrong_is_no_set_clock() -> None:
    refuse_other_clock(system_now() + timedelta(days=3), rehearsal=False)
