from datetime import datetime, timedelta

import pytest

from qms.findings import Refused
from qms.storage.clock import now, refuse_other_clock, system_now


def test_the_clock_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QMS_NOW", "2026-11-23T14:36:00+08:00")

    assert now().isoformat() == "2026-11-23T14:36:00+08:00"


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
