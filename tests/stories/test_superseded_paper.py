"""Paper of a superseded revision: who issued it calls it back, nobody is asked to sign for it."""

import json
import shlex
from datetime import UTC, datetime, timedelta

from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"


def rows(office: Office, by: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(office.qms("todo", "--json", by=by))["rows"]
    return found


def acts(office: Office, by: str) -> list[str]:
    return [row["act"] for row in rows(office, by)]


def test_superseded_paper_is_called_back_and_handed_back(released: Office) -> None:
    """DC-10: issued to two, one has signed for it; then A/1 comes into force."""
    lx = released
    lx.qms("issue", NUMBER, "--to", "zhi.jian", "--to", "technical", by="wen.kong")
    lx.qms("receive", NUMBER, "001", by="zhi.jian")
    assert acts(lx, "ji.shu") == ["receive 002"]
    lx.qms("revise", NUMBER, "--summary", "转速", by="gong.yi")
    lx.edit(TEXT, "无", "转速。")
    lx.qms("submit", NUMBER, by="gong.yi")
    lx.qms("sign", NUMBER, by="fu.yi")
    lx.qms("release", NUMBER, "--effective", "+3", by="wen.kong")
    assert (acts(lx, "wen.kong"), acts(lx, "ji.shu")) == ([], ["receive 002"])

    lx.later(days=4)

    (row,) = rows(lx, "wen.kong")
    assert row["act"] == "superseded by A/1, call back 001, 002"
    assert (acts(lx, "ji.shu"), acts(lx, "zhi.jian")) == ([], [])
    assert row["command"].endswith(" --reason '已被 A/1 代替'")  # as the company writes it
    lx.qms(*shlex.split(row["command"])[1:], by="wen.kong")
    assert acts(lx, "wen.kong") == []
    (mine,), (theirs,) = rows(lx, "zhi.jian"), rows(lx, "ji.shu")
    assert mine["act"].endswith("hand back 001")
    assert theirs["act"].endswith("hand back 002")
    for copy in ("001", "002"):
        lx.qms("return", NUMBER, copy, "--revision", "A/0", by="wen.kong")
    assert [acts(lx, one) for one in ("wen.kong", "zhi.jian", "ji.shu")] == [[], [], []]


def test_paper_has_waited_since_it_was_superseded(released: Office) -> None:
    """A/1 is in force from today on, released a minute ago: nothing has waited since midnight."""
    lx = released
    lx.qms("issue", NUMBER, "--to", "zhi.jian", by="wen.kong")
    lx.qms("revise", NUMBER, "--summary", "转速", by="gong.yi")
    lx.qms("submit", NUMBER, by="gong.yi")
    lx.qms("sign", NUMBER, by="fu.yi")
    before = lx.now
    lx.qms("release", NUMBER, by="wen.kong")

    (row,) = rows(lx, "wen.kong")

    assert before < datetime.fromisoformat(row["since"]) <= lx.now


def test_paper_has_waited_since_the_companys_midnight(released: Office) -> None:
    """A/1 comes into force on a later day: its day begins in the zone of the company."""
    lx = released
    lx.qms("issue", NUMBER, "--to", "zhi.jian", by="wen.kong")
    lx.qms("revise", NUMBER, "--summary", "转速", by="gong.yi")
    lx.qms("submit", NUMBER, by="gong.yi")
    lx.qms("sign", NUMBER, by="fu.yi")
    lx.qms("release", NUMBER, "--effective", "+3", by="wen.kong")
    begins = (lx.now + timedelta(days=3)).replace(hour=0, minute=0, second=0, microsecond=0)
    lx.now = (lx.now + timedelta(days=4)).astimezone(UTC)

    (row,) = rows(lx, "wen.kong")

    assert datetime.fromisoformat(row["since"]) == begins
