"""Everybody's list: what waits, since when, and the command that does it, for me and for all."""

import json
import shlex
from datetime import datetime

import pytest

from qms.testing.office import Answer, Office

NUMBER = "LX-WI-01"
OTHER = "LX-WI-02"


@pytest.fixture
def busy(issued: Office) -> Office:
    """LX where each kind of thing waits for somebody: all that the core and copies tell of."""
    lx = issued
    lx.later(days=8)
    lx.qms("issue", NUMBER, "--to", "zhi.jian", "--to", "technical", by="wen.kong")
    lx.qms("receive", NUMBER, "002", by="zhi.jian")
    lx.qms("receive", NUMBER, "003", by="ji.shu")
    lx.qms("recall", NUMBER, "003", "--due", "2026-12-01", "--reason", "停产", by="wen.kong")
    lx.later(days=20)
    lx.qms("recall", NUMBER, "002", "--due", "2027-01-30", "--reason", "停产", by="wen.kong")
    for title in ("铣床", "磨床", "刨床", "钻床"):
        lx.qms("new", "work-instruction", "--title", title, by="gong.yi")
    lx.qms("submit", OTHER, by="gong.yi")
    lx.qms("sign", OTHER, by="fu.yi")
    lx.qms("submit", "LX-WI-03", by="gong.yi")
    lx.qms("submit", "LX-WI-04", by="gong.yi")
    lx.qms("reject", "LX-WI-04", "--reason", "缺图", by="fu.yi")
    lx.edit("qms.yaml", "作业指导书", "作业指导文件")
    lx.qms("policy", "sign", by="gao.feng")
    return lx


def rows(answer: Answer) -> list[dict[str, str]]:
    assert answer.code == 0, answer
    found: list[dict[str, str]] = json.loads(answer.out)["rows"]
    return found


def test_everybodys_list_is_that_of_each(busy: Office) -> None:
    everybody = rows(busy.call("todo", "--all", "--json"))

    assert [(one["person"], one["number"], one["act"]) for one in everybody] == [
        ("guan.ning", "policy", "sign (signed so far: Gao Feng)"),
        ("fu.yi", "LX-WI-03", "approve"),
        ("fu.yi", NUMBER, "receive 001"),
        ("fu.yi", NUMBER, "wanted by 2026-12-01, hand back 003"),
        ("ye.wu", "policy", "sign (signed so far: Gao Feng)"),
        ("ji.shu", NUMBER, "receive 001"),
        ("ji.shu", NUMBER, "wanted by 2026-12-01, hand back 003"),
        ("zhi.jian", NUMBER, "wanted by 2027-01-30, hand back 002"),
        ("gong.yi", "LX-WI-04", "rejected"),
        ("gong.yi", "LX-WI-05", "draft"),
        ("gong.yi", NUMBER, "receive 001"),
        ("gong.yi", NUMBER, "wanted by 2026-12-01, hand back 003"),
        ("wen.kong", OTHER, "publish"),
        ("wen.kong", NUMBER, "overdue since 2026-12-01, take back 003"),
    ]
    for person in {one["person"] for one in everybody}:
        mine = [{k: v for k, v in o.items() if k != "person"}
                for o in everybody if o["person"] == person]  # fmt: skip
        told, bare = rows(busy.call("todo", "--json", by=person)), busy.qms(by=person)
        assert all(one["command"] in bare for one in mine)
        assert [_steady(one) for one in told] == [_steady(one) for one in mine]


def _steady(row: dict[str, str]) -> dict[str, str]:
    """Without the time of what nobody signed: a draft is as old as its file on this machine."""
    return row if row["act"] != "draft" else row | {"since": ""}


def test_nobody_is_named_who_would_be_refused(busy: Office) -> None:
    """Each command, typed as it stands by whom it waits for, is taken."""
    for row in rows(busy.call("todo", "--all", "--json")):
        words = shlex.split(row["command"])[1:]
        dry = () if words[0] == "copies" else ("--dry-run",)
        answer = busy.call(*words, *dry, by=row["person"])
        assert answer.code == 0, (row, answer)


def test_each_has_waited_since_what_was_signed_last_before_it(busy: Office) -> None:
    told = {(one["person"], one["number"], one["act"]): datetime.fromisoformat(one["since"])
            for one in rows(busy.call("todo", "--all", "--json"))}  # fmt: skip

    issued = told["ji.shu", NUMBER, "receive 001"]
    recalled = told["ji.shu", NUMBER, "wanted by 2026-12-01, hand back 003"]
    sent = told["fu.yi", "LX-WI-03", "approve"]
    approved = told["wen.kong", OTHER, "publish"]
    agreed = told["guan.ning", "policy", "sign (signed so far: Gao Feng)"]

    later = told["zhi.jian", NUMBER, "wanted by 2027-01-30, hand back 002"]
    assert ((recalled - issued).days, (later - issued).days) == (8, 28)
    assert issued < recalled < approved < sent < agreed <= busy.now
    assert told["wen.kong", NUMBER, "overdue since 2026-12-01, take back 003"] == recalled
    assert all(one.utcoffset() is not None for one in told.values())
    busy.later(hours=5)
    assert "5 hours" in busy.qms("todo", by="guan.ning")
    assert "28 天" in busy.call("todo", by="ji.shu", lang="zh").out


def test_who_has_no_key_that_counts_is_not_named(busy: Office) -> None:
    """They could sign nothing: `show` says whom a step waits for."""
    people = busy.text("people.yaml").split("\n")
    row = next(one for one in people if "id: fu.yi" in one)
    busy.edit("people.yaml", row, row[: row.index("keys: [")] + "keys: []}")
    for keeper in ("gao.feng", "guan.ning"):
        busy.qms("policy", "sign", by=keeper)

    assert "fu.yi" not in {one["person"] for one in rows(busy.call("todo", "--all", "--json"))}
    assert "KEY-UNKNOWN" in busy.call("sign", "LX-WI-03", by="fu.yi").err


def test_who_may_issue_no_more_chases_nothing(busy: Office) -> None:
    """The class has another unit that issues: what the old one issued is chased by the new one."""
    row = "  - id: work-instruction\n"
    busy.edit("qms.yaml", row, f"{row}    issuer: expert\n")
    for keeper in ("gao.feng", "guan.ning"):
        busy.qms("policy", "sign", by=keeper)

    everybody = rows(busy.call("todo", "--all", "--json"))
    chasing = [one for one in everybody if "take back 003" in one["act"]]
    assert [one["person"] for one in chasing] == ["fu.yi", "fu.er", "zhi.jian"]
    for one in chasing:
        busy.qms(*shlex.split(one["command"])[1:], "--dry-run", by=one["person"])
    assert "COPY-RIGHT" in busy.call("return", NUMBER, "003", by="wen.kong").err


def test_nothing_waits_for_anybody(lx: Office) -> None:
    assert lx.qms("todo", "--all") == "Nothing waits for anybody.\n"
    assert lx.call("todo", "--all", lang="zh").out == "没有待办事项。\n"
