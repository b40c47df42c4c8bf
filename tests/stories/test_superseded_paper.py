"""Paper of a superseded revision: who issued it calls it back, nobody is asked to sign for it."""

import json
import shlex

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
    lx.qms(*shlex.split(row["command"])[1:], by="wen.kong")
    assert acts(lx, "wen.kong") == []
    (mine,), (theirs,) = rows(lx, "zhi.jian"), rows(lx, "ji.shu")
    assert mine["act"].endswith("hand back 001")
    assert theirs["act"].endswith("hand back 002")
    for copy in ("001", "002"):
        lx.qms("return", NUMBER, copy, "--revision", "A/0", by="wen.kong")
    assert [acts(lx, one) for one in ("wen.kong", "zhi.jian", "ji.shu")] == [[], [], []]
