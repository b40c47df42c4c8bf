"""A clock that somebody sets: it is said, and signs nothing in earnest."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qms.testing.bad_input import NUMBER, signs_now, told
from qms.testing.office import Office


def test_a_set_clock_is_said_by_every_command_that_reads_it(submitted: Office) -> None:
    for command in (("list",), ("check",), ("verify",), ("todo",), ("sign", NUMBER)):
        answer = submitted.call(*command, by="fu.yi")
        assert answer.code == 0, answer
        assert answer.err.count("QMS_NOW") == 1, answer
        assert submitted.now.isoformat() in answer.err
        assert "QMS_NOW" not in answer.out


@pytest.mark.parametrize("day", ["2026-12-24T03:04:05+08:00", "2099-01-01T09:00:00+08:00"])
def test_nobody_signs_at_a_time_that_they_set(submitted: Office, day: str, tmp_path: Path) -> None:
    submitted.git("config", "--unset", "qms.rehearsal")
    elsewhere = tmp_path / "gitconfig"
    elsewhere.write_text("[qms]\n\trehearsal = true\n", encoding="utf-8")
    submitted.git("config", "include.path", str(elsewhere))
    submitted.environment |= {
        "QMS_NOW": day,
        "GIT_CONFIG_GLOBAL": str(elsewhere),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "qms.rehearsal",
        "GIT_CONFIG_VALUE_0": "true",
    }
    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, "CLOCK-SET")
    out = tmp_path / "out"
    told(submitted.call("publish", "--drafts", "--out", str(out), by="fu.yi"), 1, "CLOCK-SET")
    assert not list(out.rglob("*.pdf"))
    assert not submitted.status
    submitted.environment.clear()
    submitted.git("config", "qms.rehearsal", "true")
    signs_now(submitted)


def test_verify_names_what_is_signed_ahead_of_the_day_it_runs(submitted: Office) -> None:
    ahead = (datetime.now().astimezone() + timedelta(days=400)).replace(microsecond=0)
    submitted.environment["QMS_NOW"] = ahead.isoformat()
    submitted.qms("sign", NUMBER, by="fu.yi")
    submitted.qms("release", NUMBER, by="wen.kong")

    answer = submitted.call("verify")  # by the clock that was set all is well
    assert answer.code == 0, answer
    assert "later than this machine's clock" in answer.out
    assert "wen.kong" in answer.out
    submitted.environment["QMS_NOW"] = ""
    answer = submitted.call("verify")
    assert "TIME-AHEAD" in answer.findings, answer
    assert "wen.kong" in answer.out
    answer = submitted.call("verify", "--at", ahead.isoformat())
    assert answer.code == 0, answer
    assert "later than this machine's clock" in answer.out
